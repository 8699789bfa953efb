"""API of the results: freezes, figures, datasets, and what is public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, cast

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics import releases
from analytics.estimates import estimates_of
from analytics.models import Release, Snapshot
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


class ResultsSerializer(serializers.Serializer[Any]):
    """Every figure of a freeze that may be shown, with 95 % intervals."""

    survey = serializers.SlugField()
    snapshot = serializers.CharField(help_text="SHA-256 of the frozen data")
    specification = serializers.CharField(help_text="SHA-256 of what was computed")
    n = serializers.IntegerField()
    weighted = serializers.BooleanField()
    synthetic = serializers.BooleanField()
    minimum_cell = serializers.IntegerField()
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


class ReleaseSerializer(serializers.ModelSerializer[Release]):
    snapshot = serializers.IntegerField(source="snapshot.number", read_only=True)

    class Meta:
        model = Release
        fields = ("id", "snapshot", "state", "recoding", "assessment", "digest", "created_at")
        read_only_fields = ("id", "snapshot", "state", "assessment", "digest", "created_at")


class RequestedReleaseSerializer(serializers.Serializer[Any]):
    release = ReleaseSerializer()
    job = serializers.UUIDField()


class SurveyReleases(APIView):
    """The datasets of a survey that you may see; post to have one built from the newest freeze."""

    @extend_schema(responses=ReleaseSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.DOWNLOAD_RELEASE, Survey.objects.all(), slug=slug)
        found = Release.objects.filter(snapshot__survey=survey).select_related("snapshot")
        if not visible(request.user, Action.BUILD_RELEASE, Survey.objects.filter(pk=survey.pk)).exists():
            found = found.filter(state=Release.State.READY)
        return Response(ReleaseSerializer(found, many=True).data)

    @extend_schema(request=ReleaseSerializer, responses={202: RequestedReleaseSerializer})
    def post(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.BUILD_RELEASE, Survey.objects.all(), slug=slug)
        snapshot = latest(survey)
        if snapshot is None:
            raise ValidationError({"snapshot": ["Freeze the responses first."]})
        recoding = request.data.get("recoding", {}) if isinstance(request.data, dict) else {}
        try:
            release, job = releases.request_release(
                snapshot=snapshot,
                recoding=recoding if isinstance(recoding, dict) else {},
                by=cast(User, request.user),
            )
        except releases.NotBuildable as exc:
            raise ValidationError({"recoding": [str(exc)]}) from exc
        data = {"release": ReleaseSerializer(release).data, "job": job.pk}
        return Response(data, status=status.HTTP_202_ACCEPTED)


class ReleaseFile(APIView):
    """The archive of a dataset that is ready: CSV, Parquet, codebook. Every download is journaled."""

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        ready = Release.objects.filter(state=Release.State.READY).select_related("snapshot__survey")
        release = get_or_404(request.user, Action.DOWNLOAD_RELEASE, ready, pk=pk)
        response = HttpResponse(
            releases.download(release=release, by=cast(User, request.user)), content_type="application/zip"
        )
        name = f"{release.snapshot.survey.slug}-{release.digest[:12]}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
