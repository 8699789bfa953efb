"""From a model's specification and a random generator to the answers of synthetic respondents. Pure.

Shares are quotas: who gets an answer is random, how many do is not. So a share that the specification sets
holds for any seed and any number of people, to the nearest person; what varies by seed is everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from respondents.simulation import battery
from respondents.simulation.quotas import Floats, Whole, category_scores, highest, normal_scores, ranked
from respondents.simulation.spec import (
    ANY,
    Battery,
    Category,
    Condition,
    Latents,
    Number,
    Several,
    Spec,
    Step,
    Words,
)

NOBODY = -1  # index of an answer that was not given
ROWS_AT_ONCE = 1_000
Mask = NDArray[np.bool_]


class ModelError(Exception):
    """The specification contradicts itself; the message says where."""


@dataclass
class _Sample:
    """What has been drawn so far."""

    size: int
    rng: np.random.Generator
    skip: float
    codes: dict[str, list[str]] = field(default_factory=dict)  # options of a variable
    chosen: dict[str, Whole] = field(default_factory=dict)  # index of each person's option, or NOBODY
    traits: dict[str, Floats] = field(default_factory=dict)  # what `weights` may name
    values: dict[str, NDArray[Any]] = field(default_factory=dict)  # final answers, None where there is none

    def trait(self, name: str, step: object) -> Floats:
        if name not in self.traits:
            raise ModelError(f"{name} : ce trait n'est pas encore tiré ({type(step).__name__}).")
        return self.traits[name]

    def propensity(self, weights: dict[str, float], noise: float, step: object) -> Floats:
        total = noise * self.rng.standard_normal(self.size)
        for name, weight in weights.items():
            total += weight * self.trait(name, step)
        return total

    def choice(self, variable: str) -> Whole:
        if variable not in self.chosen:
            raise ModelError(f"{variable} : cette variable n'est pas encore tirée, ou n'est pas à choix.")
        return self.chosen[variable]

    def groups(self, by: str | None) -> dict[str, Whole]:
        """Rows of each group of *by*; one group of everybody without it. Nobody's group is "*"."""
        if by is None:
            return {ANY: np.arange(self.size)}
        index = self.choice(by)
        groups = {code: np.flatnonzero(index == at) for at, code in enumerate(self.codes[by])}
        return {**groups, ANY: np.flatnonzero(index == NOBODY)}

    def holds(self, conditions: list[Condition]) -> Mask:
        if not conditions:
            return np.ones(self.size, dtype=bool)
        met = np.zeros(self.size, dtype=bool)
        for condition in conditions:
            index, codes = self.choice(condition.variable), self.codes[condition.variable]
            if not set(condition.codes) <= set(codes):
                raise ModelError(f"{condition.variable} : une condition lit une option inconnue.")
            met |= np.isin(index, [codes.index(code) for code in condition.codes])
        return met

    def answering(self, step: Step) -> Mask:
        """Who is asked and does not leave it blank."""
        skip = self.skip if step.skip is None else step.skip
        return self.holds(step.when) & (self.rng.random(self.size) >= skip)

    def keep(self, variable: str, codes: list[str], chosen: Whole) -> None:
        """Remember a single choice; its rank becomes a trait."""
        self.codes[variable], self.chosen[variable] = codes, chosen
        self.values[variable] = np.array([*codes, None], dtype=object)[chosen]  # NOBODY is the last: None
        self.traits[variable] = category_scores(chosen, len(codes))


def simulate(spec: Spec, size: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """The answers of *size* people, one mapping from variable to value each, in random order.

    Everything is drawn before this returns; only the mappings are made one by one, so that a hundred
    thousand fit in memory. The same *spec*, *size* and state of *rng* give the same answers. Raises
    `ModelError`.
    """
    sample = _Sample(size, rng, spec.skip)
    for step in spec.steps:
        match step:
            case Category():
                _category(step, sample)
            case Number():
                _number(step, sample)
            case Latents():
                _latents(step, sample)
            case Battery():
                _battery(step, sample)
            case Several():
                _several(step, sample)
            case Words():
                _words(step, sample)
    return _rows(sample.values, rng.permutation(size))


def _rows(values: dict[str, NDArray[Any]], order: Whole) -> Iterator[dict[str, Any]]:
    for start in range(0, len(order), ROWS_AT_ONCE):
        at = order[start : start + ROWS_AT_ONCE]
        for person in zip(*(column[at].tolist() for column in values.values()), strict=True):
            yield {name: value for name, value in zip(values, person, strict=True) if value is not None}


def _group_value(table: dict[str, Any], group: str, variable: str) -> Any:
    if group in table:
        return table[group]
    if ANY not in table:
        raise ModelError(f"{variable} : rien n'est dit du groupe {group}, ni de « {ANY} ».")
    return table[ANY]


def _category(step: Category, sample: _Sample) -> None:
    ordered = list(next(iter(step.shares.values())))
    codes = [*ordered, *step.aside, *step.missing]
    chosen = np.full(sample.size, NOBODY, dtype=np.int64)
    open_rows = sample.answering(step)
    for code, share in step.missing.items():
        taken = open_rows & (sample.rng.random(sample.size) < share)
        chosen[taken], open_rows = codes.index(code), open_rows & ~taken
    propensity = sample.propensity(step.weights, step.noise, step)
    for group, rows in sample.groups(step.by).items():
        base = rows[open_rows[rows]]
        shares = _group_value(step.shares, group, step.variable) if len(base) else {}
        base = sample.rng.permutation(base)
        for code, share in step.aside.items() if len(base) else []:
            count = round(share * len(rows[open_rows[rows]]))
            chosen[base[:count]], base = codes.index(code), base[count:]
        if len(base):
            # The others keep their proportions among those who were not set aside.
            chosen[base] = ranked(propensity[base], [shares.get(code, 0.0) for code in ordered])
    sample.keep(step.variable, codes, chosen)


def _number(step: Number, sample: _Sample) -> None:
    z = normal_scores(sample.propensity(step.weights, step.noise, step))
    values = np.empty(sample.size)
    for group, rows in sample.groups(step.by).items():
        if len(rows):
            mean = _group_value(step.mean, group, step.variable)
            values[rows] = mean + z[rows] * _group_value(step.sd, group, step.variable)
    heaped = sample.rng.random(sample.size) < step.heap
    values = np.where(heaped, 5 * np.rint(values / 5), np.rint(values))
    values = np.clip(values, step.minimum, step.maximum)
    if step.at_most:
        sample.trait(step.at_most, step)
        most = [np.inf if value is None else value for value in sample.values[step.at_most].tolist()]
        values = np.minimum(values, np.array(most))
    answered = sample.answering(step)
    sample.traits[step.variable] = normal_scores(values + sample.rng.uniform(-0.5, 0.5, sample.size))
    kept = np.full(sample.size, None, dtype=object)
    kept[answered] = values.astype(np.int64)[answered].tolist()
    sample.values[step.variable] = kept


def _latents(step: Latents, sample: _Sample) -> None:
    names = list(step.correlation)
    matrix = np.eye(len(names))
    for name, others in step.correlation.items():
        for other, correlation in others.items():
            if other not in names:
                raise ModelError(f"{name} : le trait {other} n'existe pas.")
            i, j = names.index(name), names.index(other)
            matrix[i, j] = matrix[j, i] = correlation
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError as exc:
        raise ModelError("Ces corrélations sont impossibles ensemble : rapprochez-les de zéro.") from exc
    drawn = sample.rng.standard_normal((sample.size, len(names))) @ root.T
    for at, name in enumerate(names):
        value: Floats = drawn[:, at]
        for variable, effect in step.effects.get(name, {}).items():
            if isinstance(effect, dict):
                index, codes = sample.choice(variable), sample.codes[variable]
                shifts = np.array([effect.get(code, 0.0) for code in codes] + [0.0])
                value = value + shifts[index]  # NOBODY is the last: no shift
            else:
                value = value + effect * sample.trait(variable, step)
        sample.traits[name] = (value - value.mean()) / (value.std() or 1.0)


def _battery(step: Battery, sample: _Sample) -> None:
    asked = sample.holds(step.when)
    skip = sample.skip if step.skip is None else step.skip
    answered = asked[:, None] & (sample.rng.random((sample.size, len(step.items))) >= skip)
    z = sample.propensity(step.weights, step.noise, step)
    chosen = battery.draw(step, z, sample.groups(step.by), answered, sample.rng)
    for at, item in enumerate(step.items):
        codes = _group_value(step.options, item, item)
        index = battery.STRONGEST - chosen[:, at] if item in step.reverse else chosen[:, at]
        sample.keep(item, codes, np.where(answered[:, at], index, NOBODY))


def _several(step: Several, sample: _Sample) -> None:
    answering = sample.answering(step)
    values = np.full(sample.size, None, dtype=object)
    for code, share in step.missing.items():
        taken = np.flatnonzero(answering & (sample.rng.random(sample.size) < share))
        answering[taken] = False
        for row in taken.tolist():
            values[row] = [code]
    rows = np.flatnonzero(answering)
    ticked = np.zeros((len(rows), len(step.options)), dtype=bool)
    for at, option in enumerate(step.options.values()):
        propensity = sample.propensity({**step.weights, **option.weights}, step.noise, step)
        ticked[:, at] = highest(propensity[rows], option.share)
    if step.at_most is not None:
        # Which of too many ticks stay is drawn: the ranks of a random number among a person's ticks.
        lot = np.where(ticked, sample.rng.random(ticked.shape), 2.0)
        ticked &= lot.argsort(axis=1).argsort(axis=1) < step.at_most
    codes = list(step.options)
    for row, marks in zip(rows.tolist(), ticked.tolist(), strict=True):
        picked = [code for code, mark in zip(codes, marks, strict=True) if mark]
        values[row] = picked or ([step.otherwise] if step.otherwise else None)
    sample.values[step.variable] = values
    if step.specify:
        sample.values[f"{step.variable}_other"] = _specified(step, values, sample)


def _specified(step: Several, values: NDArray[Any], sample: _Sample) -> NDArray[Any]:
    written = np.full(sample.size, None, dtype=object)
    for row, picked in enumerate(values.tolist()):
        for code in picked or []:
            if sentences := step.specify.get(code):
                written[row] = sentences[int(sample.rng.integers(len(sentences)))]
    return written


def _words(step: Words, sample: _Sample) -> None:
    """Each person writes on the theme whose trait they feel most, or on "*" where none stands out."""
    names = [name for name in step.themes if name != ANY]
    felt = np.zeros((sample.size, len(names) + 1))
    for at, name in enumerate(names):
        trait = sample.trait(name.removeprefix("-"), step)
        felt[:, at] = -trait if name.startswith("-") else trait
    felt[:, -1] = 0.8 if ANY in step.themes else -np.inf
    theme = felt.argmax(axis=1)
    sentences = [step.themes[name] for name in [*names, *([ANY] if ANY in step.themes else [])]]
    values = np.full(sample.size, None, dtype=object)
    for row in np.flatnonzero(sample.rng.random(sample.size) < step.share).tolist():
        choice = sentences[theme[row]]
        values[row] = choice[int(sample.rng.integers(len(choice)))]
    sample.values[step.variable] = values
