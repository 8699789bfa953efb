"""How people get and use accounts: an administrator makes them, nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from santesurvey import audit
from santesurvey.models import User


class AccountAdapter(DefaultAccountAdapter):
    def get_client_ip(self, request: HttpRequest) -> str:
        """A name for the client's address that lasts a day: sign-ins are counted by it, and the counts stored."""
        address = super().get_client_ip(request)
        return salted_hmac(f"santesurvey.client {timezone.localdate()}", address).hexdigest()[:32]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class AccountError(Exception):
    """The account cannot be made; the message says what to do."""


@transaction.atomic
def create_account(*, email: str, name: str = "", is_administrator: bool = False, by: User | None) -> User:
    """The account of *email*, made without a usable password if it is new; `password_link` lets in.

    An account that exists keeps its name and its password; it becomes an administrator if asked for.
    Raises `AccountError` for an address that is none, or that belongs to a closed account.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as exc:
        raise AccountError(_("« %(email)s » n'est pas une adresse électronique.") % {"email": email}) from exc
    user = User.objects.select_for_update().filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name.strip(), is_administrator=is_administrator)
        audit.record("account.create", user, by=by, is_administrator=is_administrator)
        return user
    if not user.is_active:
        raise AccountError(_("Le compte de cette adresse est fermé : rouvrez-le d'abord."))
    if is_administrator and not user.is_administrator:
        user.is_administrator = True
        user.save(update_fields=["is_administrator"])
        audit.record("account.administrator", user, by=by)
    return user


def password_link(user: User) -> str:
    """The address where *user* chooses a password. It works once, for `PASSWORD_RESET_TIMEOUT` seconds."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return f"{settings.SITE_URL}{path}"
