"""The researcher's fieldwork: campaigns and their batches, and the state of the collection, live."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from respondents import campaigns
from respondents.campaign_forms import BatchForm, CampaignForm
from respondents.fieldwork_figures import figures
from respondents.models.invitations import Campaign
from respondents.partners import PartnerError, create_partner
from santesurvey.confirmation import ConfirmNameForm
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, may
from surveys.models import Survey


@login_required
@require_GET
def distribution(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaigns of a survey."""
    survey = get_or_404(request.user, Action.MANAGE_CAMPAIGNS, Survey.objects.all(), slug=slug)
    rows = (
        Campaign.objects.filter(survey=survey)
        .select_related("partner")
        .annotate(lots=Count("batches"), invitations_made=Sum("batches__size", default=0))
        .order_by("state", "-pk")
    )
    return render(request, "researcher/distribution.html", {"survey": survey, "campaigns": list(rows)})


@login_required
@require_http_methods(["GET", "POST"])
def campaign_create(request: HttpRequest, slug: str) -> HttpResponse:
    survey = get_or_404(request.user, Action.MANAGE_CAMPAIGNS, Survey.objects.all(), slug=slug)
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, user = form.cleaned_data, _user(request)
        try:
            partner = data.get("partner") or create_partner(name=data["new_partner"], by=user)
            made = campaigns.create_campaign(
                survey=survey, partner=partner, name=data["name"], closes_on=data["closes_on"], by=user
            )
        except PartnerError as exc:
            form.add_error("new_partner", str(exc))
        except campaigns.CampaignError as exc:
            form.add_error("name", str(exc))
        else:
            messages.success(request, _("La campagne est créée. Ajoutez-lui un premier lot d'invitations."))
            return redirect("batch_create", made.pk)
    status = 422 if form.errors else 200
    return render(request, "researcher/campaign_create.html", {"survey": survey, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def batch_create(request: HttpRequest, campaign_id: int) -> HttpResponse:
    campaign = _to_manage(request, campaign_id)
    if campaign.state != Campaign.State.OPEN:
        messages.error(request, _("La campagne est close : aucune invitation ne peut y être ajoutée."))
        return redirect("campaign", campaign.pk)
    form = BatchForm(request.POST or None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        size = form.cleaned_data["size"]
        try:
            campaigns.add_batch(
                campaign=campaign, size=size, label=form.cleaned_data["label"], by=_user(request)
            )
        except campaigns.CampaignError as exc:
            form.add_error(None, str(exc))
        else:
            messages.success(
                request,
                ngettext(
                    "%(size)d invitation est prête : %(partner)s peut télécharger son lien.",
                    "%(size)d invitations sont prêtes : %(partner)s peut télécharger les liens.",
                    size,
                )
                % {"size": size, "partner": campaign.partner.name},
            )
            return redirect("campaign", campaign.pk)
    context = {"campaign": campaign, "survey": campaign.survey, "form": form}
    return render(request, "researcher/batch_create.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def campaign_close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Say what closing destroys, ask for the name, close."""
    campaign = _to_manage(request, campaign_id)
    if campaign.state != Campaign.State.OPEN:
        return redirect("campaign", campaign.pk)
    form = ConfirmNameForm(request.POST or None, expected=campaign.name)
    if request.method == "POST" and form.is_valid():
        campaigns.close_campaign(campaign=campaign, by=_user(request))
        messages.success(request, _("La campagne est close et ses liens sont détruits."))
        return redirect("campaign", campaign.pk)
    context = {
        "campaign": campaign,
        "survey": campaign.survey,
        "form": form,
        "invitations": campaign.batches.aggregate(total=Sum("size", default=0))["total"],
        "batches": campaign.batches.count(),
    }
    return render(request, "researcher/campaign_close.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
@never_cache
def fieldwork(request: HttpRequest, slug: str) -> HttpResponse:
    """The state of the collection. htmx asks every ten seconds with what it has, and gets what changed."""
    survey = get_or_404(request.user, Action.SEE_FIELDWORK, Survey.objects.all(), slug=slug)
    version = survey.current_version
    found = figures(survey, version.questionnaire if version else None, get_language() or "fr")
    context = {
        "survey": survey,
        "version": version,
        "figures": found,
        "questionnaire_minutes": version.questionnaire.minutes if version else 0,
        "has_campaign": survey.campaigns.exists(),
        "may_distribute": may(request.user, Action.MANAGE_CAMPAIGNS, survey),
        "paused": "pause" in request.GET,
    }
    if request.headers.get("HX-Request"):
        if request.GET.get("vu") == found.fingerprint:
            return HttpResponse(status=204)
        return render(request, "researcher/fieldwork_live.html", context | {"live": True})
    return render(request, "researcher/fieldwork.html", context)


def _to_manage(request: HttpRequest, campaign_id: int) -> Campaign:
    return get_or_404(
        request.user,
        Action.MANAGE_CAMPAIGNS,
        Campaign.objects.select_related("survey", "partner"),
        pk=campaign_id,
    )


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    return request.user
