"""Pages of what leaves as a file: datasets and white papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from analytics import releases, reports
from analytics.forms_documents import RecodingForm, initial, posted
from analytics.models import Release, Report, Snapshot
from analytics.releases import Material, NotBuildable
from analytics.releasing.recoding import Recoding, RecodingError
from analytics.releasing.recoding import read as read_recoding
from analytics.snapshots import latest
from santesurvey.models import Job, User, label_of
from santesurvey.permissions import Action, get_or_404, may
from surveys.definition import text
from surveys.models import Survey


@dataclass(frozen=True)
class Suggested:
    """A suggestion in words, with the form fields that carry it."""

    changes: list[tuple[str, str]]
    erases: bool
    fields: dict[str, str]


@login_required
@require_http_methods(["GET", "HEAD"])
@never_cache
def survey_releases(request: HttpRequest, slug: str) -> HttpResponse:
    """The datasets of a survey; for who may build one, the choices and what they would give."""
    survey = get_or_404(request.user, Action.DOWNLOAD_RELEASE, Survey.objects.all(), slug=slug)
    builds = may(request.user, Action.BUILD_RELEASE, survey)
    listed = Release.objects.filter(snapshot__survey=survey).select_related("snapshot")
    if not builds:
        listed = listed.filter(state=Release.State.READY)
    shown = list(listed)
    context: dict[str, Any] = {
        "survey": survey,
        "builds": builds,
        "ready": [release for release in shown if release.state == Release.State.READY],
    }
    snapshot = latest(survey) if builds else None
    if snapshot:
        context["snapshot"] = snapshot
        try:
            context |= _building(request, snapshot, shown)
        except NotBuildable as exc:
            context["problem"] = str(exc)
    template = "researcher/data_preview.html" if request.htmx else "researcher/data.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _building(request: HttpRequest, snapshot: Snapshot, shown: list[Release]) -> dict[str, Any]:
    """The form with what it would give, the last attempt, and the job that runs."""
    made_of = releases.material(snapshot)
    last = shown[0] if shown and shown[0].snapshot_id == snapshot.pk else None
    start = _recoding_of(last, made_of) if last else read_recoding({}, made_of.levels)
    given = any(name.startswith("detail-") for name in request.GET)
    form = RecodingForm(
        request.GET if given else None,
        initial=initial(start),
        questionnaire=made_of.questionnaire,
        levels=made_of.levels,
    )
    chosen = form.recoding() if given and form.is_valid() else start
    names = {field.name: str(field.label) for field in form.details}
    preview = releases.preview(snapshot, chosen, made_of).as_json()
    refused = last if last and last.state == Release.State.REFUSED and not given else None
    return {
        "form": form,
        "preview": _in_words(preview, names),
        "refused": refused,
        "reasons": _in_words(refused.assessment, names) if refused else None,
        "suggestions": _suggestions(refused, start, made_of, names) if refused else [],
        "job": _job(shown),
    }


def _job(shown: list[Release]) -> Job | None:
    """The last build of a dataset, if it is under way or failed: what a later one mended is no news."""
    labels = [label_of(release) for release in shown]
    last = Job.objects.filter(kind=releases.TASK, target__in=labels).order_by("-created_at").first()
    return last if last and last.state != Job.State.DONE else None


def _recoding_of(release: Release, made_of: Material) -> Recoding:
    """What was chosen for *release*, or nothing where the levels have changed since."""
    try:
        return read_recoding(release.recoding, made_of.levels)
    except RecodingError:
        return read_recoding({}, made_of.levels)


def _in_words(assessment: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """An assessment with the names of the variables, and the three that would help most."""
    helpful = [
        {**item, "label": names.get(item["variable"], item["variable"])}
        for item in assessment["contributions"]
        if item["records_below_without"] < assessment["records_below"]
    ]
    return {
        **assessment,
        "helpful": helpful[:3],
        "erased_labels": [
            (names.get(code, code), count) for code, count in sorted(assessment["erased"].items())
        ],
        "alike": [item for item in assessment["diversity"] if item["classes_alike"]],
    }


def _suggestions(
    refused: Release, start: Recoding, made_of: Material, names: dict[str, str]
) -> list[Suggested]:
    language = get_language() or made_of.questionnaire.language
    found = []
    for raw in refused.assessment.get("suggestions", []):
        try:
            suggestion = read_recoding(raw, made_of.levels)
        except RecodingError:
            continue
        found.append(
            Suggested(
                changes=[
                    (names[code], text(suggestion.level(code, made_of.levels).label, language))
                    for code in made_of.levels
                ],
                erases=suggestion.erase_rare,
                fields=posted(suggestion),
            )
        )
    return found


@login_required
@require_POST
def release_build(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a dataset with the choices that were sent."""
    survey = get_or_404(request.user, Action.BUILD_RELEASE, Survey.objects.all(), slug=slug)
    snapshot = latest(survey)
    if snapshot is None:
        messages.error(request, _("Gelez d'abord les données : un jeu de données part d'un gel."))
        return redirect("survey_releases", slug)
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    try:
        made_of = releases.material(snapshot)
        form = RecodingForm(request.POST, questionnaire=made_of.questionnaire, levels=made_of.levels)
        if not form.is_valid():
            raise NotBuildable(_("Un des choix n'existe pas : choisissez dans les listes, puis recommencez."))
        releases.request_release(snapshot=snapshot, recoding=form.recoding().as_json(), by=request.user)
    except NotBuildable as exc:
        messages.error(request, str(exc))
    return redirect("survey_releases", slug)


@login_required
@require_GET
@never_cache
def release_download(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """The archive of a ready dataset. Every download is a line of the journal."""
    release = get_or_404(
        request.user,
        Action.DOWNLOAD_RELEASE,
        Release.objects.filter(state=Release.State.READY, snapshot__survey__slug=slug).select_related(
            "snapshot__survey"
        ),
        pk=release_id,
    )
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    content = releases.download(release=release, by=request.user)
    name = f"{slug}-{release.digest[:12]}.zip"
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@require_http_methods(["GET", "HEAD"])
@never_cache
def survey_reports(request: HttpRequest, slug: str) -> HttpResponse:
    """The white papers of a survey, and what building another needs."""
    survey = get_or_404(request.user, Action.BUILD_REPORT, Survey.objects.all(), slug=slug)
    snapshot = latest(survey)
    job = None
    if snapshot:
        job = Job.objects.filter(kind=reports.TASK, target=label_of(snapshot)).first()
    context = {
        "survey": survey,
        "snapshot": snapshot,
        "languages": [(code, _language_name(code)) for code in reports.languages(snapshot)]
        if snapshot
        else [],
        "reports": Report.objects.filter(snapshot__survey=survey).select_related("snapshot"),
        "job": job if job and job.state != Job.State.DONE else None,
    }
    return render(request, "researcher/whitepaper.html", context)


def _language_name(code: str) -> str:
    return {"fr": _("français"), "en": _("anglais")}[code]


@login_required
@require_POST
def report_build(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a white paper of the latest snapshot in the language that was sent."""
    survey = get_or_404(request.user, Action.BUILD_REPORT, Survey.objects.all(), slug=slug)
    snapshot = latest(survey)
    if snapshot is None:
        messages.error(request, _("Gelez d'abord les données : un livre blanc part d'un gel."))
        return redirect("survey_reports", slug)
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    try:
        reports.request_report(snapshot=snapshot, language=request.POST.get("language", ""), by=request.user)
    except reports.NotBuildable as exc:
        messages.error(request, str(exc))
    return redirect("survey_reports", slug)


@login_required
@require_GET
@never_cache
def report_download(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """A white paper as PDF."""
    report = get_or_404(
        request.user,
        Action.BUILD_REPORT,
        Report.objects.filter(snapshot__survey__slug=slug).select_related("snapshot__survey"),
        pk=report_id,
    )
    name = f"{slug}-{report.snapshot.fingerprint}-{report.language}.pdf"
    return HttpResponse(
        reports.content_of(report),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
