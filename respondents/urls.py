"""Pages of the fieldwork for partners and researchers."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from respondents import views_partner, views_researcher

urlpatterns: list[URLPattern | URLResolver] = [
    path("etudes/<slug:slug>/diffusion/", views_researcher.distribution, name="survey_distribution"),
    path("etudes/<slug:slug>/diffusion/nouvelle/", views_researcher.campaign_create, name="campaign_create"),
    path("etudes/<slug:slug>/terrain/", views_researcher.fieldwork, name="survey_fieldwork"),
    path("campagnes/<int:campaign_id>/", views_partner.campaign, name="campaign"),
    path("campagnes/<int:campaign_id>/cloture/", views_researcher.campaign_close, name="campaign_close"),
    path("campagnes/<int:campaign_id>/lots/nouveau/", views_researcher.batch_create, name="batch_create"),
    re_path(
        r"^campagnes/(?P<campaign_id>\d{1,18})/lots/(?P<batch_id>\d{1,18})/liens\.(?P<form>csv|xlsx)$",
        views_partner.batch_links,
        name="batch_links",
    ),
    path(
        "campagnes/<int:campaign_id>/lots/<int:batch_id>/lettres/",
        views_partner.batch_letters,
        name="batch_letters",
    ),
]
