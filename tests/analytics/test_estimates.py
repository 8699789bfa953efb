"""Figures equal what the estimators say of the same rows, and hold nothing that the rule withholds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.utils import translation

from analytics import weighting
from analytics.estimates import compute, estimates_of, specification
from analytics.frames import frame
from analytics.models import EstimateSet
from analytics.results import ALL, Results, group_key
from analytics.snapshots import freeze_now
from analytics.stats.estimates import estimate_mean, estimate_share
from analytics.stats.intervals import wilson
from analytics.stats.quantiles import weighted_quantile
from surveys.models import Survey, Version
from tests.analytics.frozen import use_margins
from tests.analytics.made_up import respond

pytestmark = pytest.mark.django_db


@pytest.fixture
def margins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_margins(tmp_path, monkeypatch)


def results(survey: Survey) -> tuple[pl.DataFrame, Results, Any]:
    snapshot = freeze_now(survey=survey, by=None)
    found = estimates_of(snapshot)
    assert found
    return frame(snapshot), found, snapshot


def test_shares_equal_the_estimator(survey: Survey, version: Version, margins: None) -> None:
    respond(version, 600)
    data, found, snapshot = results(survey)
    design = weighting.design(data, snapshot.weighting)
    assert design
    assert snapshot.weighting["state"] == "raked"
    figure = found.figure("tired")
    assert figure
    known = data["tired"].is_not_null().to_numpy()
    for group in (ALL, group_key("profession", "nurse")):
        domain = (
            known if group == ALL else known & (data["profession"] == "nurse").fill_null(False).to_numpy()
        )
        for code in figure.spec.codes:
            values = (data["tired"] == code).fill_null(False).to_numpy()
            cell = figure.cell(code, group)
            assert cell
            one = estimate_share(design, values, domain=domain)
            assert cell.weighted
            assert cell.n == one.respondents == domain.sum()
            assert cell.weighted.value == pytest.approx(one.estimate, abs=1e-12)
            assert cell.weighted.lower == pytest.approx(one.lower, rel=1e-9)
            assert cell.n_effective == pytest.approx(one.effective_n)
            count = int((values & domain).sum())
            assert cell.count == count
            assert cell.unweighted.upper == wilson(count, cell.n).upper


def test_means_and_quantiles_equal_the_estimator(survey: Survey, version: Version, margins: None) -> None:
    respond(version, 400)
    data, found, snapshot = results(survey)
    design = weighting.design(data, snapshot.weighting)
    assert design
    for key in ("hours", "exhaustion"):
        values = data[key].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        figure = found.figure(key)
        assert figure
        cell, quantiles = figure.cell(), figure.quantiles()
        assert cell
        assert quantiles
        assert cell.weighted
        one = estimate_mean(design, values)
        assert cell.weighted.value == pytest.approx(one.estimate)
        assert cell.weighted.lower == pytest.approx(one.lower)
        assert cell.unweighted.value == pytest.approx(np.nanmean(values))
        assert quantiles.weighted[0.5].value == weighted_quantile(values, 0.5, design.weights)


def test_a_combination_is_the_share_of_its_cells_together(survey: Survey, version: Version) -> None:
    respond(version, 300)
    data, found, _ = results(survey)
    critical, bands = found.figure("exhaustion.critical"), found.figure("exhaustion.bands")
    assert critical
    assert bands
    cell = critical.cell()
    assert cell
    assert cell.unweighted.value == pytest.approx((data["exhaustion"].drop_nulls() >= 50).mean())
    assert cell.count == bands.cell("high").count  # type: ignore[union-attr]
    often = found.figure("tired~always-often")
    assert often
    assert often.cell()
    wanted = data["tired"].drop_nulls().is_in(["always", "often"]).mean()
    assert often.cell().unweighted.value == pytest.approx(wanted)  # type: ignore[union-attr]


def test_bases_count_those_concerned(survey: Survey, version: Version) -> None:
    respond(version, 300)
    data, found, _ = results(survey)
    complaint = found.figure("complaint")
    assert complaint
    attacked = int((data["attacked"] == "yes").sum())
    answered = data["complaint"].drop_nulls().len()
    assert complaint.n() == answered
    assert complaint.asked in {None, attacked}
    assert (complaint.asked is None) == (0 < attacked - answered < found.minimum_cell)
    profession = found.figure("profession")
    assert profession
    assert "pns" not in profession.spec.codes
    assert profession.n() == (data["profession"] != "pns").sum()


def test_small_groups_are_stored_nowhere(survey: Survey, version: Version) -> None:
    respond(version, 80, profession="nurse")
    respond(version, 60, seed=2, profession="doctor")
    respond(version, 6, seed=3, profession="other", tired="never")
    _, found, snapshot = results(survey)
    assert found.group_size(group_key("profession", "other")) is None
    stored = EstimateSet.objects.get(snapshot=snapshot).results
    for key, figure in stored["figures"].items():
        assert "profession=other" not in figure["groups"], key
        for group in figure["groups"].values():
            assert group["n"] >= 10
            for cell in group["cells"]:
                if cell is not None and cell[0] is not None:
                    assert cell[0] == 0 or cell[0] >= 10
    # The six could be found by subtraction, so a second group gives way in what they would have shared.
    exhaustion = found.figure("exhaustion")
    assert exhaustion
    assert exhaustion.cell(group=ALL)
    described = [g for g in found.groups(found.groupings[0]) if exhaustion.cell(group=g)]
    assert len(described) == 1
    # Nor do the bases of shares: everyone less the groups shown is never a small group.
    for figure in stored["figures"].values():
        groups = {key: group["n"] for key, group in figure["groups"].items()}
        if ALL in groups:
            rest = groups.pop(ALL) - sum(groups.values())
            assert rest == 0 or rest >= 10


def test_margins_that_do_not_fit_leave_the_freeze_unweighted(
    survey: Survey, version: Version, margins: None
) -> None:
    respond(version, 40, profession="nurse")
    _, found, snapshot = results(survey)
    assert snapshot.weighting["state"] == "refused"
    assert "Regroupez cette catégorie" in weighting.refusal(snapshot.weighting)
    with translation.override("en"):
        assert "nobody answered" in weighting.refusal(snapshot.weighting)
    assert not found.weighted
    tired = found.figure("tired")
    assert tired
    assert all(cell.weighted is None for code in tired.spec.codes if (cell := tired.cell(code)))


def test_computing_again_finds_what_is_there(survey: Survey, version: Version) -> None:
    respond(version, 40)
    snapshot = freeze_now(survey=survey, by=None)
    assert compute(snapshot) == compute(snapshot)
    survey.minimum_cell = 20
    survey.save()
    snapshot.refresh_from_db()
    before = specification(snapshot).digest
    assert compute(snapshot).specification_digest == before
    assert EstimateSet.objects.count() == 2


def test_a_stricter_policy_closes_what_was_computed_before(survey: Survey, version: Version) -> None:
    respond(version, 60)
    snapshot = freeze_now(survey=survey, by=None)
    assert estimates_of(snapshot)
    survey.minimum_cell = 25
    survey.save()
    snapshot.refresh_from_db()
    assert estimates_of(snapshot) is None
    compute(snapshot)
    found = estimates_of(snapshot)
    assert found
    assert found.minimum_cell == 25


def test_the_base_of_a_follow_up_does_not_tell_a_withheld_answer(survey: Survey, version: Version) -> None:
    respond(version, 57, seed=1, profession="nurse", attacked="yes", complaint="yes")
    respond(version, 3, seed=2, profession="nurse", attacked="no")
    for seed, profession in ((3, "doctor"), (5, "other")):
        respond(version, 30, seed=seed, profession=profession, attacked="yes", complaint="no")
        respond(version, 30, seed=seed + 1, profession=profession, attacked="no")
    data, found, _ = results(survey)
    attacked, complaint = found.figure("attacked"), found.figure("complaint")
    assert attacked
    assert complaint
    nurses = group_key("profession", "nurse")
    assert attacked.cell("yes", nurses) is None
    assert attacked.n(nurses) == 60
    assert complaint.n(nurses) is None, "57 would say that three nurses were not attacked"
    hidden = [g for g in found.groups(found.groupings[0]) if complaint.n(g) is None]
    assert len(hidden) >= 2
    assert complaint.n() == data["complaint"].drop_nulls().len()


@pytest.mark.parametrize(("people", "kept"), [(19, set()), (20, {0.5}), (40, {0.25, 0.5, 0.75})])
def test_a_quantile_needs_people_on_either_side(
    survey: Survey, version: Version, people: int, kept: set[float]
) -> None:
    respond(version, people, profession="nurse", hours=40)
    _, found, _ = results(survey)
    hours = found.figure("hours")
    assert hours
    quantiles = hours.quantiles()
    assert quantiles
    assert set(quantiles.unweighted) == kept
    deciles = respond(version, 100 - people, seed=7, profession="nurse")
    assert deciles
    _, found, _ = results(survey)
    scale = found.figure("exhaustion")
    assert scale
    answered = scale.n() or 0
    told = scale.quantiles()
    assert told
    assert (0.1 in told.unweighted) == (answered >= 100)
