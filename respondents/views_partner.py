"""A campaign as its partner sees it, and as the researcher who runs it does: batches, links, use."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from respondents import campaigns, letters
from respondents.bar_charts import columns
from respondents.campaign_use import use
from respondents.link_files import csv_lines, xlsx_file
from respondents.models.invitations import Batch, Campaign
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, may

CAMPAIGNS = Campaign.objects.select_related("survey", "partner")
BATCHES = Batch.objects.select_related("campaign__survey", "campaign__partner")


@login_required
@require_GET
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Batches with their links, and how many invitations were used, never by whom."""
    found = get_or_404(request.user, Action.SEE_CAMPAIGN, CAMPAIGNS.all(), pk=campaign_id)
    manages = may(request.user, Action.MANAGE_CAMPAIGNS, found)
    counted = use(found)
    context = {
        "campaign": found,
        "survey": found.survey,
        "batches": list(found.batches.order_by("pk").defer("sealed_seed")),
        "use": counted,
        "chart": columns([(p.days, round(p.count / p.days)) for p in counted.periods]),
        "manages": manages,
        "distributes": may(request.user, Action.DOWNLOAD_LINKS, found),
        "frame": "researcher/survey_base.html" if manages else "partner/partner_base.html",
    }
    return render(request, "partner/campaign.html", context)


@login_required
@require_GET
@never_cache
def batch_links(request: HttpRequest, campaign_id: int, batch_id: int, form: str) -> HttpResponseBase:
    """The links of a batch as CSV or XLSX. Every download is a line of the journal."""
    batch = _batch_to_distribute(request, campaign_id, batch_id)
    if batch.sealed_seed is None:
        return redirect("campaign", campaign_id)
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    campaigns.record_download(batch=batch, form=form, by=request.user)
    name = f"{slugify(batch.campaign.survey.slug)}-{slugify(batch.label) or 'lot'}-{batch.pk}.{form}"
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(
            csv_lines(campaigns.links(batch)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(
            xlsx_file(campaigns.links(batch), title=batch.label),
            as_attachment=True,
            filename=name,
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    return response


@login_required
@require_GET
@never_cache
def batch_letters(request: HttpRequest, campaign_id: int, batch_id: int) -> HttpResponse:
    """Letters to print, one a page, with the code to type and a square to photograph."""
    batch = _batch_to_distribute(request, campaign_id, batch_id)
    if batch.sealed_seed is None:
        return redirect("campaign", campaign_id)
    part = letters.part(batch, request.GET.get("partie", ""))
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    campaigns.record_download(batch=batch, form=f"letters {part.first}-{part.last}", by=request.user)
    version = batch.campaign.survey.current_version
    context = {
        "batch": batch,
        "campaign": batch.campaign,
        "survey": batch.campaign.survey,
        "questionnaire": version.questionnaire if version else None,
        "part": part,
        "title": _("Lettres à imprimer"),
    }
    return render(request, "partner/letters.html", context)


def _batch_to_distribute(request: HttpRequest, campaign_id: int, batch_id: int) -> Batch:
    return get_or_404(
        request.user, Action.DOWNLOAD_LINKS, BATCHES.all(), pk=batch_id, campaign_id=campaign_id
    )
