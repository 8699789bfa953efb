"""The marks of a chart, and the Vega-Lite specification made of them through Altair."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analytics.charts import theme

if TYPE_CHECKING:
    import altair as alt


@dataclass
class Canvas:
    """Marks in the units of the figure across and in pixels down."""

    grid: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    height: float = 0.0

    def box(self, x: float, x2: float, y: float, height: float, colour: str) -> None:
        self.boxes.append({"x": x, "x2": x2, "y": y, "y2": y + height, "colour": colour})

    def line(self, x: float, x2: float, y: float, y2: float, colour: str, width: float = 1.5) -> None:
        self.lines.append({"x": x, "x2": x2, "y": y, "y2": y2, "colour": colour, "width": width})

    def interval(self, lower: float, upper: float, y: float) -> None:
        """A whisker: a line with a short end on each side, set off from what is under it."""
        self.line(lower, upper, y, y, theme.PAPER, 5)
        self.line(lower, upper, y, y, theme.INTERVAL)
        for end in (lower, upper):
            self.line(end, end, y - 3.5, y + 3.5, theme.INTERVAL)

    def text(
        self,
        content: str,
        x: float,
        y: float,
        *,
        size: float = 14,
        colour: str = theme.INK,
        weight: int = 400,
        align: str = "left",
        serif: bool = False,
    ) -> None:
        """*x* in pixels from the left. *y* is the baseline."""
        self.words.append(
            {
                "text": content,
                "px": x,
                "y": y,
                "size": size,
                "colour": colour,
                "style": f"{align} {weight} {'serif' if serif else 'sans'}",
            }
        )

    def specification(self, low: float, high: float) -> dict[str, Any]:
        """Vega-Lite, *low* to *high* being the scale across."""
        return specification_of(self, low, high)


def _rules(lines: list[dict[str, Any]], x: alt.X, y: alt.Y, colour: alt.Color) -> alt.Chart:
    import altair as alt

    width = alt.StrokeWidth("width:Q", scale=None)
    return (
        alt.Chart(alt.Data(values=lines))
        .mark_rule()
        .encode(x=x, x2="x2", y=y, y2="y2", color=colour, strokeWidth=width)
    )


def specification_of(canvas: Canvas, low: float, high: float) -> dict[str, Any]:
    """The marks of *canvas* as a Vega-Lite specification, *low* to *high* being the scale across."""
    # Drawing libraries take half a second to load: only who draws waits for them, not every start of the server.
    import altair as alt

    y = alt.Y("y:Q", scale=alt.Scale(domain=[canvas.height, 0], nice=False, zero=False), axis=None)
    x = alt.X("x:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=None)
    colour = alt.Color("colour:N", scale=None)
    layers: list[alt.Chart] = []
    if canvas.grid:
        layers.append(_rules(canvas.grid, x, y, colour))
    if canvas.boxes:
        layers.append(
            alt.Chart(alt.Data(values=canvas.boxes))
            .mark_rect()
            .encode(x=x, x2="x2", y=y, y2="y2", color=colour)
        )
    if canvas.lines:
        layers.append(_rules(canvas.lines, x, y, colour))
    if canvas.points:
        layers.append(
            alt.Chart(alt.Data(values=canvas.points))
            .mark_point(filled=True, size=64, opacity=1)
            .encode(x=x, y=y, color=colour)
        )
    for style in sorted({word["style"] for word in canvas.words}):
        align, weight, face = style.split(" ")
        chosen = [
            {key: value for key, value in word.items() if key != "style"}
            for word in canvas.words
            if word["style"] == style
        ]
        layers.append(
            alt.Chart(alt.Data(values=chosen))
            .mark_text(
                align=align,
                baseline="alphabetic",
                fontWeight=int(weight),  # type: ignore[arg-type]
                font=theme.SERIF if face == "serif" else theme.FONT,
            )
            .encode(
                x=alt.X("px:Q", scale=alt.Scale(domain=[0, theme.WIDTH], nice=False), axis=None),
                y=y,
                text="text:N",
                color=colour,
                size=alt.Size("size:Q", scale=None),
            )
        )
    chart = (
        alt.layer(*layers)
        .resolve_scale(x="independent")
        .properties(
            width=theme.WIDTH,
            height=max(canvas.height, 1),
            padding={"left": 2, "right": 3, "top": 2, "bottom": 2},
            autosize=alt.AutoSizeParams(type="none"),
            background="transparent",
        )
    )
    specification: dict[str, Any] = chart.to_dict(validate=False)
    specification["config"] = theme.CONFIG
    return specification
