"""The cast of every test, and the ground it stands on: real PostgreSQL, real models, no doubles of our own code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from respondents.models import Campaign, Partner, PartnerMember
from santesurvey.models import User
from santesurvey.permissions import Role
from surveys.models import Survey, SurveyMember, Version
from tests.questionnaires import small_document

PASSWORD = "une-phrase-de-passe"


def _user(email: str, name: str, **extra: bool) -> User:
    return User.objects.create_user(email, PASSWORD, name=name, **extra)


@pytest.fixture
def survey(db: None) -> Survey:
    """An open survey with one version of the small questionnaire (tests/questionnaires.py)."""
    return Survey.objects.create(slug="petite-enquete", title="Petite enquête", state=Survey.State.OPEN)


@pytest.fixture
def version(survey: Survey) -> Version:
    from surveys.publishing import publish

    return publish(survey=survey, document=small_document(), by=None)


@pytest.fixture
def researcher(survey: Survey) -> User:
    """Rose, who leads the survey."""
    user = _user("rose@recherche.example", "Rose")
    SurveyMember.objects.create(survey=survey, user=user, role=Role.RESEARCHER)
    return user


@pytest.fixture
def analyst(survey: Survey) -> User:
    """Alix, who computes on the survey and does not run its fieldwork."""
    user = _user("alix@recherche.example", "Alix")
    SurveyMember.objects.create(survey=survey, user=user, role=Role.ANALYST)
    return user


@pytest.fixture
def data_user(survey: Survey) -> User:
    """Dao, who may download the survey's released datasets and nothing else."""
    user = _user("dao@universite.example", "Dao")
    SurveyMember.objects.create(survey=survey, user=user, role=Role.DATA_USER)
    return user


@pytest.fixture
def partner(db: None) -> Partner:
    return Partner.objects.create(name="Agenda Santé")


@pytest.fixture
def partner_user(partner: Partner) -> User:
    """Paul, campaign manager of the partner."""
    user = _user("paul@agenda.example", "Paul")
    PartnerMember.objects.create(partner=partner, user=user)
    return user


@pytest.fixture
def other_partner_user(db: None) -> User:
    """Olga, of another partner: she must see nothing of Paul's."""
    user = _user("olga@entraide.example", "Olga")
    PartnerMember.objects.create(partner=Partner.objects.create(name="Entraide"), user=user)
    return user


@pytest.fixture
def outsider(db: None) -> User:
    """Otto, with an account and no role anywhere: every page of others is a 404 for him."""
    return _user("otto@ailleurs.example", "Otto")


@pytest.fixture
def administrator(db: None) -> User:
    return _user("ada@santesurvey.example", "Ada", is_administrator=True)


@pytest.fixture
def campaign(survey: Survey, version: Version, partner: Partner) -> Campaign:
    from respondents.campaigns import create_campaign

    return create_campaign(survey=survey, partner=partner, name="Printemps", by=None)


@pytest.fixture(autouse=True)
def _forget_known_surveys() -> None:
    """A process trusts what it knows of a survey for a few seconds; a test starts knowing nothing."""
    from respondents import intake

    intake._known.clear()


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    """A request leaves its language behind in the thread; a test starts in French."""
    with translation.override("fr"):
        yield
