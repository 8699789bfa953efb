"""Pages of the results."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from analytics import views_public, views_results

RESULTS = "etudes/<slug:slug>/resultats/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("analytics.urls_documents")),
    path(RESULTS, views_results.survey_results, name="survey_results"),
    path(f"{RESULTS}geler/", views_results.result_freeze, name="result_freeze"),
    path(f"{RESULTS}publier/", views_results.result_publish, name="result_publish"),
    path(f"{RESULTS}retirer/", views_results.result_withdraw, name="result_withdraw"),
    path(
        f"{RESULTS}figures/<str:key>.<slug:kind>", views_results.result_figure_file, name="result_figure_file"
    ),
    path(f"{RESULTS}figures/<str:key>/", views_results.result_figure, name="result_figure"),
    path("resultats/<slug:slug>/", views_public.public_results, name="public_results"),
    path(
        "resultats/<slug:slug>/figures/<str:key>.<slug:kind>",
        views_public.public_figure_file,
        name="public_figure_file",
    ),
    path(
        "resultats/<slug:slug>/livre-blanc/<slug:language>.pdf",
        views_public.report_public,
        name="report_public",
    ),
    path("resultats/<slug:slug>/figures/<str:key>/", views_public.public_figure, name="public_figure"),
    # Under /q/: answered outside sessions, because respondents are the ones who ask.
    path("q/<slug:slug>/norms.json", views_public.respondent_norms, name="respondent_norms"),
]
