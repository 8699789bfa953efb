"""What the public gets is what is printed, and never a zero that is not one."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import numerals, rounding
from analytics.results import Estimate
from santesurvey import numerals as foundation


def test_examples() -> None:
    for module in (rounding, foundation):
        assert doctest.testmod(module).failed == 0


@given(st.floats(0, 1), st.sampled_from(["fr", "en"]))
def test_a_rounded_share_prints_as_the_exact_one(value: float, language: str) -> None:
    assert numerals.percent(rounding.share(value), language=language) == numerals.percent(
        value, language=language
    )


@given(st.decimals(0, 100, places=3).map(float), st.sampled_from(["fr", "en"]))
def test_a_rounded_mean_prints_as_the_exact_one(value: float, language: str) -> None:
    rounded = rounding.measure(value)
    assert numerals.value(rounded, share=False, language=language) == numerals.value(
        value, share=False, language=language
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.472, 0.515, "47 à 52\u202f%"), (0.0, 0.004, "0 à 1\u202f%"), (0.991, 1.0, "99 à 100\u202f%")],
)
def test_intervals(low: float, high: float, words: str) -> None:
    assert numerals.interval(Estimate(0.5, low, high), share=True) == words


def test_numbers_in_sentences() -> None:
    assert numerals.said(0.002, language="fr") == "moins de 1\u202f%"
    assert numerals.said(0.999, language="fr") == "plus de 99\u202f%"
    assert numerals.said(0.485, language="fr") == "49\u202f%"
    assert numerals.value(61, share=False, language="fr") == "61,0"
