"""All checks, the fastest first: `bin/check.py lint`, or `bin/check.py all [pytest arguments]`.

The last lines are pytest's own. Data, files and server of the tests lie in .data/test, apart from those of
`make run`; a fresh Redis database and a Chromium come from services.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv" / "bin"
sys.path.insert(0, str(ROOT))

from services import Missing, chromium, redis  # noqa: E402

from santesurvey.embedded import EmbeddedPostgresError, start_postgres  # noqa: E402

CHECKS = {
    "Style": ["ruff", "check", "--quiet", "."],
    "Mise en forme": ["ruff", "format", "--check", "--quiet", "."],
    "Dépendances entre modules": ["lint-imports", "--no-logo"],
    "Gabarits": ["djlint", "templates", "--lint", "--quiet"],
    "Traductions": ["python", "bin/translations.py", "check"],
    "Types": ["mypy"],
    "Migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}


def main() -> int:
    mode, arguments = sys.argv[1], sys.argv[2:]
    os.chdir(ROOT)
    os.environ.setdefault("SANTESURVEY_DATA", str(ROOT / ".data" / "test"))
    try:
        if not os.environ.get("DATABASE_URL", "").strip():
            start_postgres(Path(os.environ["SANTESURVEY_DATA"]))  # held until the end: started once for all
        if not lint():
            return 1
        if mode == "lint":
            return 0
        if browser := chromium():
            os.environ.setdefault("CHROMIUM", browser)
        with redis() as url:
            os.environ["REDIS_URL"] = url
            return subprocess.run(
                [VENV / "python", "-m", "pytest", *arguments], stdin=subprocess.DEVNULL
            ).returncode
    except (Missing, EmbeddedPostgresError) as error:
        print(error)
        return 1


def lint() -> bool:
    """Run every check, also after one failed; show what those that failed say."""
    fine = True
    for title, (program, *arguments) in CHECKS.items():
        start = time.monotonic()
        done = subprocess.run(
            [VENV / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        passed = done.returncode == 0
        fine &= passed
        print(f"{title} : {'bon' if passed else 'à corriger'} ({time.monotonic() - start:.1f} s)", flush=True)
        if not passed:
            print(done.stdout, flush=True)
    return fine


if __name__ == "__main__":
    sys.exit(main())
