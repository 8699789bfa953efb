"""Synthetic respondents as stored responses: same validation, same table, no invitation, no time."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from respondents.models.collection import Mode
from respondents.simulation.model import ModelError, simulate
from respondents.simulation.spec import Spec
from santesurvey import audit
from santesurvey.models import User
from surveys.loading import NotReadable, load, shipped
from surveys.models import Survey, Version
from surveys.routing import Compiled, compile_questionnaire
from surveys.validation import check

SHUFFLED_TOGETHER = 1_000
LARGEST = 1_000_000
COPY = (
    "COPY respondents_response (id, version_id, answers, consents, mode, shuffle, receipt_digest) FROM STDIN"
)


class SimulationError(Exception):
    """Nothing was stored; the message says why and what to do."""


def model_of(slug: str) -> Spec:
    """The model shipped for the questionnaire *slug*. Raises `SimulationError`."""
    path = shipped(slug, "model")
    if not path.exists():
        raise SimulationError(
            _("Aucun modèle de réponses fictives pour « %(slug)s » : écrivez %(file)s.")
            % {"slug": slug, "file": path.name}
        )
    try:
        return Spec.model_validate(load(path))
    except (NotReadable, ValidationError) as exc:
        raise SimulationError(str(exc)) from exc


@transaction.atomic
def simulate_responses(*, survey: Survey, responses: int, seed: int, by: User | None) -> int:
    """Add *responses* synthetic respondents to *survey*; returns how many were stored.

    The answers follow from the model, the number and the seed alone; ids, batches and receipts are random.
    Every respondent passes `surveys.validation.check`. Raises `SimulationError` for a questionnaire that is
    not declared synthetic, without a model, or whose rules the model breaks.
    """
    version = survey.current_version
    if version is None:
        raise SimulationError(_("Publiez d'abord un questionnaire : il n'y a encore rien à répondre."))
    if not version.questionnaire.synthetic:
        raise SimulationError(
            _(
                "Le questionnaire de cette étude n'est pas déclaré « synthetic » : des réponses fictives s'y "
                "mêleraient aux vraies."
            )
        )
    if not 1 <= responses <= LARGEST:
        raise SimulationError(_("Demandez de 1 à %(most)d réponses.") % {"most": LARGEST})
    try:
        people = simulate(model_of(survey.slug), responses, np.random.default_rng(seed))
    except ModelError as exc:
        raise SimulationError(str(exc)) from exc
    stored = _store(version, _valid(compile_questionnaire(version.questionnaire), people))
    audit.record("responses.simulate", survey, by=by, version=version.number, responses=stored, seed=seed)
    return stored


def _valid(compiled: Compiled, people: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for answers in people:
        checked = check(compiled, answers)
        if not checked.valid:
            problem = checked.problems[0]
            raise SimulationError(
                _("Le modèle donne à %(variable)s une réponse que le questionnaire refuse (%(code)s).")
                % {"variable": problem.variable, "code": problem.code}
            )
        yield orjson.dumps(checked.answers)


def _store(version: Version, answers: Iterator[bytes]) -> int:
    consents = [consent.code for consent in version.questionnaire.consents]
    stored = 0
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        while batch := list(islice(answers, SHUFFLED_TOGETHER)):
            shuffle = uuid.uuid4()
            for content in batch:
                copy.write_row(
                    (
                        uuid.uuid4(),
                        version.pk,
                        content.decode(),
                        consents,
                        Mode.DECLARED.value,
                        shuffle,
                        secrets.token_bytes(32),
                    )
                )
            stored += len(batch)
    return stored
