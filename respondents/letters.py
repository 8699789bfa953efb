"""Invitations as letters: the code in print, and a QR code of the link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urldefrag

import segno

from respondents.campaigns import Link, links
from respondents.models.invitations import Batch

AT_ONCE = 200  # letters on one page of the browser: more of them print slowly or not at all


@dataclass(frozen=True)
class Letter:
    number: int
    code: str
    address: str  # what one types: the link without the code
    qr: str  # SVG as a data URI


@dataclass(frozen=True)
class Part:
    """Letters *first* to *last* of a batch, made as they are printed."""

    number: int
    count: int
    first: int
    last: int
    letters: Iterator[Letter]

    @property
    def all(self) -> range:
        return range(1, self.count + 1)


def part(batch: Batch, number: str) -> Part:
    """Part *number* (from 1, as the address says it) of the batch's letters; the first for anything else."""
    count = -(-batch.size // AT_ONCE)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    chosen = min(max(wanted, 1), count)
    first = (chosen - 1) * AT_ONCE + 1
    last = min(batch.size, chosen * AT_ONCE)
    return Part(chosen, count, first, last, map(_letter, islice(links(batch), first - 1, last)))


def _letter(link: Link) -> Letter:
    code = segno.make(link.url, error="m", micro=False)
    return Letter(
        link.number,
        link.code,
        urldefrag(link.url).url,
        code.svg_data_uri(scale=4, border=0, dark="#1b2426", unit=""),
    )
