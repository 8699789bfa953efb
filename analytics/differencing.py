"""What the public could learn by subtracting the results of one freeze from those of another.

Figures of 1,553 responses less figures of 1,550 are figures of three people. So a freeze may become public
only where the responses that came or went since every freeze that has ever been public are none, or at least
the minimum of a cell: in all, and in each group that is described.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from analytics import frames
from analytics.models import Snapshot
from surveys.definition import text


@dataclass(frozen=True)
class Telling:
    """A difference that would tell about a few people: with which freeze, in which group ("" in all)."""

    number: int
    group: str
    people: int


def telling_difference(snapshot: Snapshot, *, language: str) -> Telling | None:
    """The first difference of *snapshot* with what has been public that is too small, None if there is none."""
    earlier = snapshot.survey.snapshots.filter(was_public=True).exclude(digest=snapshot.digest)
    questionnaire = frames.questionnaire(snapshot)
    grouping = questionnaire.group_by[0] if questionnaire.group_by else ""
    now = _people(snapshot, grouping)
    minimum = snapshot.survey.minimum_cell
    for other in earlier.order_by("-number"):
        before = _people(other, grouping)
        changed = pl.concat(
            [
                now.join(before, on="_response", how="anti"),
                before.join(now, on="_response", how="anti"),
            ]
        )
        if 0 < changed.height < minimum:
            return Telling(other.number, "", changed.height)
        sizes = changed.group_by("group").len().sort("group")
        described = set(
            pl.concat([now, before])
            .group_by("group")
            .len()
            .filter(pl.col("len") >= minimum)["group"]
            .to_list()
        )
        for group, people in sizes.iter_rows():
            if group is not None and group in described and people < minimum:
                question = questionnaire.question_of_variable()[grouping]
                labels = {o.code: text(o.label, language) for o in questionnaire.options(question)}
                return Telling(other.number, labels.get(group, group), people)
    return None


def _people(snapshot: Snapshot, grouping: str) -> pl.DataFrame:
    """Random ids and group of the responses of *snapshot*."""
    lazy = frames.scan(snapshot)
    known = grouping and grouping in lazy.collect_schema().names()
    group = pl.col(grouping).cast(pl.String) if known else pl.lit(None, dtype=pl.String)
    return lazy.select("_response", group.alias("group")).collect()
