"""What to change so that a refused dataset may leave: the greedy search, on the levels of this survey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.disclosure.recoding import suggest_recoding
from analytics.releasing.assessment import MAX_ERASED, Prior, assess, beside
from analytics.releasing.hierarchies import DROP, KEEP, Levels
from analytics.releasing.recoding import Recoding, quasi_identifiers, recoded
from surveys.definition import Questionnaire


def suggest(
    frame: pl.DataFrame,
    questionnaire: Questionnaire,
    recoding: Recoding,
    levels: Levels,
    *,
    minimum: int,
    priors: Sequence[Prior] = (),
) -> list[Recoding]:
    """Recodings near *recoding* that would be accepted, at most two.

    Each starts from what was chosen and only makes it coarser. What results are compared by (`group_by`,
    the main one first) is given up last; the second one leaves the main one in full detail. Rare
    combinations are erased at the end, in few records (`MAX_ERASED`). Where nothing else will do, the
    only suggestion is to leave every quasi-identifier out, if at least that is accepted.
    """
    search = _Search(frame, questionnaire, levels, minimum, priors)
    wanted = [code for code in questionnaire.group_by if code in recoding.released(levels)]
    found = [search.near(recoding, wanted, held=[]), search.near(recoding, wanted, held=wanted[:1])]
    nothing = Recoding(dict.fromkeys(levels, DROP), licence=recoding.licence)
    accepted: list[Recoding] = []
    for trial in found:
        if trial and trial not in accepted:
            accepted.append(trial)
    if not accepted and search.accepts(nothing):
        accepted.append(nothing)
    return accepted


@dataclass(frozen=True)
class _Search:
    """Looks for recodings of one snapshot that are accepted."""

    frame: pl.DataFrame
    questionnaire: Questionnaire
    levels: Levels
    minimum: int
    priors: Sequence[Prior]

    def accepts(self, trial: Recoding) -> bool:
        return assess(
            self.frame, self.questionnaire, trial, self.levels, minimum=self.minimum, priors=self.priors
        ).accepted

    def near(self, recoding: Recoding, wanted: list[str], *, held: list[str]) -> Recoding | None:
        """The first accepted one that keeps as much of *wanted* as can be, and all of *held* as it is."""
        for kept in range(len(wanted), len(held) - 1, -1):
            for share in (MAX_ERASED * 0.9, MAX_ERASED / 2, 0.0):
                before = recoding
                for _ in range(3):
                    # Coarsening may make routing tell more: judge what was found, and go on from there.
                    trial = self._coarser(before, share=share, keep=wanted[:kept], held=held)
                    if trial is None or trial == before:
                        break
                    if self.accepts(trial):
                        return trial
                    before = trial
        return None

    def _coarser(
        self, recoding: Recoding, *, share: float, keep: Sequence[str], held: Sequence[str]
    ) -> Recoding | None:
        frame, levels = self.frame, self.levels
        extra = beside(frame, self.questionnaire, recoding, levels, self.priors)
        now = quasi_identifiers(frame, recoding, levels)
        if not now.columns:
            return None
        hierarchies: dict[str, list[dict[object, object]]] = {}
        offered: dict[str, list[str]] = {}
        for code in now.columns:
            if code in held:
                continue
            at = next(
                i for i, level in enumerate(levels[code]) if level.code == recoding.chosen.get(code, KEEP)
            )
            coarser = [level for level in levels[code][at + 1 :] if not level.drops]
            offered[code] = [level.code for level in coarser]
            hierarchies[code] = [
                dict(
                    frame.select(now[code].alias("now"), recoded(pl.col(code), level).alias("then"))
                    .drop_nulls("now")
                    .unique()
                    .iter_rows()
                )
                for level in coarser
            ]
        together = pl.concat([now, extra], how="horizontal")
        found = suggest_recoding(
            together,
            together.columns,
            self.minimum,
            hierarchies=hierarchies,
            keep=[*extra.columns, *keep],
            max_removed=share,
        )
        if not found.satisfied:
            return None
        chosen = dict(recoding.chosen)
        for change in found.changes:
            chosen[change.variable] = DROP if change.dropped else offered[change.variable][change.level - 1]
        erase = recoding.erase_rare or found.records_below > 0
        return Recoding(chosen=chosen, erase_rare=erase, licence=recoding.licence)
