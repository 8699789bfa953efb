"""Pages of the results for the team: dashboard, single figures and their files, freeze, publication."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from analytics import dashboards
from analytics.charts import View
from analytics.charts.rendering import CONTENT_TYPES, Format, rendered
from analytics.estimates import estimates_of
from analytics.models import Snapshot
from analytics.publication import NotPublishable, publish_results, published, withdraw_results
from analytics.snapshots import freeze, latest
from respondents import responses
from santesurvey.models import Job, User, label_of
from santesurvey.permissions import Action, get_or_404, may
from surveys.models import Survey


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    return request.user


def _survey(request: HttpRequest, slug: str, action: Action = Action.SEE_RESULTS) -> Survey:
    return get_or_404(request.user, action, Survey.objects.all(), slug=slug)


def _partial(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def _shown_snapshot(survey: Survey) -> Snapshot | None:
    """The newest snapshot whose figures are computed; the one being computed waits."""
    for snapshot in survey.snapshots.order_by("-number")[:3]:
        if snapshot.estimate_sets.exists():
            return snapshot
    return None


def _view(request: HttpRequest, survey: Survey) -> tuple[Snapshot, View]:
    snapshot = _shown_snapshot(survey)
    view = dashboards.view_of(snapshot, request.GET, public=False) if snapshot else None
    if snapshot is None or view is None:
        raise Http404
    return snapshot, view


def _freeze_job(survey: Survey) -> Job | None:
    """The last freeze if it is under way, or failed since the last success."""
    job = Job.objects.filter(kind="analytics.tasks.freeze", target=label_of(survey)).first()
    return job if job and job.state != Job.State.DONE else None


@login_required
@require_GET
@never_cache
def survey_results(request: HttpRequest, slug: str) -> HttpResponse:
    """The dashboard. `groupe`, `poids=non` choose; `theme` opens one theme (alone for htmx)."""
    survey = _survey(request, slug)
    snapshot = _shown_snapshot(survey)
    view = dashboards.view_of(snapshot, request.GET, public=False) if snapshot else None
    if snapshot is None or view is None:
        return render(request, "researcher/results_empty.html", _around(request, survey))
    wanted = request.GET.get("theme", "")
    addresses = {"survey": survey, "figure_page": "result_figure", "figure_file": "result_figure_file"}
    if wanted and _partial(request):
        theme, charts = dashboards.theme(view, wanted)
        own = {"theme": theme, "charts": charts, "view": view, "query": dashboards.query(view)}
        return render(request, "charts/theme.html", {**addresses, **own})
    context = dashboards.context(view, snapshot, open_theme=wanted)
    return render(request, "researcher/results.html", {**_around(request, survey), **addresses, **context})


def _around(request: HttpRequest, survey: Survey) -> dict[str, object]:
    """What surrounds the figures: what may be done, what is being done."""
    job = _freeze_job(survey)
    user = _user(request)
    newest = latest(survey)
    return {
        "survey": survey,
        "job": job,
        "own_job": job is not None and (user.is_administrator or job.created_by_id == user.pk),
        "newest": newest,
        "responses": responses.count(survey),
        "published": published(survey),
        "may_freeze": may(user, Action.FREEZE, survey),
        "may_publish": may(user, Action.PUBLISH_RESULTS, survey),
    }


@login_required
@require_GET
@never_cache
def result_figure(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One figure on its own page, or the figure alone for htmx."""
    survey = _survey(request, slug)
    snapshot, view = _view(request, survey)
    context = {
        "survey": survey,
        "snapshot": snapshot,
        "chart": dashboards.chart(view, key),
        "query": dashboards.query(view),
        "figure_page": "result_figure",
        "figure_file": "result_figure_file",
        "back": "survey_results",
    }
    template = "charts/figure.html" if _partial(request) else "researcher/results_figure.html"
    return render(request, template, context)


def figure_file(view: View, slug: str, key: str, kind: str) -> HttpResponse:
    """The file of a figure, named after study and figure."""
    if kind not in CONTENT_TYPES:
        raise Http404
    kept: Format = kind  # type: ignore[assignment]
    content = rendered(dashboards.shown(view, key), kept)
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{slug}-{key.replace("@", "-par-")}.{kind}"'
    # A file is no page: nothing in it may run, whoever opens it in a browser.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@login_required
@require_GET
@never_cache
def result_figure_file(request: HttpRequest, slug: str, key: str, kind: str) -> HttpResponse:
    """A figure as SVG, PNG, PDF or CSV."""
    _snapshot, view = _view(request, _survey(request, slug))
    return figure_file(view, slug, key, kind)


@login_required
@require_POST
def result_freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a freeze, and show its progress on the dashboard."""
    survey = _survey(request, slug, Action.FREEZE)
    if responses.count(survey) == 0:
        messages.error(request, _("Il n'y a encore aucune réponse à geler."))
    else:
        freeze(survey=survey, by=_user(request))
    return redirect("survey_results", slug)


@login_required
@require_http_methods(["GET", "POST"])
def result_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what will be public, then make it so."""
    survey = _survey(request, slug, Action.PUBLISH_RESULTS)
    snapshot = _shown_snapshot(survey)
    if snapshot is None:
        messages.error(request, _("Gelez d'abord les données : il n'y a pas encore de résultats à publier."))
        return redirect("survey_results", slug)
    if request.method == "POST":
        try:
            publish_results(snapshot=snapshot, by=_user(request))
        except NotPublishable as exc:
            messages.error(request, str(exc))
        else:
            messages.success(request, _("Les résultats sont publics."))
        return redirect("survey_results", slug)
    results = estimates_of(snapshot, public=True)
    context = {
        "survey": survey,
        "snapshot": snapshot,
        "published": published(survey),
        "figures": sum(1 for _figure in results.figures()) if results else 0,
        "minimum": survey.minimum_cell,
    }
    return render(request, "researcher/results_publish.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def result_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what disappears, then take it back."""
    survey = _survey(request, slug, Action.PUBLISH_RESULTS)
    snapshot = published(survey)
    if snapshot is None:
        messages.info(request, _("Aucun résultat de cette étude n'est public."))
        return redirect("survey_results", slug)
    if request.method == "POST":
        withdraw_results(survey=survey, by=_user(request))
        messages.success(request, _("Les résultats ne sont plus publics."))
        return redirect("survey_results", slug)
    return render(request, "researcher/results_withdraw.html", {"survey": survey, "snapshot": snapshot})
