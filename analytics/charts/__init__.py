"""Charts: from an estimate set to words, drawings and files.

`display(view, key)` says what a chart shows, `rendering` makes files of it, `catalogue` lists the charts of a
questionnaire by theme.
"""

from analytics.charts.building import NoSuchFigure, display
from analytics.charts.displays import Display, Row, Segment, View

__all__ = ["Display", "NoSuchFigure", "Row", "Segment", "View", "display"]
