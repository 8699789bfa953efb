"""`python -m bench`: every measure, as a table and as JSON. Numbers mean nothing apart from their ratios.

--responses N (100000), --each N (1500) and --json FILE shorten or keep a run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.ground import ROOT, server_peak_megabytes, throwaway_database, web_server

SLUG = "soignants-liberaux-2025"
BARS = {  # measure -> number, bar, and whether it must be at least or at most that
    "first load": [
        ("largest paint, ms", 1000, "≤"),
        ("bytes over the network", 60_000, "≤"),
        ("requests", 5, "≤"),
    ],
    "submissions": [("ratio", 0.25, "≥")],
    "pages": [("ratio", 0.5, "≥")],
    "freeze": [("seconds, with the dashboard", 30, "≤"), ("peak MB", 1000, "≤")],
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=1500)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with throwaway_database() as url:
        os.environ |= {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "santesurvey.settings",
            "DB_POOL_MIN": "8",
        }
        results = measure(options.responses, options.each)
    show(results)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1, ensure_ascii=False))
    return 0


def measure(responses: int, each: int) -> dict[str, dict[str, Any]]:
    import django

    django.setup()
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.management import call_command
    from django.db import connections

    from bench import first_load, pages, submissions
    from respondents.models import Response
    from surveys.loading import load
    from surveys.models import Survey
    from surveys.publishing import publish

    call_command("prepare", "--no-demo")
    survey = Survey.objects.create(slug=SLUG, title="Banc d'essai", state=Survey.State.OPEN)
    version = publish(survey=survey, document=load(ROOT / f"surveys/questionnaires/{SLUG}.yaml"), by=None)
    call_command("simulate", SLUG, "--responses", "500", "--seed", "1")
    answers = [response.answers for response in Response.objects.all()]
    with web_server() as port:
        first = first_load.run(port, SLUG)
        page = pages.run(port, SLUG, staticfiles_storage.url("respondent.js"), each)
        submitted = submissions.run(port, survey, version, answers, each)
        submitted["peak MB of the web server"] = page["peak MB of the web server"] = server_peak_megabytes()
    call_command("simulate", SLUG, "--responses", str(responses), "--seed", "2")
    connections.close_all()
    frozen = apart("freeze", SLUG)
    scanned = apart("scan", frozen["file"])
    frozen["ratio to a bare scan"] = frozen["seconds"] / scanned["seconds"]
    return {
        "first load": first,
        "submissions": submitted,
        "pages": page,
        "freeze": frozen,
        "bare scan": scanned,
    }


def apart(what: str, argument: str) -> dict[str, Any]:
    """The measure in a fresh process."""
    command = [sys.executable, "-m", "bench.freeze", what, argument]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def show(results: dict[str, dict[str, Any]]) -> None:
    for name, numbers in results.items():
        print(f"\n{name}")
        for what, value in numbers.items():
            if isinstance(value, list):
                for step, seconds in value:
                    print(f"    {seconds:8.2f} s  {step}")
            else:
                shown = f"{value:,.3f}" if isinstance(value, float) else f"{value}"
                print(f"  {what:32} {shown:>14}")
        for what, bar, sense in BARS.get(name, []):
            if what in numbers:
                held = numbers[what] >= bar if sense == "≥" else numbers[what] <= bar
                print(f"  {'bar':32} {'held' if held else 'MISSED':>14}  ({what} {sense} {bar})")


if __name__ == "__main__":
    sys.exit(main())
