"""From the content of a white paper to its PDF: Typst, with everything it reads handed over in memory."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from analytics.reporting.paper import Paper
from analytics.reporting.typography import everywhere


class NotTypeset(Exception):
    """Typst refused the document; the message is its own."""


def fonts_folder() -> Path:
    """The fonts of the product as files; where they are not built, Typst's own font stands in."""
    return Path(settings.FRONTEND_DIST) / "ttf"


def inputs(paper: Paper) -> dict[str, bytes]:
    """Every file that Typst reads, by name; `main` is the template."""
    folder = Path(settings.BASE_DIR) / "templates" / "report"
    return {
        "main.typ": (folder / "whitepaper.typ").read_bytes(),
        "parts.typ": (folder / "parts.typ").read_bytes(),
        "paper.json": orjson.dumps(everywhere(paper.as_json(), paper.language), option=orjson.OPT_SORT_KEYS),
        **{name: svg.encode() for name, svg in paper.images.items()},
    }


def edition(files: dict[str, bytes]) -> str:
    """SHA-256 of all that decides the pages: content, template, charts, fonts, and Typst itself."""
    digest = hashlib.sha256(version("typst").encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0{len(files[name])}\0".encode() + files[name])
    for font in sorted(fonts_folder().glob("*.ttf")):
        digest.update(f"\0{font.name}\0".encode() + font.read_bytes())
    return digest.hexdigest()


def pdf(files: dict[str, bytes], *, timestamp: int) -> bytes:
    """The PDF of *files*, dated *timestamp* (seconds since 1970). The same files give the same bytes."""
    import typst  # here, not above: see analytics.charts.canvas

    folder = fonts_folder()
    project: Any = dict(files)  # the binding takes files by name, its type declaration forgets it
    try:
        content: bytes = typst.compile(
            project,
            font_paths=[str(folder)] if folder.is_dir() else [],
            ignore_system_fonts=True,
            # Readable by screen readers, and by whoever opens it in thirty years.
            pdf_standards=["ua-1", "a-2a"],
            timestamp=timestamp,
        )
    except typst.TypstError as exc:
        raise NotTypeset(str(exc)) from exc
    return content
