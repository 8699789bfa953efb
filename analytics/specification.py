"""What is estimated on a snapshot: one figure per variable, scale and summary, in groups. Plain values.

The specification follows from the questionnaire, so that the same questionnaire and policy always give the
same figures; its digest is half of the address of a figure, the other half being the snapshot's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from surveys.definition import Question, Questionnaire, Scale, digest

ALGORITHM = 2  # raised when the same specification would give other numbers
#: Figures of earlier algorithms may hold numbers that are withheld today: they are not shown any more.
PROTECTED_SINCE = 2
LEVEL = 0.95
Combinations = dict[str, list[tuple[str, ...]]]  # key of a figure -> sets of its codes to add up
Kind = Literal["single", "multiple", "number", "bands", "scale", "combination"]


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    ===========  ================================================  =================================
    kind         what is estimated                                 codes
    ===========  ================================================  =================================
    single       share of each answer to a question or item        option codes
    multiple     share of the people who ticked each option        option codes
    number       mean and quartiles of a number                    –
    scale        mean, quartiles and deciles of a score            –
    bands        share of the people in each band of a scale       band codes; `starts` their bounds
    combination  share of several cells of `parent` together       codes of the parent's cells
    ===========  ================================================  =================================
    """

    key: str
    kind: Kind
    variable: str
    codes: tuple[str, ...] = ()
    starts: tuple[float, ...] = ()
    parent: str = ""


@dataclass(frozen=True)
class Grouping:
    """A single-choice question whose answers split the respondents."""

    variable: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Specification:
    version: int
    minimum_cell: int
    weighting: str  # digest of the margins, empty without
    figures: tuple[FigureSpec, ...]
    groupings: tuple[Grouping, ...]
    level: float = LEVEL
    algorithm: int = field(default=ALGORITHM)

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = asdict(self)
        return document

    @property
    def digest(self) -> str:
        return digest(self.document())


def specify(
    questionnaire: Questionnaire,
    *,
    version: int,
    minimum_cell: int,
    weighting: str = "",
    combinations: Combinations | None = None,
) -> Specification:
    """The specification of *questionnaire*, with the *combinations* that somebody asked for besides."""
    figures = list(_figures(questionnaire))
    known = {spec.key: spec for spec in figures}
    for parent, sets in (combinations or {}).items():
        for codes in sets:
            key = combination_key(parent, codes)
            # A variable that this version lacks, or other options: nothing to add up.
            if key not in known and parent in known and set(codes) <= set(known[parent].codes):
                figures.append(FigureSpec(key, "combination", known[parent].variable, codes, parent=parent))
    variables = questionnaire.question_of_variable()
    return Specification(
        version=version,
        minimum_cell=minimum_cell,
        weighting=weighting,
        figures=tuple(figures),
        groupings=tuple(
            Grouping(code, substantive(questionnaire, variables[code]))
            for code in questionnaire.group_by
            if variables[code].type in {"single", "matrix"}
        ),
    )


def combination_key(parent: str, codes: tuple[str, ...]) -> str:
    return f"{parent}~{'-'.join(codes)}"


def substantive(questionnaire: Questionnaire, question: Question) -> tuple[str, ...]:
    """The options of *question* that say something."""
    return tuple(option.code for option in questionnaire.options(question) if not option.missing)


def _figures(questionnaire: Questionnaire) -> Iterator[FigureSpec]:
    for variable, question in questionnaire.question_of_variable().items():
        if variable != question.code and question.type != "matrix":
            continue  # "other, specify"
        match question.type:
            case "single" | "matrix":
                yield FigureSpec(variable, "single", variable, substantive(questionnaire, question))
            case "multiple":
                yield FigureSpec(variable, "multiple", variable, substantive(questionnaire, question))
            case "integer" | "decimal":
                yield FigureSpec(variable, "number", variable)
    for scale in questionnaire.scales:
        yield FigureSpec(scale.code, "scale", scale.code)
        starts = bands(scale)
        if len(starts) > 1:
            key = f"{scale.code}.bands"
            yield FigureSpec(key, "bands", scale.code, tuple(starts), tuple(starts.values()))
            if scale.critical is not None:
                high = tuple(code for code, start in starts.items() if start >= scale.critical)
                yield FigureSpec(f"{scale.code}.critical", "combination", scale.code, high, parent=key)
        yield from _often(questionnaire, scale)


def bands(scale: Scale) -> dict[str, float]:
    """The bands of *scale* with their lower bounds, cut at its critical threshold too, lowest first.

    One partition serves the bands and the critical share, so that no difference of the two can tell about
    a group that the disclosure rule has not seen.
    """
    starts = {band.code: band.start for band in scale.bands}
    low, high = min(scale.points.values()), max(scale.points.values())
    if scale.method == "sum":
        low, high = low * len(scale.items), high * len(scale.items)
    if scale.critical is not None and scale.critical not in starts.values():
        starts["above_critical"] = scale.critical
    if not starts or min(starts.values()) > low:
        starts["below"] = low
    return dict(sorted(starts.items(), key=lambda pair: pair[1]))


def _often(questionnaire: Questionnaire, scale: Scale) -> Iterator[FigureSpec]:
    """For the items of a scale, the two answers nearest its high end: "often or always"."""
    low, high = min(scale.points.values()), max(scale.points.values())
    floor = low + 0.75 * (high - low)
    top = {code for code, points in scale.points.items() if points >= floor}
    variables = questionnaire.question_of_variable()
    for item in scale.items:
        # A reversed item is read as it is worded: "often" stays "often".
        options = substantive(questionnaire, variables[item])
        codes = tuple(code for code in options if code in top)
        if variables[item].type in {"single", "matrix"} and 1 < len(codes) < len(options) - 1:
            yield FigureSpec(combination_key(item, codes), "combination", item, codes, parent=item)
