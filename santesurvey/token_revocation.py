"""Whoever changes a password closes what was opened with the old one: sessions (Django does) and API tokens."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver
from knox.models import AuthToken

from santesurvey.models import User


@receiver([password_changed, password_reset, password_set])
def revoke_tokens(sender: object, user: User, **_: Any) -> None:
    AuthToken.objects.filter(user=user).delete()
