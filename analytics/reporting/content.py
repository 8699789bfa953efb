"""What the white paper of a snapshot says: every number from its estimate set, every word in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics import frames
from analytics.charts import catalogue
from analytics.charts.building import NoSuchFigure, display
from analytics.charts.displays import Display, View
from analytics.models import Snapshot
from analytics.reporting import appendices, method
from analytics.reporting.by_group import groups
from analytics.reporting.drawings import drawing
from analytics.reporting.paper import (
    Chapter,
    Drawing,
    KeyFigure,
    Paper,
)
from analytics.results import Results
from santesurvey.templatetags.dates import date
from surveys.definition import text, variables_of

Report = Callable[[int, int, str], None]
MOST_KEY_FIGURES = 6
MOST_ESSENTIALS = 8


def paper(snapshot: Snapshot, results: Results, language: str, report: Report) -> Paper:
    """The paper of *snapshot* in *language*. *report* hears of every chart drawn."""
    questionnaire = frames.questionnaire(snapshot)
    with translation.override(language):
        view = View(results=results, questionnaire=questionnaire, language=language)
        frozen = timezone.localtime(snapshot.created_at)
        day = date(frozen, "DATE_FORMAT")
        chapters, images = _chapters(view, report)
        title = text(questionnaire.title, language)
        return Paper(
            language=language,
            title=title,
            subtitle=text(questionnaire.description, language),
            author=_("Équipe de l'étude « %s »") % title,
            description=_("Livre blanc : %s") % title,
            keywords=[text(page.title, language) for page in questionnaire.pages],
            year=frozen.year,
            month=frozen.month,
            day=frozen.day,
            date=day,
            synthetic=questionnaire.synthetic,
            fingerprints=_fingerprints(snapshot, results),
            words=_words(),
            key_figures=[_key_figure(headline) for headline in catalogue.headlines(view)[:MOST_KEY_FIGURES]],
            essentials=_essentials(chapters),
            method=method.sections(snapshot, view, day),
            margins=method.margins_table(snapshot.weighting, view),
            chapters=chapters,
            groups=groups(view),
            published=appendices.published_figures(view, snapshot),
            instruments=appendices.instruments(view),
            trace=appendices.trace(),
            digests=appendices.digests(snapshot, results),
            images=images,
        )


def timestamp(snapshot: Snapshot) -> int:
    """The date that the PDF bears: that of the freeze, so that building it again changes nothing."""
    moment: datetime = snapshot.created_at
    return int(moment.timestamp())


def _words() -> dict[str, str]:
    return {
        "kicker": _("Livre blanc"),
        "contents": _("Sommaire"),
        "essentials": _("L'essentiel"),
        "method": _("Méthode"),
        "instruments": _("Instruments de mesure"),
        "trace": _("D'où viennent ces chiffres"),
        "synthetic": _("Données synthétiques"),
        "synthetic-cover": _("Données synthétiques : aucune personne réelle n'a répondu"),
    }


def _fingerprints(snapshot: Snapshot, results: Results) -> str:
    return _("Données %(data)s · calcul %(figures)s") % {
        "data": snapshot.fingerprint,
        "figures": results.specification_digest[:12],
    }


# --- key figures --------------------------------------------------------------------------------------


def _key_figure(headline: catalogue.Headline) -> KeyFigure:
    """The same figures as on the pages of the results."""
    note = ", ".join(part for part in (headline.interval, f"n = {headline.n}" if headline.n else "") if part)
    return KeyFigure(headline.value, headline.label, note)


def _essentials(chapters: list[Chapter]) -> list[str]:
    """The first finding of each chapter that is fit for it: what to retain if one reads one page only."""
    firsts = [next((item for item in chapter.figures if item.headline), None) for chapter in chapters]
    return [f"{item.finding}." for item in firsts if item][:MOST_ESSENTIALS]


# --- chapters -----------------------------------------------------------------------------------------


def _chapters(view: View, report: Report) -> tuple[list[Chapter], dict[str, str]]:
    """A chapter for each page of the questionnaire that has figures, scales with the page of their items."""
    plan = [(theme, [*_scales(view, theme), *theme.keys]) for theme in catalogue.themes(view)]
    total = sum(len(keys) for _theme, keys in plan)
    done = 0
    background = {*view.questionnaire.group_by, *view.questionnaire.quasi_identifiers}
    chapters: list[Chapter] = []
    images: dict[str, str] = {}
    for theme, keys in plan:
        drawn: list[Drawing] = []
        for key in keys:
            done += 1
            report(done, total, gettext_noop("Dessin des graphiques"))  # translated where it is read
            try:
                shown = display(view, key)
            except NoSuchFigure:
                continue
            if not _tells(shown):
                continue
            name = f"figure-{len(images) + 1}.svg"
            item, images[name] = drawing(shown, name, headline=key.partition("@")[0] not in background)
            drawn.append(item)
        if drawn:
            chapters.append(Chapter(theme.title, drawn))
    return chapters, images


def _scales(view: View, theme: catalogue.Theme) -> Iterator[str]:
    """The scales that end on the page of *theme*, by group where that is known."""
    page = next(page for page in view.questionnaire.pages if page.code == theme.code)
    items = {code for question in page.questions for code in variables_of(question, view.questionnaire)}
    for key in catalogue.scale_keys(view):
        figure = view.results.figure(key.partition("@")[0])
        scale = next(s for s in view.questionnaire.scales if figure and s.code == figure.spec.variable)
        # Those at the threshold, or the mean where there is none; the bands are for the screens.
        if scale.items[-1] in items and figure and figure.spec.kind != "bands":
            yield key


def _tells(shown: Display) -> bool:
    """Whether anything at all may be shown."""
    return any(segment.cell for row in shown.rows for segment in row.segments)
