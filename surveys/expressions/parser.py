"""Source text to tree.

A tree is a list: a head and its arguments. Literals and names are ``["num", 45]``, ``["str", "agenda"]``,
``["ref", "hours"]`` and ``["self"]``; everything else is an operator or a function with trees as arguments:
``["and", [">", ["ref", "hours"], ["num", 45]], ["selected", ["ref", "tools"], ["str", "agenda"]]]``.
"""

from __future__ import annotations

import re
from typing import Any

Tree = list[Any]

# Function name -> fewest and most arguments.
FUNCTIONS: dict[str, tuple[int, int]] = {
    "true": (0, 0),
    "false": (0, 0),
    "not": (1, 1),
    "boolean": (1, 1),
    "if": (3, 3),
    "coalesce": (2, 2),
    "selected": (2, 2),
    "count-selected": (1, 1),
    "number": (1, 1),
    "string": (1, 1),
    "string-length": (1, 1),
    "concat": (1, 20),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "ends-with": (2, 2),
    "round": (1, 2),
    "int": (1, 1),
    "abs": (1, 1),
    "min": (1, 20),
    "max": (1, 20),
    "sum": (1, 20),
    "count-non-empty": (1, 40),
}
# Binary operators from the loosest to the tightest; all associate to the left.
LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<=", "<", ">=", ">"),
    ("+", "-"),
    ("*", "div", "mod"),
)
MAX_LENGTH = 4000
MAX_DEPTH = 60  # of brackets
MAX_TREE = 120  # of the tree: a chain of 200 additions is as deep as it is long

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?|\.\d+)
    | (?P<string>'[^']*'|"[^"]*")
    | \$\{\s*(?P<ref>[A-Za-z][A-Za-z0-9_]*)\s*\}
    | (?P<name>[A-Za-z][A-Za-z0-9_-]*)
    | (?P<symbol><=|>=|!=|[=<>+\-*(),.])
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """The expression cannot be read; *position* counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(f"{message} (signe {position + 1})")
        self.position = position


def parse(source: str) -> Tree:
    """The tree of *source*. Raises `ExpressionError` with the position of what cannot be read.

    >>> parse("${hours} > 45 and not(selected(${tools}, 'agenda'))")
    ['and', ['>', ['ref', 'hours'], ['num', 45]], ['not', ['selected', ['ref', 'tools'], ['str', 'agenda']]]]
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"expression de plus de {MAX_LENGTH} signes", MAX_LENGTH)
    return _Parser(source).whole()


def references(tree: Tree) -> set[str]:
    """The variables that *tree* reads.

    >>> sorted(references(parse("${a} + ${b} > 2")))
    ['a', 'b']
    """
    if tree[0] == "ref":
        return {tree[1]}
    return {name for part in tree[1:] if isinstance(part, list) for name in references(part)}


def depth(tree: Tree) -> int:
    """How many operations are inside one another, counted without recursion.

    >>> depth(["+", ["+", ["num", 1], ["num", 2]], ["num", 3]])
    3
    """
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(inner, level + 1) for inner in part[1:] if isinstance(inner, list)]
    return deepest


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = list(self.read(source))
        self.at = 0
        self.depth = 0

    @staticmethod
    def read(source: str) -> list[tuple[str, str, int]]:
        tokens, position = [], 0
        end = len(source.rstrip())
        while position < end:
            match = TOKEN.match(source, position)
            if not match or match.end() == position:
                start = position + len(source[position:]) - len(source[position:].lstrip())
                raise ExpressionError(f"signe inattendu : {source[start]}", start)
            kind = str(match.lastgroup)
            tokens.append((kind, match.group(kind), match.start(kind)))
            position = match.end()
        tokens.append(("end", "", end))
        return tokens

    def whole(self) -> Tree:
        tree = self.level(0)
        kind, text, position = self.tokens[self.at]
        if kind != "end":
            raise ExpressionError(f"{text} n'est pas attendu ici", position)
        if depth(tree) > MAX_TREE:
            raise ExpressionError(
                f"plus de {MAX_TREE} opérations à la suite : scindez l'expression", position
            )
        return tree

    def peek(self, *texts: str) -> str | None:
        kind, text, _ = self.tokens[self.at]
        return text if kind in {"symbol", "name"} and text in texts else None

    def expect(self, text: str) -> None:
        if not self.peek(text):
            _, found, position = self.tokens[self.at]
            raise ExpressionError(f"« {text} » attendu au lieu de « {found or 'la fin'} »", position)
        self.at += 1

    def level(self, number: int) -> Tree:
        if number == len(LEVELS):
            return self.unary()
        tree = self.level(number + 1)
        while operator := self.peek(*LEVELS[number]):
            self.at += 1
            tree = [operator, tree, self.level(number + 1)]
        return tree

    def unary(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"plus de {MAX_DEPTH} niveaux imbriqués", self.tokens[self.at][2])
        try:
            if self.peek("-"):
                self.at += 1
                return ["neg", self.unary()]
            return self.primary()
        finally:
            self.depth -= 1

    def primary(self) -> Tree:
        kind, text, position = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            number = float(text)
            if number == float("inf"):  # which JSON cannot carry to the browser
                raise ExpressionError("nombre trop grand", position)
            return ["num", int(number) if number.is_integer() and number < 1e15 else number]
        if kind == "string":
            return ["str", text[1:-1]]
        if kind == "ref":
            return ["ref", text]
        if kind == "symbol" and text == ".":
            return ["self"]
        if kind == "symbol" and text == "(":
            tree = self.level(0)
            self.expect(")")
            return tree
        if kind == "name" and self.peek("("):
            return self.call(text, position)
        self.at -= 1
        raise ExpressionError(
            f"« {text} » n'est pas attendu ici" if text else "l'expression est incomplète", position
        )

    def call(self, name: str, position: int) -> Tree:
        if name not in FUNCTIONS:
            raise ExpressionError(f"fonction inconnue : {name}", position)
        self.expect("(")
        arguments: list[Tree] = []
        if not self.peek(")"):
            arguments.append(self.level(0))
            while self.peek(","):
                self.at += 1
                arguments.append(self.level(0))
        self.expect(")")
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            raise ExpressionError(f"{name} reçoit {len(arguments)} arguments", position)
        return [name, *arguments]
