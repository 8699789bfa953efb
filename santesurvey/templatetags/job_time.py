"""What a job is called, and how long it still takes, in words."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from santesurvey import time_left as estimates
from santesurvey.models import Job

register = template.Library()


@register.filter
def time_left(job: Job) -> str:
    """`{{ job|time_left }}`: empty where it cannot be told."""
    left = estimates.time_left(job, timezone.now())
    return "" if left is None else estimates.in_words(left)


# What a job is called on the screens, by the name of its task.
TITLES = {
    "freeze": gettext_lazy("Gel des données"),
    "build_report": gettext_lazy("Préparation du livre blanc"),
    "build_release": gettext_lazy("Préparation du jeu de données"),
}


@register.filter
def job_title(job: Job) -> str:
    """`{{ job|job_title }}`: what the job does, in a few words."""
    return str(TITLES.get(job.kind.rpartition(".")[2], _("Travail")))
