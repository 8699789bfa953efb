"""What stands at the end of a white paper: published figures beside ours, instruments, digests."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts.displays import View
from analytics.comparisons import Comparison, compare, published_of
from analytics.models import Snapshot
from analytics.numerals import number, percent
from analytics.reporting.paper import Comparisons, Section, Table
from analytics.results import Results
from surveys.definition import Scale, text


def published_figures(view: View, snapshot: Snapshot) -> Comparisons:
    slug = snapshot.survey.slug
    published = published_of(slug)
    if published is None:
        return Comparisons("", [], Table(), [])
    found = compare(slug, view.questionnaire, view.results)
    notes = [
        _("%(name)s : %(value)s")
        % {
            "name": text(item.published.label, view.language),
            "value": text(item.published.note, view.language),
        }
        for item in found
        if item.published.note
    ]
    return Comparisons(
        title=_("Chiffres publiés et chiffres reproduits"),
        paragraphs=[
            text(published.study, view.language),
            text(published.about, view.language),
            *_unlike_the_rest(view),
        ],
        table=Table(
            columns=[_("Indicateur"), _("Publié"), _("Reproduit"), _("Écart en points"), "n"],
            rows=[_compared(view, item) for item in found],
            numbers=4,
            widths=[9, 2, 2, 2, 2],
        ),
        notes=notes,
    )


def _unlike_the_rest(view: View) -> list[str]:
    if not view.results.weighted:
        return []
    return [
        _(
            "Ces parts non pondérées diffèrent donc de celles du reste du document, qui sont pondérées : les deux"
            " sont justes, mais ne décrivent pas la même population. Une ligne « n. c. » n'est pas un désaccord :"
            " le chiffre reproduit est retiré, parce qu'il en dirait trop sur quelques personnes."
        )
    ]


def _compared(view: View, item: Comparison) -> list[str]:
    label = text(item.published.label, view.language)
    known = percent(item.published.value / 100)
    known = _("plus de %s") % known if item.published.at_least else known
    if item.cell is None:
        return [label, known, _("n. c."), "", ""]
    share = item.cell.unweighted.value
    gap = 100 * share - item.published.value
    difference = "" if item.published.at_least else _signed(gap)
    return [label, known, percent(share, digits=1), difference, number(item.cell.n)]


def _signed(gap: float) -> str:
    """A difference in points with its sign, and a real minus: +0,4, −0,1, 0,0."""
    written = number(abs(gap), digits=1, fixed=True)
    if not any(digit in written for digit in "123456789"):
        return written
    return f"{'+' if gap > 0 else '−'}{written}"


# --- instruments and digests --------------------------------------------------------------------------


def instruments(view: View) -> list[Section]:
    return [
        Section(text(scale.title, view.language), _scoring(view, scale))
        for scale in view.questionnaire.scales
    ]


def _scoring(view: View, scale: Scale) -> list[str]:
    rule = _("moyenne") if scale.method == "mean" else _("somme")
    said = _("%(items)s items, %(rule)s des points, score dès %(minimum)s réponses.") % {
        "items": len(scale.items),
        "rule": rule,
        "minimum": scale.min_answered,
    }
    if scale.reverse:
        said += " " + ngettext("%s item inversé.", "%s items inversés.", len(scale.reverse)) % len(
            scale.reverse
        )
    if scale.critical is not None:
        said += " " + _(
            "Seuil retenu par les chercheurs : %s. Il décrit un groupe ; ce n'est pas un diagnostic."
        ) % number(scale.critical, digits=1)
    return [said, scale.source] if scale.source else [said]


def trace() -> list[str]:
    return [
        _(
            "Chaque chiffre vient d'un jeu de réponses gelé et d'une liste de calculs, nommés par leurs"
            " empreintes. Les mêmes empreintes redonnent les mêmes chiffres ; celles du bas de page les rappellent."
        )
    ]


def digests(snapshot: Snapshot, results: Results) -> Table:
    rows = [
        [_("Réponses gelées"), snapshot.digest],
        [_("Liste des calculs"), results.specification_digest],
    ]
    if snapshot.weighting.get("state") == "raked":
        rows.append([_("Marges de calage"), snapshot.weighting["digest"]])
    return Table(columns=[_("Quoi"), _("Empreinte (SHA-256)")], rows=rows, widths=[2, 5])
