"""What comes out: frozen data, figures computed from them, and the documents made of the figures."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from santesurvey.privacy import Privacy
from surveys.models import Survey


class Snapshot(models.Model):
    """The responses of a survey as they were at one freeze: one Parquet file, named by its digest."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the Parquet file")
    file = models.CharField(max_length=200, help_text="its name in the storage")
    responses = models.PositiveIntegerField()
    weighting = models.JSONField(default=dict, help_text="margins used and what raking did")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="results public since then")
    was_public = models.BooleanField(
        default=False, help_text="its results have been public once: what was read is not forgotten"
    )

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.INTERNAL,
        "number": Privacy.PUBLIC,
        "digest": Privacy.PUBLIC,
        "file": Privacy.INTERNAL,
        "responses": Privacy.PUBLIC,
        "weighting": Privacy.PUBLIC,
        "created_at": Privacy.PUBLIC,
        "published_at": Privacy.PUBLIC,
        "was_public": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("gel des données")
        ordering: ClassVar = ["survey", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="snapshot_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey} · {self.number}"

    @property
    def fingerprint(self) -> str:
        """The first twelve signs of the digest: what figures carry to say where they come from."""
        return self.digest[:12]


class EstimateSet(models.Model):
    """Every figure of one specification on one snapshot, addressed by the digests of both."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="estimate_sets")
    specification_digest = models.CharField(max_length=64)
    specification = models.JSONField()
    results = models.JSONField()
    seconds = models.FloatField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "snapshot": Privacy.INTERNAL,
        "specification_digest": Privacy.PUBLIC,
        "specification": Privacy.PUBLIC,
        "results": Privacy.INTERNAL,
        "seconds": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("jeu d'estimations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "specification_digest"], name="estimates_once")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.specification_digest[:12]}"


class Report(models.Model):
    """A white paper built from a snapshot."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="reports")
    language = models.CharField(max_length=5)
    specification_digest = models.CharField(max_length=64, blank=True, help_text="of the figures in it")
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "snapshot": Privacy.INTERNAL,
        "language": Privacy.PUBLIC,
        "specification_digest": Privacy.PUBLIC,
        "file": Privacy.INTERNAL,
        "digest": Privacy.PUBLIC,
        "created_by": Privacy.ACCOUNT,
        "created_at": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("livre blanc")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.snapshot} ({self.language})"


class Release(models.Model):
    """An anonymised dataset made from a snapshot, or the reasons why it was refused."""

    class State(models.TextChoices):
        BUILDING = "building", _("en préparation")
        READY = "ready", _("prêt")
        REFUSED = "refused", _("refusé")

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="releases")
    state = models.CharField(max_length=10, choices=State.choices, default=State.BUILDING)
    recoding = models.JSONField(default=dict, help_text="what was dropped or coarsened before the check")
    assessment = models.JSONField(default=dict, help_text="k, classes below it, reasons")
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "snapshot": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "recoding": Privacy.PUBLIC,
        "assessment": Privacy.INTERNAL,
        "file": Privacy.INTERNAL,
        "digest": Privacy.PUBLIC,
        "created_by": Privacy.ACCOUNT,
        "created_at": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("jeu de données")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.snapshot} {self.state}"
