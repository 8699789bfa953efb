"""Pages of a survey: its questionnaire and its life."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from surveys import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("etudes/<slug:slug>/", views.overview, name="survey_overview"),
    path("etudes/<slug:slug>/ouverture/", views.open_, name="survey_open"),
    path("etudes/<slug:slug>/cloture/", views.close, name="survey_close"),
]
