"""Converts between rows of cells and the clipboard's formats: tab-separated text and HTML tables.

Excel and WPS give both forms, Word and browsers HTML. HTML is preferred because it keeps merged cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape
from html.parser import HTMLParser

Cells = list[list[str]]

MAX_TEXT = 2_000_000  # characters; the largest table of the form has 280 cells with its headings
MAX_ROWS, MAX_COLUMNS = 2_000, 64


def rows_of(text: str, html: str = "") -> Cells:
    """Return the rows on the clipboard; of HTML the first table, with merged cells split up ("" where they reach)."""
    rows = _html_rows(html[:MAX_TEXT]) if "<t" in html.lower() else []
    return rows or _text_rows(text[:MAX_TEXT])


def _text_rows(text: str) -> Cells:
    """Parse tab-separated lines; a cell in quotes may hold line breaks, as Excel writes it."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        rows = [
            [_tidy(cell) for cell in row[:MAX_COLUMNS]] for row in csv.reader(lines, dialect="excel-tab", strict=True)
        ]
    except csv.Error:  # a quote that belongs to the text: take the lines as they are
        rows = [[_tidy(cell) for cell in line.split("\t")[:MAX_COLUMNS]] for line in text.splitlines()]
    return _without_empty_end(rows[:MAX_ROWS])


def _tidy(cell: str) -> str:
    return " ".join(cell.split())


def _without_empty_end(rows: Cells) -> Cells:
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


class _Tables(HTMLParser):
    """Collects the cells of the first table; a nested table adds no rows, its text goes into the cell around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[tuple[str, int, int]]] = []
        self._depth, self._done = 0, False
        self._cell: list[str] | None = None
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth == 1 and not self._done:
            if tag == "tr":
                self._close_cell()
                self.rows.append([])
            elif tag in ("td", "th"):
                self._open_cell(dict(attributes))
            elif tag in ("br", "p", "div") and self._cell is not None:
                self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._close_cell()
            self._depth = max(0, self._depth - 1)
            self._done = self._done or self._depth == 0
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _open_cell(self, attributes: dict[str, str | None]) -> None:
        self._close_cell()
        if not self.rows:
            self.rows.append([])
        self._cell = []
        self._spans = (_span(attributes.get("rowspan"), MAX_ROWS), _span(attributes.get("colspan"), MAX_COLUMNS))

    def _close_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1].append((_tidy("".join(self._cell)), *self._spans))
            self._cell = None


def _span(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and int(text) > 0 else 1


def _html_rows(html: str) -> Cells:
    parser = _Tables()
    parser.feed(html)
    parser.close()
    return _without_empty_end(_opened(parser.rows[:MAX_ROWS]))


def _opened(rows: Sequence[Sequence[tuple[str, int, int]]]) -> Cells:
    """Put merged cells into their places; the other places they cover stay empty."""
    taken: set[tuple[int, int]] = set()
    opened: Cells = []
    for number, row in enumerate(rows):
        line: list[str] = []
        for text, height, width in row:
            while (number, len(line)) in taken:
                line.append("")
            taken |= {(r, c) for r in range(number + 1, min(number + height, len(rows))) for c in _reach(line, width)}
            line += [text, *[""] * (width - 1)][: MAX_COLUMNS - len(line)]
        opened.append(line)
    return opened


def _reach(line: Sequence[str], width: int) -> range:
    return range(len(line), min(len(line) + width, MAX_COLUMNS))


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
