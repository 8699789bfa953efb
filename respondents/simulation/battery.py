"""The items of a scale, calibrated so that given shares of people reach given scores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from respondents.simulation.quotas import Floats, Whole, normal_scores
from respondents.simulation.spec import ANY, Anchor, Battery, Target

SOLVED_ON = 2_000  # people of a group at most; more changes a share by less than sampling does
ROUNDS = 4  # offsets of anchored items and parameters of groups are solved in turn
LOCATIONS, SPREADS = (-150.0, 250.0), (4.0, 60.0)
HALVINGS = 14  # of these ranges: to 0.03 and 0.004 points
STEP = 25.0  # points between two options
STRONGEST = 4  # the last of five options


@dataclass(frozen=True)
class _People:
    """One group: propensity as normal scores, noise of every item, and which items are answered."""

    z: Floats
    noise: Floats
    answered: NDArray[np.bool_]

    def some(self, most: int) -> _People:
        """At most *most* of them, evenly spread over the propensity."""
        if len(self.z) <= most:
            return self
        at = np.argsort(self.z)[np.linspace(0, len(self.z) - 1, most).astype(np.int64)]
        return _People(self.z[at], self.noise[at], self.answered[at])


@dataclass(frozen=True)
class _Line:
    """Location and spread of a group."""

    location: float
    spread: float

    def latent(self, people: _People, offsets: Floats) -> Floats:
        return self.location + self.spread * people.z[:, None] + offsets[None, :] + people.noise

    def answers(self, people: _People, offsets: Floats) -> Whole:
        nearest = np.rint(self.latent(people, offsets) / STEP)
        return np.clip(nearest, 0, STRONGEST).astype(np.int64)


def draw(
    step: Battery,
    z: Floats,
    groups: dict[str, Whole],
    answered: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Whole:
    """The answers: people x items, 0 to 4 from the weakest to the strongest, before any reversal.

    *z* is each person's propensity (its normal scores within the group are used), *groups* the rows of each
    group, *answered* people x items.
    """
    noise = rng.standard_normal((len(z), len(step.items))) * step.blur
    offsets = np.array(list(step.items.values()))
    groups = {name: rows for name, rows in groups.items() if len(rows)}
    people = {
        name: _People(normal_scores(z[rows]), noise[rows], answered[rows]) for name, rows in groups.items()
    }
    sample = {name: group.some(SOLVED_ON) for name, group in people.items()}
    lines = dict.fromkeys(people, _Line(step.location, step.spread))
    for _round in range(ROUNDS if step.targets and step.anchors else 1):
        for anchor in step.anchors:
            item = list(step.items).index(anchor.item)
            offsets[item] = 0.0
            latent = np.concatenate([lines[name].latent(people[name], offsets)[:, item] for name in people])
            known = np.concatenate([people[name].answered[:, item] for name in people])
            offsets[item] = _offset(anchor, latent[known])
        lines = {name: _line(step, name, group, offsets) for name, group in sample.items()}
    chosen = np.zeros(noise.shape, dtype=np.int64)
    for name, rows in groups.items():
        chosen[rows] = lines[name].answers(people[name], offsets)
    return chosen


def _offset(anchor: Anchor, latent: Floats) -> float:
    """What to add so that *anchor.share* of *latent* is rounded to *anchor.value* or more."""
    return float(anchor.value - STEP / 2 - np.quantile(latent, 1 - anchor.share)) if len(latent) else 0.0


def _line(step: Battery, name: str, people: _People, offsets: Floats) -> _Line:
    """The line of a group: solved from the step's targets, each to the nearest that its size allows."""

    def short(line: _Line, target: Target) -> bool:
        wanted = target.share.get(name, target.share.get(ANY, 0.0))
        return _reach(step, people, line, offsets, target.score) < wanted

    def located(spread: float) -> _Line:
        lowest = step.targets[0]
        return _Line(_bisect(LOCATIONS, lambda location: short(_Line(location, spread), lowest)), spread)

    match len(step.targets):
        case 0:
            return _Line(step.location, step.spread)
        case 1:
            return located(step.spread)
        case _:
            highest = step.targets[1]
            return located(_bisect(SPREADS, lambda spread: short(located(spread), highest)))


def _bisect(span: tuple[float, float], too_low: Callable[[float], bool]) -> float:
    low, high = span
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        if too_low(middle):
            low = middle
        else:
            high = middle
    return high


def _reach(step: Battery, people: _People, line: _Line, offsets: Floats, score: float) -> float:
    """Share of those with a score whose score is at least *score*."""
    points = line.answers(people, offsets) * people.answered
    count = people.answered.sum(axis=1)
    scored = count >= step.min_answered
    if not scored.any():
        return 0.0
    return float((STEP * points.sum(axis=1) >= score * count)[scored].mean())
