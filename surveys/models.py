"""Surveys, the people who work on them, and the frozen versions of their questionnaires."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from santesurvey.permissions import Role
from santesurvey.privacy import Privacy
from surveys.definition import Questionnaire


class Survey(models.Model):
    """One study: a questionnaire in its versions, its fieldwork, its results, and the policy they obey."""

    class State(models.TextChoices):
        PREPARATION = "preparation", _("en préparation")
        OPEN = "open", _("ouverte")
        CLOSED = "closed", _("close")

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    titles = models.JSONField(default=dict, help_text=_("titre par langue, celui du questionnaire publié"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.PREPARATION)
    minimum_cell = models.PositiveSmallIntegerField(
        default=10, help_text=_("effectif minimal d'une case publiée")
    )
    minimum_k = models.PositiveSmallIntegerField(
        default=5, help_text=_("k-anonymat minimal d'un jeu de données diffusé")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "slug": Privacy.PUBLIC,
        "title": Privacy.PUBLIC,
        "titles": Privacy.PUBLIC,
        "state": Privacy.PUBLIC,
        "minimum_cell": Privacy.PUBLIC,
        "minimum_k": Privacy.PUBLIC,
        "created_at": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("étude")
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The title in the language of the screen, where the questionnaire has it."""
        return str(self.titles.get(get_language()) or self.title)

    @property
    def current_version(self) -> Version | None:
        return self.versions.order_by("-number").first()


class SurveyMember(models.Model):
    """A role of somebody on a survey."""

    ROLES: ClassVar = [
        (Role.RESEARCHER.value, _("chercheur ou chercheuse")),
        (Role.ANALYST.value, _("analyste")),
        (Role.DATA_USER.value, _("usager ou usagère des données")),
    ]
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="survey_roles")
    role = models.CharField(max_length=12, choices=ROLES)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.INTERNAL,
        "user": Privacy.ACCOUNT,
        "role": Privacy.INTERNAL,
    }

    class Meta:
        verbose_name = _("membre de l'équipe")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "user", "role"], name="survey_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.role}"


@lru_cache(maxsize=64)
def _parsed(digest: str, pk: int) -> Questionnaire:
    return Questionnaire.model_validate(Version.objects.values_list("document", flat=True).get(pk=pk))


class Version(models.Model):
    """One published questionnaire. The database refuses to change it (trigger in the first migration)."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "survey": Privacy.PUBLIC,
        "number": Privacy.PUBLIC,
        "digest": Privacy.PUBLIC,
        "document": Privacy.PUBLIC,
        "published_at": Privacy.PUBLIC,
    }

    class Meta:
        verbose_name = _("version du questionnaire")
        ordering: ClassVar = ["survey", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["survey", "digest"], name="version_content_once"),
        ]

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"

    @property
    def questionnaire(self) -> Questionnaire:
        """The typed document, parsed once per process: a version never changes."""
        return _parsed(self.digest, self.pk)
