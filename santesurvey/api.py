"""API of what belongs to no app: your access tokens, your jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import generics, mixins, serializers, status, viewsets
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from santesurvey.models import Job, User

LONGEST_DAYS = 365


class JobSerializer(serializers.ModelSerializer[Job]):
    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "target",
            "state",
            "step",
            "done",
            "total",
            "percent",
            "error",
            "outcome",
            "created_at",
            "ended_at",
        )


class JobDetail(generics.RetrieveAPIView[Job]):
    """How far a job of yours is."""

    serializer_class = JobSerializer
    queryset = Job.objects.none()

    def get_queryset(self) -> QuerySet[Job]:
        user = cast(User, self.request.user)
        return Job.objects.all() if user.is_administrator else Job.objects.filter(created_by=user)


class TokenSerializer(serializers.ModelSerializer[Any]):
    """A token, without its secret: that is shown once, when it is made."""

    class Meta:
        model = AuthToken
        fields = ("token_key", "created", "expiry")


class NewTokenSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS, default=30)


class MadeTokenSerializer(TokenSerializer):
    token = serializers.CharField(help_text="keep it: it is not shown again")

    class Meta(TokenSerializer.Meta):
        fields = ("token", *TokenSerializer.Meta.fields)


class TokenViewSet(mixins.ListModelMixin, mixins.DestroyModelMixin, viewsets.GenericViewSet[Any]):
    """Your access tokens. Only a browser session makes one, so that a second factor is never gone around."""

    serializer_class = TokenSerializer
    queryset = AuthToken.objects.none()
    authentication_classes = (SessionAuthentication,)
    lookup_field = "token_key"

    def get_queryset(self) -> QuerySet[Any]:
        tokens: QuerySet[Any] = AuthToken.objects.filter(user=self.request.user, expiry__gt=timezone.now())
        return tokens.order_by("-created")

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token, to be sent as `Authorization: Token …`."""
        asked = NewTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made, secret = AuthToken.objects.create(
            user=request.user, expiry=timedelta(days=asked.validated_data["days"])
        )
        return Response({"token": secret, **TokenSerializer(made).data}, status=status.HTTP_201_CREATED)
