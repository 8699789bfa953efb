"""Random answers to a questionnaire: right, or wrong in the ways that browsers and people are."""

from __future__ import annotations

import random
from typing import Any

from surveys.definition import Question
from surveys.routing import Compiled

WRONG: list[Any] = [
    *(
        None,
        "",
        [],
        0,
        -1,
        3.5,
        1e12,
        45,
        True,
        False,
        "n'importe quoi",
        ["x"],
        [None],
        [["x"]],
        {"a": 1},
        " ",
    ),
    *("\ufeff", "  é\r\nà\t ", "\u0000a\u0085b\u2028", "x" * 2000, "👍" * 121, "\u00a0\u2003", "12"),
]


def answers(rng: random.Random, compiled: Compiled) -> dict[str, Any]:
    """Answers to most variables; a third of the sets hold no mistake on purpose."""
    mistakes = rng.choice([0.0, 0.03, 0.3])
    given = {
        variable: value(rng, compiled, question, variable, mistakes)
        for variable, question in compiled.variables.items()
        if rng.random() < 0.97 or question.required
    }
    if rng.random() < mistakes:
        given[rng.choice(["unknown", "é" * 60, "__proto_", "constructor"])] = 1
    return given


def value(rng: random.Random, compiled: Compiled, question: Question, variable: str, mistakes: float) -> Any:
    if rng.random() < mistakes:
        return rng.choice(WRONG)
    options = compiled.questionnaire.options(question)
    if variable != question.code and question.type != "matrix":
        return rng.choice(["autre chose", "", "  x "])
    match question.type:
        case "single" | "matrix":
            return rng.choice(options).code
        case "multiple":
            alone = [option.code for option in options if option.exclusive]
            several = [option.code for option in options if not option.exclusive]
            if alone and rng.random() < 0.3:
                return [rng.choice(alone)]
            most = len(several) if question.max_choices is None else min(question.max_choices, len(several))
            return rng.sample(several, rng.randint(min(question.min_choices, most), most))
        case "integer" | "decimal":
            low = 0 if question.minimum is None else question.minimum
            high = 100 if question.maximum is None else question.maximum
            figure = rng.uniform(low, high)
            return int(figure) if question.type == "integer" else round(figure, 2)
        case _:
            return rng.choice(["Une phrase.", "", " bordée d’espaces ", "été 👍"])
