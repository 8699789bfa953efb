"""Put the demonstration into the database, as far as it is not there yet."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from respondents import responses
from respondents.models import Campaign
from respondents.simulation.storing import simulate_responses
from santesurvey.demo import RESPONSES, SEED, SLUG, cast, fieldwork, is_this_machine
from santesurvey.demo.fieldwork import Mailing
from santesurvey.demo.results import freeze_once
from santesurvey.models import User
from surveys.definition import text
from surveys.fieldwork import create_survey, open_survey
from surveys.loading import load, shipped
from surveys.models import Survey
from surveys.publishing import publish, read

MAILINGS = (
    Mailing(
        cast.BOOKING,
        "Campagne nationale",
        0.68,
        (("Médecins et dentistes", 2_600), ("Autres professions", 3_900)),
    ),
    Mailing(cast.SUPPORT, "Adhérentes et adhérents", 0.32, (("Lettre de l'association", 2_400),)),
)


class NotADemonstration(Exception):
    """The database holds something else; the message says what to do."""


def install(*, force: bool = False) -> Survey:
    """The demonstration's survey, installed if need be. Running it again changes nothing that is there.

    Raises `NotADemonstration` where others may reach it, and where the database holds other surveys and not
    yet this one, unless *force*.
    """
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not force and not is_this_machine(host):
        raise NotADemonstration(
            f"La démonstration ouvre des comptes au mot de passe connu de tout le monde, et {settings.SITE_URL} "
            "n'est pas une adresse de cette machine : elle n'y est pas installée. Lancez « make run DEMO=0 », "
            "ou ajoutez --force à « manage.py demo » si ce site n'est ouvert à personne."
        )
    if not force and not Survey.objects.filter(slug=SLUG).exists() and Survey.objects.exists():
        raise NotADemonstration(
            "Cette base contient déjà d'autres études : la démonstration n'y est pas installée, pour ne pas "
            "y ouvrir des comptes au mot de passe connu. Lancez « make run DEMO=0 » pour vous en passer, "
            "donnez un autre dossier dans SANTESURVEY_DATA, ou ajoutez --force."
        )
    survey, researcher = _survey_and_people()
    _collection(survey, researcher, timezone.localdate())
    freeze_once(survey, researcher)
    return survey


@transaction.atomic
def _survey_and_people() -> tuple[Survey, User]:
    document = load(shipped(SLUG))
    questionnaire = read(document)
    survey = Survey.objects.filter(slug=SLUG).first() or create_survey(
        slug=SLUG, title=text(questionnaire.title, questionnaire.language), by=None
    )
    people = cast.open_accounts(survey)
    researcher = people["recherche@demo.example"]
    publish(survey=survey, document=document, by=researcher)
    if survey.state == Survey.State.PREPARATION:
        open_survey(survey=survey, by=researcher)
        survey.refresh_from_db()
    return survey, researcher


@transaction.atomic
def _collection(survey: Survey, by: User, today: date) -> None:
    """Responses and the fieldwork that led to them, together or not at all."""
    Survey.objects.select_for_update().get(pk=survey.pk)
    if responses.count(survey) or Campaign.objects.filter(survey=survey).exists():
        return
    simulate_responses(survey=survey, responses=RESPONSES, seed=SEED, by=by)
    fieldwork.run(
        survey=survey,
        mailings=[(mailing, cast.partner_named(mailing.partner)) for mailing in MAILINGS],
        today=today,
        rng=np.random.default_rng(SEED),
        by=by,
    )
