"""The public figures of the demonstration under attack: what they withhold stays unknown."""

from __future__ import annotations

import math
from io import StringIO

import polars as pl
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from analytics import frames
from analytics.estimates import estimates_of
from analytics.models import Snapshot
from analytics.results import ALL, Results, group_key
from analytics.snapshots import latest
from santesurvey.demo import SLUG
from surveys.models import Survey
from tests.analytics.disclosure.table_attacker import ranges

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot(storage: None) -> Snapshot:
    call_command("demo", stdout=StringIO())
    found = latest(Survey.objects.get(slug=SLUG))
    assert found
    return found


def figures(snapshot: Snapshot, *, public: bool) -> Results:
    found = estimates_of(snapshot, public=public)
    assert found
    return found


def found_by_attack(snapshot: Snapshot, *, public: bool) -> list[tuple[str, str, str, float]]:
    """The withheld cells that the attacker finds, with their number."""
    results = figures(snapshot, public=public)
    grouping = results.groupings[0]
    table = frames.frame(snapshot).group_by(grouping.variable).agg(pl.col("_weight").first())
    weights = {group_key(grouping.variable, code): weight for code, weight in table.iter_rows()}
    found = []
    for figure in results.figures():
        if figure.spec.kind in {"single", "bands"} and figure.spec.variable != grouping.variable:
            for one in ranges(figure, grouping, weights, 0.01 if public else 0.0):
                if one.found:
                    found.append((figure.key, one.group, one.code, math.ceil(one.low - 1e-6)))
    return found


def test_exact_weighted_shares_would_give_withheld_counts_away(snapshot: Snapshot) -> None:
    """The attack works: it finds true numbers in the figures that only the team reads."""
    found = found_by_attack(snapshot, public=False)
    assert len(found) > 10
    data = frames.frame(snapshot)
    for key, group, code, number in found:
        if key in data.columns:
            people = data.filter(
                pl.col("profession").cast(pl.String) == group.partition("=")[2],
                pl.col(key).cast(pl.String) == code,
            )
            assert people.height == number


def test_public_figures_give_none_away(snapshot: Snapshot) -> None:
    assert found_by_attack(snapshot, public=True) == []


def test_every_way_to_the_public_figures_gives_the_same_rounded_numbers(
    snapshot: Snapshot, client: Client
) -> None:
    """API, chart file and norms: none has a decimal more, or a withheld cell more, than the page."""
    results = figures(snapshot, public=True)
    team = figures(snapshot, public=False)
    data = client.get(reverse("api-public-results", args=[SLUG])).json()
    assert {figure["key"] for figure in data["figures"]} == set(results.specs) & {
        figure.key for figure in team.figures()
    }
    for figure in data["figures"]:
        ours = team.figure(figure["key"])
        assert ours
        for cell in figure["cells"]:
            assert cell["group"] == ALL or cell["group"].startswith("profession=")
            exact = ours.cell(cell["code"], cell["group"])
            assert exact
            assert exact.weighted
            value = cell["weighted"]["value"]
            step, scale = (0.006, 100) if ours.share else (0.0501, 10)
            assert value == pytest.approx(exact.weighted.value, abs=step)
            assert scale * value == pytest.approx(round(scale * value), abs=1e-6) or value in {0.004, 0.996}
            assert cell["count"] is None or cell["count"] == 0 or cell["count"] >= results.minimum_cell
    norms = client.get(reverse("respondent_norms", args=[SLUG])).json()["scales"]
    shares = {f["key"]: f["cells"][0]["weighted"]["value"] for f in data["figures"] if "critical" in f["key"]}
    for code, norm in norms.items():
        assert norm["critical_share"] == shares.get(f"{code}.critical")
    file = client.get(reverse("public_figure_file", args=[SLUG, "resources@profession", "csv"]))
    lines = [line.split(";") for line in file.content.decode("utf-8-sig").splitlines()]
    weighted = [line[5] for line in lines[1:] if len(line) == 14 and line[5]]
    assert weighted
    assert all(len(number) <= 4 or number in {"0.004", "0.996"} for number in weighted)
