"""Raking meets the margins, says where it cannot, and does not depend on the order of the rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.stats.errors import MarginError, ShapeError, StatisticsError
from analytics.stats.weights import kish, rake, trim_weights

PROFESSIONS = ["médecin", "infirmier", "sage-femme"]


@st.composite
def surveys(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, dict[str, float]]]:
    """Respondents in every combination of two margins, so that both can always be met."""
    count = draw(st.integers(6, 60))
    pairs = [(profession, sex) for profession in PROFESSIONS for sex in "fh"]
    extra = draw(st.lists(st.sampled_from(pairs), min_size=count, max_size=count))
    rows = pairs + extra
    shares = st.floats(0.05, 1.0)
    return (
        {"profession": [row[0] for row in rows], "sexe": [row[1] for row in rows]},
        {
            "profession": {name: draw(shares) for name in PROFESSIONS},
            "sexe": {"f": draw(shares), "h": draw(shares)},
        },
    )


@given(surveys())
@settings(max_examples=60, deadline=None)
def test_weights_meet_the_margins(survey: tuple[dict[str, list[str]], dict[str, dict[str, float]]]) -> None:
    columns, margins = survey
    result = rake(columns, margins)
    assert result.converged
    assert result.weights.sum() == pytest.approx(len(columns["sexe"]))
    for variable, targets in margins.items():
        values = np.array(columns[variable])
        for category, target in targets.items():
            share = result.weights[values == category].sum() / result.weights.sum()
            assert share == pytest.approx(target / sum(targets.values()), abs=1e-9)


@given(surveys(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_rows_changes_nothing(survey, random) -> None:  # type: ignore[no-untyped-def]
    columns, margins = survey
    order = list(range(len(columns["sexe"])))
    random.shuffle(order)
    shuffled = {name: [values[index] for index in order] for name, values in columns.items()}
    straight = rake(columns, margins).weights
    assert rake(shuffled, margins).weights == pytest.approx(straight[order], rel=1e-12)


@given(surveys())
@settings(max_examples=30, deadline=None)
def test_doubling_everyone_at_half_weight_changes_nothing(survey) -> None:  # type: ignore[no-untyped-def]
    columns, margins = survey
    count = len(columns["sexe"])
    doubled = {name: values + values for name, values in columns.items()}
    single = rake(columns, margins, total=1000).weights
    double = rake(doubled, margins, base_weights=np.full(2 * count, 0.5), total=1000).weights
    assert double[:count] + double[count:] == pytest.approx(single, rel=1e-9)


@given(surveys())
@settings(max_examples=60, deadline=None)
def test_bounds_are_never_left(survey) -> None:  # type: ignore[no-untyped-def]
    columns, margins = survey
    result = rake(columns, margins, bounds=(0.5, 2.0), max_iterations=300)
    mean = result.total / len(columns["sexe"])
    assert result.weights.min() >= 0.5 * mean * (1 - 1e-12)
    assert result.weights.max() <= 2.0 * mean * (1 + 1e-12)
    if result.converged:
        assert result.max_margin_error < 1e-6


def test_bounded_weights_still_meet_margins_that_allow_it() -> None:
    columns = {
        "profession": ["médecin"] * 70 + ["infirmier"] * 25 + ["sage-femme"] * 5,
        "sexe": (["f"] * 3 + ["h"]) * 25,
    }
    margins = {
        "profession": {"médecin": 0.3, "infirmier": 0.5, "sage-femme": 0.2},
        "sexe": {"f": 0.5, "h": 0.5},
    }
    free = rake(columns, margins)
    held = rake(columns, margins, bounds=(0.2, 4.5))
    assert free.weights.max() > 4.5
    assert held.converged
    assert held.trimmed > 0
    assert held.max_margin_error < 1e-9
    assert held.weights.max() == pytest.approx(4.5)


def test_bounds_too_tight_are_reported_not_hidden() -> None:
    columns = {"sexe": ["f"] * 95 + ["h"] * 5}
    result = rake(columns, {"sexe": {"f": 0.5, "h": 0.5}}, bounds=(0.3, 3.0), max_iterations=200)
    assert not result.converged
    line = next(category for category in result.categories if category.category == "h")
    assert (line.respondents, line.target) == (5, 0.5)
    assert line.error == pytest.approx(result.weights[95:].sum() / result.weights.sum() - 0.5)
    assert result.max_margin_error == pytest.approx(abs(line.error))


def test_missing_category_keeps_the_base_weight_share() -> None:
    columns = {
        "profession": ["médecin", "médecin", "infirmier", None, None, "médecin"],
        "sexe": ["f", "h", "f", "f", "h", "h"],
    }
    margins = {"profession": {"médecin": 0.4, "infirmier": 0.6}, "sexe": {"f": 0.8, "h": 0.2}}
    result = rake(columns, margins)
    known = np.array([value is not None for value in columns["profession"]])
    nurses = np.array([value == "infirmier" for value in columns["profession"]])
    women = np.array(columns["sexe"]) == "f"
    assert result.converged
    assert (result.weights > 0).all()
    assert result.weights[nurses].sum() / result.weights[known].sum() == pytest.approx(0.6)
    assert result.weights[women].sum() / result.weights.sum() == pytest.approx(0.8)


def test_lists_arrays_and_polars_series_are_alike() -> None:
    values, margins = ["f", "h", "f", None], {"sexe": {"f": 2.0, "h": 2.0}}
    expected = rake({"sexe": values}, margins).weights
    assert rake({"sexe": np.array(values, dtype=object)}, margins).weights == pytest.approx(expected)
    assert rake({"sexe": pl.Series(values)}, margins).weights == pytest.approx(expected)
    assert rake({"sexe": pl.Series(values, dtype=pl.Categorical)}, margins).weights == pytest.approx(expected)


@pytest.mark.parametrize(
    ("margin", "message"),
    [
        ({"f": 0.5}, "« h », qui n'y figure pas"),
        ({"f": 0.5, "h": 0.4, "autre": 0.1}, "personne n'a répondu « autre »"),
        ({"f": 0.5, "h": 0.0}, "« h » a un effectif nul"),
        ({"f": 0.5, "h": -1.0}, "doit être un nombre positif"),
        ({"f": 0.5, "h": float("nan")}, "doit être un nombre positif"),
    ],
)
def test_margins_that_do_not_fit(margin: dict[str, float], message: str) -> None:
    with pytest.raises(MarginError, match=message):
        rake({"sexe": ["f", "h"]}, {"sexe": margin})


def test_other_bad_input() -> None:
    margins = {"sexe": {"f": 1.0, "h": 1.0}}
    with pytest.raises(MarginError, match="Aucune marge"):
        rake({"sexe": ["f", "h"]}, {})
    with pytest.raises(MarginError, match="ne correspond à aucune colonne"):
        rake({"genre": ["f", "h"]}, margins)
    with pytest.raises(ShapeError, match="aucune réponse"):
        rake({"sexe": []}, margins)
    with pytest.raises(ShapeError, match="3 valeurs au lieu de 2"):
        rake({"sexe": ["f", "h"], "âge": [1, 2, 3]}, {**margins, "âge": {"1": 1, "2": 1, "3": 1}})
    with pytest.raises(StatisticsError, match="encadrer 1"):
        rake({"sexe": ["f", "h"]}, margins, bounds=(1.5, 2))
    with pytest.raises(StatisticsError, match="vide ou négatif"):
        rake({"sexe": ["f", "h"]}, margins, base_weights=[1, -1])
    with pytest.raises(ShapeError, match="un poids par personne"):
        rake({"sexe": ["f", "h"]}, margins, base_weights=[1, 1, 1])
    with pytest.raises(StatisticsError, match="nombre positif"):
        rake({"sexe": ["f", "h"]}, margins, total=0)


def test_contradictory_margins_are_reported() -> None:
    columns = {"a": ["x", "y"], "b": ["x", "y"]}
    result = rake(columns, {"a": {"x": 0.5, "y": 0.5}, "b": {"x": 0.9, "y": 0.1}}, max_iterations=50)
    assert not result.converged
    assert result.max_margin_error > 0.1


def test_trimming_keeps_the_sum() -> None:
    weights = np.random.default_rng(4).lognormal(size=500)
    low, high = 0.3 * weights.mean(), 3 * weights.mean()
    trimmed = trim_weights(weights, low=low, high=high)
    assert trimmed.sum() == pytest.approx(weights.sum())
    assert trimmed.min() >= low
    assert trimmed.max() <= high
    assert kish(trimmed).design_effect < kish(weights).design_effect
    with pytest.raises(StatisticsError, match="hors des bornes"):
        trim_weights(weights, low=2 * weights.mean(), high=high)


def test_errors_can_be_translated() -> None:
    with pytest.raises(MarginError) as caught:
        rake({"genre": ["f"]}, {"sexe": {"f": 1.0}})
    assert caught.value.template % caught.value.params == str(caught.value)
    assert "%(variable)s" in caught.value.template
