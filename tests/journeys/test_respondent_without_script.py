"""The same questionnaire without JavaScript: one long page that posts, with the code of the letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from respondents import codes as written
from respondents.models import Ballot
from respondents.receipts import find
from surveys.models import Survey
from tests.journeys.conftest import NewContext, axe_of_copy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain(new_context: NewContext) -> BrowserContext:
    return new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})


def test_mistakes_are_explained_and_nothing_is_lost(
    plain: BrowserContext, desk: BrowserContext, address: str, codes: list[str], survey: Survey
) -> None:
    page = plain.new_page()
    page.goto(address)
    page.get_by_label("Infirmier, infirmière").check()
    page.get_by_label("Combien d'heures par semaine ?").fill("beaucoup")
    page.get_by_role("radio", name="Vous sentez-vous à bout ? Parfois").check()
    page.get_by_label("Agenda", exact=True).check()
    page.get_by_label("Dossier", exact=True).check()
    page.locator("#q-attacked").get_by_label("Oui").check()
    page.get_by_label("Voulez-vous en dire plus ?").fill("Deux lignes,\nà garder.")
    page.get_by_label("J'accepte de participer.").check()
    page.get_by_role("button", name="Envoyer mes réponses").click()

    summary = page.locator("#errors")
    expect(summary).to_contain_text("Cochez les cases d’accord")
    expect(summary).to_contain_text("Le code n’est pas lisible")
    expect(summary).to_contain_text("Écrivez un nombre en chiffres")
    assert axe_of_copy(page, desk) == []
    assert not Ballot.objects.exists()
    expect(page.get_by_label("Infirmier, infirmière")).to_be_checked()
    expect(page.get_by_label("Combien d'heures par semaine ?")).to_have_value("beaucoup")
    expect(page.get_by_role("radio", name="Vous sentez-vous à bout ? Parfois")).to_be_checked()
    expect(page.get_by_label("Voulez-vous en dire plus ?")).to_have_value("Deux lignes,\nà garder.")
    expect(page.get_by_label("J'accepte de participer.")).to_be_checked()

    page.get_by_label("Combien d'heures par semaine ?").fill("37,0")
    page.get_by_label("J'accepte de parler de ma santé.").check()
    page.get_by_label("Code imprimé sur votre invitation").fill(codes[0].lower())
    page.get_by_role("button", name="Envoyer mes réponses").click()
    expect(page.get_by_role("heading", name="Vos réponses sont enregistrées")).to_be_visible()
    assert axe_of_copy(page, desk) == []
    own = find(survey, written.decode(page.locator("#receipt-code").inner_text()))
    assert own is not None
    assert own.answers == {
        "profession": "nurse",
        "hours": 37,
        "worn": "sometimes",
        "tools_used": ["agenda", "records"],
        "attacked": "yes",
        "story": "Deux lignes,\nà garder.",
    }


def test_a_code_serves_once(plain: BrowserContext, address: str, codes: list[str]) -> None:
    for attempt in range(2):
        page = plain.new_page()
        page.goto(address)
        page.get_by_label("Médecin").check()
        for consent in ("J'accepte de participer.", "J'accepte de parler de ma santé."):
            page.get_by_label(consent).check()
        page.get_by_label("Code imprimé sur votre invitation").fill(codes[0])
        page.get_by_role("button", name="Envoyer mes réponses").click()
        if attempt:
            expect(page.locator("#errors")).to_contain_text("Cette invitation a déjà servi")
        else:
            expect(page.get_by_role("heading", name="Vos réponses sont enregistrées")).to_be_visible()
    assert Ballot.objects.count() == 1


def test_the_empty_form_is_readable_by_all(
    plain: BrowserContext, desk: BrowserContext, address: str, codes: list[str]
) -> None:
    assert codes  # the survey is open
    page = plain.new_page()
    page.goto(address)
    assert axe_of_copy(page, desk) == []
    expect(page.get_by_text("Seulement si cela vous concerne.").first).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
