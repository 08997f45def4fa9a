"""Geometry of a table as a rectangle of boxes with spans, shared by screen and paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from model.form.cell import Address

CONTINUED = "（续）"


class Role(StrEnum):
    """Role of a box, which determines its look on screen and paper."""

    CORNER = "corner"  # the note in the top left corner of table 三
    HEAD = "head"  # a column heading
    BAND = "band"  # a full-width heading inside table 二
    LABEL = "label"  # a row label or the label of a group of rows
    VALUE = "value"  # a number the user fills in
    TOTAL = "total"  # a number the program computes


@dataclass(frozen=True, slots=True)
class Box:
    """One merged cell: its top left corner, its spans (in rows and columns) and its content."""

    row: int
    column: int
    rows: int
    columns: int
    role: Role
    text: str = ""
    address: Address | None = None  # only for VALUE and TOTAL
    remark: str = ""  # printed smaller under the text


@dataclass(frozen=True)
class Grid:
    """Rectangle of `rows` × `columns` places tiled exactly by `boxes`, in reading order.

    `head_rows` rows at the top repeat after a page break; `label_columns` columns stay in view while the
    screen scrolls. `widths` are relative column widths; their sum has no meaning.
    """

    rows: int
    columns: int
    boxes: tuple[Box, ...]
    head_rows: int = 0
    label_columns: int = 0
    widths: tuple[float, ...] = ()

    @cached_property
    def _owners(self) -> dict[tuple[int, int], Box]:
        return {place: box for box in self.boxes for place in _places(box)}

    @cached_property
    def _by_address(self) -> dict[Address, Box]:
        return {box.address: box for box in self.boxes if box.address}

    def owner(self, row: int, column: int) -> Box:
        """Return the box that covers a place; raises `KeyError` outside the rectangle."""
        return self._owners[row, column]

    def box_of(self, address: Address) -> Box | None:
        """Return the box of a cell, or None if this grid does not show it."""
        return self._by_address.get(address)

    def cut(self, start: int, stop: int) -> Grid:
        """Return body rows `start` up to, not including, `stop` (both counted from the top) as a grid of their own.

        The head rows are repeated; a box cut by `start` continues with （续） after its text.
        """
        head = [box for box in self.boxes if box.row < self.head_rows]
        body = [_clipped(box, start, stop, self.head_rows) for box in self.boxes if _meets(box, start, stop)]
        rows = self.head_rows + stop - start
        return replace(self, rows=rows, boxes=tuple(head + sorted(body, key=lambda b: (b.row, b.column))))

    def tiles(self) -> bool:
        """Return True if every place is covered by exactly one box."""
        covered = [place for box in self.boxes for place in _places(box)]
        return len(covered) == len(set(covered)) == self.rows * self.columns


def _places(box: Box) -> Iterator[tuple[int, int]]:
    for row in range(box.row, box.row + box.rows):
        for column in range(box.column, box.column + box.columns):
            yield row, column


def _meets(box: Box, start: int, stop: int) -> bool:
    return box.row < stop and box.row + box.rows > start


def _clipped(box: Box, start: int, stop: int, head_rows: int) -> Box:
    top, bottom = max(box.row, start), min(box.row + box.rows, stop)
    text = box.text.removesuffix(CONTINUED) + CONTINUED if box.row < start and box.text else box.text
    return replace(box, row=top - start + head_rows, rows=bottom - top, text=text)
