"""How the figures were made, in words: fieldwork, weights, precision, confidentiality, what is made up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.charts import words
from analytics.charts.displays import View
from analytics.models import Snapshot
from analytics.numerals import number, percent
from analytics.reporting.paper import Section, Table
from analytics.results import group_key
from analytics.weighting import refusal
from surveys.definition import text


def sections(snapshot: Snapshot, view: View, date: str) -> list[Section]:
    """The paragraphs of the method page, in the language of *view*, which is active."""
    found = [_fieldwork(snapshot, view, date), _weighting(snapshot.weighting, view)]
    found += [_precision(view), _confidentiality(view)]
    if view.questionnaire.synthetic:
        found.insert(0, _synthetic())
    return found


def _synthetic() -> Section:
    return Section(
        _("Des données synthétiques"),
        [
            _(
                "Aucune personne réelle n'a répondu. Les réponses viennent d'un modèle statistique réglé sur des"
                " chiffres publiés. Ce document montre ce que la plateforme produit ; il ne décrit pas les"
                " soignantes et soignants libéraux et ne doit pas être cité."
            )
        ],
    )


def _fieldwork(snapshot: Snapshot, view: View, date: str) -> Section:
    values = {
        "n": number(view.results.n),
        "date": date,
        "number": snapshot.number,
        "minutes": view.questionnaire.minutes,
    }
    return Section(
        _("Terrain"),
        [
            _(
                "Les chiffres portent sur %(n)s réponses, gelées le %(date)s (gel n° %(number)s). Le questionnaire"
                " demande environ %(minutes)s minutes et se remplit en ligne. Des organisations partenaires"
                " transmettent les invitations ; elles ne voient aucune réponse."
            )
            % values,
            _(
                "Chaque invitation ne sert qu'une fois et se sépare des réponses à leur envoi : rien ne relie une"
                " réponse à une personne. Participent celles et ceux qui le veulent bien. Ce n'est pas un tirage"
                " au sort, et les personnes qui n'ont pas répondu peuvent penser autrement."
            ),
        ],
    )


def _weighting(weighting: dict[str, Any], view: View) -> Section:
    title = _("Pondération")
    if weighting.get("state") != "raked":
        said = [_("Les résultats ne sont pas pondérés : chaque réponse compte autant.")]
        if weighting.get("state") == "refused":
            said.append(_("Le calage sur les marges fournies n'a pas abouti : %s") % refusal(weighting))
        return Section(title, said)
    stored = weighting["margins"]
    low, high = stored["bounds"]
    values = {
        "margins": ", ".join(
            words.lowered(words.label_of_variable(view, margin["variable"])) for margin in stored["margins"]
        ),
        "low": number(low, digits=2),
        "high": number(high, digits=2),
        "trimmed": number(weighting["trimmed"]),
        "smallest": number(weighting["smallest"], digits=2, fixed=True),
        "largest": number(weighting["largest"], digits=2, fixed=True),
        "deff": number(weighting["design_effect"], digits=2, fixed=True),
        "effective": number(weighting["effective_n"]),
    }
    bounds = (
        ngettext(
            "%(trimmed)s poids a été ramené aux bornes de %(low)s et %(high)s.",
            "%(trimmed)s poids ont été ramenés aux bornes de %(low)s et %(high)s.",
            weighting["trimmed"],
        )
        if weighting["trimmed"]
        else _("Aucun poids n'a atteint les bornes de %(low)s et %(high)s.")
    )
    raked = _(
        "Les réponses sont calées par itérations sur les effectifs de la population (%(margins)s). Les poids"
        " vont de %(smallest)s à %(largest)s fois le poids moyen."
    )
    said = [
        f"{raked} {bounds}" % values,
        _(
            "L'effet de plan de Kish est de %(deff)s : ces réponses pondérées renseignent autant que %(effective)s"
            " réponses d'égal poids."
        )
        % values,
    ]
    if stored.get("about"):
        said.append(text(stored["about"], view.language))
    return Section(title, said)


def _precision(view: View) -> Section:
    weighted = _(
        "Les intervalles à 95 % des résultats pondérés tiennent compte du calage : variance de la variable"
        " linéarisée et résidualisée sur les marges, échelle logit pour les parts."
    )
    plain = _("Les intervalles à 95 % des parts non pondérées sont ceux de Wilson.")
    return Section(
        _("Précision"),
        [
            f"{weighted} {plain}" if view.results.weighted else plain,
            _(
                "Ils disent le hasard de l'échantillon, et rien des biais de participation. La base n de chaque"
                " chiffre compte les personnes à qui la question a été posée et qui ont donné une réponse"
                " renseignée ; « ne sait pas » et « préfère ne pas répondre » n'en font pas partie."
            ),
        ],
    )


def _confidentiality(view: View) -> Section:
    values = {"minimum": number(view.results.minimum_cell)}
    return Section(
        _("Confidentialité"),
        [
            _(
                "Aucune case de moins de %(minimum)s personnes n'est publiée. D'autres cases sont retirées quand un"
                " total ou une différence permettrait de retrouver celle qui manque, et quand tout un groupe a"
                " donné la même réponse. Une case retirée est marquée « n. c. », non communiqué."
            )
            % values,
            _(
                "Les parts pondérées sont données en points entiers et les moyennes au dixième, dans ce document"
                " comme dans les fichiers publics : plus de décimales permettrait, avec les poids, de retrouver"
                " des effectifs retirés."
            ),
        ],
    )


def margins_table(weighting: dict[str, Any], view: View) -> Table:
    """Shares before and after weighting, and the target, for each category of the margins that may be told."""
    if weighting.get("state") != "raked":
        return Table()
    told = [line for line in weighting["categories"] if _may_be_told(view, line)]
    note = _("Parts parmi les catégories dont l'effectif dans la population est connu.")
    if len(told) < len(weighting["categories"]):
        note += " " + _("Les catégories trop petites pour être décrites n'y figurent pas.")
    rows = [
        [
            words.group_label(view, group_key(line["variable"], line["category"])),
            number(line["respondents"]),
            _share(line["base"]),
            _share(line["target"]),
            _share(line["weighted"]),
        ]
        for line in told
    ]
    return Table(
        title=_("Effet du calage"),
        columns=[_("Catégorie"), _("Réponses"), _("Avant"), _("Population"), _("Après")],
        rows=rows,
        numbers=4,
        note=note,
    )


def _may_be_told(view: View, line: dict[str, Any]) -> bool:
    """Whether the figures tell how many people are in this category: only then may the margins."""
    figure = view.results.figure(line["variable"])
    return figure is not None and figure.cell(line["category"]) is not None


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value, digits=1)
