"""Tree and answers to value. Its twin is frontend/src/twins/expressions.js: change both, and the cases.

A value is empty (None), a number, a text, a boolean or a list of texts (a multiple choice). Nothing raises:
what has no meaning is NaN, and a comparison with NaN is false.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from surveys.expressions.parser import Tree

Value = None | bool | int | float | str | list[str]
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
BLANK = " \t\r\n"
# The decimal form of a number: twelve digits, halves away from zero, whatever the thread's own context says.
TWELFTH = Decimal(1).scaleb(-12)
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def evaluate(tree: Tree, answers: Mapping[str, Any], own: Value = None) -> Value:
    """The value of *tree* where variables have the values of *answers* (absent = empty) and `.` is *own*.

    >>> evaluate(["+", ["ref", "a"], ["num", 1]], {"a": 41})
    42.0
    """
    head = tree[0]
    match head:
        case "num" | "str":
            literal: Value = tree[1]
            return literal
        case "ref":
            value: Value = answers.get(tree[1])
            return value
        case "self":
            return own
        case "and":
            return truth(evaluate(tree[1], answers, own)) and truth(evaluate(tree[2], answers, own))
        case "or":
            return truth(evaluate(tree[1], answers, own)) or truth(evaluate(tree[2], answers, own))
        case "if":
            return evaluate(tree[2 if truth(evaluate(tree[1], answers, own)) else 3], answers, own)
    return OPERATIONS[head](*[evaluate(part, answers, own) for part in tree[1:]])


def truth(value: Value) -> bool:
    """Empty, zero, NaN and nothing chosen are false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def number(value: Value) -> float:
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int | float):
        return _float(value)
    content = text(value).strip(BLANK)
    return float(content) if NUMBER.fullmatch(content) else math.nan


def text(value: Value) -> str:
    """Numbers as a person writes them: no exponent, at most 12 digits after the point, no minus before 0."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list():
            return " ".join(value)
    figure = _float(value)
    if math.isnan(figure):
        return "NaN"
    if math.isinf(figure):
        return "Infinity" if figure > 0 else "-Infinity"
    if figure == int(figure):
        return str(int(figure))
    written = format(Decimal(figure).quantize(TWELFTH, context=EXACT), "f").rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _float(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number of hundreds of digits: infinite, as it is for the browser
        return math.inf if value > 0 else -math.inf


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return truth(left) == truth(right)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return number(left) == number(right)
    return text(left) == text(right)


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if not left or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _remainder(left: float, right: float) -> float:
    if math.isinf(left) or not right:
        return math.nan
    return math.fmod(left, right)


def _round(value: Value, digits: Value = 0) -> float:
    """To the nearest, halves upwards, as XPath does; *digits* from 0 to 9."""
    figure, places = number(value), number(digits)
    if math.isnan(figure) or math.isnan(places):
        return math.nan
    factor = 10.0 ** int(max(0.0, min(9.0, places)))
    if not abs(figure * factor) < 2**52:
        return figure
    return math.floor(figure * factor + 0.5) / factor


def _whole(value: Value) -> float:
    figure = number(value)
    return float(math.trunc(figure)) if math.isfinite(figure) else figure


def _extreme(pick: Callable[[list[float]], float], values: tuple[Value, ...]) -> float:
    figures = [number(value) for value in values]
    return math.nan if any(math.isnan(figure) for figure in figures) else pick(figures)


def _chosen(value: Value) -> list[str]:
    return value if isinstance(value, list) else [part for part in text(value).split(" ") if part]


def _empty(value: Value) -> bool:
    return value is None or value == "" or value == []


def _sum(*values: Value) -> float:
    total = 0.0
    for value in values:
        total += number(value)
    return total


OPERATIONS: dict[str, Callable[..., Value]] = {
    "neg": lambda a: -number(a),
    "+": lambda a, b: number(a) + number(b),
    "-": lambda a, b: number(a) - number(b),
    "*": lambda a, b: number(a) * number(b),
    "div": lambda a, b: _divide(number(a), number(b)),
    "mod": lambda a, b: _remainder(number(a), number(b)),
    "=": _equal,
    "!=": lambda a, b: not _equal(a, b),
    "<": lambda a, b: number(a) < number(b),
    "<=": lambda a, b: number(a) <= number(b),
    ">": lambda a, b: number(a) > number(b),
    ">=": lambda a, b: number(a) >= number(b),
    "true": lambda: True,
    "false": lambda: False,
    "not": lambda a: not truth(a),
    "boolean": truth,
    "coalesce": lambda a, b: b if _empty(a) else a,
    "selected": lambda a, b: text(b) in _chosen(a),
    "count-selected": lambda a: float(len(_chosen(a))),
    "number": number,
    "string": text,
    "string-length": lambda a: float(len(text(a))),
    "concat": lambda *parts: "".join(text(part) for part in parts),
    "contains": lambda a, b: text(b) in text(a),
    "starts-with": lambda a, b: text(a).startswith(text(b)),
    "ends-with": lambda a, b: text(a).endswith(text(b)),
    "round": _round,
    "int": _whole,
    "abs": lambda a: abs(number(a)),
    "min": lambda *values: _extreme(min, values),
    "max": lambda *values: _extreme(max, values),
    "sum": _sum,
    "count-non-empty": lambda *values: float(sum(not _empty(value) for value in values)),
}
