"""The life of a survey: made, opened to answers, closed for good."""

from __future__ import annotations

import re

from django.db import transaction
from django.utils.translation import gettext as _

from santesurvey import audit
from santesurvey.models import User
from surveys.models import Survey

State = Survey.State
# Closed is final. Closing empties the ballot box however few ballots are in it; a survey that could be
# opened and closed again would let somebody do that around a single answer.
MOVES: dict[str, frozenset[str]] = {
    State.PREPARATION: frozenset({State.OPEN}),
    State.OPEN: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class SurveyError(Exception):
    """The state of the survey does not allow it; the message says what to do."""


@transaction.atomic
def create_survey(*, slug: str, title: str, by: User | None) -> Survey:
    """A survey in preparation, which has no questionnaire yet. Raises `SurveyError` for a name in use."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        raise SurveyError(
            _("« %(slug)s » : le nom court se compose de minuscules, de chiffres et de traits d'union.")
            % {"slug": slug}
        )
    title = title.strip()
    if not title:
        raise SurveyError(_("Donnez un titre à l'étude."))
    if Survey.objects.filter(slug=slug).exists():
        raise SurveyError(_("Une étude porte déjà le nom court « %(slug)s ».") % {"slug": slug})
    survey = Survey.objects.create(slug=slug, title=title)
    audit.record("survey.create", survey, by=by, slug=slug)
    return survey


@transaction.atomic
def open_survey(*, survey: Survey, by: User | None) -> None:
    """Let invited people answer. Raises `SurveyError` without a published questionnaire, or once closed."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.current_version is None:
        raise SurveyError(_("Publiez d'abord un questionnaire : il n'y a encore rien à répondre."))
    _move(locked, State.OPEN, by)


@transaction.atomic
def close_survey(*, survey: Survey, by: User | None) -> None:
    """End the collection for good: nobody can answer any more, and the ballots left are shuffled together."""
    _move(Survey.objects.select_for_update().get(pk=survey.pk), State.CLOSED, by)


def _move(survey: Survey, state: Survey.State, by: User | None) -> None:
    if survey.state == state:
        return
    if state not in MOVES[survey.state]:
        raise SurveyError(
            _("L'étude est %(now)s : elle ne peut pas devenir %(then)s.")
            % {"now": survey.get_state_display(), "then": state.label}
        )
    survey.state = state
    survey.save(update_fields=["state"])
    audit.record("survey.open" if state == State.OPEN else "survey.close", survey, by=by)
