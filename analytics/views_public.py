"""Results for everybody: the published figures of a study, their files, and the norms of respondents."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from analytics import dashboards, frames, reports
from analytics.charts import View
from analytics.estimates import estimates_of
from analytics.models import Snapshot
from analytics.publication import published
from analytics.results import DECILES
from analytics.views_results import figure_file
from surveys.models import Survey

MINUTES = 300


def _public(slug: str) -> Snapshot:
    """The published snapshot of the survey *slug*; 404 for a survey that has none, as for no survey."""
    snapshot = published(get_object_or_404(Survey, slug=slug))
    if snapshot is None:
        raise Http404
    return snapshot


def _view(request: HttpRequest, snapshot: Snapshot) -> View:
    view = dashboards.view_of(snapshot, request.GET, public=True)
    if view is None:
        raise Http404
    return view


@require_safe
@vary_on_headers("HX-Request", "Cookie", "Accept-Language")
def public_results(request: HttpRequest, slug: str) -> HttpResponse:
    """The published results. `groupe`, `poids=non` choose; `theme` opens one theme (alone for htmx)."""
    snapshot = _public(slug)
    view = _view(request, snapshot)
    wanted = request.GET.get("theme", "")
    addresses = {
        "survey": snapshot.survey,
        "figure_page": "public_figure",
        "figure_file": "public_figure_file",
    }
    if wanted and request.headers.get("HX-Request") == "true":
        theme, charts = dashboards.theme(view, wanted)
        own = {"theme": theme, "charts": charts, "view": view, "query": dashboards.query(view)}
        return render(request, "charts/theme.html", {**addresses, **own})
    context = dashboards.context(view, snapshot, open_theme=wanted)
    context["reports"] = reports.public_reports(snapshot)
    return render(request, "public/results.html", {**addresses, **context})


@require_safe
@vary_on_headers("HX-Request", "Cookie", "Accept-Language")
def public_figure(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One published figure on its own page, or the figure alone for htmx."""
    snapshot = _public(slug)
    view = _view(request, snapshot)
    context = {
        "survey": snapshot.survey,
        "snapshot": snapshot,
        "chart": dashboards.chart(view, key),
        "query": dashboards.query(view),
        "figure_page": "public_figure",
        "figure_file": "public_figure_file",
        "back": "public_results",
        "survey_is_synthetic": view.questionnaire.synthetic,
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "charts/figure.html" if partial else "public/results_figure.html", context)


@require_safe
@vary_on_headers("Cookie", "Accept-Language")
def public_figure_file(request: HttpRequest, slug: str, key: str, kind: str) -> HttpResponse:
    """A published figure as SVG, PNG, PDF or CSV."""
    return figure_file(_view(request, _public(slug)), slug, key, kind)


@require_safe
def report_public(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """The white paper of the published results; 404 where none was built from them in *language*."""
    found = next((r for r in reports.public_reports(_public(slug)) if r.language == language), None)
    if found is None:
        raise Http404
    response = HttpResponse(reports.content_of(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{slug}-{found.snapshot.fingerprint}-{language}.pdf"'
    response["Cache-Control"] = f"public, max-age={MINUTES}"
    response["ETag"] = f'"{found.digest}"'
    return response


@require_safe
@cache_control(public=True, max_age=MINUTES)
def respondent_norms(request: HttpRequest, slug: str) -> JsonResponse:
    """What respondents' own scores are held against: the published distribution of each scale.

    Answered outside sessions and languages (`respondents.middleware`): nothing about who asks is read.
    """
    try:
        snapshot = _public(slug)
        results = estimates_of(snapshot, public=True)
        if results is None:
            raise Http404
    except Http404:
        return JsonResponse({"error": "not_published"}, status=404)
    scales = {}
    for scale in frames.questionnaire(snapshot).scales:
        figure = results.figure(scale.code)
        cell, quantiles = (figure.cell(), figure.quantiles()) if figure else (None, None)
        if not scale.personal_result or cell is None or quantiles is None:
            continue
        critical = results.figure(f"{scale.code}.critical")
        share = critical.cell() if critical else None
        deciles = quantiles.best()
        if not set(DECILES) <= set(deciles):
            continue  # too few people for a tenth of them
        scales[scale.code] = {
            "mean": cell.best().value,
            "deciles": [deciles[tenth].value for tenth in DECILES],
            "critical_share": share.best().value if share else None,
        }
    return JsonResponse({"fingerprint": snapshot.fingerprint, "n": results.n, "scales": scales})
