"""Random respondents for tests: one who answers properly, and one who sends anything at all."""

from __future__ import annotations

from random import Random
from typing import Any

from surveys.definition import Question, Questionnaire, variables_of
from surveys.expressions import evaluate, truth
from surveys.routing import Compiled, asked

ODD: list[Any] = [
    None,
    "",
    "nurse",
    "é" * 2000,
    "\x00",
    "\ud800",
    "<script>alert(1)</script>",
    "'; DROP TABLE respondents_response; --",
    "👩‍⚕️",
    "\u202e",
    0,
    -1,
    1.5,
    10**30,
    1e308,
    True,
    [],
    ["agenda"],
    ["agenda", "none"],
    [None],
    [["agenda"]],
    {},
    {"a": {"b": []}},
    [0] * 500,
]


def proper(compiled: Compiled, rng: Random) -> dict[str, Any]:
    """Answers that follow the routing and that every rule accepts; some questions are left out."""
    answers: dict[str, Any] = {}
    whole = compiled.questionnaire
    for _page, question, known in asked(compiled):
        if question.type == "note" or (not question.required and rng.random() < 0.1):
            continue
        for variable in variables_of(question, whole):
            value = _value(question, variable, known, whole, rng)
            tree = compiled.constraint.get(question.code)
            if value is None or (tree and not truth(evaluate(tree, known, value))):
                continue
            known[variable] = answers[variable] = value
    return answers


def _value(
    question: Question, variable: str, known: dict[str, Any], whole: Questionnaire, rng: Random
) -> Any:
    options = whole.options(question)
    if variable != question.code and question.type != "matrix":
        chosen = known.get(question.code)
        picked = chosen if isinstance(chosen, list) else [chosen]
        return "autre chose" if any(o.specify and o.code in picked for o in options) else None
    match question.type:
        case "single" | "matrix":
            return rng.choice(options).code
        case "multiple":
            alone = [option.code for option in options if option.exclusive]
            together = [option.code for option in options if not option.exclusive]
            if alone and rng.random() < 0.2:
                return [rng.choice(alone)]
            most = min(len(together), question.max_choices or len(together))
            return sorted(
                rng.sample(together, rng.randint(max(1, question.min_choices), most)), key=together.index
            )
        case "integer" | "decimal":
            low, high = question.minimum or 0, question.maximum if question.maximum is not None else 100
            return rng.randint(int(low), int(high))
        case _:
            return rng.choice(["Rien à ajouter.", "Trop de papiers", "é" * min(40, question.max_length)])


def anything(compiled: Compiled, rng: Random) -> Any:
    """What a broken or hostile page might send as answers."""
    if rng.random() < 0.05:
        return rng.choice(ODD)
    answers: dict[Any, Any] = proper(compiled, rng)
    for _ in range(rng.randint(0, 4)):
        name = rng.choice([*compiled.variables, "unknown", "", "__proto__", "é"])
        if rng.random() < 0.2:
            answers.pop(name, None)
        else:
            answers[name] = rng.choice(ODD)
    return answers
