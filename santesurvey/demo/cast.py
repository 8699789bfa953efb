"""Who is in the demonstration: one account for each role, and one without any."""

from __future__ import annotations

from dataclasses import dataclass

from respondents.models import Partner
from respondents.partners import add_partner_member, create_partner
from santesurvey.accounts import create_account
from santesurvey.demo import PASSWORD
from santesurvey.models import User
from santesurvey.permissions import Role
from surveys.models import Survey
from surveys.team import add_member

BOOKING = "Agenda Soins (entreprise fictive)"
SUPPORT = "Entraide des soignants (association fictive)"


@dataclass(frozen=True)
class Person:
    """An account of the demonstration. *partner*: the organisation they work for."""

    email: str
    name: str
    title: str  # what they are, for the list of accounts
    role: Role | None = None
    partner: str = ""


CAST = (
    Person("admin@demo.example", "Ada Martin", "administration", Role.ADMINISTRATOR),
    Person("recherche@demo.example", "Rose Lefèvre", "recherche", Role.RESEARCHER),
    Person("analyse@demo.example", "Alix Moreau", "analyse", Role.ANALYST),
    Person("donnees@demo.example", "Dao Nguyen", "usage des données", Role.DATA_USER),
    Person("agenda@demo.example", "Paul Garnier", "partenaire, prise de rendez-vous", Role.PARTNER, BOOKING),
    Person("entraide@demo.example", "Olga Roche", "partenaire, association", Role.PARTNER, SUPPORT),
    Person("ailleurs@demo.example", "Otto Blanc", "aucun rôle"),
)


def open_accounts(survey: Survey) -> dict[str, User]:
    """Make every account of the cast with its role on *survey*; returns them by address.

    An account that exists keeps its password.
    """
    accounts = {}
    for person in CAST:
        user = create_account(
            email=person.email,
            name=person.name,
            is_administrator=person.role == Role.ADMINISTRATOR,
            by=None,
        )
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        if person.partner:
            add_partner_member(partner=partner_named(person.partner), user=user, by=None)
        elif person.role in {Role.RESEARCHER, Role.ANALYST, Role.DATA_USER}:
            add_member(survey=survey, user=user, role=person.role, by=None)
        accounts[person.email] = user
    return accounts


def with_known_password() -> list[str]:
    """Addresses of open accounts of the cast that anybody can sign in to."""
    found = User.objects.filter(email__in=[person.email for person in CAST], is_active=True).order_by("email")
    return [user.email for user in found if user.check_password(PASSWORD)]


def partner_named(name: str) -> Partner:
    return Partner.objects.filter(name=name).first() or create_partner(name=name, by=None)
