"""Brings database, cache table, static files and demo up to date, before the servers start."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from santesurvey.demo import is_this_machine
from santesurvey.demo.cast import with_known_password

# No page asks for them: fonts of charts and PDF, and what packages bring for pages that are not used here.
UNSERVED = ["ttf", "rest_framework", "django_htmx"]


class Command(BaseCommand):
    help = "Met à jour la base de données, les fichiers statiques et la démonstration."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="n'installe pas la démonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        with step("Base de données"):
            call_command("migrate", interactive=False, verbosity=0)
            if any("DatabaseCache" in cache["BACKEND"] for cache in settings.CACHES.values()):
                call_command("createcachetable", verbosity=0)
        collect_static()
        if not is_this_machine(urlsplit(settings.SITE_URL).hostname or "") and (
            known := with_known_password()
        ):
            print(
                f"Attention : {settings.SITE_URL} est ouvert à d'autres, et ces comptes de la démonstration ont "
                f"gardé leur mot de passe connu de tout le monde : {', '.join(known)}. Changez-les ou fermez-les.",
                file=sys.stderr,
            )
        if not options["no_demo"]:
            with step("Démonstration"):
                # What it prints (accounts, a working link) is shown once the servers answer.
                call_command("demo", stdout=self.stdout)


def collect_static() -> None:
    """Copy and compress the static files, unless they come from the same sources as last time."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    digest = sources_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    with step("Fichiers statiques"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNSERVED)
    stamp.write_text(digest)


def sources_digest() -> str:
    """The digest of all that static files are made from: our own files, and the versions of the packages."""
    digest = hashlib.sha256((settings.BASE_DIR / "requirements.txt").read_bytes())
    folders = [Path(folder) for folder in settings.STATICFILES_DIRS]
    folders += [
        Path(app.path) / "static"
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
    ]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say on one line what is done and how long it took; on the error stream, to leave the other clean."""
    start = time.monotonic()
    print(f"{title}…", end="", flush=True, file=sys.stderr)
    try:
        yield
    except BaseException:
        print(file=sys.stderr)
        raise
    print(f" {time.monotonic() - start:.1f} s", file=sys.stderr, flush=True)
