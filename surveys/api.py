"""API of surveys and their questionnaires."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from santesurvey.permissions import Action, visible
from surveys.definition import Questionnaire
from surveys.models import Survey, Version


class VersionSerializer(serializers.ModelSerializer[Version]):
    class Meta:
        model = Version
        fields = ("number", "digest", "published_at")


class SurveySerializer(serializers.ModelSerializer[Survey]):
    versions = VersionSerializer(many=True, read_only=True)

    class Meta:
        model = Survey
        fields = ("slug", "title", "state", "minimum_cell", "minimum_k", "versions")


class SurveyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Survey]):
    """The surveys on which you have a role."""

    queryset = Survey.objects.none()
    serializer_class = SurveySerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Survey]:
        return visible(self.request.user, Action.SEE_SURVEY, Survey.objects.prefetch_related("versions"))

    @extend_schema(
        responses={200: {"type": "object", "description": "a questionnaire document", "properties": {}}},
        description="The questionnaire of the survey's last version, as one document.",
    )
    @action(detail=True)
    def questionnaire(self, request: Request, slug: str = "") -> Response:
        version = self.get_object().current_version
        return Response(version.document if version else None)

    @extend_schema(
        responses={200: {"type": "object", "description": "a JSON Schema", "properties": {}}},
        description="The JSON Schema that every questionnaire document obeys.",
    )
    @action(detail=False, url_path="questionnaire-schema")
    def questionnaire_schema(self, request: Request) -> Response:
        schema: dict[str, Any] = Questionnaire.model_json_schema()
        return Response(schema)
