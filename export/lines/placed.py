"""What stands where: the result of the layout, all in points from the paper's top left corner.

Drawing these decides nothing.  (Named tuples: a report has thousands of them.)
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """Characters of one font on one baseline; `spacing` points are added behind each, `stretch` widens them."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float = 0.0
    stretch: float = 1.0


class Rule(NamedTuple):
    """A straight rule."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float


class Fill(NamedTuple):
    """A filled rectangle; `colour` is RRGGBB."""

    x: float
    y: float
    width: float
    height: float
    colour: str


class Entry(NamedTuple):
    """One line of the PDF's outline."""

    text: str
    y: float


class Mark(NamedTuple):
    """The draft mark: text turned by `angle` degrees around its start, in a grey from 0 (black) to 1."""

    x: float
    y: float
    font: str
    size: float
    text: str
    spacing: float
    angle: float
    grey: float


class Page:
    """One page, filled during the layout and not changed afterwards; drawn in the order fills, rules, texts."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.texts: list[Text] = []
        self.rules: list[Rule] = []
        self.fills: list[Fill] = []
        self.entries: list[Entry] = []
        self.marks: list[Mark] = []
