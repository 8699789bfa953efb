"""Charts say what the numbers say, in words, drawing and files, and hide what the rule hides."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.cache import cache

from analytics.charts import NoSuchFigure, View, display, rendering, theme
from analytics.charts.catalogue import headlines, scale_keys, themes
from analytics.charts.drawing import drawing, round_values
from analytics.charts.measuring import width, wrapped
from analytics.estimates import estimates_of
from analytics.frames import questionnaire
from surveys.models import Survey, Version
from surveys.publishing import publish
from tests.analytics.frozen import frozen
from tests.analytics.made_up import respond
from tests.questionnaires import small_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def view(survey: Survey, version: Version) -> View:
    snapshot = frozen(survey, version)
    results = estimates_of(snapshot)
    assert results
    return View(results, questionnaire(snapshot), "fr")


def keys(view: View) -> list[str]:
    found = [key for one in themes(view) for key in one.keys]
    return [*found, *scale_keys(view)]


def test_every_figure_has_a_display_in_both_languages(view: View) -> None:
    assert len(keys(view)) >= 7
    for language in ("fr", "en"):
        told = View(view.results, view.questionnaire, language)
        for key in keys(told):
            shown = display(told, key)
            assert shown.finding
            assert shown.question
            assert view.results.snapshot_digest[:12] in shown.source
            assert rendering.alternative(shown).startswith(shown.finding)
            head, rows = rendering.table(shown)
            assert all(len(row) == len(head) for row in rows)
    assert display(View(view.results, view.questionnaire, "fr"), "hours").finding.endswith("en moyenne")


def test_a_finding_holds_the_number_of_its_cell(view: View) -> None:
    shown = display(view, "exhaustion.critical")
    cell = view.results.figure("exhaustion.critical").cell()  # type: ignore[union-attr]
    assert cell
    assert f"{round(100 * cell.unweighted.value)}\u202f%" in shown.finding
    assert "seuil de 50" in shown.finding


def test_bases_of_conditional_questions_say_so(view: View) -> None:
    assert display(view, "complaint").base.startswith("Parmi les personnes concernées, n = ")
    assert display(view, "profession").base.startswith("n = ")


def test_unknown_keys_are_named(view: View) -> None:
    for key in ("nothing", "tired@nothing", "story", "tools_used@profession"):
        with pytest.raises(NoSuchFigure):
            display(view, key)


def test_what_is_withheld_is_said_not_drawn(survey: Survey, version: Version) -> None:
    respond(version, 60, tired="never")
    respond(version, 40, seed=2, tired="often")
    respond(version, 3, seed=3, tired="always")
    snapshot = frozen(survey, version, 0)
    results = estimates_of(snapshot)
    assert results
    shown = display(View(results, questionnaire(snapshot), "fr"), "tired")
    assert shown.withheld
    _head, rows = rendering.table(shown)
    assert rows[0][:3] == ["Toujours", "n. c.", "–"]
    lines = list(csv.reader(io.StringIO(rendering.as_csv(shown).decode("utf-8-sig")), delimiter=";"))
    assert lines[1][3] == lines[1][8] == ""
    assert "n. c." in rendering.svg(shown).decode()


def test_files_stand_alone_and_pages_do_not_style(view: View) -> None:
    cache.clear()
    shown = display(view, "fatigue")
    whole = rendering.svg(shown).decode()
    # Wrapped lines end where words end, so the text is whole once the tags are gone.
    said = " ".join(re.sub(r"<[^>]+>", " ", whole).split()).replace("\u202f", " ")
    for words in (shown.finding, shown.question, "empreinte"):
        assert " ".join(words.replace("\u202f", " ").split()) in said
    assert f'fill="{theme.PAPER}"' in whole
    inline = rendering.inline(shown)
    assert " style=" not in inline
    assert "#" not in re.sub(r"<text[^>]*>[^<]*</text>", "", inline).replace("&#", "")
    assert "var(--sequential-1)" in inline
    assert rendering.png(shown).startswith(b"\x89PNG")
    assert rendering.pdf(shown).startswith(b"%PDF")


def test_labels_cannot_bring_markup(survey: Survey) -> None:
    document = small_document()
    evil = '</text><script>alert(1)</script><text style="x">'
    document["choices"]["yes_no"][0]["label"] = {"fr": evil, "en": evil}
    version = publish(survey=survey, document=document, by=None)
    snapshot = frozen(survey, version, 60)
    results = estimates_of(snapshot)
    assert results
    shown = display(View(results, questionnaire(snapshot), "fr"), "attacked")
    for markup in (rendering.inline(shown), rendering.svg(shown).decode()):
        assert "<script" not in markup
        assert "&lt;script" in markup


def test_formulas_stay_words_in_a_spreadsheet(survey: Survey) -> None:
    document = small_document()
    document["choices"]["yes_no"][0]["label"] = {"fr": "=1+1", "en": "=1+1"}
    snapshot = frozen(survey, publish(survey=survey, document=document, by=None), 60)
    results = estimates_of(snapshot)
    assert results
    shown = display(View(results, questionnaire(snapshot), "fr"), "attacked")
    assert "\n'=1+1;" in rendering.as_csv(shown).decode("utf-8-sig").replace("\r", "")


def test_a_bar_starts_at_zero_and_ends_within_the_plot(view: View) -> None:
    for key in keys(view):
        specification = drawing(display(view, key))
        for layer in specification["layer"]:
            if layer["mark"]["type"] != "rect":
                continue
            low, high = layer["encoding"]["x"]["scale"]["domain"]
            boxes = layer["data"]["values"]
            assert all(low <= box["x"] <= box["x2"] <= high + 1e-9 for box in boxes)
            if display(view, key).share:
                assert low == 0
                assert min(box["x"] for box in boxes) == 0


def test_key_figures_fall_back_to_the_scales(view: View) -> None:
    assert [one.label for one in headlines(view)] == ["Épuisement"]


def test_words_are_broken_where_they_do_not_fit() -> None:
    lines = wrapped("Une phrase assez longue pour tenir sur deux lignes", 14, 160)
    assert len(lines) >= 2
    assert " ".join(lines) == "Une phrase assez longue pour tenir sur deux lignes"
    assert all(width(line, 14) <= 160 for line in lines)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (28, 57), (-3.2, 4.1), (0.001, 0.0042), (1200, 98000)])
def test_round_values_lie_inside(low: float, high: float) -> None:
    found = round_values(low, high)
    assert 3 <= len(found) <= 9
    assert all(low <= value <= high for value in found)
