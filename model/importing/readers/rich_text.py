"""Reads RTF of Word, WPS and LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.importing.containers import (
    MAX_CELLS,
    Cell,
    Source,
    SourceBlock,
    SourcePicture,
    made_source,
    paragraphs_of,
    table_blocks,
    too_large,
)

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_MAX_TOKENS, _MAX_DEPTH = 3_000_000, 2_000
# Groups that hold no text of the document.
_AWAY = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "object", "themedata", "listtable", "header", "footer",
    "headerf", "footerf", "headerl", "footerl", "headerr", "footerr", "generator", "fldinst", "listoverridetable",
    "rsidtbl", "xmlnstbl", "datastore", "latentstyles", "nonshppict", "pict", "annotation", "footnote",
    "filetbl", "revtbl", "pgptbl", "listtext", "pntext", "mmathPr", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
})  # fmt: skip
_SHOWN_THOUGH_STARRED = frozenset({"shppict", "shptxt"})
_SIGNS = {
    "emdash": "—", "endash": "–", "lquote": chr(0x2018), "rquote": chr(0x2019), "ldblquote": chr(0x201C),
    "rdblquote": chr(0x201D), "bullet": "●",
    "tab": "\t", "line": "\n", "emspace": "\u3000", "enspace": " ", "page": "\n",
}  # fmt: skip
_CODE_PAGES = {"936": "gb18030", "950": "big5", "932": "cp932", "949": "cp949", "1252": "cp1252", "65001": "utf-8"}
_CHARSETS = {"134": "gb18030", "136": "big5", "128": "cp932", "129": "cp949"}  # of fonts


@dataclass
class _Group:
    """The state that a brace saves and restores."""

    skipped: bool = False
    hidden: bool = False  # deleted or hidden text
    fallback: int = 1  # characters that stand for one \u


@dataclass
class _Row:
    """The definition of a table row: right edges of its cells, and which are merged with the one before or above."""

    edges: list[int] = field(default_factory=list)
    covered: list[bool] = field(default_factory=list)
    next_covered: bool = False


def read_rtf(name: str, data: bytes) -> Source:
    """Read an RTF file."""
    reader = _Reader(name)
    reader.read(data.decode("latin-1"))
    return made_source(name, reader.blocks())


class _Reader:
    """Interprets the control words of an RTF file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[SourceBlock] = []
        self._group, self._stack = _Group(), list[_Group]()
        self._words: list[str] = []
        self._bytes = bytearray()
        self._encoding = "gb18030"
        self._to_skip = 0  # characters that stand for the \u before them
        self._starred = self._in_table = False
        self._row, self._cells = _Row(), list[str]()
        self._rows: list[tuple[_Row, list[str]]] = []

    def read(self, text: str) -> None:
        """Interpret the whole file."""
        for count, token in enumerate(_TOKEN.finditer(text)):
            if count > _MAX_TOKENS or len(self._stack) > _MAX_DEPTH:
                raise too_large(self._name)
            word, number, byte, symbol, brace, plain = token.groups()
            if brace:
                self._on_brace(brace)
            elif word:
                self._on_word(word, number)
            elif byte:
                self._on_byte(byte)
            elif symbol:
                self._on_symbol(symbol)
            elif plain:
                self._add(plain)
        self._end_paragraph()
        self._end_table()

    def blocks(self) -> list[SourceBlock]:
        """Return what was read."""
        return self._found

    # -- characters ---------------------------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        self._decode_bytes()
        if self._group.skipped or self._group.hidden:
            return
        if self._to_skip:
            text, self._to_skip = text[self._to_skip :], max(0, self._to_skip - len(text))
        self._words.append(text)

    def _on_byte(self, byte: str) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif not (self._group.skipped or self._group.hidden):
            self._bytes.append(int(byte, 16))

    def _decode_bytes(self) -> None:
        if self._bytes:
            self._words.append(self._bytes.decode(self._encoding, "replace"))
            self._bytes.clear()

    def _on_symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif symbol in "\r\n":
            self._on_word("par", None)
        elif symbol in "\\{}~_":
            self._add({"~": "\u00a0", "_": "-"}.get(symbol, symbol))

    def _on_brace(self, brace: str) -> None:
        self._decode_bytes()
        self._starred, self._to_skip = False, 0
        if brace == "{":
            self._stack.append(self._group)
            self._group = _Group(self._group.skipped, self._group.hidden, self._group.fallback)
        elif self._stack:
            self._group = self._stack.pop()

    # -- control words ------------------------------------------------------------------------------------------------

    def _on_word(self, word: str, number: str | None) -> None:
        self._decode_bytes()
        starred, self._starred = self._starred, False
        if word == "pict" and not self._group.skipped:
            self._found_picture()
        if word in _AWAY or (starred and word not in _SHOWN_THOUGH_STARRED):
            self._group.skipped = True
        if not self._group.skipped:
            self._obey(word, number)

    def _found_picture(self) -> None:
        if not self._in_table:
            self._end_paragraph()
            self._end_table()
            self._found.append(SourcePicture())

    def _obey(self, word: str, number: str | None) -> None:
        value = int(number) if number else 0
        if word == "u":
            self._to_skip = 0
            self._add(chr(value % 65536))
            self._to_skip = self._group.fallback
        elif word == "uc":
            self._group.fallback = min(max(value, 0), 8)
        elif word in ("deleted", "v"):
            self._group.hidden = number != "0"
        elif word == "plain":
            self._group.hidden = False
        elif word in ("ansicpg", "fcharset"):
            self._encoding = (_CODE_PAGES if word == "ansicpg" else _CHARSETS).get(number or "", self._encoding)
        elif word in _SIGNS:
            self._add(_SIGNS[word])
        else:
            self._arrange(word, value)

    def _arrange(self, word: str, value: int) -> None:
        """Obey a word about paragraphs and tables."""
        if word == "trowd":
            self._row = _Row()
        elif word in ("clvmrg", "clmrg"):
            self._row.next_covered = True
        elif word == "cellx" and len(self._row.edges) < MAX_CELLS:
            self._row.edges.append(value)
            self._row.covered.append(self._row.next_covered)
            self._row.next_covered = False
        elif word in ("cell", "nestcell"):
            self._cells.append(self._taken())
        elif word in ("row", "nestrow"):
            self._rows.append((self._row, self._cells))
            self._cells = []
        elif word in ("intbl", "pard"):
            self._in_table = word == "intbl"
        elif word in ("par", "sect"):
            self._end_paragraph()

    def _taken(self) -> str:
        self._decode_bytes()
        text = "".join(self._words)
        self._words.clear()
        return text

    def _end_paragraph(self) -> None:
        self._decode_bytes()
        if self._in_table:
            self._words.append("\n")
            return
        if any(word.strip() for word in self._words):
            self._end_table()
            self._found += paragraphs_of(self._taken())
        self._words.clear()

    # -- tables -------------------------------------------------------------------------------------------------------

    def _end_table(self) -> None:
        if self._cells:
            self._rows.append((self._row, self._cells))
            self._cells = []
        self._found += table_blocks(_placed(self._rows))
        self._rows = []


def _placed(rows: list[tuple[_Row, list[str]]]) -> Iterator[list[Cell]]:
    """Put the cells of all rows into the columns that their right edges make together."""
    edges = sorted({edge for row, _ in rows for edge in row.edges})
    columns: dict[int, int] = {}
    for edge in edges:  # edges closer than a twentieth of an inch are one
        near = next((known for known in columns if edge - known <= _NEAR), None)
        columns[edge] = columns[near] if near is not None else len(set(columns.values()))
    for row, texts in rows:
        if len(row.edges) != len(texts) or len(edges) > MAX_CELLS:
            yield list(texts[:MAX_CELLS])
            continue
        line: list[Cell] = []
        for edge, covered, text in zip(row.edges, row.covered, texts, strict=True):
            wide = max(1, columns[edge] + 1 - len(line))
            line += [None if covered else text, *[None] * (wide - 1)]
        yield line


_NEAR = 72  # twips
