"""Partner organisations, which reach caregivers and distribute the invitations."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from santesurvey.privacy import Privacy


class Partner(models.Model):
    name = models.CharField(max_length=120, unique=True)

    privacy: ClassVar[dict[str, Privacy]] = {"id": Privacy.INTERNAL, "name": Privacy.PUBLIC}

    class Meta:
        verbose_name = _("organisation partenaire")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class PartnerMember(models.Model):
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="partner_roles")

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.INTERNAL,
        "partner": Privacy.INTERNAL,
        "user": Privacy.ACCOUNT,
    }

    class Meta:
        verbose_name = _("membre d'une organisation partenaire")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "user"], name="partner_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.partner}"
