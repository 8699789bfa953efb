"""Shares, means and quantiles of a whole specification, with their intervals.

Numbers come from `analytics.stats`, permission to show them from `analytics.publishable`: a number that must
not be shown is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
from django.utils.translation import gettext_noop

from analytics import bases, frames, weighting
from analytics.answers import Answers, answers, group_codes, numbers
from analytics.disclosure.cells import CellRule
from analytics.models import Snapshot
from analytics.publishable import shown_bases, shown_combination, shown_groups, shown_lines
from analytics.results import ALL, DECILES, QUARTILES, group_key
from analytics.specification import FigureSpec, Grouping, Specification
from analytics.stats.arrays import BoolArray, FloatArray, IntArray
from analytics.stats.design import Design
from analytics.stats.estimates import GroupEstimates, finish
from analytics.stats.intervals import wilson
from analytics.stats.moments import design_moments, value_moments
from analytics.stats.quantiles import estimate_quantile, weighted_quantile
from analytics.tallies import Cells, Tally, estimate_shares

Report = Callable[[int, int, str], None]


class _Split:
    """Everyone, or the groups of one grouping, with the rows of each."""

    def __init__(self, grouping: Grouping | None, data: pl.DataFrame) -> None:
        self.keys = [ALL] if grouping is None else [group_key(grouping.variable, c) for c in grouping.codes]
        self.variable = grouping.variable if grouping else ""
        self.codes: IntArray = np.zeros(data.height, dtype=np.int64)
        self.rows: list[slice | IntArray] = [slice(None)]
        self.sizes = np.array([data.height])
        if grouping is not None:
            self.codes = group_codes(data, grouping)
            groups: list[IntArray] = [np.flatnonzero(self.codes == g) for g in range(len(self.keys))]
            self.rows, self.sizes = [*groups], np.array([rows.size for rows in groups])


class Computation:
    """One run over one snapshot. Memory: the columns, the counts of one figure, the results."""

    def __init__(self, snapshot: Snapshot, wanted: Specification, report: Report) -> None:
        self.wanted, self.report = wanted, report
        self.rule = CellRule(wanted.minimum_cell)
        self.data = frames.frame(snapshot)
        self.weighted = weighting.design(self.data, snapshot.weighting)
        self.plain = Design.unweighted(self.data.height)
        self.cells = Cells(self.weighted or self.plain)
        self.everyone = _Split(None, self.data)
        self.splits = [_Split(grouping, self.data) for grouping in wanted.groupings]
        self.asked = bases.asked_counts(
            frames.scan(snapshot, texts=True).collect(), frames.versions(snapshot)
        )
        questionnaire = frames.questionnaire(snapshot)
        self.question_of = {
            variable: question.code for variable, question in questionnaire.question_of_variable().items()
        }
        self.read_by = bases.conditions_read(questionnaire)
        self.figures: dict[str, dict[str, Any]] = {}

    def run(self) -> dict[str, Any]:
        total = len(self.wanted.figures)
        combined: dict[str, list[FigureSpec]] = {}
        for spec in self.wanted.figures:
            if spec.kind == "combination":
                combined.setdefault(spec.parent, []).append(spec)
        done = 0
        for spec in self.wanted.figures:
            found = answers(self.data, spec)
            if found:
                self._shares(found, combined.get(spec.key, []))
                done += 1 + len(combined.get(spec.key, []))
                if done % 8 == 0:
                    self.report(done, total, gettext_noop("Calcul des parts"))
        for spec in self.wanted.figures:
            if spec.kind in {"number", "scale"} and spec.variable in self.data.columns:
                self._measures(spec)
                done += 1
                self.report(done, total, gettext_noop("Calcul des moyennes"))
        sizes: dict[str, int] = {ALL: self.data.height}
        for split in self.splits:
            allowed = shown_groups(np.array([self.data.height, *split.sizes]), self.rule)[1:]
            sizes |= {
                key: int(size) for key, size, ok in zip(split.keys, split.sizes, allowed, strict=True) if ok
            }
        return {
            "n": self.data.height,
            "weighted": self.weighted is not None,
            "sizes": sizes,
            "figures": self.figures,
        }

    # --- shares ---------------------------------------------------------------------------------------

    def _shares(self, given: Answers, combined: list[FigureSpec]) -> None:
        """A figure and the combinations of its cells, for everyone and in every group."""
        whole = given.tally(self.cells, self.everyone.codes, 1)
        for split in [self.everyone, *self.splits]:
            single = split is self.everyone
            tally = whole if single else given.tally(self.cells, split.codes, len(split.keys))
            people = whole.people if single else np.vstack([whole.people, tally.people])
            sizes = whole.bases if single else np.concatenate([whole.bases, tally.bases])
            shown = self._shown(given.spec, people, sizes)
            first = 0 if single else 1
            described = (shown_groups(sizes, self.rule) & self._told(given.spec, split, sizes))[first:]
            self._keep_shares(given.spec, split, tally, shown[first:], described, whole)
            for spec in combined:
                members = [given.spec.codes.index(code) for code in spec.codes]
                chosen = np.isin(np.arange(len(given.spec.codes)), members)
                allowed = shown_combination(people, shown, chosen, self.rule)[first:, None]
                self._keep_shares(spec, split, tally.together(members), allowed, described, whole)

    def _shown(self, spec: FigureSpec, people: IntArray, sizes: IntArray) -> BoolArray:
        """(groups, cells): what the rule lets through, everyone first."""
        if spec.kind != "multiple":
            return shown_lines(people, self.rule)
        pairs = [np.column_stack([column, sizes - column]) for column in people.T]
        return np.column_stack([shown_lines(pair, self.rule)[:, 0] for pair in pairs])

    def _keep_shares(
        self,
        spec: FigureSpec,
        split: _Split,
        tally: Tally,
        shown: BoolArray,
        described: BoolArray,
        whole: Tally,
    ) -> None:
        weighted = estimate_shares(self.cells, tally, level=self.wanted.level) if self.weighted else None
        people, sizes = tally.people, tally.bases
        kept: dict[str, Any] = {}
        for g, key in enumerate(split.keys):
            n = int(sizes[g])
            if not described[g]:
                continue
            cells: list[list[float | int | None] | None] = []
            for c in range(people.shape[1]):
                if not shown[g, c]:
                    cells.append(None)
                    continue
                count = int(people[g, c])
                plain = wilson(count, n, level=self.wanted.level)
                estimated = _weighted_numbers(weighted, g, c, n)
                cells.append([count, *estimated, count / n, plain.lower, plain.upper])
            kept[key] = {"n": n, "cells": cells}
        self._figure(spec, int(whole.bases[0]))["groups"] |= kept

    # --- means and quantiles --------------------------------------------------------------------------

    def _measures(self, spec: FigureSpec) -> None:
        values = numbers(self.data, spec.variable)
        known = ~np.isnan(values)
        weighted = _means(self.weighted, values, self.wanted.level) if self.weighted else None
        plain = _means(self.plain, values, self.wanted.level)
        for split in [self.everyone, *self.splits]:
            sizes = np.array([int(known[rows].sum()) for rows in split.rows])
            single = split is self.everyone
            line = sizes if single else np.array([int(known.sum()), *sizes])
            shown = (shown_groups(line, self.rule) & self._told(spec, split, line))[0 if single else 1 :]
            means, raw = weighted(split) if weighted else None, plain(split)
            kept: dict[str, Any] = {}
            for g, key in enumerate(split.keys):
                if not shown[g]:
                    continue
                n = int(sizes[g])
                one = raw.at(g, 0)
                cell = [
                    None,
                    *_weighted_numbers(means, g, 0, n),
                    one.estimate,
                    *_bounds(one.lower, one.upper),
                ]
                kept[key] = {
                    "n": n,
                    "cells": [cell],
                    "quantiles": self._quantiles(spec, values, split.rows[g], single, n),
                }
            self._figure(spec, int(known.sum()))["groups"] |= kept

    def _quantiles(
        self, spec: FigureSpec, values: FloatArray, rows: slice | IntArray, everyone: bool, n: int
    ) -> dict[str, dict[str, list[float | None]]]:
        """Quartiles, with intervals for everyone; deciles of a score for everyone (what norms need).

        A quantile is the value that somebody gave: it is kept where the minimum of people stands on either
        side of it.
        """
        outcome: dict[str, dict[str, list[float | None]]] = {"weighted": {}, "unweighted": {}}
        for name, design in (("weighted", self.weighted), ("unweighted", self.plain)):
            if design is None:
                continue
            for p in QUARTILES:
                if not self._enough(p, n):
                    continue
                if everyone:
                    found = estimate_quantile(design, values, p, level=self.wanted.level)
                    outcome[name][str(p)] = [found.estimate, *_bounds(found.lower, found.upper)]
                else:
                    value = weighted_quantile(values[rows], p, design.weights[rows])
                    outcome[name][str(p)] = [value, None, None]
            if everyone and spec.kind == "scale":
                for p in DECILES:
                    if str(p) not in outcome[name] and self._enough(p, n):
                        value = weighted_quantile(values, p, design.weights)
                        outcome[name][str(p)] = [value, None, None]
        return outcome

    def _enough(self, p: float, n: int) -> bool:
        return min(p, 1 - p) * n >= self.rule.minimum - 1e-9

    # --- shared ---------------------------------------------------------------------------------------

    def _told(self, spec: FigureSpec, split: _Split, sizes: IntArray) -> BoolArray:
        """Where the base of a question that only some are asked may be told; *sizes*: everyone, then groups.

        "Asked of those who were attacked, n = 57 of 60" tells how many were not: the base is a cell of the
        condition, and obeys the rule like any other. Not so where the condition is the grouping itself.
        """
        read = self.read_by.get(spec.variable, set())
        if not read - {split.variable}:
            return np.ones(sizes.size, dtype=np.bool_)
        everyone = [self.data.height]
        people = np.array(everyone if split is self.everyone else [*everyone, *split.sizes])
        return shown_bases(sizes, people, self.rule)

    def _figure(self, spec: FigureSpec, base: int) -> dict[str, Any]:
        """Where the figure is kept. How many were asked is told unless that singles out a silent few."""
        asked = self.asked.get(self.question_of.get(spec.variable, ""))
        if asked is not None and self.rule.small(asked - base):
            asked = None
        return self.figures.setdefault(spec.key, {"asked": asked, "groups": {}})


def _means(design: Design, values: FloatArray, level: float) -> Callable[[_Split], GroupEstimates]:
    """The mean of a number in any split; the sums of the design are made once."""
    sums = design_moments(design)

    def of(split: _Split) -> GroupEstimates:
        moments = value_moments(design, values[:, None], split.codes, len(split.keys))
        return finish(sums, moments, kind="mean", level=level, factors=design.stratum_factors)

    return of


def _weighted_numbers(estimates: GroupEstimates | None, g: int, c: int, n: int) -> list[float | None]:
    """Effective n, then the weighted value and its bounds (None without weights)."""
    if estimates is None:
        return [float(n), None, None, None]
    one = estimates.at(g, c)
    return [one.effective_n, one.estimate, *_bounds(one.lower, one.upper)]


def _bounds(lower: float, upper: float) -> list[float | None]:
    return [None if value != value else float(value) for value in (lower, upper)]
