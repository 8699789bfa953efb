"""The white paper: what is on its pages, the same bytes twice, one paper however often it is asked for."""

from __future__ import annotations

import doctest
import io
from typing import Any

import pytest
from pypdf import PdfReader

from analytics import reports
from analytics.estimates import estimates_of
from analytics.models import Report, Snapshot
from analytics.numerals import percent
from analytics.reporting import typesetting, typography
from analytics.snapshots import freeze_now
from analytics.tasks_documents import build_report
from santesurvey.models import AuditEvent, Job, User
from surveys.models import Survey
from surveys.publishing import publish
from tests.analytics.made_up import respond
from tests.questionnaires import small_document

MARKUP = '#panic("lu comme du code") *gras* $x$ <script> \\ [crochet] @ref'


@pytest.fixture
def snapshot(survey: Survey) -> Snapshot:
    """A synthetic survey whose author writes what Typst would take for commands."""
    document: dict[str, Any] = small_document()
    document["synthetic"] = True
    document["description"] = {"fr": MARKUP, "en": MARKUP}
    document["choices"]["yes_no"][0]["label"]["fr"] = MARKUP
    respond(publish(survey=survey, document=document, by=None), 300)
    return freeze_now(survey=survey, by=None)


def build(snapshot: Snapshot, language: str = "fr", by: User | None = None) -> Report:
    return reports.build(snapshot=snapshot, language=language, progress=lambda *_: None, by=by)


def pages(report: Report) -> list[str]:
    text = [page.extract_text() for page in PdfReader(io.BytesIO(reports.content_of(report))).pages]
    return [" ".join(page.replace("\u202f", " ").replace("\xa0", " ").split()) for page in text]


def test_every_page_says_that_the_data_are_synthetic_and_where_they_come_from(snapshot: Snapshot) -> None:
    found = pages(build(snapshot))
    results = estimates_of(snapshot)
    assert results
    assert len(found) > 3
    for page in found:
        assert "Données synthétiques" in page
        assert snapshot.fingerprint in page
        assert results.specification_digest[:12] in page


def test_a_real_survey_does_not_say_synthetic(survey: Survey) -> None:
    respond(publish(survey=survey, document=small_document(), by=None), 60)
    assert not [p for p in pages(build(freeze_now(survey=survey, by=None))) if "synthétiques" in p.lower()]


def test_numbers_are_those_of_the_estimates(snapshot: Snapshot) -> None:
    results = estimates_of(snapshot)
    assert results
    figure = results.figure("exhaustion.critical")
    assert figure
    cell = figure.cell()
    assert cell
    shown = percent(cell.best().value, language="fr").replace("\u202f", " ")
    cover = pages(build(snapshot))[0]
    assert shown in cover
    assert "Épuisement" in cover


def test_text_of_researchers_is_printed_and_never_run(snapshot: Snapshot) -> None:
    whole = " ".join(pages(build(snapshot)))
    for part in ('#panic("lu comme du code")', "*gras*", "$x$", "[crochet]", "@ref"):
        assert part in whole


def test_the_paper_is_accessible_and_archivable(snapshot: Snapshot) -> None:
    for language in ("fr", "en"):
        reader = PdfReader(io.BytesIO(reports.content_of(build(snapshot, language))))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert root["/Lang"] == language  # type: ignore[index]
        metadata = root["/Metadata"].get_data().decode()  # type: ignore[index]
        assert "pdfuaid" in metadata
        assert "pdfaid" in metadata
        assert reader.metadata
        assert reader.metadata.title in {"Petite enquête", "Small survey"}
        assert reader.outline


def test_building_again_finds_the_same_paper(snapshot: Snapshot, researcher: User) -> None:
    first = build(snapshot, by=researcher)
    content = reports.content_of(first)
    assert build(snapshot, by=researcher).pk == first.pk
    Report.objects.all().delete()
    again = build(snapshot, by=researcher)
    assert again.digest == first.digest
    assert reports.content_of(again) == content
    assert AuditEvent.objects.filter(action="report.build").count() == 2


def test_a_job_that_was_stopped_ends_in_one_paper_when_it_runs_again(
    snapshot: Snapshot, researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = reports.request_report(snapshot=snapshot, language="fr", by=researcher)
    assert reports.request_report(snapshot=snapshot, language="fr", by=researcher).pk == job.pk

    def stopped(files: dict[str, bytes], *, timestamp: int) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "pdf", stopped)
        with pytest.raises(KeyboardInterrupt):
            build_report(str(job.pk))
    assert not Report.objects.exists()
    build_report(str(job.pk))
    build_report(str(job.pk))
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    assert Report.objects.count() == 1


def test_a_language_that_the_questionnaire_does_not_have_is_refused(
    snapshot: Snapshot, researcher: User
) -> None:
    with pytest.raises(reports.NotBuildable):
        reports.request_report(snapshot=snapshot, language="de", by=researcher)
    assert not Job.objects.exists()


def test_a_damaged_file_is_not_handed_out(snapshot: Snapshot) -> None:
    report = build(snapshot)
    report.digest = "0" * 64
    with pytest.raises(Exception, match="empreinte"):
        reports.content_of(report)


def test_french_is_set_as_printers_do() -> None:
    assert doctest.testmod(typography) == (0, 1)
    assert typography.everywhere({"a": ["l'un : 5 %"]}, "fr") == {"a": ["l’un\u00a0: 5\u202f%"]}
    assert typography.everywhere("don't", "en") == "don't"


def test_without_the_fonts_of_the_front_end_the_paper_is_still_made(
    snapshot: Snapshot, settings: Any, tmp_path: Any
) -> None:
    settings.FRONTEND_DIST = tmp_path / "nothing"
    assert len(pages(build(snapshot))) > 3
