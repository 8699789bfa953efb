"""Random trees and answers for the differential test: every operation, and the values that break things."""

from __future__ import annotations

import random
import struct
from typing import Any

from surveys.expressions.parser import FUNCTIONS, LEVELS

NAMES = ["a", "b", "c", "d", "e", "absent"]
TEXTS = [
    *(
        "",
        " ",
        "a",
        "A",
        "x y",
        "x",
        "y",
        "0",
        "-0",
        "1",
        "12",
        " 12 ",
        "-3.5",
        "1.50",
        "1e3",
        "0x1F",
        "1.",
        ".5",
    ),
    *(
        "NaN",
        "Infinity",
        "true",
        "false",
        "été",
        "e\u0301te\u0301",
        "👍",
        "👩‍⚕️",
        "\u00a01\u00a0",
        "\u2028",
        "٣",
    ),
    *("9" * 25, "0." + "3" * 25, "agenda", "agenda visio", "a  b", "\t1\n", "\ufeff", "ß", "İ"),
]
NUMBERS = [
    *(
        0,
        1,
        -1,
        2,
        3,
        7,
        10,
        45,
        100,
        1000,
        0.5,
        -0.5,
        1.5,
        2.5,
        -2.5,
        0.1,
        0.2,
        0.3,
        1.005,
        2.675,
        1 / 3,
        2 / 3,
    ),
    *(
        1 / 8192,
        -1 / 8192,
        3 / 8192,
        1e-7,
        1e-13,
        -1e-13,
        5e-324,
        1e15,
        1e15 + 0.5,
        2**52,
        2**52 + 0.5,
        2**53,
    ),
    *(
        2**53 + 1,
        1e16,
        1e21,
        1e22,
        123456789.123456789,
        1e300,
        -1e300,
        1.7976931348623157e308,
        999999999.9999999,
    ),
]
VARIADIC = {"concat", "min", "max", "sum", "count-non-empty"}


def tree(rng: random.Random, depth: int) -> list[Any]:
    """A tree at most *depth* operations deep."""
    if depth == 0 or rng.random() < 0.12:
        return leaf(rng)
    if rng.random() < 0.45:
        head = rng.choice([operator for level in LEVELS for operator in level] + ["neg"])
        return [head, *(tree(rng, depth - 1) for _ in range(1 if head == "neg" else 2))]
    head = rng.choice(sorted(FUNCTIONS))
    fewest, most = FUNCTIONS[head]
    count = rng.randint(fewest, min(most, 4)) if head in VARIADIC else rng.choice([fewest, most])
    return [head, *(tree(rng, depth - 1) for _ in range(count))]


def leaf(rng: random.Random) -> list[Any]:
    match rng.randrange(5):
        case 0 | 1:
            return ["ref", rng.choice(NAMES)]
        case 2:
            return ["num", abs(figure(rng))]
        case 3:
            return ["str", rng.choice(TEXTS)]
        case _:
            return ["self"]


def figure(rng: random.Random) -> float | int:
    match rng.randrange(4):
        case 0:
            return rng.randint(-50, 50)
        case 1:
            return round(rng.uniform(-1000, 1000), rng.randrange(6))
        case 2:
            value: float = struct.unpack(">d", rng.randbytes(8))[0]
            return value if abs(value) < float("inf") else 0.0
        case _:
            return rng.choice(NUMBERS)


def value(rng: random.Random) -> Any:
    match rng.randrange(7):
        case 0:
            return None
        case 1:
            return rng.random() < 0.5
        case 2:
            return rng.choice([[], ["x"], ["x", "y"], ["a b", ""], [""], ["1", "2"]])
        case 3 | 4:
            return rng.choice(TEXTS)
        case _:
            return figure(rng)


def answers(rng: random.Random) -> dict[str, Any]:
    return {name: value(rng) for name in NAMES[:-1] if rng.random() < 0.85}
