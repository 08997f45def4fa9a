"""Makes tables and paragraphs of ruling lines and placed glyphs, for every kind of file that only knows places.

Lengths are points, y grows upwards.  Lines that touch make one table; a rule parts two cells if it covers most of the
side between them; places closer than `NARROW` are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from model.importing.containers import MAX_CELLS, Cell, SourceBlock, paragraphs_of, table_blocks

TOUCH = 2.0  # lines that come so near touch
NARROW = 4.5  # narrower than a digit with its margins: two borders side by side
MAX_RULES = 6_000  # of one page
MAX_GLYPHS = 40_000
_COVERED = 0.6  # share of a cell's side
_SHORTEST = 3.0  # rules shorter than this are parts of drawings
_NEXT = 1.25  # em: the middles of full-width characters without a space between them are nearer
_NARROW_SIGNS = "\u2000"
_DOUBLE = 0.2  # em: the same glyph printed again so near is bold


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A horizontal or vertical line: its place across, and where it begins and ends."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class PageGlyph:
    """A character with its middle, left and right edges, and height; `spaced` if a space follows."""

    x: float
    y: float
    text: str
    left: float
    right: float
    em: float
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of running text."""

    y: float
    text: str
    left: float
    right: float
    em: float


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table and its upper edge."""

    y: float
    rows: Sequence[Sequence[Cell]]


@dataclass
class Page:
    """Content of a page; add to it, then ask for its `items`."""

    height: float
    horizontal: list[RuleLine] = field(default_factory=list)
    vertical: list[RuleLine] = field(default_factory=list)
    glyphs: list[PageGlyph] = field(default_factory=list)
    picture: bool = False  # one that covers most of the page, or is as wide as a table

    def add_line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Add a straight line; one that is neither horizontal nor vertical is part of a drawing."""
        wide, tall = abs(end[0] - start[0]), abs(end[1] - start[1])
        if len(self.horizontal) + len(self.vertical) >= MAX_RULES:
            return
        if tall <= 0.7 < wide:
            self.horizontal.append(RuleLine((start[1] + end[1]) / 2, min(start[0], end[0]), max(start[0], end[0])))
        elif wide <= 0.7 < tall:
            self.vertical.append(RuleLine((start[0] + end[0]) / 2, min(start[1], end[1]), max(start[1], end[1])))

    def items(self) -> list[PageLine | PageTable]:
        """Return tables and lines from the top down."""
        glyphs = _without_doubles(self.glyphs)
        found: list[PageLine | PageTable] = []
        for horizontal, vertical in _connected(_joined(self.horizontal), _joined(self.vertical)):
            grid = _Grid(horizontal, vertical)
            if grid.is_table:
                rows, glyphs = grid.filled(glyphs)
                found.append(PageTable(grid.top, rows))
        found += [line for line in _lines(glyphs) if not self._is_page_number(line)]
        return sorted(found, key=lambda item: -item.y)

    def _is_page_number(self, line: PageLine) -> bool:
        at_edge = line.y < 0.12 * self.height or line.y > 0.92 * self.height
        return at_edge and bool(_PAGE_NUMBER.fullmatch(line.text))


_PAGE_NUMBER = re.compile(r"[-—–－]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-—–－]?|第\s*\d+\s*页.{0,12}")


def _without_doubles(glyphs: Iterable[PageGlyph]) -> list[PageGlyph]:
    """Leave out glyphs that are printed again at their place."""
    seen: set[tuple[str, int, int]] = set()
    kept: list[PageGlyph] = []
    for glyph in glyphs:
        step = _DOUBLE * max(1.0, glyph.em)
        key = (glyph.text, round(glyph.x / step), round(glyph.y / step))
        if key not in seen:
            kept.append(glyph)
        seen.add(key)
    return kept


# -- rules ------------------------------------------------------------------------------------------------------------


def _joined(rules: Iterable[RuleLine]) -> list[RuleLine]:
    """Join pieces of one line, as the two sides of a thin rectangle are; leave out what is very short."""
    groups: list[list[RuleLine]] = []
    for rule in sorted(rules, key=lambda rule: (rule.at, rule.start)):
        if groups and rule.at - groups[-1][0].at <= TOUCH and rule.at - groups[-1][-1].at <= 1.2:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    joined = (RuleLine((group[0].at + group[-1].at) / 2, *span) for group in groups for span in _spans(group))
    return [rule for rule in joined if rule.end - rule.start > _SHORTEST]


def _spans(group: Sequence[RuleLine]) -> Iterator[tuple[float, float]]:
    pieces = sorted((rule.start, rule.end) for rule in group)
    start, end = pieces[0]
    for begin, stop in pieces[1:]:
        if begin <= end + 1.5:
            end = max(end, stop)
        else:
            yield start, end
            start, end = begin, stop
    yield start, end


def _connected(
    horizontal: Sequence[RuleLine], vertical: Sequence[RuleLine]
) -> Iterator[tuple[list[RuleLine], list[RuleLine]]]:
    """Yield the horizontal and vertical lines of each set of lines that touch."""
    sets = _Sets(len(horizontal) + len(vertical))
    for one, flat in enumerate(horizontal):
        for other, upright in enumerate(vertical, len(horizontal)):
            if flat.start - TOUCH <= upright.at <= flat.end + TOUCH and upright.start - TOUCH <= flat.at <= (
                upright.end + TOUCH
            ):
                sets.join(one, other)
    for members in sets.all():
        flats = [horizontal[place] for place in members if place < len(horizontal)]
        uprights = [vertical[place - len(horizontal)] for place in members if place >= len(horizontal)]
        if len(flats) > 1 and len(uprights) > 1:
            yield flats, uprights


class _Sets:
    """Disjoint sets of numbers, each known by its smallest member."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, member: int) -> int:
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def join(self, one: int, other: int) -> None:
        small, large = sorted((self.find(one), self.find(other)))
        self._parent[large] = small

    def all(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for member in range(len(self._parent)):
            found.setdefault(self.find(member), []).append(member)
        return list(found.values())


# -- tables -----------------------------------------------------------------------------------------------------------


def _places(values: Iterable[float]) -> list[float]:
    """The places of borders, of two side by side the first."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NARROW:
            places.append(value)
    return places


def _covers(rules: Iterable[RuleLine], at: float, start: float, end: float) -> bool:
    """Tell whether the rules at a place cover most of a cell's side."""
    have = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= NARROW)
    return have >= _COVERED * (end - start)


class _Grid:
    """The cells between touching lines; cells without a rule between them are one."""

    def __init__(self, horizontal: Sequence[RuleLine], vertical: Sequence[RuleLine]) -> None:
        self._xs = _places(rule.at for rule in vertical)
        self._ys = _places(rule.at for rule in horizontal)[::-1]
        self.top = self._ys[0]
        self.rows, self.columns = len(self._ys) - 1, len(self._xs) - 1
        self._cells = _Sets(self.rows * self.columns)
        if 1 < self.columns <= MAX_CELLS:
            self._merge(horizontal, vertical)

    @property
    def is_table(self) -> bool:
        """Tell whether these are cells side by side, and not a box, boxes one below another or an underline."""
        return 1 < self.columns <= MAX_CELLS and self.rows > 0 and len(self._cells.all()) > 1

    def _merge(self, horizontal: Sequence[RuleLine], vertical: Sequence[RuleLine]) -> None:
        flat = [[rule for rule in horizontal if abs(rule.at - y) <= NARROW] for y in self._ys]
        upright = [[rule for rule in vertical if abs(rule.at - x) <= NARROW] for x in self._xs]
        for row in range(self.rows):
            for column in range(self.columns):
                here, right, below = self._number(row, column), column + 1, row + 1
                if right < self.columns and not _covers(
                    upright[right], self._xs[right], self._ys[row + 1], self._ys[row]
                ):
                    self._cells.join(here, self._number(row, right))
                if below < self.rows and not _covers(
                    flat[below], self._ys[below], self._xs[column], self._xs[column + 1]
                ):
                    self._cells.join(here, self._number(below, column))

    def _number(self, row: int, column: int) -> int:
        return row * self.columns + column

    def filled(self, glyphs: Iterable[PageGlyph]) -> tuple[list[list[Cell]], list[PageGlyph]]:
        """Return the rows with the glyphs in them, and the glyphs outside."""
        inside: dict[int, list[PageGlyph]] = {}
        outside: list[PageGlyph] = []
        for glyph in glyphs:
            if self._xs[0] - 1 <= glyph.x <= self._xs[-1] + 1 and self._ys[-1] - 1 <= glyph.y <= self._ys[0] + 1:
                column = min(max(sum(glyph.x > x for x in self._xs) - 1, 0), self.columns - 1)
                row = min(max(sum(glyph.y < y for y in self._ys) - 1, 0), self.rows - 1)
                inside.setdefault(self._cells.find(self._number(row, column)), []).append(glyph)
            else:
                outside.append(glyph)
        texts = {cell: _cell_text(_lines(found), self._width(cell)) for cell, found in inside.items()}
        return [[self._cell(row, column, texts) for column in range(self.columns)] for row in range(self.rows)], outside

    def _width(self, cell: int) -> float:
        """The width of a cell, of a merged one that of its first row."""
        row, column = divmod(cell, self.columns)
        last = column
        while last + 1 < self.columns and self._cells.find(self._number(row, last + 1)) == cell:
            last += 1
        return self._xs[last + 1] - self._xs[column]

    def _cell(self, row: int, column: int, texts: dict[int, str]) -> Cell:
        number = self._number(row, column)
        return texts.get(number, "") if self._cells.find(number) == number else None


def _cell_text(lines: Sequence[PageLine], width: float) -> str:
    """The lines of a cell; a number goes on in the next line if its next digit had no room in this one."""
    text = ""
    for before, line in pairwise([None, *lines]):
        if before is not None and line is not None:
            digit = line.em if line.text[0] > _NARROW_SIGNS else line.em / 2
            full = before.right - before.left + digit + _MARGINS * line.em > width
            text += "" if full and _DIGITS.fullmatch(before.text) and _DIGITS.fullmatch(line.text) else "\n"
        text += line.text if line is not None else ""
    return text


_DIGITS = re.compile(r"[0-9０-９.．,，]+")
_MARGINS = 0.8  # em: both margins of a cell together


# -- lines ------------------------------------------------------------------------------------------------------------


def _lines(glyphs: Iterable[PageGlyph]) -> list[PageLine]:
    """Glyphs in lines, from the top down and from left to right."""
    rows: list[list[PageGlyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.y):
        if rows and abs(rows[-1][0].y - glyph.y) <= 0.45 * max(glyph.em, rows[-1][0].em):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [_line(sorted(row, key=lambda glyph: glyph.x)) for row in rows]


def _line(row: Sequence[PageGlyph]) -> PageLine:
    text = row[0].text
    for before, glyph in pairwise(row):
        gap = glyph.left - before.right
        if min(before.text, glyph.text) > _NARROW_SIGNS and glyph.x - before.x <= _NEXT * glyph.em:
            gap = 0.0  # a full-width digit, whose ink is much narrower than its place
        words = before.spaced and gap > 0.15 * glyph.em and before.text.isascii() and glyph.text.isascii()
        text += " " + glyph.text if gap > 0.6 * glyph.em or words else glyph.text
    return PageLine(row[0].y, text, row[0].left, row[-1].right, max(glyph.em for glyph in row))


# -- pages together ---------------------------------------------------------------------------------------------------

# What begins a paragraph even where nothing is indented.
_OPENS = re.compile(r"[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)]|第[一二三四五六]部分")


def flowing(items: Sequence[PageLine | PageTable]) -> Iterator[SourceBlock]:
    """Yield tables and paragraphs: a full line goes on in the next, unless that one is indented or opens a section."""
    lines = [item for item in items if isinstance(item, PageLine)]
    right = max((line.right for line in lines), default=0.0)
    left = min((line.left for line in lines if len(line.text) > 8), default=0.0)
    text, full = "", False
    for item in items:
        if isinstance(item, PageTable):
            yield from paragraphs_of(text)
            yield from table_blocks(item.rows)
            text, full = "", False
            continue
        goes_on = full and item.left < left + 1.2 * item.em and not _OPENS.match(item.text)
        if not goes_on:
            yield from paragraphs_of(text)
            text = ""
        text += item.text
        full = item.right > right - 2.2 * item.em
    yield from paragraphs_of(text)


def is_upright_space(character: str) -> bool:
    """Tell whether a character prints nothing."""
    return character.isspace() or unicodedata.category(character) in {"Cf", "Cc", "Cn", "Cs", "Zs"}
