"""API of what leaves as a file: white papers and datasets."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analytics import releases, reports
from analytics.api import StartedSerializer
from analytics.models import Release, Report, Snapshot
from analytics.snapshots import latest
from santesurvey.models import User
from santesurvey.permissions import Action, get_or_404, visible
from surveys.models import Survey


def newest_snapshot(survey: Survey) -> Snapshot:
    snapshot = latest(survey)
    if snapshot is None:
        raise ValidationError({"snapshot": ["Freeze the responses first."]})
    return snapshot


def file_response(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ReportSerializer(serializers.ModelSerializer[Report]):
    snapshot = serializers.IntegerField(source="snapshot.number", read_only=True)

    class Meta:
        model = Report
        fields = ("id", "snapshot", "language", "digest", "created_at")


class NewReportSerializer(serializers.Serializer[Any]):
    language = serializers.CharField(default="fr")


class SurveyReports(APIView):
    """The white papers of a survey; post to have one built from the newest freeze."""

    @extend_schema(responses=ReportSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.BUILD_REPORT, Survey.objects.all(), slug=slug)
        found = Report.objects.filter(snapshot__survey=survey).select_related("snapshot")
        return Response(ReportSerializer(found, many=True).data)

    @extend_schema(request=NewReportSerializer, responses={202: StartedSerializer})
    def post(self, request: Request, slug: str) -> Response:
        survey = get_or_404(request.user, Action.BUILD_REPORT, Survey.objects.all(), slug=slug)
        asked = NewReportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            job = reports.request_report(
                snapshot=newest_snapshot(survey), by=cast(User, request.user), **asked.validated_data
            )
        except reports.NotBuildable as exc:
            raise ValidationError({"language": [str(exc)]}) from exc
        return Response({"job": job.pk}, status=status.HTTP_202_ACCEPTED)


class ReportFile(APIView):
    """A white paper as PDF."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> HttpResponse:
        found = Report.objects.select_related("snapshot__survey")
        report = get_or_404(request.user, Action.BUILD_REPORT, found, pk=pk)
        if not report.file:
            raise Http404
        name = f"{report.snapshot.survey.slug}-{report.snapshot.fingerprint}-{report.language}.pdf"
        return file_response(reports.content_of(report), "application/pdf", name)


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
        recoding = request.data.get("recoding", {}) if isinstance(request.data, dict) else {}
        try:
            release, job = releases.request_release(
                snapshot=newest_snapshot(survey),
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
        name = f"{release.snapshot.survey.slug}-{release.digest[:12]}.zip"
        content = releases.download(release=release, by=cast(User, request.user))
        return file_response(content, "application/zip", name)
