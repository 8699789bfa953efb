"""API of what belongs to no app: your jobs."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from rest_framework import generics, serializers

from santesurvey.models import Job, User


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
