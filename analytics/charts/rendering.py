"""Displays as files: SVG for a page, SVG, PNG and PDF to take away, CSV of the numbers."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import Literal

import orjson
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _

from analytics.charts import theme
from analytics.charts.displays import Display
from analytics.charts.drawing import drawing
from analytics.numerals import interval, number, value
from santesurvey.spreadsheets import harmless

#: Attributes of the renderer that a page does without: it has the words beside, and its own type.
LEFT_OUT = "style|class|aria-[a-z]+|role|pointer-events|xmlns:xlink|version|font-family|stroke-miterlimit"
DAY = 86_400
Format = Literal["svg", "png", "pdf", "csv"]
CONTENT_TYPES: dict[str, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}


def specification(display: Display, *, complete: bool = True) -> dict[str, object]:
    """The Vega-Lite specification, for whoever wants to redraw it."""
    return drawing(display, complete=complete)


def _address(display: Display, kind: str) -> str:
    """The same display in the same look gives the same file: its content is its address."""
    content = orjson.dumps([theme.VERSION, kind, repr(display)])
    return "chart:" + hashlib.sha256(content).hexdigest()


def _svg(display: Display, *, complete: bool) -> str:
    fonts = theme.register_fonts()
    key = _address(display, f"svg {complete} {fonts}")
    kept: str | None = cache.get(key)
    if kept is None:
        import vl_convert  # here, not above: see analytics.charts.canvas

        kept = vl_convert.vegalite_to_svg(drawing(display, complete=complete))
        cache.set(key, kept, DAY)
    return kept


def inline(display: Display) -> str:
    """The plot alone as SVG markup for a page: colours are the page's, the alternative is the words beside.

    No style attribute in it: the content security policy of the pages refuses them.
    """
    markup = _svg(display, complete=False)
    for colour, variable in theme.VARIABLES.items():
        markup = markup.replace(f'"{colour}"', f'"var({variable})"')
    markup = re.sub(r"<[^>]+>", lambda tag: _light(tag[0]), markup)
    return markup.replace(
        "<svg ", '<svg aria-hidden="true" focusable="false" preserveAspectRatio="xMinYMin meet" ', 1
    )


def _light(tag: str) -> str:
    """A tag without what a page does not need. A tenth of a pixel is all that a screen shows."""
    return re.sub(r"(\d\.\d)\d+", r"\1", re.sub(f' (?:{LEFT_OUT})="[^"]*"', "", tag))


def svg(display: Display) -> bytes:
    """A file that stands alone: words, plot, source; light ground; title and description for screen readers."""
    markup = _svg(display, complete=True)
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"', markup)
    ground = f'<rect width="{box[3]}" height="{box[4]}" fill="{theme.PAPER}"/>' if box else ""
    head = f"<title>{_escaped(display.finding)}</title><desc>{_escaped(alternative(display))}</desc>"
    return re.sub(r"(<svg [^>]*>)", lambda m: m[1] + head + ground, markup, count=1).encode()


def png(display: Display, *, scale: float = 2.5) -> bytes:
    import vl_convert

    theme.register_fonts()
    drawn = drawing(display, complete=True)
    return bytes(vl_convert.vegalite_to_png({**drawn, "background": theme.PAPER, "padding": 20}, scale=scale))


def pdf(display: Display) -> bytes:
    import vl_convert

    theme.register_fonts()
    return bytes(vl_convert.vegalite_to_pdf(drawing(display, complete=True)))


def table(display: Display) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the numbers, as a reader sees them."""
    with translation.override(display.language):
        many = len(display.rows[0].segments) > 1
        head = [_("Ligne"), *([_("Réponse")] if many else [])]
        head += [_("Part") if display.share else _("Moyenne"), _("Intervalle à 95 %"), _("Base (n)")]
        if display.shape == "measure":
            head.append(_("Quartiles"))
        rows = []
        for row in display.rows:
            for segment in row.segments:
                first = [row.label, *([segment.label] if many else [])]
                n = number(row.n) if row.n is not None else _("n. c.")
                if segment.cell is None:
                    numbers = [_("n. c."), "–", n]
                else:
                    found = display.estimate(segment.cell)
                    numbers = [
                        value(found.value, share=display.share),
                        interval(found, share=display.share),
                        n,
                    ]
                if display.shape == "measure":
                    numbers.append(
                        " / ".join(value(q.value, share=False) for q in row.quartiles or ()) or "–"
                    )
                rows.append(first + numbers)
        return head, rows


def alternative(display: Display) -> str:
    """The chart in one paragraph, for whoever does not see it."""
    with translation.override(display.language):
        parts = []
        for row in display.rows:
            cells = []
            for segment in row.segments:
                found = _("non communiqué")
                if segment.cell:
                    found = value(display.estimate(segment.cell).value, share=display.share)
                cells.append(f"{segment.label} {found}".strip())
            parts.append(_("%(name)s : %(value)s") % {"name": row.label, "value": ", ".join(cells)})
        return f"{display.finding}. {display.base}. " + _(" ; ").join(parts) + "."


def as_csv(display: Display) -> bytes:
    """All numbers, weighted and not, unrounded, decimal points, with where they come from. UTF-8 with BOM."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            "row",
            "answer",
            "base_n",
            "count",
            "effective_n",
            "weighted",
            "weighted_lower",
            "weighted_upper",
            "unweighted",
            "unweighted_lower",
            "unweighted_upper",
            "q1",
            "median",
            "q3",
        ]
    )
    for row in display.rows:
        quartiles: list[object] = [quartile.value for quartile in row.quartiles or ()] or [""] * 3
        for segment in row.segments:
            cell = segment.cell
            if cell is None:
                numbers: list[object] = ["", "", *[""] * 6]
            else:
                w, u = cell.weighted, cell.unweighted
                numbers = [cell.count, cell.n_effective]
                numbers += [w.value, w.lower, w.upper] if w else ["", "", ""]
                numbers += [u.value, u.lower, u.upper]
            writer.writerow([harmless(row.label), harmless(segment.label), row.n, *numbers, *quartiles])
    writer.writerow([])
    for line in (display.finding, display.question, display.base, display.source):
        writer.writerow([harmless(line)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _escaped(content: str) -> str:
    return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rendered(display: Display, kind: Format) -> bytes:
    """*display* as a file of *kind*."""
    match kind:
        case "svg":
            return svg(display)
        case "png":
            return png(display)
        case "pdf":
            return pdf(display)
    return as_csv(display)
