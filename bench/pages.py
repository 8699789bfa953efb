"""Loads of the respondent page per second, beside a static file of the same server and size."""

from __future__ import annotations

from typing import Any

from bench.load import fetch, get, rate

CLIENTS = 8


def run(port: int, slug: str, static_path: str, each: int) -> dict[str, Any]:
    page, static = get(f"/q/{slug}", port), get(static_path, port)
    for request in (page, static):
        if fetch(port, request)[0] != 200:
            raise SystemExit("The page or the static file does not answer.")
        rate(port, [[request] * 100] * CLIENTS, 200)
    pages = rate(port, [[page] * each] * CLIENTS, 200)
    files = rate(port, [[static] * each] * CLIENTS, 200)
    return {
        "pages, per second": pages.per_second,
        "page, compressed bytes": len(fetch(port, page)[1]),
        "static file, per second": files.per_second,
        "static file, compressed bytes": len(fetch(port, static)[1]),
        "ratio": pages.per_second / files.per_second,
    }
