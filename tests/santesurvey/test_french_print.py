"""French as a printer sets it, wherever a person reads it: apostrophes, no-break spaces, "1er"."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.translation import gettext, override

from santesurvey.button_addresses import page_above


def test_messages_have_their_apostrophes_and_spaces() -> None:
    with override("fr"):
        assert gettext("Dernière étape : l'envoi") == "Dernière étape\u00a0: l’envoi"
        assert gettext("Besoin de parler à quelqu'un ?").endswith("quelqu’un\u202f?")
    with override("en"):
        assert "’" not in gettext("Dernière étape : l'envoi")


@pytest.mark.parametrize(
    ("language", "day", "form", "shown"),
    [
        ("fr", date(2025, 9, 1), "DATE_FORMAT", "1er septembre 2025"),
        ("fr", date(2025, 9, 1), "j", "1er"),
        ("fr", date(2025, 9, 11), "j F", "11 septembre"),
        ("fr", date(2025, 9, 1), "SHORT_DATE_FORMAT", "01/09/2025"),
        ("en", date(2025, 9, 1), "DATE_FORMAT", "1 September 2025"),
    ],
)
def test_the_first_of_a_month(language: str, day: date, form: str, shown: str) -> None:
    with override(language):
        assert Template("{{ day|date:form }}").render(Context({"day": day, "form": form})) == shown


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/etudes/petite-enquete/resultats/geler/", "/etudes/petite-enquete/resultats/"),
        ("/api/v1/token/abc/revoke/", "/api/v1/token/"),
        ("/langue/", "/"),
    ],
)
def test_a_button_has_a_page_above(address: str, page: str) -> None:
    assert page_above(address) == page
