"""The few pages that belong to no app: front door, health, one's own workspace, jobs, language."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, connection
from django.db.models import Count, Max, Prefetch, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from analytics.models import Snapshot
from respondents.models import Campaign
from santesurvey.models import Job, User
from santesurvey.permissions import Action, visible
from surveys.models import Survey, SurveyMember


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The front door: what this is, and the results that are public."""
    published = (
        Snapshot.objects.filter(published_at__isnull=False)
        .order_by("survey_id", "-number")
        .distinct("survey_id")
    )
    return render(request, "public/home.html", {"published": published.select_related("survey")})


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when requests can be served: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@login_required
@require_GET
def workspace(request: HttpRequest) -> HttpResponse:
    """The surveys and campaigns that the user works on."""
    surveys = visible(request.user, Action.SEE_SURVEY, Survey.objects.all())
    campaigns = visible(
        request.user, Action.DOWNLOAD_LINKS, Campaign.objects.select_related("survey", "partner")
    )
    context = {
        "surveys": list(
            surveys.annotate(last_version=Max("versions__number")).prefetch_related(
                Prefetch(
                    "members", SurveyMember.objects.filter(user=cast(User, request.user)), to_attr="own_roles"
                )
            )
        ),
        "campaigns": list(
            campaigns.annotate(
                lots=Count("batches"), invitations_made=Sum("batches__size", default=0)
            ).order_by("state", "-pk")
        ),
    }
    return render(request, "workspace.html", context)


@login_required
@require_GET
@never_cache
def job_progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The progress of a job, for whoever started it (and administrators): a page, or its bar for htmx.

    A job that is done sends its page back to the server, which then shows what came of it; one that failed
    stays where it is, with its reason.
    """
    jobs = Job.objects.all()
    if not getattr(request.user, "is_administrator", False):
        jobs = jobs.filter(created_by_id=request.user.pk)
    job = jobs.filter(pk=job_id).first()
    if job is None:
        raise Http404
    if not request.headers.get("HX-Request"):
        return render(request, "job.html", {"job": job})
    response = render(request, "job_progress.html", {"job": job})
    if job.state == Job.State.DONE:
        response["HX-Refresh"] = "true"
    return response


def absent(request: HttpRequest) -> HttpResponse:
    """A page of a library that is not part of this product."""
    raise Http404


@require_POST
def set_language(request: HttpRequest) -> HttpResponseRedirect:
    """Remember the language of the screens, and go back."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if translation.check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=31_536_000,
            samesite="Lax",
            secure=settings.HTTPS,
            httponly=True,
        )
    return response
