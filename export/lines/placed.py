"""The result of the layout: positioned elements in points from the top left corner of the paper.

Named tuples, because a report has thousands of them and these are created fast.
"""

from __future__ import annotations

from typing import NamedTuple


class PlacedText(NamedTuple):
    """Characters of one font on one baseline; `spacing` points are added after each, `stretch` scales their width."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float = 0.0
    stretch: float = 1.0


class PlacedRule(NamedTuple):
    """A straight rule from (x0, y0) to (x1, y1), `width` points thick."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float


class PlacedFill(NamedTuple):
    """A filled rectangle; `colour` is RRGGBB."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class OutlineEntry(NamedTuple):
    """An entry of the PDF outline."""

    text: str
    y: float


class PlacedMark(NamedTuple):
    """The draft mark: text rotated by `angle` degrees around its start, in a grey from 0 (black) to 1 (white)."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float
    angle: float
    grey: float


class PlacedPage:
    """One page, filled during the layout and not changed afterwards; drawn in the order marks, fills, rules, texts."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.texts: list[PlacedText] = []
        self.rules: list[PlacedRule] = []
        self.fills: list[PlacedFill] = []
        self.entries: list[OutlineEntry] = []
        self.marks: list[PlacedMark] = []
