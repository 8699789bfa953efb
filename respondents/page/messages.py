"""The words for what is wrong with an answer: one set for the server, the form and the browser."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from surveys.definition import text
from surveys.routing import Compiled
from surveys.validation import LIMIT, Problem


def wordings() -> dict[str, str]:
    """Every sentence in the active language, by name; `{minimum}` and `{maximum}` are to be filled in."""
    return {
        "required": _("Cette question demande une réponse."),
        "not_an_option": _("Choisissez une réponse dans la liste."),
        "exclusive": _(
            "L'une des réponses cochées ne va pas avec les autres : gardez-la seule, ou décochez-la."
        ),
        "too_few": _("Cochez au moins {minimum} réponses."),
        "too_few_one": _("Cochez au moins une réponse."),
        "too_many": _("Cochez {maximum} réponses au plus."),
        "too_many_one": _("Ne cochez qu'une réponse."),
        "not_a_number": _("Écrivez un nombre en chiffres, par exemple 35."),
        "out_of_range": _("Écrivez un nombre entre {minimum} et {maximum}."),
        "under": _("Écrivez un nombre à partir de {minimum}."),
        "over": _("Écrivez un nombre jusqu'à {maximum}."),
        "not_whole": _("Écrivez un nombre entier, sans virgule."),
        "not_a_text": _("Cette réponse n'est pas lisible : écrivez-la de nouveau."),
        "too_long": _("Raccourcissez ce texte : {maximum} signes au plus."),
        "constraint": _("Cette réponse ne va pas avec les précédentes : vérifiez-la."),
        "unknown_variable": _("Cette page n'est plus à jour : rechargez-la, vos réponses sont gardées."),
        "not_a_mapping": _("Les réponses ne sont pas lisibles : rechargez la page, elles sont gardées."),
    }


def wording(code: str, values: Mapping[str, float]) -> str:
    """The name of the sentence for a problem. The browser chooses alike (frontend/src/respondent/errors.js)."""
    if code in {"too_few", "too_many"} and 1 in values.values():
        return f"{code}_one"
    if code == "out_of_range" and values["maximum"] >= LIMIT:
        return "under"
    if code == "out_of_range" and values["minimum"] <= -LIMIT:
        return "over"
    return code


def explain(problem: Problem, compiled: Compiled, language: str) -> str:
    """What is wrong and what to do, in *language*."""
    question = compiled.variables.get(problem.variable)
    if problem.code == "constraint" and question and question.constraint_message:
        return text(question.constraint_message, language)
    with translation.override(language):
        sentence = wordings()[wording(problem.code, problem.values)]
    return sentence.format(**{name: figure(value, language) for name, value in problem.values.items()})


def figure(value: float, language: str) -> str:
    """A bound as a person writes it: no decimals where there are none, a comma in French.

    >>> figure(110.0, "fr"), figure(2.5, "fr")
    ('110', '2,5')
    """
    written = str(int(value)) if value == int(value) else str(value)
    return written.replace(".", ",") if language.startswith("fr") else written
