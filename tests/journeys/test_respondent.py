"""A caregiver answers: on a phone, on two devices, without network, with the keyboard, in two languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from respondents import ballots, codes
from respondents.models import Ballot, Draft, Invitation
from surveys.models import Survey
from tests.journeys.conftest import NewContext, axe
from tests.journeys.respondent_steps import (
    answer_all,
    answer_first_page,
    answer_second_page,
    consent_and_start,
    expect_recorded,
    forward,
    stored,
    watch,
)

pytestmark = pytest.mark.django_db(transaction=True)
SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
  }).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


def answers_of(receipt: str, survey: Survey) -> dict[str, Any]:
    from respondents.receipts import find

    own = find(survey, codes.decode(receipt))
    assert own is not None
    return own.answers


def test_from_the_link_to_the_receipt_on_a_phone(phone: BrowserContext, link: str, survey: Survey) -> None:
    page = phone.new_page()
    seen = watch(page)
    page.goto(link)
    expect(page.locator("#code-field")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert len(seen["requests"]) <= 5
    assert not any(link.split("#")[1] in request.url for request in seen["requests"])
    assert axe(page) == []

    page.get_by_role("button", name="Commencer").click()
    expect(page.locator("#errors")).to_be_focused()
    assert axe(page) == []
    consent_and_start(page)
    expect(page.locator("#part")).to_have_text("Partie 1 sur 2, environ 2 minutes")
    assert axe(page) == []

    forward(page)
    expect(page.get_by_role("link", name="Quelle est votre profession ?")).to_be_visible()
    expect(page.locator("#errors")).to_be_focused()
    assert axe(page) == []
    answer_first_page(page)
    expect(page.locator("#errors")).to_be_hidden()

    page.wait_for_load_state("networkidle")  # the service worker fetches the page for offline use
    before = len(seen["requests"])
    forward(page)
    answer_second_page(page, attacked="Oui")
    assert axe(page) == []
    forward(page)
    expect(page.get_by_role("heading", name="Ensuite")).to_be_visible()
    assert axe(page) == []
    page.go_back()
    expect(page.get_by_role("heading", name="Travail")).to_be_visible()
    forward(page)
    forward(page)
    expect(page.locator("#unanswered")).to_contain_text("3 questions")
    assert axe(page) == []
    assert seen["requests"][before:] == []  # paging makes no request

    forward(page)
    receipt = expect_recorded(page)
    expect(page.locator("#scores")).to_be_visible()
    expect(page.locator(".score .value")).to_have_text("75 sur 100")
    assert axe(page) == []
    assert stored(page) == []
    assert page.context.cookies() == []
    assert page.evaluate(SHIFT) == 0
    assert [text for text in seen["complaints"] if "404" not in text] == []
    assert answers_of(receipt, survey) == {
        "profession": "doctor",
        "hours": 50,
        "tired": "often",
        "worn": "often",
        "energy": "seldom",
        "tools_used": ["agenda"],
        "attacked": "yes",
    }

    page.reload()
    expect(page.get_by_text("Cette invitation a déjà servi")).to_be_visible()
    expect(page.get_by_role("button", name="Commencer")).to_be_hidden()
    assert axe(page) == []


def test_closed_and_opened_again_then_on_another_device(
    phone: BrowserContext, new_context: NewContext, link: str
) -> None:
    page = phone.new_page()
    page.goto(link)
    consent_and_start(page)
    answer_first_page(page, profession="Autre")
    page.locator("#f-profession_other").fill("Ostéopathe")
    forward(page)
    page.get_by_role("radio", name="Vous sentez-vous à bout ? Jamais").check()
    expect(page.locator("#saved")).to_have_text("Enregistré sur cet appareil")
    secret = page.evaluate("() => JSON.stringify(Object.entries(localStorage))")
    assert "never" not in secret
    assert link.split("#")[1].replace("-", "") not in secret
    page.close()

    again = phone.new_page()
    again.goto(link)
    expect(again.get_by_role("heading", name="Travail")).to_be_visible()
    expect(again.get_by_role("radio", name="Vous sentez-vous à bout ? Jamais")).to_be_checked()
    again.locator("#previous").click()
    expect(again.locator("#f-profession_other")).to_have_value("Ostéopathe")
    again.evaluate("() => window.dispatchEvent(new Event('pagehide'))")
    again.wait_for_load_state("networkidle")
    again.close()
    draft = Draft.objects.get()
    assert b"Ost" not in bytes(draft.ciphertext)

    other = new_context(viewport={"width": 1280, "height": 900}).new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name="Vous", exact=True)).to_be_visible()
    expect(other.locator("#f-profession_other")).to_have_value("Ostéopathe")
    forward(other)
    expect(other.get_by_role("radio", name="Vous sentez-vous à bout ? Jamais")).to_be_checked()


def test_sent_offline_goes_out_when_the_network_returns(
    phone: BrowserContext, link: str, survey: Survey
) -> None:
    page = phone.new_page()
    page.goto(link)
    answer_all(page)
    phone.set_offline(True)
    forward(page)
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    expect(page.locator("#done")).to_be_hidden()
    assert axe(page) == []
    assert not Ballot.objects.exists()
    page.close()

    # The browser was closed meanwhile; the page is there without network, and says where things are.
    again = phone.new_page()
    again.goto(link)
    expect(again.get_by_text("Pas de connexion")).to_be_visible()
    phone.set_offline(False)
    receipt = expect_recorded(again)
    assert answers_of(receipt, survey)["profession"] == "doctor"
    assert Ballot.objects.count() == 1
    assert stored(again) == []


def test_an_answer_that_gets_lost_is_asked_for_again(phone: BrowserContext, link: str) -> None:
    page = phone.new_page()
    page.goto(link)
    answer_all(page)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        response = route.fetch()
        lost.append(response.status)
        if len(lost) == 1:
            route.abort()
        else:
            route.fulfill(response=response)

    page.route("**/submit", lose_the_first)
    forward(page)
    page.get_by_role("button", name="Réessayer maintenant").click()
    expect_recorded(page)
    assert lost == [201, 200]
    assert Ballot.objects.count() == 1


def test_a_portal_in_between_is_not_taken_for_the_server(phone: BrowserContext, link: str) -> None:
    page = phone.new_page()
    page.goto(link)
    answer_all(page)
    page.route("**/submit", lambda route: route.fulfill(status=200, body="<h1>Wifi de la gare</h1>"))
    forward(page)
    expect(page.get_by_text("Pas de connexion")).to_be_visible()
    expect(page.locator("#done")).to_be_hidden()
    page.unroute("**/submit")
    page.get_by_role("button", name="Réessayer maintenant").click()
    expect_recorded(page)


def test_what_the_server_refuses_leads_to_its_question(phone: BrowserContext, link: str) -> None:
    page = phone.new_page()
    page.goto(link)
    answer_all(page)

    def spoil(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        sent["answers"]["hours"] = 500
        route.continue_(post_data=json.dumps(sent))

    page.route("**/submit", spoil)
    forward(page)
    expect(page.get_by_role("heading", name="Vous", exact=True)).to_be_visible()
    expect(page.locator("#hours-error")).to_have_text("Écrivez un nombre entre 0 et 120.")
    expect(page.locator("#errors")).to_be_focused()
    assert axe(page) == []
    page.unroute("**/submit")
    forward(page)
    forward(page)
    forward(page)
    expect_recorded(page)


def test_used_meanwhile_on_another_device(phone: BrowserContext, new_context: NewContext, link: str) -> None:
    page = phone.new_page()
    page.goto(link)
    answer_all(page)
    other = new_context().new_page()
    other.goto(link)
    answer_all(other)
    forward(other)
    expect_recorded(other)
    forward(page)
    expect(page.get_by_text("Cette invitation a déjà servi")).to_be_visible()
    assert Ballot.objects.count() == 1


def test_rules_of_an_answer_are_explained(desk: BrowserContext, link: str) -> None:
    page = desk.new_page()
    page.goto(link)
    consent_and_start(page)
    page.get_by_label("Infirmier, infirmière").check()
    page.locator("#f-hours").fill("trente")
    forward(page)
    expect(page.locator("#hours-error")).to_have_text("Écrivez un nombre en chiffres, par exemple 35.")
    page.locator("#f-hours").fill("40")
    page.locator("#f-admin_hours").fill("41,5")
    forward(page)
    expect(page.locator("#admin_hours-error")).to_have_text("Pas plus que vos heures en tout.")
    assert axe(page) == []
    page.locator("#f-admin_hours").fill("12,5")
    forward(page)
    page.get_by_label("Agenda", exact=True).check()
    page.get_by_label("Aucun", exact=True).check()
    expect(page.get_by_label("Agenda", exact=True)).not_to_be_checked()
    page.get_by_role("radio", name="Vous sentez-vous à bout ? Jamais").check()
    page.locator("#q-fatigue").get_by_role("button", name="Effacer ma réponse").click()
    expect(page.get_by_role("radio", name="Vous sentez-vous à bout ? Jamais")).not_to_be_checked()


def test_the_keyboard_alone_is_enough(desk: BrowserContext, link: str, survey: Survey) -> None:
    page = desk.new_page()
    page.goto(link)
    press = page.keyboard.press

    def reach(selector: str, key: str = "Tab") -> None:
        for _ in range(60):
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            press(key)
        raise AssertionError(f"{selector} is out of reach of the keyboard")

    press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    press("Enter")
    reach("#consent-part")
    press("Space")
    reach("#consent-health")
    press("Space")
    reach("#start")
    press("Enter")
    expect(page.locator("#title-you")).to_be_focused()
    reach("#profession-nurse")
    press("Space")
    press("ArrowDown")
    reach("#next")
    press("Enter")
    expect(page.locator("#title-work")).to_be_focused()
    reach("#tired-always")
    press("Space")
    press("ArrowRight")
    reach("#next")
    press("Enter")
    expect(page.locator("#title-send")).to_be_focused()
    reach("#next")
    press("Enter")
    receipt = expect_recorded(page)
    expect(page.locator("#title-done")).to_be_focused()
    assert answers_of(receipt, survey) == {"profession": "doctor", "tired": "often"}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_cut_off_at_any_width(new_context: NewContext, link: str, width: int) -> None:
    """320 by 256 is a desk of 1280 by 1024 enlarged four times."""
    page = new_context(viewport={"width": width, "height": 256 if width == 320 else 844}).new_page()

    def check_width() -> None:
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width, page.evaluate("() => document.querySelector('.screen.current').id")

    page.goto(link)
    check_width()
    consent_and_start(page)
    check_width()
    answer_first_page(page)
    forward(page)
    check_width()
    answer_second_page(page, "Oui")
    forward(page)
    check_width()
    forward(page)
    check_width()
    forward(page)
    expect_recorded(page)
    check_width()


def test_the_other_language_keeps_the_link_and_the_answers(desk: BrowserContext, link: str) -> None:
    page = desk.new_page()
    page.goto(link)
    consent_and_start(page)
    answer_first_page(page)
    expect(page.locator("#saved")).to_contain_text("Enregistré")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="You", exact=True)).to_be_visible()
    assert page.url.endswith(f"/en#{link.split('#')[1]}")
    expect(page.get_by_label("Doctor", exact=True)).to_be_checked()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_without_a_link_the_code_is_typed(desk: BrowserContext, address: str, codes: list[str]) -> None:
    page = desk.new_page()
    page.goto(address)
    page.locator("#code").fill("1234")
    page.get_by_label("J'accepte de participer.").check()
    page.get_by_label("J'accepte de parler de ma santé.").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator("#code-error")).to_contain_text("dix-sept signes")
    assert axe(page) == []
    wrong = "0000-0000-0000-0000-0"
    page.locator("#code").fill(wrong)
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_text("Ce lien n’est pas celui d’une invitation")).to_be_visible()
    assert axe(page) == []
    page.locator("#code").fill(codes[1].lower().replace("-", " "))
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", name="Vous", exact=True)).to_be_visible()
    assert page.url.split("#")[1] == codes[1].replace("-", "")


def test_a_closed_survey_says_so(desk: BrowserContext, link: str, survey: Survey) -> None:
    Survey.objects.filter(pk=survey.pk).update(state=Survey.State.CLOSED)
    page = desk.new_page()
    page.goto(link)
    expect(page.get_by_text("Cette enquête est close")).to_be_visible()
    expect(page.get_by_role("button", name="Commencer")).to_be_hidden()
    assert axe(page) == []


def test_answers_are_seen_and_erased_with_the_receipt(
    desk: BrowserContext, link: str, survey: Survey
) -> None:
    page = desk.new_page()
    page.goto(link)
    answer_all(page)
    forward(page)
    receipt = expect_recorded(page)
    ballots.empty_box(survey, everything=True)
    page.get_by_role("link", name="Revoir ou effacer mes réponses").click()
    expect(page.get_by_label("Votre reçu")).to_have_value(receipt)
    assert axe(page) == []
    page.get_by_role("button", name="Voir mes réponses").click()
    expect(page.get_by_text("50 heures")).to_be_visible()
    assert receipt not in page.url
    assert axe(page) == []
    page.get_by_label("Je veux effacer toutes mes réponses.").check()
    page.get_by_role("button", name="Effacer mes réponses").click()
    expect(page.get_by_role("heading", name="Vos réponses sont effacées")).to_be_visible()
    assert axe(page) == []
    page.goto(page.url)
    page.get_by_label("Votre reçu").fill(receipt)
    page.get_by_role("button", name="Voir mes réponses").click()
    expect(page.locator(".error-summary")).to_contain_text("Aucune réponse n’est liée à ce reçu")
    assert axe(page) == []


def test_what_is_known_comes_back_to_the_same_link(desk: BrowserContext, link: str) -> None:
    page: Page = desk.new_page()
    page.goto(link)
    page.get_by_role("link", name="Ce que nous savons de vous").click()
    expect(page.get_by_role("heading", name="Ce que nous savons de vous")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Revenir au questionnaire").click()
    expect(page.locator("#code-field")).to_be_hidden()
    assert page.url.endswith(link.split("#")[1])


def test_opening_counts_once_and_stores_no_moment(phone: BrowserContext, link: str) -> None:
    for _ in range(2):
        page = phone.new_page()
        page.goto(link)
        page.wait_for_load_state("networkidle")
    assert Invitation.objects.filter(state=Invitation.State.OPENED).count() == 1
