"""Every figure of a specification on a snapshot: shares, means and quantiles with their intervals.

Numbers come from `analytics.stats`, permission to show them from `analytics.publishable`. The outcome is one
`EstimateSet`, addressed by the digests of snapshot and specification, read through `analytics.results`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext_noop

from analytics import bases, blocks, frames, weighting
from analytics.comparisons import combinations
from analytics.disclosure.cells import CellRule
from analytics.models import EstimateSet, Snapshot
from analytics.publishable import shown_combination, shown_groups, shown_lines
from analytics.results import ALL, Results, group_key
from analytics.specification import FigureSpec, Grouping, Specification, specify
from analytics.stats.arrays import BoolArray, FloatArray, IntArray
from analytics.stats.design import Design
from analytics.stats.estimates import GroupEstimates, finish
from analytics.stats.intervals import wilson
from analytics.stats.moments import design_moments, value_moments
from analytics.stats.quantiles import estimate_quantile, weighted_quantile

Report = Callable[[int, int, str], None]
QUARTILES = (0.25, 0.5, 0.75)
DECILES = tuple(round(tenth / 10, 1) for tenth in range(1, 10))


def specification(snapshot: Snapshot) -> Specification:
    """What is estimated on *snapshot*, from its latest questionnaire, its survey's policy and its weights."""
    known = frames.versions(snapshot)
    latest = max(known)
    return specify(
        known[latest],
        version=latest,
        minimum_cell=snapshot.survey.minimum_cell,
        weighting=snapshot.weighting.get("digest", "") if snapshot.weighting.get("state") == "raked" else "",
        combinations=combinations(snapshot.survey.slug, known[latest]),
    )


def estimates_of(snapshot: Snapshot, *, public: bool = False) -> Results | None:
    """The figures of *snapshot* if they are computed; what anybody may have of them if *public*."""
    found = snapshot.estimate_sets.filter(specification_digest=specification(snapshot).digest).first()
    if found is None:
        # The specification has moved on since (a new policy, say): what was computed last still stands.
        found = snapshot.estimate_sets.order_by("-pk").first()
    if found is None:
        return None
    found.snapshot = snapshot
    return Results(found, public=public)


def compute(snapshot: Snapshot, report: Report | None = None) -> EstimateSet:
    """Compute the figures of *snapshot*, or return them if they are there. Safe to call twice."""
    wanted = specification(snapshot)
    same = snapshot.estimate_sets.filter(specification_digest=wanted.digest).first()
    if same:
        return same
    started = time.perf_counter()
    results = _Computation(snapshot, wanted, report or (lambda *_: None)).run()
    with transaction.atomic():
        found, _created = EstimateSet.objects.get_or_create(
            snapshot=snapshot,
            specification_digest=wanted.digest,
            defaults={
                "specification": wanted.document(),
                "results": results,
                "seconds": time.perf_counter() - started,
            },
        )
    return found


class _Split:
    """Everyone, or the groups of one grouping, with the rows of each."""

    def __init__(self, grouping: Grouping | None, data: pl.DataFrame) -> None:
        self.keys = [ALL] if grouping is None else [group_key(grouping.variable, c) for c in grouping.codes]
        self.codes: IntArray | None = None if grouping is None else blocks.group_codes(data, grouping)
        self.rows: list[slice | IntArray] = [slice(None)]
        self.sizes = np.array([data.height])
        if self.codes is not None:
            groups: list[IntArray] = [np.flatnonzero(self.codes == g) for g in range(len(self.keys))]
            self.rows, self.sizes = [*groups], np.array([rows.size for rows in groups])


class _Computation:
    """One run over one snapshot. Memory: the columns, one block of indicators, the results."""

    def __init__(self, snapshot: Snapshot, wanted: Specification, report: Report) -> None:
        self.wanted, self.report = wanted, report
        self.rule = CellRule(wanted.minimum_cell)
        self.data = frames.frame(snapshot)
        self.weighted = weighting.design(self.data, snapshot.weighting)
        self.plain = Design.unweighted(self.data.height)
        self.everyone = _Split(None, self.data)
        self.splits = [_Split(grouping, self.data) for grouping in wanted.groupings]
        self.asked = bases.asked_counts(
            frames.scan(snapshot, texts=True).collect(), frames.versions(snapshot)
        )
        self.question_of = {
            variable: question.code
            for variable, question in frames.questionnaire(snapshot).question_of_variable().items()
        }
        self.figures: dict[str, dict[str, Any]] = {}

    def run(self) -> dict[str, Any]:
        found = [item for spec in self.wanted.figures if (item := blocks.indicators(self.data, spec))]
        combined = [spec for spec in self.wanted.figures if spec.kind == "combination"]
        done, total = 0, len(self.wanted.figures)
        for items, values, answered in blocks.packed(self._with_combinations(found, combined)):
            self._shares(items, values, answered)
            done += len(items)
            self.report(done, total, gettext_noop("Calcul des parts"))
        measured = [
            spec
            for spec in self.wanted.figures
            if spec.kind in {"number", "scale"} and spec.variable in self.data.columns
        ]
        for spec in measured:
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

    def _with_combinations(
        self, found: list[blocks.Indicators], combined: list[FigureSpec]
    ) -> list[blocks.Indicators]:
        """Combinations as one more column, right behind the figure they add up."""
        ordered: list[blocks.Indicators] = []
        for item in found:
            ordered.append(item)
            for spec in combined:
                if spec.parent == item.spec.key:
                    members = [item.spec.codes.index(code) for code in spec.codes]
                    value = np.asarray(item.values[:, members].any(axis=1))[:, None]
                    ordered.append(blocks.Indicators(spec, value, item.answered))
        self.cells = {item.spec.key: item for item in found}
        return ordered

    # --- shares ---------------------------------------------------------------------------------------

    def _shares(self, items: list[blocks.Indicators], values: BoolArray, answered: BoolArray) -> None:
        weighted = self._share_estimates(items, values, answered)
        for split in [self.everyone, *self.splits]:
            counts = np.array([values[rows].sum(axis=0) for rows in split.rows])
            bases_ = np.array([answered[rows].sum(axis=0) for rows in split.rows])
            estimates, at = weighted(split), 0
            for item in items:
                width = item.values.shape[1]
                columns = slice(at, at + width)
                self._keep_shares(item, split, counts[:, columns], bases_[:, at], estimates, columns)
                at += width

    def _share_estimates(
        self, items: list[blocks.Indicators], values: BoolArray, answered: BoolArray
    ) -> Callable[[_Split], GroupEstimates | None]:
        """Shares of a block. The cells of a figure share their base, so its sums are made once per figure."""
        design = self.weighted
        if design is None:
            return lambda _split: None
        widths = [item.values.shape[1] for item in items]
        figure_of = np.repeat(np.arange(len(items)), widths)
        once = np.column_stack([item.answered for item in items])
        sums = design_moments(design)

        def of(split: _Split) -> GroupEstimates:
            y = value_moments(design, values, split.codes, len(split.keys))
            a = value_moments(design, once, split.codes, len(split.keys))
            people = np.array([answered[rows].sum(axis=0) for rows in split.rows])
            both = replace(
                y,
                answered=people,
                base_a=a.base_y[..., figure_of],
                squared_a=a.squared_y[..., figure_of],
                first_a=a.first_y[..., figure_of],
            )
            return finish(sums, both, kind="share", level=self.wanted.level, factors=design.stratum_factors)

        return of

    def _keep_shares(
        self,
        item: blocks.Indicators,
        split: _Split,
        counts: IntArray,
        sizes: IntArray,
        weighted: GroupEstimates | None,
        columns: slice,
    ) -> None:
        everyone = item.values.sum(axis=0)
        base = int(item.answered.sum())
        shown = self._shown(item, split, counts, sizes, everyone, base)
        kept: dict[str, Any] = {}
        for g, key in enumerate(split.keys):
            n = int(sizes[g])
            if n < self.rule.minimum:
                continue
            cells: list[list[float | int | None] | None] = []
            for c in range(counts.shape[1]):
                if not shown[g, c]:
                    cells.append(None)
                    continue
                count = int(counts[g, c])
                plain = wilson(count, n, level=self.wanted.level)
                cells.append(
                    [
                        count,
                        *_weighted_numbers(weighted, g, columns.start + c, n),
                        count / n,
                        plain.lower,
                        plain.upper,
                    ]
                )
            kept[key] = {"n": n, "cells": cells}
        self._figure(item.spec, base)["groups"] |= kept

    def _shown(
        self,
        item: blocks.Indicators,
        split: _Split,
        counts: IntArray,
        sizes: IntArray,
        everyone: IntArray,
        base: int,
    ) -> BoolArray:
        """(groups, cells) of this split: what the rule lets through."""
        spec, single = item.spec, split is self.everyone
        if spec.kind == "combination":
            parent = self.cells[spec.parent]
            cells = np.array([parent.values[rows].sum(axis=0) for rows in split.rows])
            whole = parent.values.sum(axis=0)
            lines = cells if single else np.vstack([whole, cells])
            shown = shown_lines(lines, self.rule)
            members = np.isin(np.array(parent.spec.codes), np.array(spec.codes))
            allowed = shown_combination(lines, shown, members, self.rule)
            return (allowed if single else allowed[1:])[:, None]
        if spec.kind == "multiple":
            columns = []
            for c in range(counts.shape[1]):
                pair = np.column_stack([counts[:, c], sizes - counts[:, c]])
                if not single:
                    pair = np.vstack([[everyone[c], base - everyone[c]], pair])
                shown = shown_lines(pair, self.rule)[:, 0]
                columns.append(shown if single else shown[1:])
            return np.column_stack(columns)
        lines = counts if single else np.vstack([everyone, counts])
        shown = shown_lines(lines, self.rule)
        return shown if single else shown[1:]

    # --- means and quantiles --------------------------------------------------------------------------

    def _measures(self, spec: FigureSpec) -> None:
        values = blocks.numbers(self.data, spec.variable)
        known = ~np.isnan(values)
        weighted = _means(self.weighted, values, self.wanted.level) if self.weighted else None
        plain = _means(self.plain, values, self.wanted.level)
        for split in [self.everyone, *self.splits]:
            sizes = np.array([int(known[rows].sum()) for rows in split.rows])
            single = split is self.everyone
            line = sizes if single else np.array([int(known.sum()), *sizes])
            shown = shown_groups(line, self.rule)[0 if single else 1 :]
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
                    "quantiles": self._quantiles(spec, values, split.rows[g], single),
                }
            self._figure(spec, int(known.sum()))["groups"] |= kept

    def _quantiles(
        self, spec: FigureSpec, values: FloatArray, rows: slice | IntArray, everyone: bool
    ) -> dict[str, dict[str, list[float | None]]]:
        """Quartiles, with intervals for everyone; deciles of a score for everyone (what norms need)."""
        outcome: dict[str, dict[str, list[float | None]]] = {"weighted": {}, "unweighted": {}}
        for name, design in (("weighted", self.weighted), ("unweighted", self.plain)):
            if design is None:
                continue
            for p in QUARTILES:
                if everyone:
                    found = estimate_quantile(design, values, p, level=self.wanted.level)
                    outcome[name][str(p)] = [found.estimate, *_bounds(found.lower, found.upper)]
                else:
                    value = weighted_quantile(values[rows], p, design.weights[rows])
                    outcome[name][str(p)] = [value, None, None]
            if everyone and spec.kind == "scale":
                for p in DECILES:
                    if str(p) not in outcome[name]:
                        value = weighted_quantile(values, p, design.weights)
                        outcome[name][str(p)] = [value, None, None]
        return outcome

    # --- shared ---------------------------------------------------------------------------------------

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
