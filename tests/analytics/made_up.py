"""Random valid answers to any questionnaire, stored as responses: enough people for figures, from a seed."""

from __future__ import annotations

import hashlib
import random
import uuid
from typing import Any

from respondents.models import Response
from surveys.definition import Questionnaire, variables_of
from surveys.models import Version
from surveys.routing import Compiled, asked, compile_questionnaire
from surveys.validation import check


def answers(compiled: Compiled, rng: random.Random, *, silence: float = 0.05) -> dict[str, Any]:
    """One person's answers, as the validator lets them through."""
    raw: dict[str, Any] = {}
    whole: Questionnaire = compiled.questionnaire
    for _page, question, known in asked(compiled):
        for variable in variables_of(question, whole):
            if not question.required and rng.random() < silence:
                continue
            value = _value(question, variable, whole, rng)
            if value is not None:
                raw[variable] = known[variable] = value
    checked = check(compiled, raw)
    wrong = {problem.variable for problem in checked.problems}
    return {name: value for name, value in checked.answers.items() if name not in wrong}


def _value(question: Any, variable: str, whole: Questionnaire, rng: random.Random) -> Any:
    codes = [option.code for option in whole.options(question)]
    if variable.endswith("_other") and variable != question.code:
        return "autre chose"
    match question.type:
        case "single" | "matrix":
            weights = [1.0 / (1 + index) for index in range(len(codes))]
            return rng.choices(codes, weights)[0]
        case "multiple":
            lone = [o.code for o in whole.options(question) if o.exclusive]
            picked = [code for code in codes if code not in lone and rng.random() < 0.4]
            return picked or (lone[:1] or codes[:1])
        case "integer":
            return rng.randint(int(question.minimum or 0), int(min(question.maximum or 60, 60)))
        case "decimal":
            return round(rng.uniform(question.minimum or 0, min(question.maximum or 20, 20)), 1)
        case "text":
            return "Une phrase."
    return None


def respond(version: Version, count: int, *, seed: int = 1, **fixed: Any) -> list[Response]:
    """*count* responses to *version*; *fixed* values replace what was drawn."""
    rng = random.Random(seed)
    compiled = compile_questionnaire(version.questionnaire)
    shuffle = uuid.UUID(int=rng.getrandbits(128))
    rows = []
    for index in range(count):
        identity = uuid.UUID(int=rng.getrandbits(128))
        rows.append(
            Response(
                id=identity,
                version=version,
                answers={**answers(compiled, rng), **fixed},
                consents=["part", "health"],
                mode="declared",
                shuffle=shuffle,
                receipt_digest=hashlib.sha256(f"{seed} {index} {identity}".encode()).digest(),
            )
        )
    return Response.objects.bulk_create(rows, batch_size=2000)
