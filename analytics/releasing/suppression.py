"""Local suppression: give up single values of the few people whom a rare combination would single out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Suppression:
    """The frame with erased values, and how many were erased of each variable.

    *records* is how many records lost at least one value.
    """

    frame: pl.DataFrame
    cells: dict[str, int]
    records: int

    @property
    def total(self) -> int:
        return sum(self.cells.values())


def suppress(frame: pl.DataFrame, k: int, fixed: list[str] | None = None) -> Suppression:
    """Erase values of *frame* (quasi-identifiers as columns) until no combination has fewer than *k* records.

    A missing value counts as a value of its own, which is the stricter reading: the people with an erased
    value must be *k* alike too. Variables are erased one after the other in the records of small classes
    only, the one with the most categories first, because that is where a value tells most and where giving
    it up merges most. Where the records left over at the end are themselves fewer than *k*, the smallest
    class that is large enough joins them. Columns in *fixed* count for the classes and are never erased.

    Source of the approach: Willenborg, de Waal (2001), Elements of Statistical Disclosure Control, ch. 5;
    the order of erasing is ours.

    >>> people = pl.DataFrame({"job": ["a", "a", "a", "b", "c"], "sex": ["f"] * 5})
    >>> done = suppress(people, 2)
    >>> done.frame["job"].to_list(), done.total
    (['a', 'a', 'a', None, None], 2)
    """
    kept = fixed or []
    columns = [code for code in frame.columns if code not in kept]
    order = sorted(columns, key=lambda code: (-frame[code].n_unique(), code))
    now = frame
    for code in order:
        small = pl.len().over(frame.columns) < k
        now = now.with_columns(pl.when(small).then(None).otherwise(pl.col(code)).alias(code))
    now = _absorb(now, k, columns, kept)
    erased = pl.DataFrame(
        {code: frame[code].is_not_null() & now[code].is_null() for code in columns},
        schema=dict.fromkeys(columns, pl.Boolean),
    )
    cells = {code: int(erased[code].sum()) for code in columns}
    records = int(erased.select(pl.any_horizontal(pl.all())).to_series().sum()) if columns else 0
    return Suppression(now, {code: count for code, count in cells.items() if count}, records)


def _absorb(frame: pl.DataFrame, k: int, columns: list[str], fixed: list[str]) -> pl.DataFrame:
    """Erase one more whole class while the records without any value are between 1 and k − 1.

    Done apart for each combination of the fixed columns; a combination that has fewer than *k* records in
    all stays too small, and the assessment that follows says so.
    """
    everything = frame.columns
    while True:
        sizes = frame.group_by(everything).len().sort(["len", *everything], nulls_last=True)
        empty = sizes.filter(pl.all_horizontal(pl.col(code).is_null() for code in columns), pl.col("len") < k)
        grown = False
        for rest in empty.iter_rows(named=True):
            here = pl.all_horizontal(
                pl.lit(True), *(pl.col(code).eq_missing(pl.lit(rest[code])) for code in fixed)
            )
            others = sizes.filter(here, pl.any_horizontal(pl.col(code).is_not_null() for code in columns))
            if others.is_empty():
                continue
            chosen = others.row(0, named=True)
            those = pl.all_horizontal(
                pl.col(code).eq_missing(pl.lit(chosen[code], dtype=frame.schema[code])) for code in everything
            )
            frame = frame.with_columns(
                pl.when(those).then(None).otherwise(pl.col(code)).alias(code) for code in columns
            )
            grown = True
            break
        if not grown:
            return frame
