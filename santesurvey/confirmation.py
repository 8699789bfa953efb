"""What destroys something asks for its name, on the screen and again on the server."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ConfirmNameForm(forms.Form):
    """The name of what will be lost, written by hand."""

    name = forms.CharField(
        label=gettext_lazy("Nom"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-name": ""}),
        error_messages={"required": gettext_lazy("Écrivez le nom pour confirmer.")},
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["name"].label = _("Pour confirmer, écrivez « %(name)s »") % {"name": expected}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if name != self.expected:
            raise forms.ValidationError(
                _("Ce n'est pas le nom attendu. Rien n'a changé : écrivez « %(name)s » pour confirmer.")
                % {"name": self.expected}
            )
        return name
