"""Every worked example in a docstring of the pure packages gives what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import analytics.disclosure
import analytics.stats

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (analytics.stats, analytics.disclosure)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_worked_examples(name: str) -> None:
    module = importlib.import_module(name)
    outcome = doctest.testmod(module)
    assert outcome.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_public_functions_are_documented(name: str) -> None:
    module = importlib.import_module(name)
    undocumented = [
        attribute
        for attribute, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", None) == name
        and not attribute.startswith("_")
        and not value.__doc__
    ]
    assert undocumented == []
