"""The codebook as a spreadsheet."""

from __future__ import annotations

import csv
import io

from analytics.codebooks import Value, Variable, as_csv


def test_no_label_is_a_formula() -> None:
    label = {"fr": "=cmd", "en": "+cmd"}
    values = [Value("@a", label, "", 3)]
    entry = Variable("x", "choice", label=label, question=label, values=values, asked_if="-1")
    rows = list(csv.reader(io.StringIO(as_csv([entry]).decode())))
    assert rows[1][2:8] == ["'=cmd", "'+cmd", "'-1", "'@a", "'=cmd", "'+cmd"]
