"""The errors of the statistics: each tells in French what to do, and can be translated at the edge."""

from __future__ import annotations


def N_(message: str) -> str:
    """Mark a message for translation without translating it (this package knows no catalogue)."""
    return message


class StatisticsError(ValueError):
    """Input that cannot give a correct figure.

    ``template`` is the French message with ``%(name)s`` places and is the key for a translation;
    ``params`` are the values of the places. ``str(error)`` is the French message, filled in.
    """

    def __init__(self, template: str, **params: object) -> None:
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)


class MarginError(StatisticsError):
    """The margins do not fit the respondents."""


class ShapeError(StatisticsError):
    """Arrays that should describe the same respondents do not."""
