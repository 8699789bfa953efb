"""The content of a white paper as frozen values: strings ready to be read, and nothing of how they look.

`Paper` becomes JSON, which the Typst template reads: text of researchers and respondents' questions can
therefore never be taken for markup.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of cells as text; the last *numbers* columns hold figures. *widths* are parts of the page."""

    columns: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    numbers: int = 0
    title: str = ""
    note: str = ""
    widths: list[int] | None = None

    def as_json(self) -> dict[str, Any]:
        value = asdict(self)
        if self.widths is None:
            del value["widths"]
        return value


@dataclass(frozen=True)
class Section:
    title: str
    paragraphs: list[str]


@dataclass(frozen=True)
class KeyFigure:
    value: str
    label: str
    note: str


@dataclass(frozen=True)
class Drawing:
    """One chart with the sentence that says what it shows. *file* names its SVG among the paper's images."""

    finding: str
    question: str
    file: str
    alt: str
    note: str
    table: Table
    headline: bool = False  # fit for the first page: a share of everyone, about the subject of the study


@dataclass(frozen=True)
class Chapter:
    title: str
    figures: list[Drawing]


@dataclass(frozen=True)
class Groups:
    """The figures by group."""

    title: str
    intro: str
    tables: list[Table]
    note: str


@dataclass(frozen=True)
class Comparisons:
    """Published and reproduced figures side by side."""

    title: str
    paragraphs: list[str]
    table: Table
    notes: list[str]


@dataclass(frozen=True)
class Paper:
    language: str
    title: str
    subtitle: str
    author: str
    description: str
    keywords: list[str]
    year: int
    month: int
    day: int
    date: str
    synthetic: bool
    fingerprints: str
    words: dict[str, str]
    key_figures: list[KeyFigure]
    essentials: list[str]
    method: list[Section]
    margins: Table
    chapters: list[Chapter]
    groups: Groups
    published: Comparisons
    instruments: list[Section]
    trace: list[str]
    digests: Table
    images: dict[str, str] = field(default_factory=dict)  # file name -> SVG

    def as_json(self) -> dict[str, Any]:
        """What the template reads; the images go beside it as files."""
        value = asdict(self)
        del value["images"]
        value["date"] = {"year": self.year, "month": self.month, "day": self.day, "text": self.date}
        value["margins"] = self.margins.as_json()
        value["digests"] = self.digests.as_json()
        value["groups"]["tables"] = [table.as_json() for table in self.groups.tables]
        value["published"] |= self.published.table.as_json() | {"title": self.published.title}
        for chapter, written in zip(self.chapters, value["chapters"], strict=True):
            for drawing, item in zip(chapter.figures, written["figures"], strict=True):
                item["table"] = drawing.table.as_json()
        return value
