"""Freeze, weights and estimates of many simulated responses, beside a bare scan of the same Parquet file.

Run in a process of its own (`python -m bench.freeze SLUG`), so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def freeze(slug: str) -> dict[str, Any]:
    import django

    django.setup()
    from analytics.snapshots import freeze_now
    from surveys.models import Survey

    steps: list[tuple[str, float]] = []
    start = time.perf_counter()

    def progress(done: int, total: int, step: str = "") -> None:
        if not steps or steps[-1][0] != step:
            steps.append((step, time.perf_counter() - start))

    snapshot = freeze_now(survey=Survey.objects.get(slug=slug), by=None, progress=progress)
    seconds = time.perf_counter() - start
    page = dashboard(slug)
    return {
        "responses": snapshot.responses,
        "seconds": seconds,
        "seconds, with the dashboard": seconds + page,
        "peak MB": peak_megabytes(),
        "steps": steps,
        "file": snapshot.file,
    }


def dashboard(slug: str) -> float:
    """Seconds until the results page is there, the first time that it is asked for."""
    from django.conf import settings
    from django.test import Client

    from santesurvey.models import User

    user = User.objects.filter(is_administrator=True).first() or User.objects.create_superuser(
        "bench@santesurvey.invalid"
    )
    client = Client(headers={"Host": settings.ALLOWED_HOSTS[0]})
    client.force_login(user)
    start = time.perf_counter()
    response = client.get(f"/etudes/{slug}/resultats/")
    if response.status_code != 200:
        raise SystemExit(f"The results page answers {response.status_code}.")
    return time.perf_counter() - start


def scan(file: str) -> dict[str, Any]:
    """What it costs to read every column once and count its values: the least that any figure needs."""
    import django

    django.setup()
    import polars as pl
    from django.core.files.storage import default_storage

    start = time.perf_counter()
    with default_storage.open(file) as opened:
        frame = pl.read_parquet(opened)
    frame.select(pl.all().count())
    return {"seconds": time.perf_counter() - start, "peak MB": peak_megabytes()}


if __name__ == "__main__":
    print(json.dumps(freeze(sys.argv[2]) if sys.argv[1] == "freeze" else scan(sys.argv[2])))
