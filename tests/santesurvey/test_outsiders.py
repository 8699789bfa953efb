"""Every page about a survey, a campaign or a job, found in the addresses themselves, is closed to others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from analytics.models import Release, Report, Snapshot
from respondents import campaigns
from respondents.models import Batch, Campaign
from santesurvey.models import Job, User
from surveys.models import Survey, Version

CLOSED = ("etudes/", "campagnes/", "travaux/")


def pages(patterns: Any, before: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every page whose address starts like one that is nobody else's."""
    for pattern in patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLPattern):
            if address.startswith(CLOSED):
                inner: Any = pattern.pattern
                yield pattern.name or "", tuple(inner.converters or inner.regex.groupindex)
        else:
            yield from pages(pattern.url_patterns, address)


PAGES = sorted(set(pages(get_resolver().url_patterns)))


@pytest.fixture
def values(survey: Survey, version: Version, campaign: Campaign, researcher: User) -> dict[str, Any]:
    """One real object for every parameter, so that a 404 says that it is not theirs."""
    batch: Batch = campaigns.add_batch(campaign=campaign, size=20, label="A", by=None)
    snapshot = Snapshot.objects.create(survey=survey, number=1, digest="0" * 64, file="none", responses=0)
    return {
        "slug": survey.slug,
        "campaign_id": campaign.pk,
        "batch_id": batch.pk,
        "form": "csv",
        "job_id": Job.objects.create(kind="x", target="y", created_by=researcher).pk,
        "report_id": Report.objects.create(snapshot=snapshot, language="fr").pk,
        "release_id": Release.objects.create(snapshot=snapshot).pk,
        "number": snapshot.number,
        "kind": "svg",
        "key": "profession",
    }


def address(name: str, parameters: tuple[str, ...], values: dict[str, Any]) -> str:
    missing = set(parameters) - set(values)
    assert not missing, f"{name}: give the test a value for {missing}"
    return reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})


def answers(client: Client, path: str) -> set[int]:
    seen = client.get(path, follow=True)  # an address that only a button calls leads to its page
    return {seen.status_code, client.post(path, {"name": "Printemps"}).status_code} - {405}


def test_the_addresses_were_found() -> None:
    names = {name for name, _ in PAGES}
    assert {"survey_overview", "survey_fieldwork", "campaign", "batch_links", "job_progress"} <= names
    assert "" not in names, "every page has a name"


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=[name for name, _ in PAGES])
def test_others_find_nothing(
    client: Client,
    name: str,
    parameters: tuple[str, ...],
    values: dict[str, Any],
    outsider: User,
    other_partner_user: User,
) -> None:
    path = address(name, parameters, values)
    for user in (outsider, other_partner_user):
        client.force_login(user)
        assert answers(client, path) == {404}, path


@pytest.mark.parametrize(("name", "parameters"), PAGES, ids=[name for name, _ in PAGES])
def test_visitors_are_asked_to_log_in(
    client: Client, name: str, parameters: tuple[str, ...], values: dict[str, Any]
) -> None:
    path = address(name, parameters, values)
    for response in (client.get(path), client.post(path)):
        if response.status_code != 405:
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/accounts/login/")


def test_the_workspace_of_others_is_empty(
    client: Client, values: dict[str, Any], outsider: User, other_partner_user: User
) -> None:
    for user in (outsider, other_partner_user):
        client.force_login(user)
        page = client.get("/espace/")
        assert page.context["surveys"] == []
        assert page.context["campaigns"] == []
        assert "Petite enquête" not in page.text
