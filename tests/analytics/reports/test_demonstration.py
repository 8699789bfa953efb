"""The documents of the demonstration: published and reproduced side by side, a dataset in two steps."""

from __future__ import annotations

import io
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from analytics import reports
from analytics.comparisons import published_of
from analytics.models import Release, Snapshot
from analytics.snapshots import latest
from analytics.tasks_documents import build_release
from santesurvey.demo import SLUG
from santesurvey.models import Job, User
from surveys.models import Survey


@pytest.fixture
def demo(db: None, storage: None) -> Survey:
    call_command("demo", stdout=StringIO())
    return Survey.objects.get(slug=SLUG)


@pytest.fixture
def snapshot(demo: Survey) -> Snapshot:
    found = latest(demo)
    assert found
    return found


def _plain(text: str) -> str:
    """Without any space: lines of a PDF break where they like."""
    return "".join(text.replace("’", "'").split())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_published_figures_stand_beside_the_reproduced_ones(snapshot: Snapshot, language: str) -> None:
    report = reports.build(snapshot=snapshot, language=language, progress=lambda *_: None, by=None)
    pages = [_plain(page.extract_text()) for page in PdfReader(io.BytesIO(reports.content_of(report))).pages]
    whole = " ".join(pages)
    published = published_of(SLUG)
    assert published
    for figure in published.figures:
        assert _plain(figure.label[language]) in whole, figure.key
    # 63 % worn out at the end of the day: published, then reproduced within two points.
    label = _plain(published.figures[0].label[language])
    page = next(page for page in pages if label in page and _plain(published.study[language]) in page)
    numbers = re.match(r"63%(\d\d)[,.](\d)%", page.partition(label)[2])
    assert numbers
    assert abs(float(f"{numbers[1]}.{numbers[2]}") - 63) <= 2
    if language == "fr":
        assert all("Donnéessynthétiques" in page for page in pages)


def test_a_researcher_is_refused_then_succeeds_in_one_step(demo: Survey) -> None:
    client = Client()
    researcher = User.objects.get(email="recherche@demo.example")
    client.force_login(researcher)
    page = reverse("survey_releases", args=[SLUG])
    detailed = client.get(page)
    assert "serait refusé" in detailed.content.decode()

    client.post(reverse("release_build", args=[SLUG]), {"detail-licence": "research"})
    build_release(str(Job.objects.filter(kind__endswith="build_release").get().pk))
    refused = client.get(page)
    assert "Le jeu de données a été refusé" in refused.content.decode()
    assert "sans «\xa0Région\xa0»" in refused.content.decode()
    first, *_others = refused.context["suggestions"]

    client.post(reverse("release_build", args=[SLUG]), first.fields)
    build_release(str(Job.objects.filter(kind__endswith="build_release").first().pk))  # type: ignore[union-attr]
    release = Release.objects.get(state=Release.State.READY)
    assert release.assessment["k"] >= 5
    ready = client.get(page).content.decode()
    assert reverse("release_download", args=[SLUG, release.pk]) in ready
