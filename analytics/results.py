"""The numbers of an estimate set, as frozen values that pages, charts and reports read.

Everything here has passed the disclosure rule: a number that must not be shown is not stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analytics import rounding
from analytics.models import EstimateSet
from analytics.specification import FigureSpec, Grouping

ALL = ""  # the group of everyone
QUARTILES = (0.25, 0.5, 0.75)
DECILES = tuple(round(tenth / 10, 1) for tenth in range(1, 10))


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, as a share (0 to 1) or in the units of the variable."""

    value: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Cell:
    """One number of a figure in one group. `count` of `n` people (unweighted; no count for a mean)."""

    n: int
    count: int | None
    n_effective: float
    weighted: Estimate | None
    unweighted: Estimate

    def best(self, weighted: bool = True) -> Estimate:
        """The weighted estimate if wanted and there is one."""
        return self.weighted if weighted and self.weighted else self.unweighted


@dataclass(frozen=True)
class Quantiles:
    """Of a number or a score: probability -> value. Intervals for everyone only."""

    weighted: dict[float, Estimate]
    unweighted: dict[float, Estimate]

    def best(self, weighted: bool = True) -> dict[float, Estimate]:
        return self.weighted if weighted and self.weighted else self.unweighted


@dataclass(frozen=True)
class Figure:
    """A figure in all its groups. Groups and cells that must not be shown are absent (None)."""

    spec: FigureSpec
    asked: int | None
    stored: dict[str, Any]

    @property
    def key(self) -> str:
        return self.spec.key

    def n(self, group: str = ALL) -> int | None:
        """The unweighted base in *group*: the people who gave an answer that says something."""
        found = self.stored.get(group)
        return found["n"] if found else None

    def cell(self, code: str = "", group: str = ALL) -> Cell | None:
        """The cell of *code* (empty for a mean or a combination) in *group*; None where it is withheld."""
        found = self.stored.get(group)
        if not found:
            return None
        at = self.spec.codes.index(code) if code and self.spec.kind != "combination" else 0
        numbers = found["cells"][at]
        if numbers is None:
            return None
        count, effective, w, w_low, w_high, u, u_low, u_high = numbers
        return Cell(
            n=found["n"],
            count=count,
            n_effective=effective,
            weighted=None if w is None else Estimate(w, w_low, w_high),
            unweighted=Estimate(u, u_low, u_high),
        )

    def quantiles(self, group: str = ALL) -> Quantiles | None:
        found = self.stored.get(group)
        if not found or "quantiles" not in found:
            return None
        sets = [
            {float(p): Estimate(*numbers) for p, numbers in found["quantiles"][name].items()}
            for name in ("weighted", "unweighted")
        ]
        return Quantiles(*sets)

    @property
    def share(self) -> bool:
        return self.spec.kind not in {"number", "scale"}


class Results:
    """The figures of one estimate set, by key.

    *public*: only everyone and the groups of the main grouping. The rule protects each grouping beside the
    whole, not several of them together, so the public may have one. And numbers are rounded as they are
    printed (`analytics.rounding`), because exact weighted ones give withheld counts back.
    """

    def __init__(self, estimates: EstimateSet, *, public: bool = False) -> None:
        self.public = public
        self.snapshot_digest: str = estimates.snapshot.digest
        self.specification_digest = estimates.specification_digest
        self._specification = estimates.specification
        self._stored = estimates.results

    @property
    def n(self) -> int:
        """All responses of the snapshot."""
        return int(self._stored["n"])

    @property
    def weighted(self) -> bool:
        return bool(self._stored["weighted"])

    @property
    def minimum_cell(self) -> int:
        return int(self._specification["minimum_cell"])

    @cached_property
    def specs(self) -> dict[str, FigureSpec]:
        return {
            raw["key"]: FigureSpec(**{**raw, "codes": tuple(raw["codes"]), "starts": tuple(raw["starts"])})
            for raw in self._specification["figures"]
        }

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """The main one first: the only one that public pages may filter by."""
        found = [Grouping(g["variable"], tuple(g["codes"])) for g in self._specification["groupings"]]
        return tuple(found[:1] if self.public else found)

    @cached_property
    def _open_groups(self) -> set[str]:
        return {ALL, *(group_key(g.variable, code) for g in self.groupings for code in g.codes)}

    def figure(self, key: str) -> Figure | None:
        spec = self.specs.get(key)
        if spec is None or key not in self._stored["figures"]:
            return None
        stored = self._stored["figures"][key]
        groups = {key: group for key, group in stored["groups"].items() if key in self._open_groups}
        if self.public:
            share = spec.kind not in {"number", "scale"}
            groups = {key: rounding.group(group, is_share=share) for key, group in groups.items()}
        return Figure(spec, stored["asked"], groups)

    def figures(self) -> Iterator[Figure]:
        for key in self.specs:
            if figure := self.figure(key):
                yield figure

    def group_size(self, group: str) -> int | None:
        """Respondents in *group*, None where it is too small to be described."""
        size: int | None = self._stored["sizes"].get(group) if group in self._open_groups else None
        return size

    def groups(self, grouping: Grouping) -> list[str]:
        """The groups of *grouping* that may be described, as the keys that figures take."""
        keys = [group_key(grouping.variable, code) for code in grouping.codes]
        return [key for key in keys if self._stored["sizes"].get(key)]

    def address(self, key: str) -> str:
        """What a figure carries to say what it came from: snapshot · specification · figure."""
        return f"{self.snapshot_digest[:12]}·{self.specification_digest[:8]}·{key}"


def group_key(variable: str, code: str) -> str:
    return f"{variable}={code}"
