"""Choices before a document is built: what a dataset takes along, and the language of a white paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from analytics.releasing.hierarchies import KEEP, Levels
from analytics.releasing.recoding import LICENCE_NAMES, Recoding
from surveys.definition import Questionnaire, text

PREFIX = "detail"


class RecodingForm(forms.Form):
    """One choice of detail per quasi-identifier, named after it in the document."""

    erase_rare = forms.BooleanField(
        required=False,
        label=gettext_lazy("Effacer des valeurs dans les combinaisons trop rares"),
        help_text=gettext_lazy(
            "Quelques valeurs deviennent vides, dans les seuls enregistrements qui seraient reconnaissables."
            " Permis jusqu'à 5 % des enregistrements."
        ),
    )
    licence = forms.ChoiceField(label=gettext_lazy("Licence"))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        questionnaire: Questionnaire,
        levels: Levels,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, prefix=PREFIX, initial=initial)
        language = get_language() or questionnaire.language
        variables = questionnaire.question_of_variable()
        self.levels = levels
        details: dict[str, forms.Field] = {}
        for code, steps in levels.items():
            question = variables[code]
            details[code] = forms.ChoiceField(
                label=text(question.short or question.label, language),
                choices=[(step.code, text(step.label, language)) for step in steps],
                required=False,
            )
        self.fields = {**details, **self.fields}
        licence = self.fields["licence"]
        assert isinstance(licence, forms.ChoiceField)  # noqa: S101 - declared above
        licence.choices = [(code, text(words, language)) for code, words in LICENCE_NAMES.items()]

    @property
    def details(self) -> list[forms.BoundField]:
        """The choices of detail, without erasing and licence."""
        return [self[code] for code in self.levels]

    def recoding(self) -> Recoding:
        """What a valid form says."""
        return Recoding(
            chosen={code: self.cleaned_data[code] or KEEP for code in self.levels},
            erase_rare=self.cleaned_data["erase_rare"],
            licence=self.cleaned_data["licence"],
        )


def initial(recoding: Recoding) -> dict[str, Any]:
    """*recoding* as the initial values of the form."""
    return {**recoding.chosen, "erase_rare": recoding.erase_rare, "licence": recoding.licence}


def posted(recoding: Recoding) -> dict[str, str]:
    """*recoding* as the fields that the form would send."""
    fields = {f"{PREFIX}-{code}": level for code, level in recoding.chosen.items()}
    fields[f"{PREFIX}-licence"] = recoding.licence
    return {**fields, f"{PREFIX}-erase_rare": "on"} if recoding.erase_rare else fields
