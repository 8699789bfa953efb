"""Accounts: made by invitation, opened by a link, never by sign-up."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings

from respondents.models import Partner, PartnerMember
from santesurvey.accounts import password_link
from santesurvey.models import AuditEvent, User
from surveys.models import Survey, SurveyMember
from tests.conftest import PASSWORD

NEW = "quatre-mots-sans-lien"


def invite(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("invite", *arguments)
    return capsys.readouterr().out


def path_of(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link.strip())


@pytest.mark.django_db
def test_an_invited_researcher_chooses_a_password_and_enters(
    client: Client, survey: Survey, capsys: pytest.CaptureFixture[str]
) -> None:
    out = invite(
        capsys, "Nour@Recherche.example", "--name", "Nour", "--role", "researcher", "--survey", survey.slug
    )
    user = User.objects.get(email="nour@recherche.example")
    assert not user.has_usable_password()
    assert SurveyMember.objects.filter(user=user, survey=survey, role="researcher").exists()

    page = client.get(path_of(out.splitlines()[-1]), follow=True)
    assert "Choisir un mot de passe" in page.text
    address = page.redirect_chain[-1][0]
    short = client.post(address, {"password1": "court", "password2": "court"})
    assert "error-summary" in short.text
    client.post(address, {"password1": NEW, "password2": NEW})

    entered = client.post("/accounts/login/", {"login": user.email, "password": NEW}, follow=True)
    assert entered.redirect_chain[-1][0] == "/espace/"
    assert survey.title in entered.text

    again = Client().get(path_of(out.splitlines()[-1]), follow=True)
    assert "Ce lien ne sert plus" in again.text


@pytest.mark.django_db
def test_a_partner_is_made_with_its_first_member(capsys: pytest.CaptureFixture[str]) -> None:
    invite(capsys, "a@agenda.example", "--partner", "Agenda Santé")
    invite(capsys, "b@agenda.example", "--partner", " agenda santé ")
    assert Partner.objects.get().name == "Agenda Santé"
    assert PartnerMember.objects.count() == 2
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "account.create",
        "partner.create",
        "partner.member",
    }


@pytest.mark.django_db
def test_inviting_again_adds_a_role_and_keeps_the_password(
    survey: Survey, partner_user: User, capsys: pytest.CaptureFixture[str]
) -> None:
    out = invite(capsys, partner_user.email, "--role", "analyst", "--survey", survey.slug)
    invite(capsys, partner_user.email, "--role", "analyst", "--survey", survey.slug)
    assert "reste valable" in out
    assert "http" not in out
    partner_user.refresh_from_db()
    assert partner_user.check_password(PASSWORD)
    assert SurveyMember.objects.filter(user=partner_user).count() == 1


@pytest.mark.django_db
def test_the_link_can_be_mailed(capsys: pytest.CaptureFixture[str]) -> None:
    out = invite(capsys, "ada@exemple.example", "--administrator", "--mail")
    assert "http" not in out
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert mail.outbox[0].to == ["ada@exemple.example"]
    assert User.objects.get().is_administrator


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pas-une-adresse", "--administrator"], "adresse électronique"),
        (["a@b.example"], "Donnez un rôle"),
        (["a@b.example", "--role", "analyst"], "vont ensemble"),
        (["a@b.example", "--role", "analyst", "--survey", "rien"], "Études connues : aucune"),
    ],
)
def test_a_wrong_invitation_says_what_to_do_and_leaves_nothing(arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("invite", *arguments)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_forgotten_password(client: Client, researcher: User) -> None:
    done = client.post("/accounts/password/reset/", {"email": researcher.email}, follow=True)
    assert "Regardez vos courriels" in done.text
    assert "/accounts/password/reset/key/" in mail.outbox[0].body
    assert "trois jours" in mail.outbox[0].body
    unknown = client.post("/accounts/password/reset/", {"email": "nul@part.example"}, follow=True)
    assert "Regardez vos courriels" in unknown.text, "the page does not tell who has an account"


@pytest.mark.django_db
def test_nobody_signs_up(client: Client) -> None:
    assert "sur invitation" in client.get("/accounts/signup/").text
    client.post("/accounts/signup/", {"email": "x@y.example", "password1": NEW, "password2": NEW})
    assert not User.objects.exists()
    assert client.get("/accounts/email/").status_code == 404
    assert client.get("/accounts/confirm-email/").status_code == 404


@pytest.mark.django_db
def test_a_wrong_password_and_a_closed_account_stay_outside(client: Client, researcher: User) -> None:
    wrong = client.post("/accounts/login/", {"login": researcher.email, "password": "x"})
    assert "error-summary" in wrong.text
    researcher.is_active = False
    researcher.save()
    closed = client.post("/accounts/login/", {"login": researcher.email, "password": PASSWORD}, follow=True)
    assert "Ce compte est fermé" in closed.text
    assert client.get("/espace/").status_code == 302


@pytest.mark.django_db
def test_forms_have_labels_of_ours_and_no_placeholder(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    pages = ["/accounts/password/change/", "/accounts/reauthenticate/"]
    texts = [client.get(page).text for page in pages] + [Client().get("/accounts/login/").text]
    for text in texts:
        assert "placeholder" not in text
        assert "Mot de passe" in text


@pytest.mark.django_db
def test_two_steps_from_activation_to_recovery(client: Client, researcher: User) -> None:
    client.post("/accounts/login/", {"login": researcher.email, "password": PASSWORD})
    assert "pas encore active" in client.get("/accounts/2fa/").text
    again = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert "Confirmer que c’est vous" in again.text.replace("&#x27;", "'")
    page = client.post(again.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret: str = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert "Codes de secours" in client.get("/accounts/2fa/").text
    codes: Any = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10

    other = Client()
    asked = other.post("/accounts/login/", {"login": researcher.email, "password": PASSWORD}, follow=True)
    assert "Deuxième étape" in asked.text
    assert other.get("/espace/").status_code == 302
    wrong = other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "error-summary" in wrong.text
    entered = other.post("/accounts/2fa/authenticate/", {"code": codes[0]}, follow=True)
    assert entered.redirect_chain[-1][0] == "/espace/"
    for page_of_mfa in ("recovery-codes/generate/", "totp/deactivate/"):
        assert client.get(f"/accounts/2fa/{page_of_mfa}").status_code == 200


@pytest.mark.django_db
def test_a_browser_can_send_the_forms(researcher: User) -> None:
    """With the referrer policy that the site sets, a browser names the site as the origin of a form."""
    client = Client(enforce_csrf_checks=True)
    page = client.get("/accounts/login/")
    assert page["Referrer-Policy"] == "same-origin"
    token = client.cookies["csrftoken"].value
    data = {"login": researcher.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    with override_settings(CSRF_TRUSTED_ORIGINS=[]):
        assert (
            client.post("/accounts/login/", data, headers={"Origin": "http://testserver"}).status_code == 302
        )
        refused = client.post("/accounts/login/", data, headers={"Origin": "null"})
    assert refused.status_code == 403
    assert "Rien n’a été modifié" in refused.text.replace("&#x27;", "'")


@pytest.mark.django_db
def test_the_link_of_the_command_is_absolute(researcher: User) -> None:
    with override_settings(SITE_URL="https://enquetes.example"):
        assert password_link(researcher).startswith("https://enquetes.example/accounts/password/reset/key/")
