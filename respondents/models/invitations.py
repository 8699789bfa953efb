"""Who may answer: campaigns, batches of invitations, and the encrypted drafts of people who are answering.

Nothing here knows a response, and no response knows anything here: a test walks the relations.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from respondents.models.partners import Partner
from santesurvey.privacy import Privacy
from surveys.models import Survey


class Campaign(models.Model):
    """A partner's fieldwork for a survey."""

    class State(models.TextChoices):
        OPEN = "open", _("ouverte")
        CLOSED = "closed", _("close")

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="campaigns")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="campaigns")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closes_on = models.DateField(null=True, blank=True, help_text=_("dernier jour pour répondre"))

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.INTERNAL,
        "partner": Privacy.INTERNAL,
        "name": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "closes_on": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("campagne")
        ordering: ClassVar = ["survey", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "partner", "name"], name="campaign_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Invitations made together.

    Their codes are derived from a seed, sealed at rest and destroyed at closing, so that the partner can
    download the links again and the database holds no code.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="batches")
    label = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sealed_seed = models.BinaryField(null=True)
    created_on = models.DateField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "campaign": Privacy.INTERNAL,
        "label": Privacy.INTERNAL,
        "size": Privacy.INTERNAL,
        "sealed_seed": Privacy.SECRET,
        "created_on": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("lot d'invitations")
        ordering: ClassVar = ["campaign", "id"]

    def __str__(self) -> str:
        return self.label


class Invitation(models.Model):
    """The right to answer once. Holds no time: when invitations were used is in daily counters only."""

    class State(models.IntegerChoices):
        ISSUED = 0, _("émise")
        OPENED = 1, _("ouverte")
        STARTED = 2, _("commencée")
        USED = 3, _("utilisée")

    code_digest = models.BinaryField(primary_key=True, max_length=32)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="invitations")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.ISSUED)

    privacy: ClassVar[dict[str, Privacy]] = {
        "code_digest": Privacy.SECRET,
        "batch": Privacy.INVITED,
        "campaign": Privacy.INVITED,
        "state": Privacy.INVITED,
    }

    class Meta:
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return bytes(self.code_digest).hex()[:8]


class Draft(models.Model):
    """Answers on their way, encrypted in the browser under a key that only the link gives."""

    key_digest = models.BinaryField(primary_key=True, max_length=32)
    ciphertext = models.BinaryField()
    expires_on = models.DateField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "key_digest": Privacy.SECRET,
        "ciphertext": Privacy.SECRET,
        "expires_on": Privacy.INVITED,
    }

    class Meta:
        verbose_name = _("brouillon chiffré")
        indexes: ClassVar = [models.Index(fields=["expires_on"], name="draft_expiry")]

    def __str__(self) -> str:
        return bytes(self.key_digest).hex()[:8]
