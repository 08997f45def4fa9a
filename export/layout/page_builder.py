"""The pages being filled, the vertical position of the text, and the line grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

from export.fonts import Style
from export.lines import Atom, AtomCache, Metrics, PlacedPage, atom_cache, atoms, place, width_of

EDGE = 0.01  # points: tolerance for rounding


class PageBuilder:
    """Fills one page after the other; `y` is the distance in points from the top of the type area."""

    def __init__(self, style: Style, metrics: Metrics) -> None:
        self.style = style
        self.metrics = metrics
        self.left = style.page.left
        self.width = style.page.area_width
        self.height = style.page.area_height
        self.leading = style.page.leading
        self.pages: list[PlacedPage] = []
        self.y = 0.0
        self._books: dict[tuple[str, float, float], AtomCache] = {}
        self.new_page()

    @property
    def page(self) -> PlacedPage:
        """The current page."""
        return self.pages[-1]

    @property
    def top(self) -> float:
        """The top of the next line, in points from the top of the paper."""
        return self.style.page.top + self.y

    @property
    def right(self) -> float:
        """The right edge of the type area (pt)."""
        return self.left + self.width

    @property
    def room(self) -> float:
        """The height left on the page (pt)."""
        return self.height - self.y + EDGE

    @property
    def fresh(self) -> bool:
        """Return True at the top of a page."""
        return self.y < EDGE

    def new_page(self) -> None:
        """Continue at the top of a new page."""
        self.pages.append(PlacedPage(len(self.pages) + 1))
        self.y = 0.0

    def turn_unless(self, height: float) -> None:
        """Start a new page unless `height` points are left or the page is empty."""
        if self.room < height and not self.fresh:
            self.new_page()

    def snap(self) -> None:
        """Move down to the next line of the grid."""
        self.y = math.ceil((self.y - EDGE) / self.leading) * self.leading

    def book(self, role: str, size: float, pitch: float) -> AtomCache:
        """The atoms of one font role and size, cached for the layout of one document."""
        key = (role, size, pitch)
        if key not in self._books:
            self._books[key] = atom_cache(self.metrics, *key)
        return self._books[key]

    def cells(self, role: str, size: float, pitch: float, text: str) -> list[Atom]:
        """The atoms of a short text."""
        return atoms([(self.book(role, size, pitch), text)], self.width)

    def baseline(self, size: float) -> float:
        """The baseline of text centred in the grid line that begins at `y`."""
        return on_middle(self.top + self.leading / 2, size)

    def centre(self, found: Sequence[Atom], size: float, middle: float, left: float, width: float) -> None:
        """Set one line centred between `left` and `left + width`, its vertical middle at `middle`."""
        x = left + (width - width_of(found)) / 2
        self.page.texts.extend(place(found, x, on_middle(middle, size), size))


def on_middle(middle: float, size: float) -> float:
    """The baseline that puts the optical middle of Chinese characters (0.38 em above it) at the height `middle`."""
    return middle + 0.38 * size
