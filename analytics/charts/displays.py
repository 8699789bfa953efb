"""What a chart shows, before it is drawn: rows, cells, words. Tables, CSV, alternatives and drawings follow.

The key of a display is that of a figure, of a matrix question, or one of these followed by `@` and a grouping
to show it by group: `vocation`, `cbi_personal.critical@profession`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from analytics.results import ALL, Cell, Estimate, Results
from surveys.definition import Questionnaire

Shape = Literal["bars", "stack", "measure"]


@dataclass(frozen=True)
class View:
    """What the reader chose to look at."""

    results: Results
    questionnaire: Questionnaire
    language: str
    group: str = ALL
    weighted: bool = True


@dataclass(frozen=True)
class Segment:
    """One cell of a row: its label, and its number unless it is withheld."""

    label: str
    cell: Cell | None


@dataclass(frozen=True)
class Row:
    """One line of a chart. `n` is its base. `marked` is the combination whose interval is drawn on a stack."""

    label: str
    n: int | None
    segments: tuple[Segment, ...]
    marked: Cell | None = None
    quartiles: tuple[Estimate, Estimate, Estimate] | None = None


@dataclass(frozen=True)
class Display:
    """A chart in words and numbers."""

    key: str
    shape: Shape
    finding: str
    question: str
    base: str
    source: str
    rows: tuple[Row, ...]
    weighted: bool
    language: str
    unit: str = ""
    palette: Literal["accent", "sequential", "diverging"] = "accent"
    accent: int = 0  # the row that makes the point
    marked: str = ""  # what `Row.marked` counts
    notes: tuple[str, ...] = field(default=())
    crossing: str = ""  # key of the same figure by group

    @property
    def share(self) -> bool:
        return self.shape != "measure"

    def estimate(self, cell: Cell) -> Estimate:
        return cell.best(self.weighted)

    @property
    def withheld(self) -> bool:
        """Whether a number is not shown because of the disclosure rule."""
        return any(segment.cell is None for row in self.rows for segment in row.segments)

    @property
    def anchor(self) -> str:
        """The key as an HTML id."""
        return "fig-" + "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in self.key)


def visible_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Rows that have a number, or at least a base."""
    return tuple(row for row in rows if row.n is not None or any(s.cell for s in row.segments))
