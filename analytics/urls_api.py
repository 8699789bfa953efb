"""Addresses of the API of the results, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from analytics import api, api_documents

urlpatterns = [
    path("surveys/<slug:slug>/snapshots/", api.SurveySnapshots.as_view(), name="api-snapshots"),
    path("surveys/<slug:slug>/results/", api.SurveyResults.as_view(), name="api-results"),
    path(
        "surveys/<slug:slug>/snapshots/<int:number>/results/",
        api.SurveyResults.as_view(),
        name="api-snapshot-results",
    ),
    path(
        "surveys/<slug:slug>/snapshots/<int:number>/publication/",
        api.Publication.as_view(),
        name="api-publication",
    ),
    path("results/<slug:slug>/", api.PublicResults.as_view(), name="api-public-results"),
    path("surveys/<slug:slug>/reports/", api_documents.SurveyReports.as_view(), name="api-reports"),
    path("reports/<int:pk>/file/", api_documents.ReportFile.as_view(), name="api-report-file"),
    path("surveys/<slug:slug>/releases/", api_documents.SurveyReleases.as_view(), name="api-releases"),
    path("releases/<int:pk>/file/", api_documents.ReleaseFile.as_view(), name="api-release-file"),
]
