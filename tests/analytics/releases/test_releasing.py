"""The pure parts: levels, suppression, weights, order."""

from __future__ import annotations

import doctest
import importlib
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.releasing import assessment
from analytics.releasing.dataset import keyed_order
from analytics.releasing.hierarchies import HierarchyError, levels
from analytics.releasing.recoding import RecodingError, quasi_identifiers, read
from analytics.releasing.suppression import suppress
from analytics.releasing.weighting import release_weight
from surveys.definition import Questionnaire
from surveys.loading import load, shipped
from tests.questionnaires import small_document

SMALL = Questionnaire.model_validate(small_document())
HIERARCHY: dict[str, Any] = {
    "profession": [
        {
            "code": "carers",
            "label": {"fr": "Soignants", "en": "Carers"},
            "groups": [
                {"code": "carer", "label": {"fr": "Soin", "en": "Care"}, "from": ["nurse", "doctor"]},
                {"from": ["other"]},
            ],
        }
    ]
}


@pytest.mark.parametrize("module", ["hierarchies", "recoding", "suppression", "dataset", "weighting"])
def test_the_examples_of_the_docstrings_hold(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"analytics.releasing.{module}"))
    assert outcome.failed == 0


def people(rows: list[tuple[str | None, str | None, str | None]]) -> pl.DataFrame:
    columns = dict.fromkeys("abc", pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row")


values = st.sampled_from(["x", "y", "z", None])


@given(st.lists(st.tuples(values, values, values), min_size=1, max_size=60), st.integers(2, 6))
def test_suppression_leaves_no_small_class_and_invents_nothing(
    rows: list[tuple[str | None, str | None, str | None]], k: int
) -> None:
    before = people(rows)
    done = suppress(before, k)
    sizes = done.frame.group_by(done.frame.columns).len()["len"].to_list()
    assert min(sizes) >= min(k, len(rows))
    for column in before.columns:
        changed = before[column].ne_missing(done.frame[column])
        assert done.frame[column].filter(changed).null_count() == changed.sum()
        assert done.cells.get(column, 0) == changed.sum()


@given(st.lists(st.tuples(values, values, values), min_size=1, max_size=40), st.integers(2, 5))
def test_fixed_columns_are_never_erased(
    rows: list[tuple[str | None, str | None, str | None]], k: int
) -> None:
    before = people(rows)
    assert suppress(before, k, fixed=["c"]).frame["c"].equals(before["c"])


@given(st.lists(st.tuples(values, st.floats(0.2, 5)), min_size=1, max_size=60), st.integers(2, 5))
def test_a_weight_never_tells_more_than_the_released_combination(
    rows: list[tuple[str | None, float]], k: int
) -> None:
    """Beside a released combination, a weight value is shared by k people, or by the whole combination."""
    job = pl.DataFrame({"job": pl.Series([row[0] for row in rows], dtype=pl.String)})
    weight = release_weight(job, pl.Series([row[1] for row in rows]), k)
    together = job.with_columns(weight.values)
    if weight.kind == "exact":
        assert together.group_by(together.columns).len()["len"].min() >= k  # type: ignore[operator]
    else:
        assert together.group_by("job").agg(pl.col("weight").n_unique())["weight"].max() == 1


def test_two_releases_have_unrelated_orders_and_one_release_always_the_same() -> None:
    ids = pl.Series([str(number) for number in range(200)])
    first, again, other = keyed_order(ids, b"1"), keyed_order(ids, b"1"), keyed_order(ids, b"2")
    assert first.equals(again)
    assert first.arg_sort().to_list() != other.arg_sort().to_list()


def test_levels_of_a_number_are_bands_and_those_of_a_choice_come_from_the_file() -> None:
    found = levels(SMALL, HIERARCHY)
    assert [level.code for level in found["hours"]] == ["keep", "bands_5", "bands_10", "bands_20", "drop"]
    assert [level.code for level in found["profession"]] == ["keep", "carers", "drop"]
    frame = pl.DataFrame({"profession": ["nurse", "other", "pns", None], "hours": [39, 40, -1, None]})
    recoding = read({"variables": {"profession": "carers", "hours": "bands_10"}}, found)
    released = quasi_identifiers(frame, recoding, found)
    assert released["profession"].to_list() == ["carer", None, None, None]
    assert released["hours"].to_list() == ["30_39", "40_49", "-10_-1", None]


def _broken(**groups: Any) -> dict[str, Any]:
    return {"profession": [{"code": "x", "label": {"fr": "X"}, **groups}]}


@pytest.mark.parametrize(
    ("companion", "word"),
    [
        ({"hair": []}, "hair"),
        (_broken(groups=[{"code": "a", "label": {}, "from": ["plumber"]}]), "plumber"),
        (_broken(groups=[{"code": "a", "label": {}, "from": ["nurse"]}]), "doctor"),
    ],
)
def test_a_wrong_hierarchy_says_what_is_wrong(companion: dict[str, Any], word: str) -> None:
    with pytest.raises(HierarchyError, match=word):
        levels(SMALL, companion)


def test_a_level_that_splits_what_the_one_before_joins_is_refused() -> None:
    split = {
        "code": "split",
        "label": {},
        "groups": [
            {"code": "n", "label": {}, "from": ["nurse"]},
            {"code": "d", "label": {}, "from": ["doctor", "other"]},
        ],
    }
    with pytest.raises(HierarchyError, match="split"):
        levels(SMALL, {"profession": [*HIERARCHY["profession"], split]})


def test_the_hierarchies_of_the_demonstration_fit_its_questionnaire() -> None:
    slug = "soignants-liberaux-2025"
    demo = Questionnaire.model_validate(load(shipped(slug)))
    found = levels(demo, load(shipped(slug, "hierarchies")))
    assert set(found) == set(demo.quasi_identifiers)
    assert all(label.keys() >= {"fr", "en"} for steps in found.values() for label in (s.label for s in steps))


@pytest.mark.parametrize(
    "wrong",
    [
        {"variables": {"hair": "keep"}},
        {"variables": {"hours": "bands_3"}},
        {"variables": {"hours": ["keep"]}},
        {"variables": ["hours"]},
        {"licence": "mine"},
        {"licence": ["research"]},
        {"erase_rare": "no"},
    ],
)
def test_a_recoding_that_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecodingError):
        read(wrong, levels(SMALL, {}))


def test_a_question_asked_to_some_gives_their_answer_away() -> None:
    """`complaint` is asked of those attacked: with `attacked` coarsened, being asked must count."""
    whole = SMALL.model_copy(update={"quasi_identifiers": ["attacked"], "sensitive": []})
    found = levels(whole, {})
    frame = pl.DataFrame(
        {
            "_response": [str(number) for number in range(10)],
            "attacked": ["yes", "yes"] + ["no"] * 8,
            "complaint": ["no", "no"] + [None] * 8,
        }
    )
    dropped = read({"variables": {"attacked": "drop"}}, found)
    judged = assessment.assess(frame, whole, dropped, found, minimum=3)
    assert judged.checked == ["_asked__complaint"]
    assert judged.reasons == ("beside",)
    assert judged.report.smallest_class == 2


def test_a_dataset_without_any_quasi_identifier_is_judged_too() -> None:
    """Exact weights are then all that tells records apart: they must not be laid beside nothing."""
    whole = SMALL.model_copy(update={"quasi_identifiers": ["profession"], "sensitive": []})
    found = levels(whole, {})
    frame = pl.DataFrame(
        {
            "_response": [str(number) for number in range(10)],
            "_weight": [0.5] * 5 + [1.5] * 5,
            "profession": ["nurse"] * 5 + ["doctor"] * 5,
        }
    )
    dropped = read({"variables": {"profession": "drop"}}, found)
    judged = assessment.assess(frame, whole, dropped, found, minimum=5)
    assert judged.accepted
    assert judged.weight and judged.weight.kind == "exact"
    assert judged.report.smallest_class == 5
