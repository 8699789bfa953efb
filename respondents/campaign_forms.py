"""Forms of the distribution: a campaign, a batch of invitations, the end of a campaign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from respondents.campaigns import LARGEST_BATCH
from respondents.models.invitations import Campaign
from respondents.models.partners import Partner


class CampaignForm(forms.Form):
    """For one partner: one of the list, or one that is new."""

    partner = forms.ModelChoiceField(
        Partner.objects.all(),
        required=False,
        label=gettext_lazy("Organisation partenaire"),
        empty_label=gettext_lazy("Choisissez dans la liste"),
        help_text=gettext_lazy("L'organisation qui transmettra les liens aux soignants et soignantes."),
    )
    new_partner = forms.CharField(
        max_length=120,
        required=False,
        label=gettext_lazy("Ou une nouvelle organisation"),
        help_text=gettext_lazy("À remplir seulement si elle n'est pas dans la liste."),
    )
    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Nom de la campagne"),
        help_text=gettext_lazy("Par exemple : Envoi de printemps. Le partenaire le verra aussi."),
        error_messages={"required": gettext_lazy("Donnez un nom à la campagne.")},
    )
    closes_on = forms.DateField(
        required=False,
        label=gettext_lazy("Dernier jour pour répondre"),
        help_text=gettext_lazy("Laissez vide si la campagne n'a pas de date de fin."),
        widget=forms.DateInput(attrs={"type": "date", "class": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Écrivez une date, par exemple 30/06/2026.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not Partner.objects.exists():
            del self.fields["partner"]
            self.fields["new_partner"].label = _("Organisation partenaire")
            self.fields["new_partner"].help_text = _("Celle qui transmettra les liens.")

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("Ce jour est passé : choisissez aujourd'hui ou plus tard."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen, new = data.get("partner"), data.get("new_partner", "").strip()
        if not chosen and not new and not self.errors.get("partner"):
            place = "partner" if "partner" in self.fields else "new_partner"
            self.add_error(place, _("Choisissez une organisation, ou écrivez le nom d'une nouvelle."))
        if chosen and new:
            self.add_error("new_partner", _("Choisissez dans la liste ou écrivez un nom, pas les deux."))
        return data


class BatchForm(forms.Form):
    """A number of invitations, under a name that the partner recognises."""

    label = forms.CharField(
        max_length=120,
        label=gettext_lazy("Nom du lot"),
        help_text=gettext_lazy("Ce qui le distingue pour le partenaire : une région, une date d'envoi."),
        error_messages={"required": gettext_lazy("Donnez un nom au lot.")},
    )
    size = forms.IntegerField(
        min_value=1,
        max_value=LARGEST_BATCH,
        label=gettext_lazy("Nombre d'invitations"),
        help_text=gettext_lazy("Une par personne invitée. D'autres lots peuvent suivre."),
        widget=forms.NumberInput(attrs={"class": "short", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Dites combien d'invitations préparer."),
            "invalid": gettext_lazy("Écrivez un nombre entier, par exemple 500."),
            "min_value": gettext_lazy("Un lot compte au moins une invitation."),
            "max_value": gettext_lazy("Un lot compte au plus 500 000 invitations : faites-en plusieurs."),
        },
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"].strip()
        # Also what stops a second click on the button from making a second batch.
        if self.campaign.batches.filter(label__iexact=label).exists():
            raise forms.ValidationError(
                _("Un lot de cette campagne porte déjà ce nom : choisissez-en un autre.")
            )
        return label
