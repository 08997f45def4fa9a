"""Converts between rows of cells and the clipboard's formats: tab-separated text and HTML tables.

Excel and WPS give both forms, Word and browsers HTML. HTML is preferred because it keeps merged cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice

from model.base import clean
from model.importing.readers import shown, tokens

Cells = list[list[str]]

MAX_TEXT = 2_000_000  # characters; the largest table of the form has 280 cells with its headings
MAX_ROWS, MAX_COLUMNS = 2_000, 64
MAX_CELL = 1_000  # characters of a cell, far more than a number with its remark has


def rows_of(text: str, html: str = "") -> Cells:
    """Return the rows on the clipboard; of HTML the first table, with merged cells split up ("" where they reach)."""
    return next(iter(tables_of(text, html)), [])


def tables_of(text: str, html: str = "") -> list[Cells]:
    """Return all tables on the clipboard that are not empty, as `rows_of` does the first; plain text is one table."""
    found = _html_tables(html[:MAX_TEXT]) if "<t" in html[:MAX_TEXT].lower() else []
    return found or [rows for rows in [_text_rows(text[:MAX_TEXT])] if rows]


def is_cut(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether `rows_of` may have left out rows or columns beyond those that it reads at most."""
    return len(rows) >= MAX_ROWS or any(len(row) >= MAX_COLUMNS for row in rows)


def _text_rows(text: str) -> Cells:
    """Parse tab-separated lines; a cell in quotes may hold line breaks, as Excel writes it."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        found = list(islice(csv.reader(lines, dialect="excel-tab", strict=True), MAX_ROWS))
    except csv.Error:  # a quote that belongs to the text: take the lines as they are
        found = [line.split("\t") for line in text.splitlines()[:MAX_ROWS]]
    return _without_empty_end([[_tidy(cell) for cell in row[:MAX_COLUMNS]] for row in found])


def _tidy(cell: str) -> str:
    return " ".join(clean(cell[:MAX_CELL]).split())


def _without_empty_end(rows: Cells) -> Cells:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


# -- HTML -------------------------------------------------------------------------------------------------------------

_SPAN = re.compile(r"(?i)(?<![\w-])(rowspan|colspan)\s{0,4}=\s{0,4}[\"']?\s{0,4}([0-9]{1,9})")


class _Tables:
    """Collects the cells of tables; a nested table adds no rows, its text goes into the cell around it."""

    def __init__(self) -> None:
        self.all: list[list[list[tuple[str, int, int]]]] = []
        self._rows: list[list[tuple[str, int, int]]] = []  # of the open table
        self._count = self._depth = 0
        self._cell: list[str] | None = None
        self._spans = (1, 1)

    def read(self, html: str) -> None:
        """Read to the end, or until there are more rows than are wanted."""
        for tag, words in tokens(html):
            if self._count > MAX_ROWS:
                break
            if not tag:
                self._add(words)
            elif not tag.startswith("/"):
                self._on_start(tag, words)
            else:
                self._on_end(tag[1:])
        self._close_cell()

    def _on_start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._rows = []
                self.all.append(self._rows)
        elif self._depth == 1 and tag == "tr":
            self._close_cell()
            self._open_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._open_cell(attributes)
        elif tag in ("br", "p", "div"):
            self._add(" ")

    def _on_end(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table") and self._depth == 1:
            self._close_cell()
        if tag == "table" and self._depth:
            self._depth -= 1

    def _open_row(self) -> None:
        self._count += 1
        self._rows.append([])

    def _add(self, words: str) -> None:
        if self._cell is not None:
            self._cell.append(words)

    def _open_cell(self, attributes: str) -> None:
        self._close_cell()
        if not self._rows:
            self._open_row()
        if len(self._rows[-1]) >= MAX_COLUMNS:
            return
        self._cell = []
        found = {name.lower(): max(1, int(digits)) for name, digits in reversed(_SPAN.findall(attributes))}
        self._spans = (min(found.get("rowspan", 1), MAX_ROWS), min(found.get("colspan", 1), MAX_COLUMNS))

    def _close_cell(self) -> None:
        if self._cell is not None:
            self._rows[-1].append((_tidy(_shown("".join(self._cell))), *self._spans))
        self._cell = None


MAX_REFERENCE = 10  # characters that stand for one: &#x4e00;


def _shown(text: str) -> str:
    """The text of a cell with its character references replaced."""
    return shown(text[: MAX_REFERENCE * MAX_CELL])


def _html_tables(html: str) -> list[Cells]:
    tables = _Tables()
    tables.read(html)
    found = (_without_empty_end(_opened(rows[:MAX_ROWS])) for rows in tables.all)
    return [rows for rows in found if rows]


def _opened(rows: Iterable[Sequence[tuple[str, int, int]]]) -> Cells:
    """Put merged cells into their places; the other places they cover stay empty."""
    opened: Cells = []
    free = [0] * MAX_COLUMNS  # by column: the first row that no cell above reaches into
    for number, row in enumerate(rows):
        line: list[str] = []
        for text, height, width in row:
            while len(line) < MAX_COLUMNS and free[len(line)] > number:
                line.append("")
            if len(line) == MAX_COLUMNS:
                break
            reach = range(len(line), min(len(line) + width, MAX_COLUMNS))
            for column in reach:
                free[column] = max(free[column], number + height)
            line += [text, *[""] * (len(reach) - 1)]
        opened.append(line)
    return opened


def as_text(rows: Iterable[Sequence[str]]) -> str:
    """Format rows as tab-separated text, as Excel and WPS accept it."""
    return "\n".join("\t".join(row) for row in rows)


def as_html(rows: Iterable[Sequence[str]]) -> str:
    """Format rows as an HTML table: numbers stay numbers, everything else is marked as text for a spreadsheet."""
    body = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in rows)
    return f"<html><body><table>{body}</table></body></html>"


def _html_cell(text: str) -> str:
    style = "" if text.replace(".", "", 1).lstrip("+-").isdigit() else " style=\"mso-number-format:'\\@'\""
    return f"<td{style}>{escape(text)}</td>"
