"""Addresses of the datasets and white papers."""

from __future__ import annotations

from django.urls import path

from analytics import views_documents as views

urlpatterns = [
    path("etudes/<slug:slug>/livre-blanc/", views.survey_reports, name="survey_reports"),
    path("etudes/<slug:slug>/livre-blanc/construire/", views.report_build, name="report_build"),
    path("etudes/<slug:slug>/livre-blanc/<int:report_id>/", views.report_download, name="report_download"),
    path("etudes/<slug:slug>/donnees/", views.survey_releases, name="survey_releases"),
    path("etudes/<slug:slug>/donnees/construire/", views.release_build, name="release_build"),
    path(
        "etudes/<slug:slug>/donnees/<int:release_id>/telecharger/",
        views.release_download,
        name="release_download",
    ),
]
