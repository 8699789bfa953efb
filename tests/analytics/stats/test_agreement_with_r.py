"""The estimators give the numbers of R's survey and psych packages, to six significant digits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analytics.stats.design import Design
from analytics.stats.estimates import estimate_groups, estimate_mean, estimate_share, estimate_total
from analytics.stats.intervals import korn_graubard
from analytics.stats.reliability import cronbach_alpha
from analytics.stats.weights import RakingResult, kish, rake, trim_weights
from tests.references import reference_numbers, reference_table

SURVEY = reference_numbers("survey_api.json")
BFI = reference_numbers("reliability_bfi.json")
SRS = reference_table("apisrs.csv")
STRATIFIED = reference_table("apistrat.csv")
SIX_DIGITS = 1e-6
RAKED = {
    "apisrs_poststrat_stype": ["stype"],
    "apisrs_rake_stype_schwide": ["stype", "sch.wide"],
    "apisrs_rake3": ["stype", "sch.wide", "awards"],
}


def close(expected: float | list[float]) -> Any:
    return pytest.approx(expected, rel=SIX_DIGITS)


def raked(variables: list[str]) -> RakingResult:
    return rake(
        SRS.to_dict(),
        {variable: SURVEY["margins"][variable] for variable in variables},
        base_weights=SRS["pw"].to_numpy(),
        total=SURVEY["margins"]["N"],
    )


def design_of(name: str) -> Design:
    if name == "apisrs_base":
        return Design.weighted(SRS["pw"].to_numpy())
    if name == "apisrs_rake3_ignoring_raking":
        return Design.weighted(raked(RAKED["apisrs_rake3"]).weights)
    if name == "apistrat_fpc":
        order = ["E", "H", "M"]
        strata = [order.index(value) for value in STRATIFIED["stype"]]
        populations = [SURVEY["margins"]["stype"][value] for value in order]
        return Design.weighted(STRATIFIED["pw"].to_numpy(), strata=strata, stratum_population=populations)
    return Design.from_raking(raked(RAKED[name]))


@pytest.mark.parametrize("name", ["apisrs_base", *RAKED, "apisrs_rake3_ignoring_raking", "apistrat_fpc"])
def test_means_shares_and_totals(name: str) -> None:
    expected, design = SURVEY[name], design_of(name)
    table = STRATIFIED if name == "apistrat_fpc" else SRS

    score = estimate_mean(design, table["api00"].to_numpy())
    assert score.estimate == close(expected["mean_api00"])
    assert score.standard_error == close(expected["se_api00"])
    assert [score.lower, score.upper] == close(expected["ci95_api00_t"])
    assert score.degrees_of_freedom == expected["degf"]

    improved = estimate_share(design, (table["comp.imp"] == "Yes").to_numpy())
    assert improved.estimate == close(expected["p_compimp"])
    assert improved.standard_error == close(expected["se_compimp"])
    assert [improved.lower, improved.upper] == close(expected["ciprop_logit"])
    exact = korn_graubard(
        improved.estimate, improved.standard_error, improved.respondents, improved.degrees_of_freedom
    )
    assert [exact.lower, exact.upper] == close(expected["ciprop_beta"])

    pupils = estimate_total(design, table["enroll"].to_numpy())
    assert pupils.estimate == close(expected["total_enroll"])
    assert pupils.standard_error == close(expected["se_total_enroll"])


@pytest.mark.parametrize("name", ["apisrs_base", *RAKED, "apisrs_rake3_ignoring_raking", "apistrat_fpc"])
def test_domains(name: str) -> None:
    expected, design = SURVEY[name], design_of(name)
    table = STRATIFIED if name == "apistrat_fpc" else SRS
    types = ["E", "H", "M"]
    groups = np.array([types.index(value) for value in table["stype"]])
    scores = table["api00"].to_numpy().astype(np.float64)[:, None]
    result = estimate_groups(design, scores, groups, 3, kind="mean")
    assert result.estimate[:, 0].tolist() == close([expected["by_stype_mean"][kind] for kind in types])
    assert result.standard_error[:, 0].tolist() == close([expected["by_stype_se"][kind] for kind in types])


@pytest.mark.parametrize("name", RAKED)
def test_a_margin_has_no_uncertainty_left(name: str) -> None:
    design = design_of(name)
    for kind in ("E", "H", "M"):
        share = estimate_share(design, (SRS["stype"] == kind).to_numpy())
        assert share.estimate == close(SURVEY[name]["mean_stype"][f"stype{kind}"])
        assert share.standard_error < 1e-8


@pytest.mark.parametrize("name", RAKED)
def test_design_effect(name: str) -> None:
    result, expected = raked(RAKED[name]).kish, SURVEY[name]["kish"]
    assert result.n == expected["n"]
    assert [
        result.total,
        result.design_effect,
        result.effective_n,
        result.variation,
        result.smallest,
        result.largest,
        result.ratio,
    ] == close([expected[key] for key in ("sum_w", "deff", "n_eff", "cv", "min", "max", "ratio")])


def test_trimmed_weights() -> None:
    expected = SURVEY["apisrs_rake3_trim_0.85_1.10_strict"]
    mean_weight = SURVEY["margins"]["N"] / SRS.height
    trimmed = trim_weights(
        raked(RAKED["apisrs_rake3"]).weights, low=0.85 * mean_weight, high=1.10 * mean_weight
    )
    assert kish(trimmed).design_effect == close(expected["kish"]["deff"])
    assert trimmed @ SRS["api00"].to_numpy() / trimmed.sum() == close(expected["mean_api00"])


@pytest.mark.parametrize(
    "scale", [key for key, value in BFI.items() if isinstance(value, dict) and "items" in value]
)
def test_alpha(scale: str) -> None:
    expected, table = BFI[scale], reference_table("bfi.csv")
    names = [item.lstrip("-") for item in expected["items"]]
    columns = [7 - table[item[1:]] if item.startswith("-") else table[item] for item in expected["items"]]
    answers = np.column_stack([column.cast(float).fill_null(float("nan")).to_numpy() for column in columns])
    result = cronbach_alpha(answers)
    assert result.respondents == expected["n_complete"]
    assert result.alpha == close(expected["alpha_listwise"])
    assert [result.lower, result.upper] == close(expected["feldt95_listwise"])
    assert result.standardised == close(expected["std_alpha_listwise"])
    assert result.average_correlation == close(expected["avg_r_listwise"])
    assert list(result.alpha_if_dropped) == close(
        [expected["alpha_if_dropped_listwise"][name] for name in names]
    )
    assert list(result.item_total) == close(
        [expected["corrected_item_total_r_listwise"][name] for name in names]
    )
