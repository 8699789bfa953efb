"""Addresses, by audience."""

from __future__ import annotations

from django.urls import include, path, re_path

from santesurvey import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("espace/", views.workspace, name="workspace"),
    path("travaux/<uuid:job_id>/", views.job_progress, name="job_progress"),
    path("langue/", views.set_language, name="set_language"),
    # Addresses are the administrator's to change, and nobody signs up: these pages of allauth do not exist.
    re_path(r"^accounts/(?:email|confirm-email)/", views.absent),
    path("accounts/", include("allauth.urls")),
    path("q/", include("respondents.urls_respondent")),
    path("", include("surveys.urls")),
    path("", include("respondents.urls")),
    path("", include("analytics.urls")),
    path("api/v1/", include("santesurvey.urls_api")),
]
