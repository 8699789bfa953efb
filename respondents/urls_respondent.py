"""Addresses under /q/, for respondents only: no session, no cookie (respondents.middleware)."""

from __future__ import annotations

from django.urls import path, re_path

from respondents import views_respondent as views

urlpatterns = [
    path("sw.js", views.service_worker, name="service_worker"),
    path("<slug:slug>", views.questionnaire, name="respondent_page"),
    path("<slug:slug>/open", views.open_link, name="respondent_open"),
    path("<slug:slug>/draft/read", views.read_draft, name="respondent_draft_read"),
    path("<slug:slug>/draft/save", views.save_draft, name="respondent_draft_save"),
    path("<slug:slug>/submit", views.submit, name="respondent_submit"),
    path("<slug:slug>/receipt", views.receipt, name="respondent_receipt"),
    path("<slug:slug>/about", views.about, name="respondent_about"),
    re_path(r"^(?P<slug>[-a-z0-9]+)/(?P<language>[a-z]{2})$", views.questionnaire, name="respondent_page_in"),
]
