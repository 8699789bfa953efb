"""What a model of synthetic respondents declares: an ordered list of steps, each of which draws some answers.

A step may lean on whatever was drawn before it: `weights` name earlier latent traits, numbers and ordered
categories, all on a standard normal scale. Nothing here knows a questionnaire: codes are plain texts.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
ANY = "*"  # the group of everybody who has no entry of their own


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Part):
    """Holds where *variable* has one of *codes*."""

    variable: str
    codes: list[str] = Field(min_length=1)


class Step(Part):
    weights: dict[str, float] = {}
    noise: float = Field(default=1.0, ge=0)
    when: list[Condition] = []  # asked where any of them holds; of everybody where there is none
    skip: Share | None = None  # share who leave it blank; `Spec.skip` where absent


class Category(Step):
    """One option each, by quotas: exactly these shares of those who answer, in each group of *by*.

    Options are listed from the lowest propensity to the highest; only the order of people is random.
    """

    kind: Literal["category"]
    variable: str
    by: str | None = None
    shares: dict[str, dict[str, float]]  # group or "*" -> option -> relative weight
    aside: dict[str, Share] = {}  # options outside the order, part of the base, drawn at random
    missing: dict[str, Share] = {}  # refusal, don't know: outside the base, drawn at random


class Number(Step):
    kind: Literal["number"]
    variable: str
    by: str | None = None
    mean: dict[str, float]
    sd: dict[str, float]
    minimum: int
    maximum: int
    at_most: str | None = None  # never above this earlier number of the same person
    heap: Share = 0  # share who round to a multiple of five


class Latents(Part):
    """Correlated normal traits, moved by what is already known of a person, then standardised."""

    kind: Literal["latents"]
    correlation: dict[str, dict[str, float]]  # trait -> earlier trait -> correlation
    # trait -> variable -> shift of each option, or slope along a number
    effects: dict[str, dict[str, dict[str, float] | float]] = {}


class Target(Part):
    """*share* of those with a score reach *score*, per group or for all ("*")."""

    score: float
    share: dict[str, Share]


class Anchor(Part):
    """*share* of the answers to *item* are worth at least *value* points (before any reversal)."""

    item: str
    value: float
    share: Share


class Battery(Step):
    """The items of a scale: five ordered answers, caused by one propensity and noise of each item.

    The answer to item j is the nearest of 0, 25, … 100 to ``location + spread * z + offset_j + blur * e``.
    Location and spread of each group are solved from *targets* (two of them, the lower score first), the
    offset of an anchored item from its anchor; without targets they are taken as given.
    """

    kind: Literal["battery"]
    items: dict[str, float] = Field(min_length=1)  # item -> offset, in points
    options: dict[str, list[str]]  # item or "*" -> options worth 0, 25, 50, 75, 100
    reverse: list[str] = []
    blur: float = Field(default=18.0, gt=0)
    min_answered: int = 1
    by: str | None = None
    targets: list[Target] = Field(default=[], max_length=2)
    anchors: list[Anchor] = []
    location: float = 50.0
    spread: float = 22.0


class Option(Part):
    share: Share
    weights: dict[str, float] = {}


class Several(Step):
    """A multiple choice: exactly these shares of those who answer tick each option."""

    kind: Literal["several"]
    variable: str
    options: dict[str, Option]
    otherwise: str | None = None  # the exclusive option of those who tick nothing
    missing: dict[str, Share] = {}
    at_most: int | None = None  # ticks beyond are dropped at random: shares are then those before dropping
    specify: dict[str, list[str]] = {}  # option -> sentences for "other, specify"


class Words(Part):
    """A free text: *share* write one of the invented sentences of the theme they feel most."""

    kind: Literal["words"]
    variable: str
    share: Share
    themes: dict[str, list[str]]  # trait, "-trait" for its low end, or "*" -> sentences


AnyStep = Annotated[
    Category | Number | Latents | Battery | Several | Words,
    Field(discriminator="kind"),
]


class Spec(Part):
    """A whole model. `skip` is how often an answer is left blank where a step does not say."""

    questionnaire: str
    description: str = ""
    skip: Share = 0.0
    steps: list[AnyStep] = Field(min_length=1)
