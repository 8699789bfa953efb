"""The key shares and the mean scores in each group of the main grouping."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from analytics.bases import conditional
from analytics.charts import words
from analytics.charts.displays import View
from analytics.numerals import interval, number, percent, value
from analytics.reporting.paper import Groups, Table
from analytics.results import ALL, Cell, Figure
from surveys.definition import text

MOST_SHARES = 6


@dataclass(frozen=True)
class KeyShare:
    """A share in the table by group, and its name there."""

    label: str
    figure: Figure
    code: str = ""

    def cell(self, group: str = ALL) -> Cell | None:
        return self.figure.cell(self.code, group)


def _key_shares(view: View) -> list[KeyShare]:
    """Scales at their threshold, then sensitive yes-or-no answers that everyone was asked for."""
    found = []
    for scale in view.questionnaire.scales:
        figure = view.results.figure(f"{scale.code}.critical")
        if figure and scale.critical is not None:
            found.append(KeyShare(text(scale.title, view.language), figure))
    some = conditional(view.questionnaire)
    for code in view.questionnaire.sensitive:
        figure = view.results.figure(code)
        if figure and figure.spec.kind == "single" and "yes" in figure.spec.codes and code not in some:
            label = _named(words.label_of_variable(view, code))
            found.append(KeyShare(label, figure, "yes"))
    return found[:MOST_SHARES]


def _named(item: str) -> str:
    """An item that finishes a question ("une agression ?") as the name of a figure ("Une agression")."""
    item = item.rstrip(" \u00a0\u202f?:.…")
    return item[:1].upper() + item[1:]


def groups(view: View) -> Groups:
    """The key figures and the mean scores in each group of the main grouping."""
    if not view.results.groupings:
        return Groups("", "", [], "")
    key = _key_shares(view)
    main = view.results.groupings[0]
    name = words.label_of_variable(view, main.variable)
    shown = [ALL, *view.results.groups(main)]
    shares = Table(
        title=_("Chiffres clés"),
        columns=[name, "n", *(share.label for share in key)],
        rows=[
            [
                words.group_label(view, group),
                _size(view, group),
                *(_share(view, share, group) for share in key),
            ]
            for group in shown
        ],
        numbers=1 + len(key) if key else 0,
        widths=[5, 1, *([2] * len(key))],
    )
    scales = [
        (scale, figure) for scale in view.questionnaire.scales if (figure := view.results.figure(scale.code))
    ]
    means = Table(
        title=_("Scores moyens"),
        columns=[name, *(text(scale.title, view.language) for scale, _figure in scales)],
        rows=[
            [words.group_label(view, group), *(_mean(view, figure, group) for _scale, figure in scales)]
            for group in shown
        ],
        numbers=len(scales),
        widths=[5, *([2] * len(scales))],
    )
    return Groups(
        title=_("Par %s") % (name[:1].lower() + name[1:]),
        intro=_(
            "Les groupes diffèrent aussi par l'âge, le genre ou le lieu d'exercice : un écart n'est pas une cause."
        ),
        tables=[table for table in (shares, means) if len(table.rows) > 1 and table.numbers],
        note=_(
            "Sous chaque chiffre, son intervalle de confiance à 95 %%. Pour les scores, la part des personnes au seuil"
            " ou au-dessus, puis la moyenne. %(mark)s : chiffre retiré. Le publier, ou"
            " permettre de le calculer par différence, en dirait trop sur quelques personnes ; cela peut aussi"
            " toucher un groupe nombreux, quand un autre doit rester caché."
        )
        % {"mark": _("n. c.")},
    )


def _size(view: View, group: str) -> str:
    size = view.results.n if group == ALL else view.results.group_size(group)
    return _("n. c.") if size is None else number(size)


def _share(view: View, key: KeyShare, group: str) -> str:
    cell = key.cell(group)
    if cell is None:
        return _("n. c.")
    best = cell.best(view.weighted)
    return f"{percent(best.value)}\n{interval(best, share=True)}"


def _mean(view: View, figure: Figure, group: str) -> str:
    cell = figure.cell(group=group)
    if cell is None:
        return _("n. c.")
    best = cell.best(view.weighted)
    return f"{value(best.value, share=False)}\n{interval(best, share=False)}"
