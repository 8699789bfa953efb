"""Questionnaire documents and their companion files, as they lie on disk (YAML, which JSON is a part of)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

# The same safe loader, six times as fast where libyaml is there.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).resolve().parent / "questionnaires"


class NotReadable(Exception):
    """The file is missing or is not YAML; the message names the file, and the line where that is known."""


def load(path: Path) -> dict[str, Any]:
    """The mapping that the YAML or JSON file at *path* holds. Raises `NotReadable`.

    Only plain values are read: a file cannot make Python objects. Whether a questionnaire is well made is
    for `surveys.publishing.read` to say.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a safe one
    except OSError as exc:
        raise NotReadable(f"{path.name} : fichier introuvable ou illisible.") from exc
    except UnicodeDecodeError as exc:
        raise NotReadable(f"{path.name} : enregistrez ce fichier en UTF-8.") from exc
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f" ligne {mark.line + 1}" if mark else ""
        raise NotReadable(f"{path.name}{where} : ce n'est pas du YAML valide.") from exc
    if not isinstance(content, dict):
        raise NotReadable(f"{path.name} : le fichier doit contenir des noms et leurs valeurs.")
    return content


def shipped(slug: str, companion: str = "") -> Path:
    """Where a shipped questionnaire lies, or its companion: "published", "model" or "margins"."""
    return FOLDER / (f"{slug}.{companion}.yaml" if companion else f"{slug}.yaml")
