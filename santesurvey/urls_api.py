"""The API, version 1."""

from __future__ import annotations

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from respondents.api import BatchLinks, CampaignUse, CampaignViewSet, SurveyFieldwork
from santesurvey import views_api
from santesurvey.api import JobDetail
from surveys.api import SurveyViewSet

router = SimpleRouter()
router.register("surveys", SurveyViewSet, basename="api-survey")
router.register("campaigns", CampaignViewSet, basename="api-campaign")

urlpatterns = [
    path("", views_api.reference, name="api-docs"),
    path("token/", views_api.make_token, name="api-token-make"),
    path("token/<str:token_key>/revoke/", views_api.revoke_token, name="api-token-revoke"),
    # The description holds nothing of anybody.
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path("surveys/<slug:slug>/fieldwork/", SurveyFieldwork.as_view(), name="api-fieldwork"),
    path("campaigns/<int:pk>/use/", CampaignUse.as_view(), name="api-campaign-use"),
    path("batches/<int:pk>/links/", BatchLinks.as_view(), name="api-batch-links"),
    path("jobs/<uuid:pk>/", JobDetail.as_view(), name="api-job"),
    path("", include("analytics.urls_api")),
    path("", include(router.urls)),
]
