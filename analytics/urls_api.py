"""Addresses of the API of the results, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from analytics import api

urlpatterns = [
    path("surveys/<slug:slug>/snapshots/", api.SurveySnapshots.as_view(), name="api-snapshots"),
    path("surveys/<slug:slug>/results/", api.SurveyResults.as_view(), name="api-results"),
    path(
        "surveys/<slug:slug>/snapshots/<int:number>/results/",
        api.SurveyResults.as_view(),
        name="api-snapshot-results",
    ),
    path("surveys/<slug:slug>/releases/", api.SurveyReleases.as_view(), name="api-releases"),
    path("releases/<int:pk>/file/", api.ReleaseFile.as_view(), name="api-release-file"),
    path("results/<slug:slug>/", api.PublicResults.as_view(), name="api-public-results"),
]
