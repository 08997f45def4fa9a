"""Reads a saved web page, or HTML that a word processor or spreadsheet wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.importing.containers import (
    MAX_CELLS,
    MAX_ROWS,
    Source,
    SourceBlock,
    SourcePicture,
    SpannedCell,
    made_source,
    paragraphs_of,
    spread,
    table_blocks,
    too_large,
)
from model.importing.readers.html_tokens import attributes_of, shown, tokens

MAX_DEPTH = 40  # tables within tables
MAX_TOKENS = 400_000
MAX_SPAN = 200  # rows that a cell may cover

_BLOCK = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "body",
    "header", "footer", "main", "nav", "aside", "form", "center", "blockquote", "pre", "hr", "table", "caption",
})  # fmt: skip
_LARGE = 250  # pixels: a picture of a table is wider, an icon or a code is not
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "embed", "source"})


def read_html(name: str, text: str) -> Source:
    """Read a page."""
    reader = _Page(name)
    for tag, words in tokens(text):
        reader.read(tag, words)
    return made_source(name, reader.finished())


@dataclass
class _OpenTable:
    """A table being read: its rows, and the cell being read with what it contains."""

    rows: list[list[SpannedCell]] = field(default_factory=list)
    blocks: list[SourceBlock] = field(default_factory=list)  # of all cells, in order; used if the table is layout
    spans: tuple[int, int] | None = None  # of the open cell
    words: list[str] = field(default_factory=list)  # of the open cell
    layout: bool = False  # it holds another table

    def add_cell(self) -> None:
        if self.spans is None:
            return
        text = _tidy("".join(self.words))
        self.blocks += paragraphs_of(text)
        if len(self.rows[-1]) < MAX_CELLS:
            self.rows[-1].append(SpannedCell(text, *self.spans))
        self.spans, self.words = None, []

    def finished(self) -> Iterator[SourceBlock]:
        """Yield the table, or the contents of its cells if it only arranges them."""
        return iter(self.blocks) if self.layout else table_blocks(spread(self.rows))


class _Page:
    """Collects the blocks of a page from its tags."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks: list[SourceBlock] = []
        self._tables: list[_OpenTable] = []
        self._words: list[str] = []
        self._unseen: list[str] = []  # open tags from the one that is not displayed on
        self._count = self._rows = 0

    def read(self, tag: str, words: str) -> None:
        """Take the next token: text (`tag` is "") or a tag with its attributes."""
        self._count += 1
        if self._count > MAX_TOKENS:
            raise too_large(self._name)
        if self._unseen or self._hides(tag, words):
            self._skip(tag)
        elif not tag:
            self._open_words().append(_SPACES.sub(" ", words))
        elif tag.startswith("/"):
            self._on_end(tag[1:])
        else:
            self._on_start(tag, words)

    def finished(self) -> list[SourceBlock]:
        """Close what is open and return all blocks."""
        while self._tables:
            self._close_table()
        self._end_paragraph()
        return self._blocks

    # -- what is not displayed --------------------------------------------------------------------------------------

    def _hides(self, tag: str, words: str) -> bool:
        if not tag or tag.startswith("/") or tag in _VOID:
            return False
        return tag in ("script", "style", "noscript", "xml", "title", "template", "select") or (
            "style" in words.lower() and bool(_HIDDEN.search(attributes_of(words).get("style", "")))
        )

    def _skip(self, tag: str) -> None:
        if tag and not tag.startswith("/") and tag not in _VOID:
            self._unseen.append(tag)
        elif tag.startswith("/") and tag[1:] in self._unseen:
            del self._unseen[len(self._unseen) - 1 - self._unseen[::-1].index(tag[1:]) :]

    # -- tags -------------------------------------------------------------------------------------------------------

    def _on_start(self, tag: str, words: str) -> None:
        table = self._tables[-1] if self._tables else None
        if tag == "table":
            self._open_table()
        elif table and tag == "tr":
            self._open_row(table)
        elif table and tag in ("td", "th"):
            self._open_cell(table, words)
        elif tag == "br":
            self._open_words().append("\n")
        elif tag == "img":
            self._add_picture(words)
        elif tag in _BLOCK:
            self._end_paragraph()

    def _on_end(self, tag: str) -> None:
        table = self._tables[-1] if self._tables else None
        if tag == "table" and table:
            self._close_table()
        elif table and tag in ("td", "th", "tr"):
            table.add_cell()
        elif tag in _BLOCK:
            self._end_paragraph()

    def _add_picture(self, words: str) -> None:
        given = attributes_of(words)
        width = re.search(r"\d{1,5}", given.get("width", "") or given.get("style", ""))
        if not width or int(width[0]) > _LARGE:
            self._target().append(SourcePicture())

    # -- text ---------------------------------------------------------------------------------------------------------

    def _open_words(self) -> list[str]:
        """The words of the open cell, or of the paragraph outside of tables."""
        table = self._tables[-1] if self._tables else None
        return self._words if table is None or table.spans is None else table.words

    def _target(self) -> list[SourceBlock]:
        return self._tables[-1].blocks if self._tables else self._blocks

    def _end_paragraph(self) -> None:
        words = self._open_words()
        if words is self._words:
            self._target().extend(paragraphs_of(_tidy("".join(words))))
            words.clear()
        else:
            words.append("\n")

    # -- tables -------------------------------------------------------------------------------------------------------

    def _open_table(self) -> None:
        if len(self._tables) >= MAX_DEPTH:
            raise too_large(self._name)
        self._end_paragraph()
        if self._tables:
            outer = self._tables[-1]
            outer.layout = True
            outer.blocks += paragraphs_of(_tidy("".join(outer.words)))
            outer.words = []
        self._tables.append(_OpenTable())

    def _open_row(self, table: _OpenTable) -> None:
        table.add_cell()
        self._end_paragraph()
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise too_large(self._name)
        table.rows.append([])

    def _open_cell(self, table: _OpenTable, words: str) -> None:
        table.add_cell()
        self._end_paragraph()
        if not table.rows:
            self._open_row(table)
        given = attributes_of(words)
        table.spans = (_span(given.get("rowspan"), MAX_SPAN), _span(given.get("colspan"), MAX_CELLS))

    def _close_table(self) -> None:
        table = self._tables[-1]
        table.add_cell()
        self._end_paragraph()
        self._tables.pop()
        self._target().extend(table.finished())


def _span(text: str | None, most: int) -> int:
    digits = re.match(r"\s*(\d{1,6})", text or "")
    return min(max(int(digits[1]), 1), most) if digits else 1


def _tidy(text: str) -> str:
    """The text as a browser shows it: blanks folded, a line break for each `br` and paragraph."""
    return shown("\n".join(line.strip(" ") for line in text.split("\n"))).strip()
