"""Periodic work of the collection."""

from __future__ import annotations

from celery import shared_task

from respondents import ballots, drafts, traces


@shared_task
def empty_ballot_boxes() -> None:
    ballots.empty_boxes()


@shared_task
def wipe_traces() -> None:
    ballots.blend_closed()
    traces.put_in_order()
    traces.wipe_again()
    traces.shorten_log()


@shared_task
def forget_expired_drafts() -> None:
    drafts.forget_expired()
