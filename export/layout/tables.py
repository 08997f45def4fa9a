"""Measures and sets a `Grid`: column widths, wrapped labels, fitted numbers, row heights, merged boxes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import NamedTuple

from export.fonts import BoxStyle, TableLook, TableStyle
from export.layout.columns import settled
from export.layout.page_builder import on_middle
from export.lines import (
    Atom,
    AtomCache,
    Metrics,
    PlacedFill,
    PlacedPage,
    PlacedRule,
    PlacedText,
    Wrapped,
    atom_cache,
    atoms,
    place,
    width_of,
    wrap,
)
from model.form import Box, Grid, Role

_NUMBER = re.compile(r"[+\-−]?[\d.,]{1,24}%?")
_SHORTER = 4  # rows by which a part may be shortened to end with a group
_TALLEST = 400.0  # points: maximum height of a box's text
_MOST_BOXES = 4_000  # kept; a report has about 300
_NARROW = 70.0  # points: labels of merged rows in a narrower box are centred


class SetLine(NamedTuple):
    """One line of a box: atoms, width (pt), type size (pt), horizontal scale, and height (pt).

    `texts` are the same atoms set with their left end and their baseline at 0.
    """

    atoms: Sequence[Atom]
    width: float
    size: float
    stretch: float
    height: float
    texts: tuple[PlacedText, ...] = ()


class Setter:
    """Sets the text of boxes; each text is wrapped once for each width, for all documents set with the same fonts."""

    def __init__(self, metrics: Metrics, style: TableStyle) -> None:
        self.style = style
        self._metrics = metrics
        self._books: dict[tuple[str, float], AtomCache] = {}
        self._kept: dict[tuple[str, str, Role, float, int], tuple[SetLine, ...]] = {}
        self._needs: dict[tuple[str, Role, int], float] = {}

    def lines(self, box: Box, width: float, look: TableLook) -> tuple[SetLine, ...]:
        """The lines of a box `width` points wide between its rules; the smaller lines of the remark are last."""
        key = (box.text, box.remark, box.role, width, look.columns)
        if key not in self._kept:
            looks = box_style(box.role, look)
            inner = width - 2 * (look.pad if centred(box, width) else look.label_pad)
            remark = BoxStyle(looks.font, looks.size * self.style.remark_scale)
            lines = self._text(box, looks, inner, look) + self._label(box.remark, remark, inner, look)
            if len(self._kept) >= _MOST_BOXES:
                self._kept.clear()
            self._kept[key] = tuple(line._replace(texts=_runs(line)) for line in _no_taller(lines, _TALLEST))
        return self._kept[key]

    def _text(self, box: Box, looks: BoxStyle, width: float, look: TableLook) -> tuple[SetLine, ...]:
        if box.role in (Role.VALUE, Role.TOTAL) and _NUMBER.fullmatch(box.text):
            return self._number(box.text, looks, width, look)
        return self._label(box.text, looks, width, look)

    def _number(self, text: str, looks: BoxStyle, width: float, look: TableLook) -> tuple[SetLine, ...]:
        """A number on one line: narrowed if necessary, then set smaller, never broken."""
        found = self._digits(text, looks)
        natural = width_of(found)
        fit = min(1.0, width / natural)
        stretch = max(fit, self.style.squeeze)
        size = looks.size * fit / stretch
        return (SetLine(found, natural * fit, size, stretch, looks.size * look.leading),)

    def need(self, box: Box, look: TableLook) -> float:
        """The column width (pt) at which the number of a box stays readable; 0 for a box without a number."""
        if box.columns > 1 or box.role not in (Role.VALUE, Role.TOTAL):
            return 0.0
        key = (box.text, box.role, look.columns)
        if key not in self._needs:
            if len(self._needs) >= _MOST_BOXES:
                self._needs.clear()
            self._needs[key] = self._need(box, look)
        return self._needs[key]

    def _need(self, box: Box, look: TableLook) -> float:
        if not _NUMBER.fullmatch(box.text):
            return 0.0
        looks = box_style(box.role, look)
        least = min(1.0, self.style.readable / looks.size) * self.style.squeeze
        return width_of(self._digits(box.text, looks)) * least + 2 * look.pad

    def _digits(self, text: str, looks: BoxStyle) -> list[Atom]:
        book = self._book(looks.font, looks.size)
        return [book[part] for part in re.findall(r"[ -~]+|[^ -~]", text)]

    def _label(self, text: str, looks: BoxStyle, width: float, look: TableLook) -> tuple[SetLine, ...]:
        found = atoms([(self._book(looks.font, looks.size), text)], width)
        wrapped: Wrapped = wrap(found, width, self.style.words)
        size = looks.size * wrapped.scale
        return tuple(
            SetLine(found[a:b], width_of(found[a:b]) * wrapped.scale, size, 1.0, size * look.leading)
            for a, b in wrapped.lines
        )

    def _book(self, font: str, size: float) -> AtomCache:
        if (font, size) not in self._books:
            self._books[font, size] = atom_cache(self._metrics, font, size, size)
        return self._books[font, size]


@lru_cache(maxsize=8)
def setter(metrics: Metrics, style: TableStyle) -> Setter:
    """Return the setter of these fonts and this style."""
    return Setter(metrics, style)


def _no_taller(lines: tuple[SetLine, ...], limit: float) -> tuple[SetLine, ...]:
    """Scale lines down that would not fit a page (a text pasted into a cell)."""
    height = sum(line.height for line in lines)
    if height <= limit:
        return lines
    scale = limit / height
    return tuple(
        line._replace(width=line.width * scale, size=line.size * scale, height=line.height * scale) for line in lines
    )


def centred(box: Box, width: float) -> bool:
    """Check if a box's lines are centred: all except labels, and narrow labels beside several rows."""
    return box.role is not Role.LABEL or (box.rows > 1 and width < _NARROW)


def box_style(role: Role, look: TableLook) -> BoxStyle:
    """The style of a role of box; a total looks like a value."""
    style: BoxStyle = getattr(look, _LOOKS[role])
    return style


_LOOKS = {role: "value" if role is Role.TOTAL else role.name.lower() for role in Role}


@dataclass(frozen=True)
class Measured:
    """A grid with the edges of its columns and rows in points from its top left corner."""

    grid: Grid
    look: TableLook
    columns: tuple[float, ...]
    rows: tuple[float, ...]

    @property
    def height(self) -> float:
        """The height of the whole table in points."""
        return self.rows[-1]

    def width_of(self, box: Box) -> float:
        """The width of a box in points."""
        return self.columns[box.column + box.columns] - self.columns[box.column]


def measure(grid: Grid, setter: Setter, width: float, *, tight: bool = False, grow: float = 1.0) -> Measured:
    """Measure a table `width` points wide; `tight` gives every row only the height it needs.

    `grow` is the share (0 to 1) of the width missing for long numbers that their columns get.
    """
    return _measured(grid, setter, _columns(grid, setter, width, grow), tight=tight)


def _measured(grid: Grid, setter: Setter, columns: tuple[float, ...], *, tight: bool) -> Measured:
    look = setter.style.look(grid.columns)
    heights = _heights(grid, setter, look, columns, look.tight_row if tight else look.row)
    return Measured(grid, look, columns, (0.0, *accumulate(heights)))


def _columns(grid: Grid, setter: Setter, width: float, grow: float) -> tuple[float, ...]:
    """The columns' edges (pt) from relative widths, or equal columns if there are none."""
    relative = grid.widths if len(grid.widths) == grid.columns else (1.0,) * grid.columns
    look = setter.style.look(grid.columns)
    needs = [0.0] * grid.columns
    for box in grid.boxes:
        needs[box.column] = max(needs[box.column], setter.need(box, look))
    return (0.0, *accumulate(settled(relative, width, needs, grow)))


def _heights(grid: Grid, setter: Setter, look: TableLook, columns: Sequence[float], least: float) -> list[float]:
    """Row heights (pt): the need of the boxes in one row; what merged boxes still lack is spread over their rows."""
    heights = [least] * grid.rows
    for box in sorted(grid.boxes, key=lambda box: box.rows):
        lines = setter.lines(box, columns[box.column + box.columns] - columns[box.column], look)
        need = sum(line.height for line in lines) + 2 * look.gap
        rows = range(box.row, box.row + box.rows)
        if (lack := need - sum(heights[row] for row in rows)) > 0:
            for row in rows:
                heights[row] += lack / box.rows
    return heights


def set_table(table: Measured, setter: Setter, page: PlacedPage, x: float, y: float) -> None:
    """Put a measured table on a page, its top left corner at `x`, `y`."""
    for box in table.grid.boxes:
        _set_box(table, setter, page, box, x, y)
    page.rules.extend(_rules(table, setter.style, x, y))


def _set_box(table: Measured, setter: Setter, page: PlacedPage, box: Box, x: float, y: float) -> None:
    left, width = x + table.columns[box.column], table.width_of(box)
    top, bottom = y + table.rows[box.row], y + table.rows[box.row + box.rows]
    looks = box_style(box.role, table.look)
    if looks.fill:
        page.fills.append(PlacedFill(left, top, width, bottom - top, looks.fill))
    lines = setter.lines(box, width, table.look)
    line_top = (top + bottom - sum(line.height for line in lines)) / 2
    middle = centred(box, width)
    for line in lines:
        baseline = on_middle(line_top + line.height / 2, line.size)
        start = left + (width - line.width) / 2 if middle else left + table.look.label_pad - _hanging(line)
        page.texts.extend([PlacedText(start + text.x, baseline, *text[2:]) for text in line.texts])
        line_top += line.height


def _hanging(line: SetLine) -> float:
    """The blank left half (pt) of an opening bracket, which protrudes so that labels align."""
    first = line.atoms[0]
    return first.room * line.size / line.atoms[0].width * 0.9 if first.blank_left else 0.0


def _runs(line: SetLine) -> tuple[PlacedText, ...]:
    """Set a line with its left end and its baseline at 0."""
    scale = line.width / (width_of(line.atoms) or 1.0)
    return tuple(
        text._replace(
            x=text.x * scale, spacing=text.spacing * scale / line.stretch, stretch=text.stretch * line.stretch
        )
        for text in place(line.atoms, 0.0, 0.0, line.size)
    )


def _rules(table: Measured, style: TableStyle, x: float, y: float) -> list[PlacedRule]:
    """The rules between boxes, every straight stretch drawn once."""
    grid = table.grid
    rules: list[PlacedRule] = []
    for row in range(grid.rows + 1):
        edge = row in (0, grid.rows)
        open_ = [edge or grid.owner(row - 1, c) is not grid.owner(row, c) for c in range(grid.columns)]
        for a, b in _stretches(open_):
            at = y + table.rows[row]
            rules.append(
                PlacedRule(x + table.columns[a], at, x + table.columns[b], at, style.frame if edge else style.rule)
            )
    for column in range(grid.columns + 1):
        edge = column in (0, grid.columns)
        open_ = [edge or grid.owner(r, column - 1) is not grid.owner(r, column) for r in range(grid.rows)]
        for a, b in _stretches(open_):
            at = x + table.columns[column]
            rules.append(PlacedRule(at, y + table.rows[a], at, y + table.rows[b], style.frame if edge else style.rule))
    return rules


def _stretches(drawn: Sequence[bool]) -> list[tuple[int, int]]:
    """The start and end of every run of True."""
    found = []
    for on, group in groupby(range(len(drawn)), key=drawn.__getitem__):
        places = list(group)
        if on:
            found.append((places[0], places[-1] + 1))
    return found


def cut(table: Measured, setter: Setter, start: int, room: float, page: float) -> tuple[Measured, int]:
    """Cut out a part from body row `start` that is no higher than `room` points; return it and the row after it.

    The head is repeated and the part measured anew, so that a label continued with （续） fits. If not even the least
    part fits, it is returned all the same; it fits a fresh page of `page` points unless it is a single row.
    """

    def part(stop: int) -> Measured:
        return _measured(table.grid.cut(start, stop), setter, table.columns, tight=True)

    stops = ends(table.grid, start)
    if part(stops[0]).height > page:
        stops = list(range(start + 1, table.grid.rows + 1))
    fitting = bisect_right(stops, room, key=lambda stop: part(stop).height)
    chosen = _better(table.grid, stops[: max(1, fitting)])
    return part(chosen), chosen


def ends(grid: Grid, start: int) -> list[int]:
    """The rows before which a part from row `start` may end: bands, or all rows if there are none; and the end."""
    rows = range(start + 1, grid.rows)
    bands = {box.row for box in grid.boxes if box.role is Role.BAND}
    return [*(row for row in rows if row in bands or not bands), grid.rows]


def _better(grid: Grid, stops: Sequence[int]) -> int:
    """The last possible end, or one a few rows before it that cuts fewer groups in two."""
    if stops[-1] == grid.rows:
        return grid.rows
    near = [stop for stop in stops if stop >= stops[-1] - _SHORTER]
    return min(reversed(near), key=lambda row: _groups_cut(grid, row))


def _groups_cut(grid: Grid, row: int) -> int:
    """The number of boxes that a cut before this row goes through."""
    return sum(box.row < row < box.row + box.rows for box in grid.boxes)
