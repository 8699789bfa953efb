"""What came in: ballots waiting to be shuffled, and responses. No time, sequence, address or invitation."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from santesurvey.privacy import Privacy
from surveys.models import Survey, Version


class Mode(models.TextChoices):
    """How the right to answer was checked; kept with the response because the guarantee differs."""

    DECLARED = "declared", _("code et réponses dans un seul envoi, lien effacé aussitôt")
    OPEN = "open", _("lien ouvert, sans invitation")


class Ballot(models.Model):
    """A response in the box: sealed, until enough of them are shuffled into responses."""

    receipt_digest = models.BinaryField(primary_key=True, max_length=32)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="ballots")
    sealed = models.BinaryField(help_text="version, mode, consents and answers, encrypted")

    privacy: ClassVar[dict[str, Privacy]] = {
        "receipt_digest": Privacy.SECRET,
        "survey": Privacy.INTERNAL,
        "sealed": Privacy.ANSWER,
    }

    class Meta:
        verbose_name = _("bulletin")

    def __str__(self) -> str:
        return bytes(self.receipt_digest).hex()[:8]


class Response(models.Model):
    """One person's answers. Whose they are is not known here, nor anywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="responses")
    answers = models.JSONField()
    consents = ArrayField(models.CharField(max_length=48))
    mode = models.CharField(max_length=10, choices=Mode.choices)
    shuffle = models.UUIDField(help_text="random name of the batch it was shuffled in")
    receipt_digest = models.BinaryField(max_length=32, unique=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.ANSWER,
        "version": Privacy.PUBLIC,
        "answers": Privacy.ANSWER,
        "consents": Privacy.ANSWER,
        "mode": Privacy.INTERNAL,
        "shuffle": Privacy.INTERNAL,
        "receipt_digest": Privacy.SECRET,
    }

    class Meta:
        verbose_name = _("réponse")

    def __str__(self) -> str:
        return str(self.pk)
