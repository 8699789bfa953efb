"""The model of synthetic respondents: quotas are exact, draws repeat, and nothing it says breaks the questionnaire."""

from __future__ import annotations

import doctest
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from respondents.simulation import quotas
from respondents.simulation.model import ModelError, simulate
from respondents.simulation.quotas import category_scores, counts_of, highest, normal_scores, ranked
from respondents.simulation.spec import Spec
from surveys import published
from surveys.definition import Questionnaire
from surveys.loading import load, shipped
from surveys.published import Published, reproduce
from surveys.routing import compile_questionnaire
from surveys.scoring import score
from surveys.validation import check

SLUG = "soignants-liberaux-2025"
WHOLE = Questionnaire.model_validate(load(shipped(SLUG)))
SPEC = Spec.model_validate(load(shipped(SLUG, "model")))
WEIGHTS = st.lists(st.floats(0, 100), min_size=1, max_size=8).filter(lambda weights: sum(weights) > 0.1)


def drawn(size: int, seed: int = 1, spec: Spec = SPEC) -> list[dict[str, Any]]:
    return list(simulate(spec, size, np.random.default_rng(seed)))


@given(WEIGHTS, st.integers(0, 500))
def test_quotas_add_up_and_miss_their_ideal_by_less_than_one(weights: list[float], total: int) -> None:
    counts = counts_of(weights, total)
    ideal = np.array(weights) / sum(weights) * total
    assert counts.sum() == total
    assert (np.abs(counts - ideal) < 1 + 1e-9).all()


@given(WEIGHTS, st.integers(1, 200), st.integers(0, 2**32))
def test_ranked_options_follow_the_propensity(weights: list[float], size: int, seed: int) -> None:
    propensity = np.random.default_rng(seed).standard_normal(size)
    chosen = ranked(propensity, weights)
    assert np.bincount(chosen, minlength=len(weights)).tolist() == counts_of(weights, size).tolist()
    assert (np.diff(chosen[np.argsort(propensity)]) >= 0).all()


@given(st.integers(1, 300), st.floats(0, 1))
def test_the_highest_are_the_highest(size: int, share: float) -> None:
    propensity = np.random.default_rng(size).standard_normal(size)
    marked = highest(propensity, share)
    assert abs(marked.sum() - share * size) < 1
    assert not marked.any() or marked.all() or propensity[marked].min() > propensity[~marked].max()


@given(st.integers(1, 300))
def test_normal_scores_keep_the_order_and_are_centred(size: int) -> None:
    values = np.random.default_rng(size).standard_cauchy(size)
    scores = normal_scores(values)
    assert (np.argsort(scores) == np.argsort(values)).all()
    assert scores.mean() == pytest.approx(0, abs=1e-9)


def test_people_with_the_same_option_have_the_same_score() -> None:
    scores = category_scores(np.array([2, 0, -1, 2, 1]), 3)
    assert scores[0] == scores[3] > scores[4] > scores[1]
    assert scores[2] == 0


def test_the_same_seed_gives_the_same_respondents_and_another_seed_others() -> None:
    assert drawn(200, seed=4) == drawn(200, seed=4)
    assert drawn(200, seed=4) != drawn(200, seed=5)


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 120), st.integers(0, 2**32))
def test_any_number_of_respondents_answers_what_the_questionnaire_allows(size: int, seed: int) -> None:
    compiled = compile_questionnaire(WHOLE)
    rows = drawn(size, seed)
    assert len(rows) == size
    for row in rows:
        checked = check(compiled, row)
        assert checked.problems == []
        assert checked.answers == row  # nothing was answered that was not asked


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_published_shares_hold_for_other_seeds_too(seed: int) -> None:
    rows = drawn(1_550, seed)
    for figure in Published.model_validate(load(shipped(SLUG, "published"))).figures:
        found = reproduce(figure, WHOLE, rows).percent
        assert found > figure.value if figure.at_least else abs(found - figure.value) <= 2, figure.key


def test_answers_hang_together_as_in_a_population() -> None:
    """Traits are shared: scales are consistent, exhausted people are diagnosed more often, and so on."""
    rows = drawn(4_000)
    scales = {scale.code: scale for scale in WHOLE.scales}
    scores = {
        code: np.array([np.nan if (value := score(scale, row)) is None else value for row in rows])
        for code, scale in scales.items()
    }

    def correlation(left: str, right: str) -> float:
        both = ~np.isnan(scores[left] + scores[right])
        return float(np.corrcoef(scores[left][both], scores[right][both])[0, 1])

    assert 0.6 < correlation("cbi_personal", "cbi_work") < 0.9
    assert 0.4 < correlation("cbi_work", "cbi_client") < 0.8
    assert -0.7 < correlation("cbi_work", "vocation_meaning") < -0.3
    assert 0.2 < correlation("cbi_work", "admin_load") < 0.6
    for code, low, high in [
        ("cbi_personal", 0.85, 0.95),
        ("cbi_work", 0.85, 0.95),
        ("cbi_client", 0.8, 0.93),
    ]:
        assert low < _alpha(scales[code].items, scales[code].points, scales[code].reverse, rows) < high
    diagnosed = np.array([row.get("diag_burnout") == "yes" for row in rows])
    assert np.nanmean(scores["cbi_work"][diagnosed]) > np.nanmean(scores["cbi_work"][~diagnosed]) + 10
    blank = 1 - np.mean([item in row for row in rows for item in scales["cbi_work"].items])
    assert 0.004 < blank < 0.015


def _alpha(
    items: list[str], points: dict[str, float], reverse: list[str], rows: list[dict[str, Any]]
) -> float:
    worth = np.array(
        [
            [100 - points[row[item]] if item in reverse else points[row[item]] for item in items]
            for row in rows
            if all(item in row for item in items)
        ]
    )
    k = worth.shape[1]
    return float(k / (k - 1) * (1 - worth.var(axis=0, ddof=1).sum() / worth.sum(axis=1).var(ddof=1)))


def test_the_sentences_of_free_texts_are_invented_and_name_nobody() -> None:
    written = {row["comment"] for row in drawn(3_000) if "comment" in row}
    assert 15 <= len(written) <= 25
    assert not any(
        name in sentence for sentence in written for name in ("Dr ", "Docteur", "Monsieur", "Madame")
    )


def _spec(*steps: dict[str, Any]) -> Spec:
    return Spec.model_validate({"questionnaire": "x", "steps": list(steps)})


SEX = {"kind": "category", "variable": "sex", "shares": {"*": {"a": 1, "b": 3}}}


def test_a_battery_reaches_its_targets_in_each_group() -> None:
    battery = {
        "kind": "battery",
        "by": "sex",
        "items": {"i1": 5, "i2": 0, "i3": -5, "i4": 0},
        "options": {"*": ["o0", "o1", "o2", "o3", "o4"]},
        "targets": [
            {"score": 50, "share": {"a": 0.6, "b": 0.3}},
            {"score": 75, "share": {"a": 0.2, "b": 0.05}},
        ],
        "anchors": [{"item": "i1", "value": 75, "share": 0.45}],
    }
    rows = drawn(2_000, spec=_spec(SEX, battery))
    for group, half, high in [("a", 0.6, 0.2), ("b", 0.3, 0.05)]:
        means = np.array(
            [np.mean([25 * int(row[f"i{n}"][1]) for n in range(1, 5)]) for row in rows if row["sex"] == group]
        )
        assert (means >= 50).mean() == pytest.approx(half, abs=0.005)
        assert (means >= 75).mean() == pytest.approx(high, abs=0.005)
    assert np.mean([row["i1"] in {"o3", "o4"} for row in rows]) == pytest.approx(0.45, abs=0.01)


def test_too_many_ticks_are_dropped_and_none_is_said() -> None:
    several = {
        "kind": "several",
        "variable": "tools",
        "at_most": 2,
        "otherwise": "none",
        "options": {"x": {"share": 0.7}, "y": {"share": 0.6}, "z": {"share": 0.5}},
    }
    answers = [row["tools"] for row in drawn(500, spec=_spec(several))]
    assert {len(found) for found in answers} == {1, 2}
    assert ["none"] in answers
    assert all(found == ["none"] or "none" not in found for found in answers)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{**SEX, "weights": {"strength": 1}}], "strength"),
        ([{**SEX, "by": "age"}], "age"),
        ([SEX, {**SEX, "variable": "v", "by": "sex", "shares": {"a": {"x": 1}}}], "groupe b"),
        (
            [
                {
                    "kind": "latents",
                    "correlation": {"u": {}, "v": {"u": 0.9}, "w": {"u": 0.9, "v": -0.9}},
                }
            ],
            "impossibles",
        ),
        ([{"kind": "latents", "correlation": {"u": {}}, "effects": {"u": {"sex": {"a": 1}}}}], "sex"),
        ([{**SEX, "when": [{"variable": "never", "codes": ["x"]}]}], "never"),
        ([SEX, {**SEX, "variable": "v", "when": [{"variable": "sex", "codes": ["c"]}]}], "sex"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused_with_the_place(
    steps: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(ModelError, match=told):
        drawn(20, spec=_spec(*steps))


def test_an_unknown_word_in_a_model_is_refused() -> None:
    with pytest.raises(ValidationError):
        _spec({**SEX, "share": {}})


def test_the_worked_examples() -> None:
    for module in (quotas, published):
        assert doctest.testmod(module).failed == 0
