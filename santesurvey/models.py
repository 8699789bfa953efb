"""The foundation of every app: who works here, what was done, what is being computed."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from santesurvey.privacy import Privacy


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address, compared without case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        if not email:
            raise ValueError("Un compte a besoin d'une adresse électronique.")
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_administrator=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works with the platform. Respondents never have an account.

    What a user may do on a survey or a campaign is in memberships (`surveys.SurveyMember`,
    `respondents.PartnerMember`); only administrators have a role everywhere.
    """

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120, blank=True)
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    is_administrator = models.BooleanField(_("administre la plateforme"), default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "password": Privacy.SECRET,
        "last_login": Privacy.ACCOUNT,
        "is_superuser": Privacy.INTERNAL,
        "email": Privacy.ACCOUNT,
        "name": Privacy.ACCOUNT,
        "is_active": Privacy.INTERNAL,
        "is_administrator": Privacy.INTERNAL,
        "date_joined": Privacy.ACCOUNT,
        "groups": Privacy.INTERNAL,
        "user_permissions": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("utilisateur ou utilisatrice")
        verbose_name_plural = _("utilisateurs et utilisatrices")
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_without_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        return self.is_administrator


class AuditEvent(models.Model):
    """One line of the append-only journal: who did what to which object.

    The database refuses to change or delete a line (trigger in the first migration). It never holds
    answers, codes, receipts or anything about a respondent.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=120, help_text="model:id of the object")
    details = models.JSONField(default=dict)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "at": Privacy.ACCOUNT,
        "actor": Privacy.ACCOUNT,
        "action": Privacy.INTERNAL,
        "target": Privacy.INTERNAL,
        "details": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["target"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Job(models.Model):
    """A long piece of work, done by a Celery task, whose whole state is this row.

    Whoever does the work holds a PostgreSQL advisory lock on the row's id for as long as its connection
    lives: a worker that is killed lets go of it at once, and `resume_lost_jobs` hands the job out again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("en attente")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminé")
        FAILED = "failed", _("échoué")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60, help_text="dotted path of the Celery task")
    target = models.CharField(max_length=120, help_text="model:id of the object it works on")
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    outcome = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "kind": Privacy.INTERNAL,
        "target": Privacy.INTERNAL,
        "arguments": Privacy.INTERNAL,
        "state": Privacy.INTERNAL,
        "step": Privacy.INTERNAL,
        "done": Privacy.INTERNAL,
        "total": Privacy.INTERNAL,
        "attempts": Privacy.INTERNAL,
        "error": Privacy.INTERNAL,
        "outcome": Privacy.INTERNAL,
        "created_by": Privacy.ACCOUNT,
        "created_at": Privacy.INTERNAL,
        "started_at": Privacy.INTERNAL,
        "ended_at": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["target", "-created_at"], name="job_target"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=["queued", "running"]),
                name="job_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def finished(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def percent(self) -> int:
        if self.state == self.State.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0


def label_of(obj: models.Model) -> str:
    """`model:id`, the way journal and jobs name an object without a foreign key to its app."""
    return f"{obj._meta.label}:{obj.pk}"
