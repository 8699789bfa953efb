"""API of the fieldwork: campaigns, batches, links, counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from respondents import ballots, campaign_use, campaigns, counters
from respondents.models.invitations import Batch, Campaign
from respondents.models.partners import Partner
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, visible
from surveys.models import Survey


class BatchSerializer(serializers.ModelSerializer[Batch]):
    class Meta:
        model = Batch
        fields = ("id", "label", "size", "created_on")
        read_only_fields = ("id", "created_on")


class ManagedSurvey(serializers.SlugRelatedField[Survey]):
    """A survey by its short name, among those whose campaigns the user manages: no other exists for them."""

    def get_queryset(self) -> QuerySet[Survey]:
        return visible(self.context["request"].user, Action.MANAGE_CAMPAIGNS, Survey.objects.all())


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    survey = ManagedSurvey(slug_field="slug", queryset=Survey.objects.all())
    partner = serializers.SlugRelatedField(slug_field="name", queryset=Partner.objects.all())
    batches = BatchSerializer(many=True, read_only=True)

    class Meta:
        model = Campaign
        fields = ("id", "survey", "partner", "name", "state", "closes_on", "batches")
        read_only_fields = ("id", "state")
        validators: list[Any] = []  # the action says it better


class LinkSerializer(serializers.Serializer[campaigns.Link]):
    number = serializers.IntegerField()
    code = serializers.CharField()
    url = serializers.CharField()


class DaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    opened = serializers.IntegerField()
    started = serializers.IntegerField()
    submitted = serializers.IntegerField()


class FieldworkSerializer(serializers.Serializer[Any]):
    """Counts of a survey's fieldwork; nothing is read from rows about people."""

    invited = serializers.IntegerField()
    opened = serializers.IntegerField()
    started = serializers.IntegerField()
    submitted = serializers.IntegerField()
    without_javascript = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="ballots that wait for enough company to be shuffled")
    by_day = DaySerializer(many=True)
    pages = serializers.ListField(child=serializers.IntegerField(), help_text="how many reached page 1, 2, …")
    minutes = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="pairs of whole minutes and respondents",
    )
    median_minutes = serializers.IntegerField(allow_null=True)


class CampaignViewSet(
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.CreateModelMixin,
    viewsets.GenericViewSet[Campaign],
):
    """The campaigns of your organisation, or of your surveys."""

    queryset = Campaign.objects.none()
    serializer_class = CampaignSerializer

    def get_queryset(self) -> QuerySet[Campaign]:
        everything = Campaign.objects.select_related("survey", "partner").prefetch_related("batches")
        return visible(self.request.user, Action.SEE_CAMPAIGN, everything)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who manages no survey learns nothing of which surveys and partners there are."""
        if not visible(request.user, Action.MANAGE_CAMPAIGNS, Survey.objects.all()).exists():
            raise Http404
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: serializers.BaseSerializer[Campaign]) -> None:
        data = serializer.validated_data
        try:
            serializer.instance = campaigns.create_campaign(
                survey=data["survey"],
                partner=data["partner"],
                name=data["name"],
                closes_on=data.get("closes_on"),
                by=cast(User, self.request.user),
            )
        except campaigns.CampaignError as exc:
            raise ValidationError({"name": [str(exc)]}) from exc

    def managed(self) -> Campaign:
        return get_or_404(
            self.request.user,
            Action.MANAGE_CAMPAIGNS,
            Campaign.objects.select_related("survey"),
            pk=self.kwargs["pk"],
        )

    @extend_schema(request=BatchSerializer, responses={201: BatchSerializer})
    @action(detail=True, methods=["post"])
    def batches(self, request: Request, pk: str = "") -> Response:
        """Make a batch of invitations."""
        campaign = self.managed()
        serializer = BatchSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            batch = campaigns.add_batch(
                campaign=campaign, by=cast(User, request.user), **serializer.validated_data
            )
        except campaigns.CampaignError as exc:
            raise ValidationError({"size": [str(exc)]}) from exc
        return Response(BatchSerializer(batch).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: CampaignSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str = "") -> Response:
        """End the campaign for good: no more answers, and its links are destroyed."""
        campaign = self.managed()
        campaigns.close_campaign(campaign=campaign, by=cast(User, request.user))
        return Response(CampaignSerializer(self.get_queryset().get(pk=campaign.pk)).data)


class BatchLinks(APIView):
    """The invitation links of a batch, for the partner who distributes them. Every reading is journaled."""

    @extend_schema(responses={200: LinkSerializer(many=True)})
    def get(self, request: Request, pk: int) -> Response:
        everything = Batch.objects.select_related("campaign__survey")
        batch = get_or_404(request.user, Action.DOWNLOAD_LINKS, everything, pk=pk)
        try:
            links: Any = list(campaigns.links(batch))
        except campaigns.CampaignError as exc:
            raise Http404 from exc
        campaigns.record_download(batch=batch, form="api", by=cast(User, request.user))
        return Response(LinkSerializer(links, many=True).data)


class PeriodSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    count = serializers.IntegerField()
    days = serializers.IntegerField()


class UseSerializer(serializers.Serializer[Any]):
    """How many invitations were used, in periods that tell nothing of anybody (respondents.masking)."""

    invitations = serializers.IntegerField()
    total = serializers.IntegerField(help_text="the sum of the periods shown; at least so many were used")
    minimum = serializers.IntegerField(help_text="fewest answers in a period that is shown")
    periods = PeriodSerializer(many=True)
    held_from = serializers.DateField(allow_null=True, help_text="from this day on, fewer than the minimum")
    held_to = serializers.DateField()


class CampaignUse(APIView):
    """How many invitations of a campaign were used and when, as far as it may be shown; never which."""

    @extend_schema(responses=UseSerializer)
    def get(self, request: Request, pk: int) -> Response:
        campaign = get_or_404(request.user, Action.SEE_CAMPAIGN, Campaign.objects.all(), pk=pk)
        seen: Any = campaign_use.use(campaign)
        return Response(UseSerializer(seen).data)


class SurveyFieldwork(APIView):
    """Where the fieldwork stands, from counters only."""

    @extend_schema(responses=FieldworkSerializer)
    def get(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.SEE_FIELDWORK, Survey.objects.all(), slug=slug)
        version = survey.current_version
        seen = counters.fieldwork(survey, len(version.questionnaire.pages) if version else 0)
        days = [dict(zip(("day", "opened", "started", "submitted"), row, strict=True)) for row in seen.by_day]
        return Response({**asdict(seen), "by_day": days, "waiting": ballots.waiting(survey)})
