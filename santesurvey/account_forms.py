"""The forms of accounts in our words: labels that say what to write, and no placeholder in place of them."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Adresse électronique"),
    "email": _("Adresse électronique"),
    "password": _("Mot de passe"),
    "oldpassword": _("Mot de passe actuel"),
    "password1": _("Nouveau mot de passe"),
    "password2": _("Nouveau mot de passe, encore une fois"),
    "code": _("Code"),
}
SHORT = {"code"}


class InOurWords:
    """Mixed into a form of allauth."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = ""  # the pages say it, once
            field.widget.attrs.pop("placeholder", None)
            if name in SHORT:
                field.widget.attrs["class"] = "short"


class LoginForm(InOurWords, account.LoginForm): ...


class ResetPasswordForm(InOurWords, account.ResetPasswordForm): ...


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm): ...


class ChangePasswordForm(InOurWords, account.ChangePasswordForm): ...


class SetPasswordForm(InOurWords, account.SetPasswordForm): ...


class ReauthenticateForm(InOurWords, account.ReauthenticateForm): ...


class AuthenticateForm(InOurWords, mfa.AuthenticateForm): ...


class ReauthenticateByCodeForm(InOurWords, mfa.ReauthenticateForm): ...


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm): ...
