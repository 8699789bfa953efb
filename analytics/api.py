"""API of the results: freezes, figures, and what is public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics import publication, reports
from analytics.estimates import estimates_of
from analytics.models import Snapshot
from analytics.results import Cell, Figure, Results
from analytics.snapshots import freeze, latest
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, visible
from surveys.models import Survey


class SnapshotSerializer(serializers.ModelSerializer[Snapshot]):
    survey = serializers.SlugRelatedField[Survey](slug_field="slug", read_only=True)

    class Meta:
        model = Snapshot
        fields = ("number", "survey", "digest", "responses", "weighting", "created_at", "published_at")


class StartedSerializer(serializers.Serializer[Any]):
    """The job that does the work: ask for it at `jobs/{id}/`."""

    job = serializers.UUIDField()


class EstimateSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField()
    lower = serializers.FloatField(allow_null=True)
    upper = serializers.FloatField(allow_null=True)


class CellSerializer(serializers.Serializer[Any]):
    """One number of a figure; a cell that must not be shown is absent."""

    group = serializers.CharField(allow_blank=True, help_text="variable=option, empty for everyone")
    code = serializers.CharField(allow_blank=True, help_text="option or band, empty for a mean")
    n = serializers.IntegerField(help_text="people in the base, unweighted")
    count = serializers.IntegerField(allow_null=True)
    n_effective = serializers.FloatField()
    weighted = EstimateSerializer(allow_null=True)
    unweighted = EstimateSerializer()


class FigureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    kind = serializers.CharField()
    variable = serializers.CharField()
    address = serializers.CharField(
        help_text="fingerprints of the data and of the specification, and the key"
    )
    cells = CellSerializer(many=True)


class WhitePaperSerializer(serializers.Serializer[Any]):
    """A white paper that anybody may read, made of the figures that are public."""

    language = serializers.CharField()
    digest = serializers.CharField(help_text="SHA-256 of the PDF")
    address = serializers.CharField(help_text="where to get it, on this site")


class ResultsSerializer(serializers.Serializer[Any]):
    """Every figure of a freeze that may be shown, with 95 % intervals.

    For everybody, weighted shares come in whole percents and means in tenths, as they are printed: exact ones,
    with the weights, would give withheld counts back. The team gets them unrounded.
    """

    survey = serializers.SlugField()
    snapshot = serializers.CharField(help_text="SHA-256 of the frozen data")
    specification = serializers.CharField(help_text="SHA-256 of what was computed")
    n = serializers.IntegerField()
    weighted = serializers.BooleanField()
    synthetic = serializers.BooleanField()
    minimum_cell = serializers.IntegerField()
    white_papers = WhitePaperSerializer(many=True)
    figures = FigureSerializer(many=True)


def results_as_data(snapshot: Snapshot, results: Results) -> dict[str, Any]:
    version = snapshot.survey.current_version
    return {
        "survey": snapshot.survey.slug,
        "snapshot": results.snapshot_digest,
        "specification": results.specification_digest,
        "n": results.n,
        "weighted": results.weighted,
        "synthetic": bool(version and version.questionnaire.synthetic),
        "minimum_cell": results.minimum_cell,
        "white_papers": [
            {
                "language": report.language,
                "digest": report.digest,
                "address": reverse("report_public", args=[snapshot.survey.slug, report.language]),
            }
            for report in reports.public_reports(snapshot)
        ],
        "figures": [
            {
                "key": figure.key,
                "kind": figure.spec.kind,
                "variable": figure.spec.variable,
                "address": results.address(figure.key),
                "cells": list(_cells(figure)),
            }
            for figure in results.figures()
        ],
    }


def _cells(figure: Figure) -> Iterator[dict[str, Any]]:
    codes = [""] if figure.spec.kind in {"number", "scale", "combination"} else figure.spec.codes
    for group in figure.stored:
        for code in codes:
            cell: Cell | None = figure.cell(code, group)
            if cell is not None:
                yield {"group": group, "code": code, **asdict(cell)}


def results_or_404(snapshot: Snapshot, *, public: bool = False) -> Results:
    results = estimates_of(snapshot, public=public)
    if results is None:
        raise Http404
    return results


class SurveySnapshots(APIView):
    """The freezes of a survey, newest first; post to freeze its responses as they are now."""

    @extend_schema(responses=SnapshotSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        snapshots = visible(request.user, Action.SEE_RESULTS, Snapshot.objects.filter(survey__slug=slug))
        get_or_404(request.user, Action.SEE_RESULTS, Survey.objects.all(), slug=slug)
        return Response(SnapshotSerializer(snapshots.select_related("survey"), many=True).data)

    @extend_schema(request=None, responses={202: StartedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.FREEZE, Survey.objects.all(), slug=slug)
        job = freeze(survey=survey, by=cast(User, request.user))
        return Response({"job": job.pk}, status=status.HTTP_202_ACCEPTED)


class SurveyResults(APIView):
    """The figures of the newest freeze, or of the one that `snapshot` numbers."""

    @extend_schema(responses=ResultsSerializer)
    def get(self, request: Request, slug: str, number: int | None = None) -> Response:
        survey = get_or_404(request.user, Action.SEE_RESULTS, Survey.objects.all(), slug=slug)
        snapshot = latest(survey) if number is None else survey.snapshots.filter(number=number).first()
        if snapshot is None:
            raise Http404
        return Response(results_as_data(snapshot, results_or_404(snapshot)))


class PublicResults(APIView):
    """The published figures of a survey, for everybody."""

    permission_classes = (AllowAny,)

    @extend_schema(responses=ResultsSerializer, auth=[])
    def get(self, request: Request, slug: str) -> Response:
        published = Snapshot.objects.filter(survey__slug=slug, published_at__isnull=False)
        snapshot = published.select_related("survey").order_by("-number").first()
        if snapshot is None:
            raise Http404
        return Response(results_as_data(snapshot, results_or_404(snapshot, public=True)))


class Publication(APIView):
    """Put: make the figures of a freeze public, in place of another's. Delete: take the public ones back."""

    @extend_schema(request=None, responses=SnapshotSerializer)
    def put(self, request: Request, slug: str, number: int) -> Response:
        survey = get_or_404(request.user, Action.PUBLISH_RESULTS, Survey.objects.all(), slug=slug)
        snapshot = survey.snapshots.filter(number=number).first()
        if snapshot is None:
            raise Http404
        try:
            published = publication.publish_results(snapshot=snapshot, by=cast(User, request.user))
        except publication.NotPublishable as exc:
            raise ValidationError({"snapshot": [str(exc)]}) from exc
        return Response(SnapshotSerializer(published).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, slug: str, number: int) -> Response:
        survey = get_or_404(request.user, Action.PUBLISH_RESULTS, Survey.objects.all(), slug=slug)
        public = publication.published(survey)
        if public is None or public.number != number:
            raise Http404
        publication.withdraw_results(survey=survey, by=cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)
