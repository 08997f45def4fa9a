"""The contents of a file as headings, paragraphs, pictures and raw tables, without knowledge of any form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from model.base import Trouble, clean, excerpt

MAX_ROWS = 3000  # of all tables of a file
MAX_CELLS = 64  # in one row
MAX_LENGTH = 120_000  # characters of a file; a long report has about 8,000, a page around it a few times as many
MAX_ALL_CELLS = 60_000  # of a file; the form has 280
MAX_CELL = 20_000  # characters of one cell

# Written in a cell in place of a number.
NO_NUMBERS = frozenset({"/", "-", "--", "—", "——", "\\", "无", "不适用", "－", "―"})


@dataclass(frozen=True, slots=True)
class SourceHeading:
    """A line marked as a heading; `level` is not relied on, because old reports use levels inconsistently."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class SourceParagraph:
    """A line of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture large enough to show a table."""


Cell = str | None  # None: covered by a merged cell that begins to the left or above


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows of cells as in the file, of any lengths.

    `placed` is True if the file says which cells are merged: a cell that another one covers is None, "" is a blank
    cell, and cells of one index stand in one column.  Otherwise "" may be either.
    """

    rows: tuple[tuple[Cell, ...], ...]
    placed: bool = False


SourceBlock = SourceHeading | SourceParagraph | SourcePicture | RawTable


@dataclass(frozen=True, slots=True)
class Source:
    """The contents of one file in reading order; every text is cleaned."""

    name: str
    blocks: tuple[SourceBlock, ...]


def made_source(name: str, blocks: Iterable[SourceBlock]) -> Source:
    """Make a source; raise `Trouble` if it has more text, or its tables more rows, than any report."""
    found = tuple(block for block in blocks if not _is_page_number(block))
    if sum(len(block.rows) for block in found if isinstance(block, RawTable)) > MAX_ROWS:
        raise Trouble(f"文件“{name}”的表格超过 {MAX_ROWS} 行，不像是一份年度报告，请检查是否选错了文件")
    cells = sum(len(row) for block in found if isinstance(block, RawTable) for row in block.rows)
    if cells > MAX_ALL_CELLS or sum(map(_length, found)) > MAX_LENGTH:
        raise too_large(name)
    return Source(name, found)


def _length(block: SourceBlock) -> int:
    if isinstance(block, RawTable):
        return sum(len(cell) for row in block.rows for cell in row if cell)
    return 0 if isinstance(block, SourcePicture) else len(block.text)


PAGE_NUMBER = re.compile(r"[-—－–]{1,2} ?[0-9]{1,3} ?[-—－–]{1,2}")  # as in GB/T 9704


def _is_page_number(block: SourceBlock) -> bool:
    return isinstance(block, SourceParagraph) and bool(PAGE_NUMBER.fullmatch(block.text))


# -- from texts to blocks -----------------------------------------------------------------------------------------

_BLANKS = re.compile(r"[ \t\u00a0\u3000]+")


def paragraphs_of(text: str) -> Iterator[SourceParagraph]:
    """Yield a paragraph for each line with text."""
    for line in clean(text).split("\n"):
        if bare := line.replace("\t", " ").replace("\u00a0", " ").strip():
            yield SourceParagraph(bare)


def cell_text(text: str) -> str:
    """Return the text of a cell: cleaned, without blanks at the ends of its lines, without empty lines."""
    lines = (_BLANKS.sub(" ", line).strip() for line in clean(text[:MAX_CELL]).split("\n"))
    return "\n".join(filter(None, lines))


def table_blocks(rows: Iterable[Sequence[Cell]]) -> Iterator[SourceBlock]:
    """Yield a table whose merged cells are known; one of a single column is a frame around paragraphs."""
    kept = [row for row in (_tidy(row) for row in rows) if any(row)]
    if all(sum(cell is not None for cell in row) < 2 for row in kept):
        for row in kept:
            yield from paragraphs_of("\n".join(filter(None, row)))
    elif kept:
        yield RawTable(tuple(kept), placed=True)


def _tidy(row: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(cell and cell_text(cell) for cell in row[:MAX_CELLS])


# -- merged cells ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpannedCell:
    """A cell with the number of rows and columns that it covers, at least 1 each."""

    text: str
    rows: int = 1
    columns: int = 1


def spread(rows: Iterable[Iterable[SpannedCell]]) -> list[list[Cell]]:
    """Put merged cells into their places, as HTML does: the other places that they cover become None."""
    opened: list[list[Cell]] = []
    reach = [0] * MAX_CELLS  # by column: the first row that no cell above covers
    for number, row in enumerate(rows):
        line: list[Cell] = []
        for cell in row:
            _skip_covered(line, reach, number)
            if len(line) == MAX_CELLS:
                break
            stop = min(len(line) + cell.columns, MAX_CELLS)
            reach[len(line) : stop] = [number + cell.rows] * (stop - len(line))
            line += [cell.text, *[None] * (stop - len(line) - 1)]
        _skip_covered(line, reach, number)
        opened.append(line)
    return opened


def _skip_covered(line: list[Cell], reach: Sequence[int], number: int) -> None:
    while len(line) < MAX_CELLS and reach[len(line)] > number:
        line.append(None)


# -- sentences --------------------------------------------------------------------------------------------------------


def damaged(name: str, detail: str = "") -> Trouble:
    """Return the error for a file that its own kind of program could not open either."""
    about = f"（{excerpt(detail)}）" if detail else ""
    return Trouble(f"文件“{name}”不完整或已损坏{about}，请重新取得原文件，或在原程序中打开后另存一份再读取")


def too_large(name: str) -> Trouble:
    """Return the error for a file whose contents exceed those of any report."""
    return Trouble(f"文件“{name}”里的内容过多，不像是一份年度报告，请检查是否选错了文件")
