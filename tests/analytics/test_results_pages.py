"""Pages of the results: who sees them, what they show, what publishing opens and what it never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analytics.models import Snapshot
from analytics.publication import NotPublishable, publish_results, published, withdraw_results
from analytics.snapshots import freeze_now
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey, Version
from surveys.publishing import publish
from tests.analytics.frozen import frozen, use_margins
from tests.analytics.made_up import respond
from tests.questionnaires import small_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(survey: Survey, version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    use_margins(tmp_path, monkeypatch)
    return frozen(survey, version)


def page(name: str, survey: Survey, **more: str) -> str:
    return reverse(name, kwargs={"slug": survey.slug, **more})


def test_the_dashboard_tells_what_it_stands_on(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot
) -> None:
    client.force_login(researcher)
    text = client.get(page("survey_results", survey)).content.decode()
    assert snapshot.fingerprint in text
    assert "Effet de plan" in text
    assert "Épuisement" in text
    assert 'style="' not in text
    assert "Geler les données" in text


def test_a_theme_comes_alone_for_htmx_and_with_its_page_otherwise(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot
) -> None:
    client.force_login(researcher)
    address = page("survey_results", survey)
    alone = client.get(address, {"theme": "work"}, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address, {"theme": "work"}).content.decode()
    assert "<html" not in alone
    assert "<html" in whole
    assert 'id="fig-fatigue"' in alone
    assert 'id="fig-fatigue"' in whole
    assert client.get(address, {"theme": "nothing"}).status_code == 404


def test_choosing_a_group_changes_every_number(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot
) -> None:
    client.force_login(researcher)
    address = page("survey_results", survey)
    text = client.get(address, {"groupe": "profession=nurse", "theme": "work"}).content.decode()
    assert "Infirmier, infirmière, n = " in text
    assert client.get(address, {"groupe": "profession=nothing"}).status_code == 404
    plain = client.get(address, {"poids": "non"}).content.decode()
    assert "Résultats non pondérés." in plain


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "csv"])
def test_files_of_figures(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot, kind: str
) -> None:
    client.force_login(researcher)
    address = page("result_figure_file", survey, key="exhaustion.critical@profession", kind=kind)
    response = client.get(address)
    assert response.status_code == 200
    assert f"exhaustion.critical-par-profession.{kind}" in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]
    bad = page("result_figure_file", survey, key="exhaustion.critical", kind="exe")
    assert client.get(bad).status_code == 404
    assert client.get(page("result_figure_file", survey, key="nothing", kind=kind)).status_code == 404


def test_before_anything_the_page_says_what_to_do(
    client: Client, researcher: User, survey: Survey, version: Version
) -> None:
    client.force_login(researcher)
    assert "Pas encore de réponse" in client.get(page("survey_results", survey)).content.decode()
    client.post(page("result_freeze", survey))
    assert not Job.objects.exists()
    respond(version, 3)
    assert "ne sont pas encore gelées" in client.get(page("survey_results", survey)).content.decode()
    client.post(page("result_freeze", survey))
    assert Job.objects.get().created_by == researcher
    assert "job-" in client.get(page("survey_results", survey)).content.decode()


def test_a_handful_of_responses_gives_a_page_without_numbers(
    client: Client, researcher: User, survey: Survey, version: Version
) -> None:
    respond(version, 3)
    freeze_now(survey=survey, by=None)
    client.force_login(researcher)
    for theme in ("you", "work"):
        response = client.get(page("survey_results", survey), {"theme": theme})
        assert response.status_code == 200
        assert "Effectif trop petit" in response.content.decode()


NAMES = [
    ("survey_results", {}),
    ("result_publish", {}),
    ("result_withdraw", {}),
    ("result_figure", {"key": "tired"}),
    ("result_figure_file", {"key": "tired", "kind": "svg"}),
]


@pytest.mark.parametrize(("name", "more"), NAMES)
@pytest.mark.parametrize("who", ["outsider", "partner_user", "data_user"])
def test_others_find_nothing(
    client: Client,
    request: pytest.FixtureRequest,
    survey: Survey,
    snapshot: Snapshot,
    who: str,
    name: str,
    more: dict[str, str],
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(page(name, survey, **more)).status_code == 404
    client.logout()
    assert client.get(page(name, survey, **more)).status_code == 302


def test_an_analyst_reads_and_freezes_but_does_not_publish(
    client: Client, analyst: User, survey: Survey, snapshot: Snapshot
) -> None:
    client.force_login(analyst)
    assert "Publier les résultats" not in client.get(page("survey_results", survey)).content.decode()
    assert client.post(page("result_publish", survey)).status_code == 404
    assert client.post(page("result_freeze", survey)).status_code == 302
    assert published(survey) is None


def test_publishing_opens_the_page_and_withdrawing_closes_it(
    client: Client, researcher: User, survey: Survey, snapshot: Snapshot
) -> None:
    public = page("public_results", survey)
    assert client.get(public).status_code == 404
    assert client.get(page("respondent_norms", survey)).status_code == 404
    client.force_login(researcher)
    assert "deviennent lisibles" in client.get(page("result_publish", survey)).content.decode()
    client.post(page("result_publish", survey))
    client.logout()
    assert client.get(public).status_code == 200
    file = page("public_figure_file", survey, key="tired", kind="svg")
    assert client.get(file).status_code == 200
    client.force_login(researcher)
    assert "ne seront plus lisibles" in client.get(page("result_withdraw", survey)).content.decode()
    client.post(page("result_withdraw", survey))
    client.logout()
    assert client.get(public).status_code == 404
    assert client.get(file).status_code == 404
    lines = AuditEvent.objects.filter(action__startswith="results.").order_by("id")
    assert [(line.action, line.actor) for line in lines] == [
        ("results.publish", researcher),
        ("results.withdraw", researcher),
    ]


def test_one_snapshot_is_public_at_a_time(survey: Survey, version: Version, snapshot: Snapshot) -> None:
    publish_results(snapshot=snapshot, by=None)
    for seed, profession in enumerate(("nurse", "doctor", "other"), 9):
        respond(version, 20, seed=seed, profession=profession)
    second = freeze_now(survey=survey, by=None)
    assert published(survey) == snapshot
    publish_results(snapshot=second, by=None)
    assert Snapshot.objects.filter(published_at__isnull=False).get() == second
    assert withdraw_results(survey=survey, by=None)
    assert not withdraw_results(survey=survey, by=None)


def test_a_snapshot_without_figures_is_not_published(survey: Survey, snapshot: Snapshot) -> None:
    snapshot.estimate_sets.all().delete()
    with pytest.raises(NotPublishable, match="attendez"):
        publish_results(snapshot=snapshot, by=None)


def test_the_public_may_filter_by_the_main_grouping_only(client: Client, survey: Survey) -> None:
    document = small_document()
    document["group_by"] = ["profession", "attacked"]
    document["synthetic"] = True
    snapshot = frozen(survey, publish(survey=survey, document=document, by=None))
    publish_results(snapshot=snapshot, by=None)
    address = page("public_results", survey)
    assert client.get(address, {"groupe": "profession=nurse"}).status_code == 200
    assert client.get(address, {"groupe": "attacked=yes"}).status_code == 404
    assert client.get(page("public_figure", survey, key="tired@profession")).status_code == 200
    assert client.get(page("public_figure", survey, key="tired@attacked")).status_code == 404
    assert "données de cette étude sont synthétiques" in client.get(address).content.decode()


def test_norms_are_those_of_the_published_results(client: Client, survey: Survey, snapshot: Snapshot) -> None:
    publish_results(snapshot=snapshot, by=None)
    response = client.get(page("respondent_norms", survey))
    found: dict[str, Any] = response.json()
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert (found["fingerprint"], found["n"]) == (snapshot.fingerprint, 400)
    scale = found["scales"]["exhaustion"]
    assert len(scale["deciles"]) == 9
    assert scale["deciles"] == sorted(scale["deciles"])
    assert 0 < scale["critical_share"] < 1
    assert 0 < scale["mean"] < 100


def test_the_number_of_queries_of_the_dashboard_does_not_grow(
    client: Client,
    researcher: User,
    survey: Survey,
    snapshot: Snapshot,
    django_assert_max_num_queries: Any,
) -> None:
    client.force_login(researcher)
    address = page("survey_results", survey)
    client.get(address)
    with django_assert_max_num_queries(40):
        client.get(address, {"theme": "work"})
