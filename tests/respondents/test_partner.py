"""A partner's campaign: its links to take away, how many were used, never by whom, and nobody else's."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from respondents import campaigns, counters, letters
from respondents.link_files import csv_lines
from respondents.models import Batch, Campaign
from respondents.models.counters import Counter
from santesurvey.models import AuditEvent, User
from santesurvey.spreadsheets import harmless
from surveys.models import Survey


@pytest.fixture
def batch(campaign: Campaign) -> Batch:
    return campaigns.add_batch(campaign=campaign, size=30, label="Île-de-France", by=None)


@pytest.fixture
def paul(client: Client, partner_user: User) -> Client:
    client.force_login(partner_user)
    return client


def used(campaign: Campaign, days_ago: int, count: int) -> None:
    counters.add(
        campaign.survey_id,
        timezone.localdate() - timedelta(days=days_ago),
        [counters.Count(Counter.Kind.SUBMITTED, campaign=campaign.pk, count=count)],
    )


def content(response: Any) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return b"".join(response)  # type: ignore[arg-type]


def test_the_links_as_csv_for_a_french_spreadsheet(paul: Client, campaign: Campaign, batch: Batch) -> None:
    response = paul.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/liens.csv")
    body = content(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert f"petite-enquete-ile-de-france-{batch.pk}.csv" in response["Content-Disposition"]
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["numéro", "code", "lien"]
    assert rows[1:] == [[str(link.number), link.code, link.url] for link in campaigns.links(batch)]
    assert len(rows) == 31


def test_the_links_as_a_workbook(paul: Client, campaign: Campaign, batch: Batch) -> None:
    body = content(paul.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/liens.xlsx"))
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 31
    for link in campaigns.links(batch):
        assert link.url in sheet
        assert link.code in sheet
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_every_download_is_in_the_journal(
    paul: Client, campaign: Campaign, batch: Batch, partner_user: User
) -> None:
    folder = f"/campagnes/{campaign.pk}/lots/{batch.pk}"
    content(paul.get(f"{folder}/liens.csv"))
    content(paul.get(f"{folder}/liens.xlsx"))
    paul.get(f"{folder}/lettres/")
    lines = AuditEvent.objects.filter(action="batch.download", actor=partner_user).order_by("pk")
    assert [line.details["format"] for line in lines] == ["csv", "xlsx", "letters 1-30"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert harmless(f"{start}SUM(A1)") == f"'{start}SUM(A1)"
    link = campaigns.Link(1, f"{start}cmd", "https://x.example/q/a#B")
    assert f"'{start}cmd" in "".join(csv_lines([link]))


def test_a_large_file_is_written_piece_by_piece(campaign: Campaign) -> None:
    batch = campaigns.add_batch(campaign=campaign, size=1_100, label="Grand", by=None)
    pieces = list(csv_lines(campaigns.links(batch)))
    assert [piece.count("\r\n") for piece in pieces] == [500, 500, 101]


def test_letters_carry_code_and_square(paul: Client, campaign: Campaign, batch: Batch) -> None:
    page = paul.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/lettres/?partie=x")
    first = next(campaigns.links(batch))
    assert page.text.count('class="letter ') == 30
    assert first.code in page.text
    assert first.url not in page.text, "the link itself is in the square only"
    assert page.text.count("data:image/svg+xml") == 30


def test_letters_come_in_parts(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "AT_ONCE", 10)
    batch = campaigns.add_batch(campaign=campaign, size=25, label="A", by=None)
    part = letters.part(batch, "3")
    assert (part.first, part.last, part.count) == (21, 25, 3)
    assert [letter.number for letter in part.letters] == [21, 22, 23, 24, 25]
    assert letters.part(batch, "99").number == 3
    assert letters.part(batch, "-1").number == 1


def test_used_per_day_and_never_few(paul: Client, campaign: Campaign, batch: Batch) -> None:
    campaigns.add_batch(campaign=campaign, size=200, label="Bretagne", by=None)
    used(campaign, 4, 12)
    used(campaign, 3, 3)
    used(campaign, 2, 4)
    used(campaign, 1, 2)
    used(campaign, 0, 50)  # today: not before tomorrow
    page = paul.get(f"/campagnes/{campaign.pk}/")
    use = page.context["use"]
    assert [(period.count, period.days) for period in use.periods] == [(12, 1), (7, 2)]
    assert use.total == 19
    assert use.held_from == timezone.localdate() - timedelta(days=1)
    assert "&lt; 5" in page.text
    assert "69" not in page.text
    assert "style=" not in page.text


def test_a_campaign_of_a_few_shows_no_use_at_all(paul: Client, campaign: Campaign) -> None:
    campaigns.add_batch(campaign=campaign, size=9, label="A", by=None)
    used(campaign, 1, 6)
    page = paul.get(f"/campagnes/{campaign.pk}/")
    assert "moins de 10 invitations" in page.text
    assert page.context["use"].periods == []


def test_before_the_first_answer(paul: Client, campaign: Campaign, batch: Batch) -> None:
    used(campaign, 0, 8)
    assert "Aucune invitation n’a été utilisée jusqu’à hier" in plain(paul.get(f"/campagnes/{campaign.pk}/"))


def test_a_campaign_without_batch_says_what_comes(paul: Client, campaign: Campaign) -> None:
    assert "prépare les invitations" in plain(paul.get(f"/campagnes/{campaign.pk}/"))


def test_a_closed_campaign_gives_no_link(paul: Client, campaign: Campaign, batch: Batch) -> None:
    campaigns.close_campaign(campaign=campaign, by=None)
    page = plain(paul.get(f"/campagnes/{campaign.pk}/"))
    assert "Ses liens sont détruits" in page
    assert "liens.csv" not in page
    for path in ("liens.csv", "liens.xlsx", "lettres/"):
        gone = paul.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/{path}")
        assert gone.status_code == 302
    assert not AuditEvent.objects.filter(action="batch.download").exists()


def test_the_researcher_sees_the_campaign_and_not_its_links(
    client: Client, campaign: Campaign, batch: Batch, researcher: User
) -> None:
    client.force_login(researcher)
    page = client.get(f"/campagnes/{campaign.pk}/")
    assert page.status_code == 200
    assert "liens.csv" not in page.text
    assert client.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/liens.csv").status_code == 404
    assert client.get(f"/campagnes/{campaign.pk}/lots/{batch.pk}/lettres/").status_code == 404


def test_a_partner_can_neither_add_nor_close(paul: Client, campaign: Campaign) -> None:
    for path in ("lots/nouveau/", "cloture/"):
        assert paul.get(f"/campagnes/{campaign.pk}/{path}").status_code == 404
        assert paul.post(f"/campagnes/{campaign.pk}/{path}").status_code == 404
    assert "Clore" not in paul.get(f"/campagnes/{campaign.pk}/").text


def test_a_batch_belongs_to_its_own_campaign(
    paul: Client, campaign: Campaign, batch: Batch, survey: Survey
) -> None:
    other = campaigns.create_campaign(survey=survey, partner=campaign.partner, name="Automne", by=None)
    assert paul.get(f"/campagnes/{other.pk}/lots/{batch.pk}/liens.csv").status_code == 404


def test_the_page_costs_as_many_queries_with_many_batches(
    paul: Client, campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        campaigns.add_batch(campaign=campaign, size=10, label=f"Lot {number}", by=None)
        used(campaign, number + 1, 7)
    # session, user, campaign, may manage, may download, batches, sizes, counters, version, document
    with django_assert_num_queries(10):
        paul.get(f"/campagnes/{campaign.pk}/")


def plain(response: Any) -> str:
    text: str = response.text
    return text.replace("&#x27;", "'")
