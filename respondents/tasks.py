"""Periodic work of the collection."""

from __future__ import annotations

from celery import shared_task

from respondents import ballots, drafts


@shared_task
def empty_ballot_boxes() -> None:
    ballots.empty_boxes()


@shared_task
def forget_expired_drafts() -> None:
    drafts.forget_expired()
