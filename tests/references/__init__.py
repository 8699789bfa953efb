"""Reference numbers computed by other programs, and the way to read them (see README.md beside this file)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

FOLDER = Path(__file__).resolve().parent


def reference_table(name: str) -> pl.DataFrame:
    return pl.read_csv(FOLDER / name, infer_schema_length=None)


def reference_numbers(name: str) -> dict[str, Any]:
    numbers: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return numbers
