"""Counts of the fieldwork, kept instead of anything on a row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from santesurvey.privacy import Privacy
from surveys.models import Survey


class Counter(models.Model):
    """How often something happened on a day. Several shards share a count, so that nobody waits for a row.

    `campaign` is a plain number, 0 where a campaign does not matter, and not a relation: nothing here can be
    walked to an invitation.
    """

    class Kind(models.TextChoices):
        INVITED = "invited", _("invitations émises")
        OPENED = "opened", _("liens ouverts")
        STARTED = "started", _("questionnaires commencés")
        SUBMITTED = "submitted", _("réponses enregistrées")
        PAGE = "page", _("page atteinte")  # key: number of the page, from 1
        MINUTES = "minutes", _("durée de réponse")  # key: whole minutes, 60 for an hour or more
        MODE = "mode", _("mode d'envoi")  # key: 0 with JavaScript, 1 without

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="counters")
    campaign = models.BigIntegerField(default=0)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.PositiveSmallIntegerField(default=0)
    shard = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.INTERNAL,
        "campaign": Privacy.INTERNAL,
        "day": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "key": Privacy.INTERNAL,
        "shard": Privacy.INTERNAL,
        "count": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("compteur")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["survey", "campaign", "day", "kind", "key", "shard"], name="counter_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.day} : {self.count}"
