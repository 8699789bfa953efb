"""The API, version 1."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from respondents.api import BatchLinks, CampaignViewSet, SurveyFieldwork
from santesurvey.api import JobDetail, TokenViewSet
from surveys.api import SurveyViewSet

router = SimpleRouter()
router.register("tokens", TokenViewSet, basename="api-token")
router.register("surveys", SurveyViewSet, basename="api-survey")
router.register("campaigns", CampaignViewSet, basename="api-campaign")

urlpatterns = [
    path(
        "",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema", permission_classes=[AllowAny]),
        name="api-docs",
    ),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path("surveys/<slug:slug>/fieldwork/", SurveyFieldwork.as_view(), name="api-fieldwork"),
    path("batches/<int:pk>/links/", BatchLinks.as_view(), name="api-batch-links"),
    path("jobs/<uuid:pk>/", JobDetail.as_view(), name="api-job"),
    path("", include("analytics.urls_api")),
    path("", include(router.urls)),
]
