"""What a respondent does on the page, in words, for the journeys."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect


def consent_and_start(page: Page) -> None:
    page.get_by_label("J'accepte de participer.").check()
    page.get_by_label("J'accepte de parler de ma santé.").check()
    page.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("heading", name="Vous", exact=True)).to_be_visible()


def forward(page: Page) -> None:
    page.locator("#next").click()


def answer_first_page(page: Page, profession: str = "Médecin", hours: str = "50") -> None:
    page.get_by_label(profession, exact=True).check()
    page.get_by_label("Combien d'heures par semaine ?").fill(hours)


def answer_second_page(page: Page, attacked: str = "Non") -> None:
    for row in ("Vous sentez-vous fatigué ou fatiguée ?", "Vous sentez-vous à bout ?"):
        page.get_by_role("radio", name=f"{row} Souvent").check()
    page.get_by_role("radio", name="Avez-vous de l'énergie ? Rarement").check()
    page.get_by_label("Agenda", exact=True).check()
    page.get_by_role("group", name="Avez-vous été agressé").get_by_label(attacked).check()


def answer_all(page: Page) -> None:
    """From the notice to the screen that sends."""
    consent_and_start(page)
    answer_first_page(page)
    forward(page)
    answer_second_page(page)
    forward(page)
    expect(page.get_by_role("heading", name="Envoyer vos réponses")).to_be_visible()


def expect_recorded(page: Page) -> str:
    """The receipt, once the page says that the answers are recorded."""
    expect(page.get_by_role("heading", name="Vos réponses sont enregistrées")).to_be_visible()
    return page.locator("#receipt-code").inner_text()


def stored(page: Page) -> list[str]:
    """What the page left on the device."""
    names: list[str] = page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return names


def watch(page: Page) -> dict[str, list[Any]]:
    """Requests that the page makes, and whatever the console complains of, from now on."""
    seen: dict[str, list[Any]] = {"requests": [], "complaints": []}
    page.on("request", lambda request: seen["requests"].append(request))
    page.on("pageerror", lambda error: seen["complaints"].append(str(error)))
    page.on(
        "console",
        lambda message: seen["complaints"].append(message.text) if message.type == "error" else None,
    )
    return seen
