"""What every kind of page tells the browser, and what no request can make the server do."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client, override_settings

from respondents.models import Campaign
from santesurvey.demo import PASSWORD as KNOWN
from santesurvey.demo import is_this_machine
from santesurvey.demo.cast import with_known_password
from santesurvey.demo.installing import NotADemonstration, install
from santesurvey.models import User
from surveys.models import Survey, Version
from tests.conftest import PASSWORD
from tests.santesurvey.test_settings import start

EVERYBODY = ["/", "/accounts/login/", "/healthz", "/nowhere", "/api/v1/", "/api/v1/surveys/"]
RESPONDENTS = ["", "/about", "/receipt", "/norms.json", "/nowhere"]
PERSONAL = ["/espace/", "/etudes/petite-enquete/", "/etudes/petite-enquete/diffusion/", "/accounts/2fa/"]


@pytest.mark.parametrize("path", EVERYBODY + [f"/q/petite-enquete{rest}" for rest in RESPONDENTS])
def test_every_page_is_closed_to_other_sites(client: Client, version: Version, path: str) -> None:
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in response
    assert not (path.startswith("/q/") and response.cookies)


@pytest.mark.parametrize("path", PERSONAL)
def test_pages_behind_the_sign_in_are_kept_by_no_cache(
    client: Client, version: Version, researcher: User, path: str
) -> None:
    client.force_login(researcher)
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_the_api_is_kept_by_no_cache(client: Client, version: Version) -> None:
    response = client.get("/api/v1/surveys/", headers={"Authorization": "Token x"})
    assert "no-store" in response["Cache-Control"]


def test_signing_in_makes_a_new_session_and_goes_nowhere_else(client: Client, researcher: User) -> None:
    client.get("/accounts/login/")
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        client.logout()
        response = client.post(
            "/accounts/login/", {"login": researcher.email, "password": PASSWORD, "next": target}
        )
        assert response.status_code == 302
        assert response["Location"] == "/espace/"
        cookie = response.cookies["sessionid"]
        assert cookie.value != before
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["/accounts/login/", "/langue/", "/accounts/logout/", "/api/v1/token/"])
def test_a_form_of_another_site_is_refused(version: Version, researcher: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(researcher)
    assert client.post(path, {"login": researcher.email, "password": PASSWORD}).status_code == 403


@pytest.fixture
def somebody(db: None) -> User:
    """An account whose sign-ins no earlier test counted."""
    return User.objects.create_user(f"{uuid.uuid4().hex}@recherche.example", PASSWORD)


def test_guessing_a_password_is_stopped_and_stores_no_address(client: Client, somebody: User) -> None:
    address = f"2001:db8:{uuid.uuid4().hex[:4]}::7"
    for _ in range(5):
        client.post("/accounts/login/", {"login": somebody.email, "password": "wrong"}, REMOTE_ADDR=address)
    right = {"login": somebody.email, "password": PASSWORD}
    response = client.post("/accounts/login/", right, REMOTE_ADDR=address)
    assert response.status_code == 200, "the right one comes too late"
    assert "sessionid" not in response.cookies
    stored = _cache_keys()
    assert any("login_failed" in key for key in stored)
    assert not any(address[:13] in key or somebody.email in key for key in stored)


def _cache_keys() -> list[str]:
    """The keys that the cache holds, in its own store."""
    from django.conf import settings
    from django.db import connection

    if settings.REDIS_URL:
        import redis

        with redis.Redis.from_url(settings.REDIS_URL) as store:
            return [key.decode() for key in store.scan_iter("*allauth*")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        return [row[0] for row in cursor.fetchall()]


def test_an_unknown_address_is_answered_like_a_wrong_password(client: Client, somebody: User) -> None:
    def said(email: str) -> str:
        page = client.post("/accounts/login/", {"login": email, "password": "wrong"}).content.decode()
        return page.replace(email, "").split("<main", 1)[1].split("csrfmiddlewaretoken", 1)[0]

    nobody = f"{uuid.uuid4().hex}@nowhere.example"
    assert said(nobody) == said(somebody.email)
    reset = [client.post("/accounts/password/reset/", {"email": email}) for email in (nobody, somebody.email)]
    assert {response.status_code for response in reset} == {302}
    assert len({response["Location"] for response in reset}) == 1


def test_whoever_manages_nothing_learns_of_no_survey_and_no_partner(
    client: Client, campaign: Campaign, researcher: User, outsider: User, partner_user: User
) -> None:
    """The answer is the same whether they exist or not."""
    other = Survey.objects.create(slug="autre-etude", title="Autre étude")

    def said(user: User, survey: str, partner: str) -> tuple[int, bytes]:
        client.force_login(user)
        data = orjson.dumps({"survey": survey, "partner": partner, "name": "x"})
        response = client.post("/api/v1/campaigns/", data, content_type="application/json")
        return response.status_code, response.content.replace(survey.encode(), b"")

    for user in (outsider, partner_user):
        answers = {
            said(user, survey, partner)
            for survey in ("petite-enquete", "nulle-part")
            for partner in ("Agenda Santé", "Personne")
        }
        assert {status for status, _ in answers} == {404}
        assert len(answers) == 1
    assert said(researcher, other.slug, "Agenda Santé") == said(researcher, "nulle-part", "Agenda Santé")
    assert said(researcher, "petite-enquete", "Agenda Santé")[0] == 201


@pytest.mark.parametrize("path", ["submit", "open", "draft/save", "draft/read", "receipt"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_too_large_a_body_is_named(client: Client, version: Version, path: str, kind: str) -> None:
    if (path, kind) == ("receipt", "application/json"):
        pytest.skip("a receipt comes in a form")
    body = b'{"a": "' + b"x" * 600_000 + b'"}'
    response = client.post(f"/q/petite-enquete/{path}", body, content_type=kind)
    assert response.status_code == 413
    assert "volumineux" in response.content.decode()


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("enquetes.localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.5", False),
        ("enquetes.example", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_which_addresses_only_this_machine_reaches(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


@override_settings(SITE_URL="https://enquetes.example")
def test_accounts_with_a_known_password_are_never_opened_on_a_public_site(db: None) -> None:
    with pytest.raises(NotADemonstration, match="DEMO=0"):
        install()
    assert not User.objects.exists()


def test_accounts_of_the_demonstration_that_anybody_can_enter_are_found(db: None) -> None:
    User.objects.create_user("admin@demo.example", KNOWN)
    User.objects.create_user("analyse@demo.example", "une-autre-phrase")
    User.objects.create_user("agenda@demo.example", KNOWN, is_active=False)
    assert with_known_password() == ["admin@demo.example"]


def test_a_changed_password_revokes_sessions_and_tokens(client: Client, somebody: User) -> None:
    """Whoever had the old password, or a token made with it, is out."""
    client.force_login(somebody)
    client.post("/api/v1/token/")
    token = client.session["new_api_token"]
    thief = Client()
    thief.force_login(User.objects.get(pk=somebody.pk))
    authorised = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/surveys/", headers=authorised).status_code == 200
    new = "une-phrase-toute-neuve"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert Client().get("/api/v1/surveys/", headers=authorised).status_code == 401
    assert thief.get("/espace/").status_code == 302
    assert client.get("/espace/").status_code == 200


def test_a_public_site_never_shows_its_inside(tmp_path: Path) -> None:
    result = start(tmp_path, DEBUG="1", SITE_URL="https://enquetes.example")
    assert result.returncode != 0
    assert "retirez DEBUG" in result.stderr


def test_what_is_stored_is_for_its_owner_only(tmp_path: Path) -> None:
    """Whatever the umask: messages to the worker, snapshots, secrets."""
    (tmp_path / "broker").mkdir(mode=0o755)
    assert start(tmp_path).returncode == 0
    for name in ("broker", "storage", "secret_key", "collection_key"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name


def test_over_https_cookies_and_redirects_are_strict(client: Client, researcher: User) -> None:
    strict: dict[str, Any] = {
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }
    with override_settings(**strict):
        fresh = Client()
        assert fresh.get("/").status_code == 301
        page = fresh.get("/accounts/login/", secure=True)
        assert page["Strict-Transport-Security"].startswith("max-age=31536000")
        assert page.cookies["csrftoken"]["secure"]
        right = {"login": researcher.email, "password": PASSWORD}
        signed = fresh.post("/accounts/login/", right, secure=True)
        assert signed.cookies["sessionid"]["secure"]
