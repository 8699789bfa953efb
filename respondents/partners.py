"""Partner organisations and the people who work for them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from respondents.models.partners import Partner, PartnerMember
from santesurvey import audit
from santesurvey.models import User


class PartnerError(Exception):
    """The organisation cannot be made; the message says why."""


@transaction.atomic
def create_partner(*, name: str, by: User | None) -> Partner:
    """An organisation, known by its name without regard to case. Raises `PartnerError`."""
    name = " ".join(name.split())
    if not name:
        raise PartnerError(_("Donnez un nom à l'organisation."))
    if len(name) > 120:
        raise PartnerError(_("Le nom de l'organisation dépasse 120 caractères : abrégez-le."))
    if Partner.objects.filter(name__iexact=name).exists():
        raise PartnerError(_("Cette organisation existe déjà : choisissez-la dans la liste."))
    partner = Partner.objects.create(name=name)
    audit.record("partner.create", partner, by=by, name=name)
    return partner


@transaction.atomic
def add_partner_member(*, partner: Partner, user: User, by: User | None) -> PartnerMember:
    """Let *user* work for *partner*; a membership that exists is returned as it is."""
    member, made = PartnerMember.objects.get_or_create(partner=partner, user=user)
    if made:
        audit.record("partner.member", partner, by=by, user=user.pk)
    return member
