"""Periodic work of the collection."""

from __future__ import annotations

from celery import shared_task

from respondents import ballots, drafts, traces


@shared_task
def empty_ballot_boxes() -> None:
    ballots.empty_boxes()


@shared_task
def wipe_traces() -> None:
    traces.wipe_invitations()
    traces.wipe_again()
    traces.shorten_log()


@shared_task
def forget_expired_drafts() -> None:
    drafts.forget_expired()
