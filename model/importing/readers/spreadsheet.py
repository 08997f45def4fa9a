"""Turns the sheets of a workbook into tables: merged ranges, numbers as they are shown, hidden sheets left out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from model.importing.containers import MAX_CELLS, MAX_ROWS, Cell, SourceBlock, table_blocks

CellPlace = tuple[int, int]  # row and column, from 0


_MAX_COVERED = 500_000  # places that merged cells may cover


@dataclass(frozen=True)
class Sheet:
    """The filled cells of a sheet, and its merged ranges as (first row, first column, last row, last column)."""

    cells: Mapping[CellPlace, str]
    merged: Iterable[tuple[int, int, int, int]] = field(default_factory=tuple)

    def blocks(self) -> Iterator[SourceBlock]:
        """Yield the rows: those with one filled cell as paragraphs, the others as tables."""
        covered = self._covered()
        rows = sorted({row for row, _ in self.cells})[:MAX_ROWS]
        table: list[list[Cell]] = []
        for row in rows:
            cells = self._row(row, covered)
            if self._is_line(cells):
                yield from table_blocks(_padded(table))
                yield from table_blocks([[next(filter(None, cells))]])
                table = []
            else:
                table.append(cells)
        yield from table_blocks(_padded(table))

    def _covered(self) -> set[CellPlace]:
        """The places that merged cells cover, without their first; only where rows are read, and not without end."""
        found: set[CellPlace] = set()
        known = sorted({row for row, _ in self.cells})[:MAX_ROWS]
        left = _MAX_COVERED
        for top, low_column, bottom, high_column in self.merged:
            rows = known[bisect_left(known, top) : bisect_right(known, bottom)]
            columns = range(low_column, min(high_column + 1, MAX_CELLS))
            left -= 1 + len(rows) * len(columns)
            if left < 0:
                break
            found |= {(row, column) for row in rows for column in columns} - {(top, low_column)}
        return found

    def _row(self, row: int, covered: set[CellPlace]) -> list[Cell]:
        filled = [column for column in range(MAX_CELLS) if (row, column) in self.cells or (row, column) in covered]
        return [
            None if (row, column) in covered else self.cells.get((row, column), "")
            for column in range(max(filled, default=-1) + 1)
        ]

    @staticmethod
    def _is_line(cells: list[Cell]) -> bool:
        """Tell whether a row is a title or a text and not a row of a table, which has numbers or several cells."""
        filled = [cell for cell in cells if cell]
        return len(filled) == 1 and not _NUMBER.fullmatch(filled[0])


def _padded(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """Rows of equal length: cells behind the last filled one are blank, too."""
    width = max(map(len, rows), default=0)
    return [[*row, *[""] * (width - len(row))] for row in rows]


_NUMBER = re.compile(r"[+-]?\d[\d.,]*")
_EXACT = 12  # digits; a spreadsheet stores 15 to 17, of which the last ones may come from rounding


def shown_number(text: str) -> str:
    """The number as a person typed it: `59237.244899999998` was 59237.2449, `1.2E3` 1200, `5.0` 5."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or not -20 < number.adjusted() < 20:
        return text
    rounded = number.quantize(Decimal(1).scaleb(min(0, number.adjusted() - _EXACT + 1)))
    digits = format(rounded if len(number.as_tuple().digits) > _EXACT + 2 else number, "f")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) or "0"
