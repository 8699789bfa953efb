"""The items of a scale, calibrated so that given shares of people reach given scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respondents.simulation.quotas import Floats, normal_scores
from respondents.simulation.spec import ANY, Battery, Target

SOLVED_ON = 2_000  # people of a group at most; more changes a share by less than sampling does
ROUNDS = 5  # offsets of anchored items and group parameters are solved in turn
LOCATIONS, SPREADS = (-150.0, 250.0), (4.0, 60.0)
STEPS = 18  # bisections: 400 / 2**18 points
STEP = 25.0  # points between two options
TOP = 4  # the last of five options


@dataclass(frozen=True)
class _People:
    """One group: propensity, noise of every item, and which items are answered."""

    z: Floats
    noise: Floats
    answered: NDArray[np.bool_]

    def some(self, most: int) -> _People:
        """At most *most* of them, evenly spread over the propensity."""
        if len(self.z) <= most:
            return self
        at = np.argsort(self.z)[np.linspace(0, len(self.z) - 1, most).astype(np.int64)]
        return _People(self.z[at], self.noise[at], self.answered[at])


def draw(step: Battery, z: Floats, groups: list[tuple[str, NDArray[np.int64]]], rng: np.random.Generator,
         answered: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The answers: people x items, 0 to 4 from the weakest to the strongest, before any reversal.

    *z* is each person's propensity (any scale: its normal scores within the group are used), *groups* the
    rows of each group, *answered* people x items.
    """
    noise = rng.standard_normal((len(z), len(step.items))) * step.blur
    offsets = np.array(list(step.items.values()))
    people = {name: _People(normal_scores(z[rows]), noise[rows], answered[rows]) for name, rows in groups if len(rows)}
    sample = {name: group.some(SOLVED_ON) for name, group in people.items()}
    weight = {name: len(group.z) for name, group in people.items()}
    solved = {name: (step.location, step.spread) for name in people}
    for _round in range(ROUNDS):
        for anchor in step.anchors:
            item = list(step.items).index(anchor.item)
            offsets[item] = _anchored(anchor.value, anchor.share, item, sample, weight, solved)
        if not step.targets:
            break
        solved = {name: _solve(step, name, group, offsets) for name, group in sample.items()}
    chosen = np.zeros(noise.shape, dtype=np.int64)
    for name, rows in groups:
        if len(rows):
            chosen[rows] = _answers(people[name], *solved[name], offsets)
    return chosen


def _latent(group: _People, location: float, spread: float, offsets: Floats) -> Floats:
    return location + spread * group.z[:, None] + offsets[None, :] + group.noise


def _answers(group: _People, location: float, spread: float, offsets: Floats) -> NDArray[np.int64]:
    return np.clip(np.rint(_latent(group, location, spread, offsets) / STEP), 0, TOP).astype(np.int64)


def _reach(step: Battery, group: _People, location: float, spread: float, offsets: Floats, score: float) -> float:
    """Share of those with a score whose score is at least *score*."""
    points = _answers(group, location, spread, offsets) * STEP
    count = group.answered.sum(axis=1)
    valid = count >= step.min_answered
    total = (points * group.answered).sum(axis=1)
    reached = total[valid] >= score * count[valid] - 1e-9
    return float(reached.mean()) if len(reached) else 0.0


def _bisect(low: float, high: float, too_low: list[bool] | None, test) -> float:  # type: ignore[no-untyped-def]
    for _step in range(STEPS):
        middle = (low + high) / 2
        if test(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _solve(step: Battery, name: str, group: _People, offsets: Floats) -> tuple[float, float]:
    raise NotImplementedError


def _share(target: Target, name: str) -> float:
    return target.share.get(name, target.share.get(ANY, 0.0))
