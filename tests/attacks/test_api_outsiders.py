"""Every address of the API about something, found in the addresses themselves, is closed to others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from santesurvey.models import User
from tests.santesurvey.test_outsiders import values  # noqa: F401 - a fixture

METHODS = ("get", "post", "put", "patch", "delete")
OPEN_TO_ALL = {"api-public-results", "api-token-revoke"}


def addresses(patterns: Any, before: str = "") -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for pattern in patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, address)
        elif address.startswith("api/v1/") and pattern.name not in OPEN_TO_ALL:
            inner: Any = pattern.pattern
            names = tuple(getattr(inner, "converters", {}) or inner.regex.groupindex)
            if names:
                yield pattern.name or "", address, names


FOUND = sorted(set(addresses(get_resolver().url_patterns)))


def path_of(name: str, parameters: tuple[str, ...], values: dict[str, Any]) -> str:  # noqa: F811
    from django.urls import reverse

    by_kind = {
        "api-job": values["job_id"],
        "api-report-file": values["report_id"],
        "api-release-file": values["release_id"],
        "api-batch-links": values["batch_id"],
        "api-survey-detail": values["slug"],
    }
    known = {**values, "pk": by_kind.get(name, values["campaign_id"])}
    return reverse(name, kwargs={parameter: known[parameter] for parameter in parameters})


def test_they_were_found() -> None:
    names = {name for name, _, _ in FOUND}
    assert {"api-job", "api-batch-links", "api-campaign-detail", "api-release-file", "api-results"} <= names


@pytest.mark.parametrize(("name", "address", "parameters"), FOUND, ids=[name for name, _, _ in FOUND])
def test_others_find_nothing_and_visitors_are_asked_who_they_are(
    client: Client,
    name: str,
    address: str,
    parameters: tuple[str, ...],
    values: dict[str, Any],  # noqa: F811
    outsider: User,
    other_partner_user: User,
    data_user: User,
) -> None:
    path = path_of(name, parameters, values)
    for method in METHODS:
        answer = (
            getattr(client, method)(path, b"{}", content_type="application/json") if method != "get" else None
        )
        answer = answer or client.get(path)
        assert answer.status_code in {401, 403, 405}, (method, path)
    for user in (outsider, other_partner_user):
        client.force_login(user)
        statuses = {client.get(path).status_code}
        statuses |= {
            getattr(client, method)(path, b"{}", content_type="application/json").status_code
            for method in METHODS[1:]
        }
        assert statuses <= {404, 405}, (user.email, path)
        assert 404 in statuses
    if "campaign" in name or "batch" in name or name in {"api-job", "api-fieldwork", "api-results"}:
        client.force_login(data_user)
        assert client.get(path).status_code in {404, 405}
