"""The archive of a release: data in two formats, codebook in three, what to know, and checksums.

Nothing in it depends on the moment it is built: the same snapshot, recoding and templates give the same
bytes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.template.loader import render_to_string
from django.utils import translation

from analytics import codebooks
from analytics.codebooks import Variable

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date that a zip file can tell
LANGUAGES = {"fr": ("codebook.html", "LISEZMOI.txt"), "en": ("codebook.en.html", "README.txt")}


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """UTF-8 without mark, comma, CRLF, point as decimal sign, true/false, nothing for a missing value."""
    out = io.BytesIO()
    frame.write_csv(out, separator=",", line_terminator="\r\n", null_value="")
    return out.getvalue()


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, compression="zstd", statistics=False)
    return out.getvalue()


def contents(frame: pl.DataFrame, entries: list[Variable], about: Mapping[str, Any]) -> dict[str, bytes]:
    """Every file of the archive by name. *about* is what the notes say of the release (plain values)."""
    files = {
        "data.csv": csv_bytes(frame),
        "data.parquet": parquet_bytes(frame),
        "codebook.csv": codebooks.as_csv(entries),
        "codebook.json": codebooks.as_json(entries, dict(about)),
    }
    for language, (codebook, notes) in LANGUAGES.items():
        with translation.override(language):
            context = {
                "about": {key: _in(value, language) for key, value in about.items()},
                "variables": codebooks.localised(entries, language),
                "language": language,
            }
            files[codebook] = render_to_string("report/codebook.html", context).encode()
            files[notes] = render_to_string("report/readme.txt", context).encode()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["SHA256SUMS"] = sums.encode()
    return files


def _in(value: Any, language: str) -> Any:
    """A text in *language*; anything else as it is."""
    return value[language] if isinstance(value, dict) and set(value) == {"fr", "en"} else value


def pack(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip file with *files* under *folder*, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return out.getvalue()
