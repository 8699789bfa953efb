"""The disclosure rule applied to a whole set of figures: what is withheld is never stored.

Counts here are unweighted people, shape (1 + groups, cells): row 0 is everyone, then the groups of one
grouping. People in no group of the grouping are a hidden row, because they can be worked out.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analytics.disclosure.cells import CellRule, Reason, protect_distribution, protect_groups
from analytics.disclosure.tables import protect_table

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def _with_rest(counts: Counts) -> Counts:
    """The groups, and those in none of them as a last row."""
    rest = counts[0] - counts[1:].sum(axis=0)
    return np.vstack([counts[1:], rest])


def shown_lines(counts: Counts, rule: CellRule) -> Mask:
    """Which cells of a distribution may be shown, for everyone and for each group: same shape.

    A group whose base must be withheld, because it is small or would give a small one away, shows nothing:
    a share beside its count would tell the base.
    """
    groups = counts.shape[0] - 1
    everyone = np.array(protect_distribution(counts[0], rule).shown)
    if not groups:
        return everyone[None]
    table = protect_table(_with_rest(counts), rule)
    inside = table.shown[:groups]
    described = shown_groups(counts.sum(axis=1), rule)[1:]
    return np.vstack([everyone, inside & described[:, None]])


def shown_groups(sizes: Counts, rule: CellRule) -> Mask:
    """Which groups may be described at all; *sizes* (1 + groups,), everyone first."""
    everyone = int(sizes[0]) >= rule.minimum
    if not everyone or sizes.size == 1:
        return np.array([everyone] + [False] * (sizes.size - 1))
    reasons = protect_groups(_with_rest(sizes[:, None])[:, 0], rule).cells[: sizes.size - 1]
    return np.array([True] + [r is Reason.SHOWN and s > 0 for r, s in zip(reasons, sizes[1:], strict=True)])


def shown_bases(bases: Counts, people: Counts, rule: CellRule) -> Mask:
    """Where the base of a question asked of some may be told; both (1 + groups,), everyone first.

    Those in the base and those out of it are the two cells of a line, whoever the others are: not asked, or
    silent.
    """
    return shown_lines(np.column_stack([bases, people - bases]), rule)[:, 0]


def shown_combination(counts: Counts, shown: Mask, members: Mask, rule: CellRule) -> Mask:
    """Whether the sum over *members* of the cells may be shown, per line, next to the cells that are.

    Both those in the combination and those out of it count at least the minimum, and the withheld cells lie
    all on one side: then their sum is known already, and the combination tells nothing new.
    """
    inside = counts[:, members].sum(axis=1)
    outside = counts[:, ~members].sum(axis=1)
    hidden = ~shown
    one_side = ~(hidden[:, members].any(axis=1) & hidden[:, ~members].any(axis=1))
    enough = (inside >= rule.minimum) & (outside >= rule.minimum)
    return np.asarray(enough & one_side, dtype=np.bool_)
