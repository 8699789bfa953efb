"""Tasks go through our own Celery application, from every thread of every process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from celery import current_app


def _named() -> tuple[str, bool]:
    return current_app.main or "", bool(current_app.conf.task_acks_late)


def test_tasks_are_sent_by_our_application_from_every_thread() -> None:
    with ThreadPoolExecutor(1) as pool:
        elsewhere = pool.submit(_named).result()
    assert _named() == elsewhere == ("santesurvey", True)
