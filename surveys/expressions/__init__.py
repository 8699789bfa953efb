"""The logic language: XLSForm's expression syntax, parsed once into a small JSON tree.

`parse(source)` gives the tree, `evaluate(tree, answers)` its value, `references(tree)` the variables in it.
The browser evaluates the same tree (frontend/src/twins/expressions.js). tests/surveys/expression_cases.json
and a differential fuzz hold the two together; docs/expressions.md says what everything means.
"""

from surveys.expressions.interpreter import Value, evaluate, truth
from surveys.expressions.parser import ExpressionError, Tree, parse, references

__all__ = ["ExpressionError", "Tree", "Value", "evaluate", "parse", "references", "truth"]
