"""The English catalogue: `bin/translations.py update` collects the French strings, `check` judges the English,
`compile` writes what Django reads, in English and, as a French printer sets it, in French.

Strings come from the Python files and from the templates (read by Django's own reader of templates), so that
GNU gettext is not needed. Entries whose French is gone leave the catalogue at the next update.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from analytics.reporting.typography import french  # noqa: E402 - found through the path above

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
FRENCH = ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.mo"
PACKAGES = ("santesurvey", "surveys", "respondents", "analytics")
PYTHON_CALLS = {
    "_": None,
    "N_": None,  # marks a message in a module that knows no catalogue; whoever shows it translates it
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
STRING = r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(
    rf"\b(_|gettext|ngettext|pgettext|npgettext)\(\s*{STRING}(?:\s*,\s*{STRING})?(?:\s*,\s*{STRING})?",
    re.DOTALL,
)
PLACE = re.compile(r"%\([a-z_]+\)[a-z]|%[sd]\b|\{[a-z_]*\}")
Found = tuple[
    str, int, str | tuple[str, str], str | None
]  # file, line, message or singular and plural, context


def main() -> int:
    mode = sys.argv[1] if len(sys.argv) > 1 else ""
    if mode not in {"update", "check", "compile"}:
        print(__doc__)
        return 2
    if mode == "compile":
        return compile_catalogue()
    settings.configure(USE_I18N=True)
    wanted = collect()
    kept = read()
    if mode == "update":
        return update(wanted, kept)
    return check(wanted, kept)


def collect() -> list[Found]:
    """Every string for people, in a stable order."""
    found: list[Found] = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found += python_strings(path)
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found += template_strings(path)
    return found


def python_strings(path: Path) -> Iterator[Found]:
    name = str(path.relative_to(ROOT))
    with io.BytesIO(path.read_bytes()) as file:
        for line, function, messages, _comments in extract_python(file, PYTHON_CALLS.keys(), [], {}):
            parts = [part for part in (messages if isinstance(messages, tuple) else (messages,)) if part]
            if parts:
                yield (name, line, *shaped(function, parts))


def template_strings(path: Path) -> Iterator[Found]:
    name = str(path.relative_to(ROOT))
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in TEMPLATE_CALL.finditer(code):
        parts = [ast.literal_eval(part) for part in call.groups()[1:] if part]
        yield (name, code.count("\n", 0, call.start()) + 1, *shaped(call.group(1), parts))


def shaped(function: str, parts: list[str]) -> tuple[str | tuple[str, str], str | None]:
    """The message, or singular and plural, and the context, from the arguments of a call."""
    context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
    plural = function.startswith(("ngettext", "npgettext"))
    return ((parts[0], parts[1]) if plural else parts[0]), context


def read() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def update(wanted: list[Found], kept: Catalog) -> int:
    fresh = Catalog(
        locale="en",
        project="SantéSurvey",
        header_comment="# English texts of SantéSurvey. The message ids are the French ones.",
        creation_date=datetime(2025, 1, 1, tzinfo=UTC),  # no date: it would change with every update
        revision_date=datetime(2025, 1, 1, tzinfo=UTC),
        fuzzy=False,
    )
    known = {(plain_spaces(entry.id), entry.context): entry for entry in kept if entry.id}
    for name, _line, message, context in wanted:
        old = known.get((plain_spaces(message), context))
        if old and isinstance(old.id, str) != isinstance(message, str):
            old = None  # it has since got a plural, or lost it
        fresh.add(message, old.string if old else None, locations=[(name, 0)], context=context)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, width=110, sort_output=True, omit_header=False, include_lineno=False)
    return check(wanted, fresh)


def plain_spaces(message: str | Iterable[str]) -> str:
    """The French by which English is found again: a no-break space put in later changes nothing to it."""
    first = message if isinstance(message, str) else next(iter(message))
    return first.replace("\u00a0", " ").replace("\u202f", " ")


def compile_catalogue() -> int:
    """Write the .mo beside the .po. Not with `pybabel compile`, which takes the "% d" of "5 % des" for a place."""
    english = read()
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, english)
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    with FRENCH.open("wb") as file:
        write_mo(file, in_print(english))
    return 0


def in_print(catalogue: Catalog) -> Catalog:
    """The French of every entry with its apostrophes and no-break spaces, which nobody has to type."""
    made = Catalog(locale="fr")
    for entry in catalogue:
        if isinstance(entry.id, str):
            if entry.id:
                made.add(entry.id, printed(entry.id), context=entry.context)
        else:
            made.add(entry.id, [printed(part) for part in entry.id], context=entry.context)
    return made


def printed(message: str) -> str:
    """*message* in type; what stands in it for a value stays as it is.

    >>> printed("L'envoi de %(n)s : %(share)s % ?") == "L’envoi de %(n)s\u00a0: %(share)s\u202f%\u202f?"
    True
    """
    parts = re.split(rf"({PLACE.pattern})", message)
    return "".join(part if index % 2 else french(part) for index, part in enumerate(parts))


def check(wanted: list[Found], kept: Catalog) -> int:
    """Say what lacks English, what lost a placeholder, and what no longer is in the product."""
    wrong = 0
    ids = set()
    for name, line, message, context in wanted:
        parts = (message,) if isinstance(message, str) else message
        key = parts[0]
        ids.add((key, context))
        entry = kept.get(key, context)
        if entry is None or not translated(entry):
            wrong += 1
            print(f"{name}:{line}: pas d'anglais pour {key!r}")
        elif missing := placeholders(" ".join(parts)) - placeholders(" ".join(texts(entry))):
            wrong += 1
            print(f"{name}:{line}: l'anglais de {key!r} n'a pas {', '.join(sorted(missing))}")
        elif unknown := placeholders(" ".join(texts(entry))) - placeholders(" ".join(parts)):
            wrong += 1
            print(f"{name}:{line}: l'anglais de {key!r} a {', '.join(sorted(unknown))} en trop")
    for entry in kept:
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        if key and (key, entry.context) not in ids:
            wrong += 1
            print(f"{CATALOGUE.relative_to(ROOT)}: {key!r} n'est plus dans le produit (lancez update)")
    return 1 if wrong else 0


def texts(entry: Message) -> list[str]:
    return list(entry.string) if isinstance(entry.string, list | tuple) else [entry.string or ""]


def translated(entry: Message) -> bool:
    return all(text.strip() for text in texts(entry)) and not entry.fuzzy


def placeholders(text: str) -> set[str]:
    return set(PLACE.findall(text))


if __name__ == "__main__":
    sys.exit(main())
