"""The differences of a version from the one before, in words for the team."""

from __future__ import annotations

from django.utils.translation import gettext as _

from surveys.differences import Difference, Kind, differences
from surveys.models import Version


def previous_version(version: Version) -> Version | None:
    return version.survey.versions.filter(number__lt=version.number).order_by("-number").first()


def changes_since_previous(version: Version) -> list[str]:
    """One sentence for each difference, the heaviest for the data first; none for a first version."""
    before = previous_version(version)
    if before is None:
        return []
    return [in_words(one) for one in differences(before.questionnaire, version.questionnaire)]


def in_words(difference: Difference) -> str:
    """The difference as a sentence: what changes for the data, and where.

    >>> in_words(Difference(Kind.ADDED, "hours"))
    'hours : ajoutée ; les réponses plus anciennes ne l’ont pas.'
    """
    sentences = {
        Kind.REMOVED: _("%(name)s : retirée ; les réponses à venir ne l’ont plus."),
        Kind.RECODED: _("%(name)s : codage changé (%(what)s) ; comparez avant de réunir les versions."),
        Kind.ADDED: _("%(name)s : ajoutée ; les réponses plus anciennes ne l’ont pas."),
        Kind.LOGIC: _("%(name)s : posée ou contrôlée autrement (%(what)s)."),
        Kind.WORDING: _("%(name)s : mots changés seulement (%(what)s)."),
    }
    parts = _parts()
    what = ", ".join([*(parts[part] for part in difference.what), *difference.codes])
    return sentences[difference.kind] % {"name": difference.name, "what": what}


def _parts() -> dict[str, str]:
    """The parts of a question or scale that can differ, in the language of the screen."""
    return {
        "type": _("type"),
        "minimum": _("minimum"),
        "maximum": _("maximum"),
        "unit": _("unité"),
        "min_choices": _("nombre minimal de choix"),
        "max_choices": _("nombre maximal de choix"),
        "max_length": _("longueur maximale"),
        "options": _("choix"),
        "relevant": _("condition de la question"),
        "page": _("condition de la page"),
        "constraint": _("contrainte"),
        "required": _("caractère obligatoire"),
        "label": _("question"),
        "short": _("nom court"),
        "hint": _("aide"),
        "note": _("texte"),
        "constraint_message": _("message d’erreur"),
        "row": _("ligne"),
        "scale": _("échelle"),
        "items": _("items"),
        "reverse": _("items inversés"),
        "points": _("points"),
        "method": _("méthode"),
        "min_answered": _("nombre minimal de réponses"),
        "critical": _("seuil"),
        "bands": _("bornes"),
    }
