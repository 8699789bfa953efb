"""What stands at the end of a white paper: published figures beside ours, instruments, digests."""

from __future__ import annotations

from django.utils.translation import gettext as _

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
        paragraphs=[text(published.study, view.language), text(published.about, view.language)],
        table=Table(
            columns=[_("Indicateur"), _("Publié"), _("Reproduit"), _("Écart en points"), "n"],
            rows=[_compared(view, item) for item in found],
            numbers=4,
            widths=[9, 2, 2, 2, 2],
        ),
        notes=notes,
    )


def _compared(view: View, item: Comparison) -> list[str]:
    label = text(item.published.label, view.language)
    known = percent(item.published.value / 100)
    known = _("plus de %s") % known if item.published.at_least else known
    if item.cell is None:
        return [label, known, _("n. c."), "", ""]
    share = item.cell.unweighted.value
    gap = 100 * share - item.published.value
    sign = "+" if gap >= 0.05 else ""
    difference = "" if item.published.at_least else f"{sign}{number(round(gap, 1) + 0.0, digits=1)}"
    return [label, known, percent(share, digits=1), difference, number(item.cell.n)]


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
        said += " " + _("Items inversés : %s.") % len(scale.reverse)
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
