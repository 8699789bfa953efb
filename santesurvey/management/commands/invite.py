"""`manage.py invite EMAIL`: make an account, give it its role, and hand out the link to choose a password."""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from respondents.models import Partner
from respondents.partners import PartnerError, add_partner_member, create_partner
from santesurvey.accounts import AccountError, create_account, password_link
from santesurvey.models import User
from santesurvey.permissions import Role
from surveys.models import Survey
from surveys.team import add_member

ON_A_SURVEY = [Role.RESEARCHER.value, Role.ANALYST.value, Role.DATA_USER.value]


class Command(BaseCommand):
    help = "Ouvre un compte, lui donne son rôle et affiche le lien pour choisir un mot de passe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="adresse électronique du compte")
        parser.add_argument("--name", default="", help="nom affiché")
        parser.add_argument("--role", choices=ON_A_SURVEY, help="rôle sur l'étude de --survey")
        parser.add_argument("--survey", help="nom court de l'étude")
        parser.add_argument("--partner", help="nom de l'organisation partenaire, créée si elle manque")
        parser.add_argument("--administrator", action="store_true", help="administre toute la plateforme")
        parser.add_argument("--mail", action="store_true", help="envoie le lien à l'adresse du compte")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["role"]) != bool(options["survey"]):
            raise CommandError("--role et --survey vont ensemble : donnez les deux.")
        if not (options["role"] or options["partner"] or options["administrator"]):
            raise CommandError("Donnez un rôle : --role et --survey, ou --partner, ou --administrator.")
        try:
            user = self._invite(options)
        except (AccountError, PartnerError) as exc:
            raise CommandError(str(exc)) from exc
        if user.has_usable_password():
            self.stdout.write(
                f"{user.email} : rôle ajouté au compte existant, son mot de passe reste valable."
            )
            return
        link = password_link(user)
        if options["mail"]:
            send_mail(_("Votre compte SantéSurvey"), _message(user, link), None, [user.email])
            self.stdout.write(f"{user.email} : compte prêt, le lien est envoyé.")
        else:
            self.stdout.write(
                f"{user.email} : compte prêt. Lien pour choisir le mot de passe (trois jours) :"
            )
            self.stdout.write(link)

    @transaction.atomic
    def _invite(self, options: dict[str, Any]) -> User:
        user = create_account(
            email=options["email"],
            name=options["name"],
            is_administrator=options["administrator"],
            by=None,
        )
        if slug := options["survey"]:
            survey = Survey.objects.filter(slug=slug).first()
            if survey is None:
                known = ", ".join(Survey.objects.values_list("slug", flat=True)) or "aucune"
                raise CommandError(f"L'étude {slug} n'existe pas. Études connues : {known}.")
            add_member(survey=survey, user=user, role=Role(options["role"]), by=None)
        if name := options["partner"]:
            partner = Partner.objects.filter(name__iexact=name.strip()).first()
            add_partner_member(partner=partner or create_partner(name=name, by=None), user=user, by=None)
        return user


def _message(user: User, link: str) -> str:
    return _(
        "Bonjour,\n\nUn compte a été ouvert pour vous sur SantéSurvey, à l'adresse %(email)s.\n"
        "Choisissez votre mot de passe avec ce lien, valable trois jours :\n\n%(link)s\n\n"
        "Si vous n'attendiez pas ce message, vous pouvez l'ignorer.\n"
    ) % {"email": user.email, "link": link}
