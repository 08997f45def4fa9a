"""Reads Word 97–2003 documents ([MS-DOC]): doc, and wps of Kingsoft Writer, which has the same format.

The text lies in pieces; cells end with 0x07.  Which of these marks ends a row is a property of its paragraph, and
deleted or hidden text is a property of its characters.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.base import Trouble
from model.importing.containers import (
    MAX_CELLS,
    Cell,
    CompoundFile,
    Source,
    SourceBlock,
    SourcePicture,
    damaged,
    made_source,
    paragraphs_of,
    table_blocks,
    too_large,
)

STREAM = "WordDocument"
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200  # flags of the file information block
_COUNT, _PARAGRAPHS, _CHARACTERS, _PIECES = 0x4C, 0x102, 0xFA, 0x1A2  # its offsets
_PAGE = 512  # bytes of a page of properties
_MAX_CHARACTERS = 2_000_000
_MAX_PROPERTIES = 200_000

# Codes of properties (sprm).
_ROW_END, _IN_TABLE, _TABLE_DEFINITION = 0x2417, 0x2416, 0xD608
_DELETED, _HIDDEN = 0x0800, 0x083C
_FAR = (0x6646, 0x6645)  # the properties lie in the Data stream
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}  # bytes, by the upper bits of a code

_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")  # field codes go, their results stay
_SIGNS = str.maketrans({"\x0b": "\n", "\x0c": "\r", "\x1e": "-", "\x1f": None, "\x02": None, "\x05": None})
_ROW, _CELL, _PICTURE = "\ue001", "\x07", "\x01"
_ENDS = frozenset("\x07\r")


def read_doc(name: str, container: CompoundFile) -> Source:
    """Read a document; raises `Trouble` for one with a password, an older one, or a damaged one."""
    try:
        return made_source(name, _Document(container).blocks())
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise damaged(name) from error


@dataclass(frozen=True, slots=True)
class _Range:
    """Positions in the stream whose properties contain one that was looked for, with its operand."""

    start: int
    stop: int
    found: dict[int, bytes]


class _Document:
    """The streams of one document."""

    def __init__(self, container: CompoundFile) -> None:
        self._file, self._container = container.file, container
        self._main = container.stream(STREAM)
        version, flags = struct.unpack_from("<H6xH", self._main, 2)
        if flags & _ENCRYPTED:
            raise Trouble(f"文件“{self._file}”加了打开密码，请在 Word 或 WPS 中打开，去掉密码另存一份后再读取")
        if version < 0xC1:
            raise Trouble(f"文件“{self._file}”是 Word 95 以前的文档，请在 Word 或 WPS 中另存为 .docx 后再读取")
        self._table = container.stream("1Table" if flags & _SECOND_TABLE else "0Table")

    def blocks(self) -> Iterator[SourceBlock]:
        """Yield paragraphs and tables in order."""
        ends = list(self._ranges(_PARAGRAPHS, (_ROW_END, _IN_TABLE, _TABLE_DEFINITION)))
        gone = list(self._ranges(_CHARACTERS, (_DELETED, _HIDDEN)))
        return _blocks(self._marked_text(ends, gone))

    # -- characters -------------------------------------------------------------------------------------------------

    def _marked_text(self, ends: Sequence[_Range], gone: Sequence[_Range]) -> Iterator[tuple[str, bytes]]:
        """Yield the visible characters: a row's end as (`_ROW`, its table definition), a line's end in a cell as LF."""
        ends, gone = _sorted(ends), _sorted(gone)
        end_starts, gone_starts = [found.start for found in ends], [found.start for found in gone]
        for character, at in self._characters():
            end = _at(ends, end_starts, at) if character in _ENDS else None
            if end and character == _CELL and any(end.found.get(_ROW_END, b"")):
                yield _ROW, end.found.get(_TABLE_DEFINITION, b"")
            elif end and character == "\r" and any(end.found.get(_IN_TABLE, b"")):
                yield "\n", b""
            elif not ((out := _at(gone, gone_starts, at)) and any(any(value) for value in out.found.values())):
                yield character, b""

    def _characters(self) -> Iterator[tuple[str, int]]:
        """Yield the characters of the main text with their positions in the stream."""
        (left,) = struct.unpack_from("<i", self._main, _COUNT)
        if not 0 <= left <= _MAX_CHARACTERS:
            raise too_large(self._file)
        for start, length, narrow in self._pieces():
            count = min(length, left)
            left -= count
            step = 1 if narrow else 2
            text = self._main[start : start + step * count].decode("cp1252" if narrow else "utf-16-le", "replace")
            yield from ((character, start + step * place) for place, character in enumerate(text))

    def _pieces(self) -> Iterator[tuple[int, int, bool]]:
        """Yield position, length in characters, and whether a character takes one byte."""
        place, size = struct.unpack_from("<ii", self._main, _PIECES)
        pieces = self._table[place : place + size]
        at = 0
        while pieces[at] == 1:  # properties of whole pieces
            at += 3 + struct.unpack_from("<H", pieces, at + 1)[0]
        count = (struct.unpack_from("<i", pieces, at + 1)[0] - 4) // 12
        if pieces[at] != 2 or not 0 <= count <= _MAX_PROPERTIES:
            raise damaged(self._file)
        ends = struct.unpack_from(f"<{count + 1}i", pieces, at + 5)
        for number in range(count):
            (where,) = struct.unpack_from("<I", pieces, at + 5 + 4 * (count + 1) + 8 * number + 2)
            narrow = bool(where & 0x40000000)
            start = (where & 0x3FFFFFFF) // 2 if narrow else where
            yield start, max(0, ends[number + 1] - ends[number]), narrow

    # -- properties -------------------------------------------------------------------------------------------------

    def _ranges(self, offset: int, codes: Sequence[int]) -> Iterator[_Range]:
        """Yield the ranges with one of these properties, from the pages that a list in the table stream names."""
        place, size = struct.unpack_from("<ii", self._main, offset)
        count = (size - 4) // 8
        if not 0 <= count <= len(self._main) // _PAGE + 1:
            raise damaged(self._file)
        read = self._paragraph_properties if offset == _PARAGRAPHS else self._character_properties
        step = 13 if offset == _PARAGRAPHS else 1
        for number in struct.unpack_from(f"<{count}I", self._table, place + 4 * (count + 1)):
            page = self._main[(number & 0x3FFFFF) * _PAGE :][:_PAGE]
            runs = page[_PAGE - 1]
            ends = struct.unpack_from(f"<{runs + 1}I", page, 0)
            for run in range(runs):
                where = 2 * page[4 * (runs + 1) + run * step]
                found = {code: value for code, value in read(page, where) if code in codes} if where else {}
                if found:
                    yield _Range(ends[run], ends[run + 1], found)

    def _paragraph_properties(self, page: bytes, where: int) -> Iterator[tuple[int, bytes]]:
        words = page[where]
        start, size = (where + 2, 2 * page[where + 1]) if words == 0 else (where + 1, 2 * words - 1)
        for code, value in _properties(page[start + 2 : start + size]):
            yield code, value
            if code in _FAR:
                yield from self._far_properties(*struct.unpack_from("<I", value))

    def _far_properties(self, place: int) -> Iterator[tuple[int, bytes]]:
        data = self._data()
        (size,) = struct.unpack_from("<H", data, place)
        yield from _properties(data[place + 2 : place + 2 + size])

    def _data(self) -> bytes:
        if not hasattr(self, "_far"):
            self._far = self._container.stream("Data")
        return self._far

    def _character_properties(self, page: bytes, where: int) -> Iterator[tuple[int, bytes]]:
        return _properties(page[where + 1 : where + 1 + page[where]])


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the codes and operands of a list of properties."""
    at = 0
    while at + 2 < len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _OPERAND.get(code >> 13, 0)
        if code >> 13 == 6:
            size = struct.unpack_from("<H", data, at)[0] + 1 if code == _TABLE_DEFINITION else data[at] + 1
        yield code, data[at : at + size]
        at += size


def _sorted(ranges: Sequence[_Range]) -> list[_Range]:
    return sorted(ranges, key=lambda found: found.start)


def _at(ranges: Sequence[_Range], starts: Sequence[int], place: int) -> _Range | None:
    """The range that contains a position."""
    index = bisect_right(starts, place) - 1
    return ranges[index] if index >= 0 and place < ranges[index].stop else None


# -- from characters to blocks ------------------------------------------------------------------------------------


def _blocks(characters: Iterator[tuple[str, bytes]]) -> Iterator[SourceBlock]:
    rows: list[tuple[list[str], bytes]] = []
    cells: list[str] = []
    words: list[str] = []
    for character, definition in characters:
        if character == _ROW:
            rows.append((cells, definition))
            cells, words = [], []
        elif character == _CELL:
            cells.append(_plain(words))
            words = []
        elif character in "\r\x0c" and not cells:
            yield from _paragraph(rows, words)
            if any(word.strip() for word in words):
                rows = []
            words = []
        else:
            words.append("\n" if character == "\r" else character)
    yield from _paragraph(rows, words)
    yield from table_blocks(_placed(rows) if not any(words) else [])


def _paragraph(rows: Sequence[tuple[list[str], bytes]], words: Sequence[str]) -> Iterator[SourceBlock]:
    """Yield the table that ends before a paragraph with text, and the paragraph."""
    if any(word.strip() for word in words):
        yield from table_blocks(_placed(rows))
        text = _plain(words)
        if _PICTURE in text:
            yield SourcePicture()
        yield from paragraphs_of(text)


def _plain(words: Sequence[str]) -> str:
    return _FIELD_CODE.sub("", "".join(words)).translate(_SIGNS)


def _placed(rows: Sequence[tuple[list[str], bytes]]) -> Iterator[list[Cell]]:
    """Put the cells of all rows into the columns that their edges make together."""
    defined = [_edges(definition) for _, definition in rows]
    edges = sorted({edge for found in defined for edge in found.edges[1:]})
    columns = _columns(edges)
    for (texts, _), found in zip(rows, defined, strict=True):
        if len(found.edges) != len(texts) + 1 or len(columns) > MAX_CELLS * 4:
            yield list(texts[:MAX_CELLS])
            continue
        line: list[Cell] = []
        for edge, covered, text in zip(found.edges[1:], found.covered, texts, strict=True):
            wide = max(1, columns[edge] + 1 - len(line))
            line += [None if covered else text, *[None] * (wide - 1)]
        yield line


_NEAR = 72  # twips: edges closer than a twentieth of an inch are one


def _columns(edges: Sequence[int]) -> dict[int, int]:
    """The column that ends at each edge."""
    found: dict[int, int] = {}
    last = count = 0
    for edge in edges:
        if not found or edge - last > _NEAR:
            last, count = edge, count + 1
        found[edge] = count - 1
    return found


@dataclass(frozen=True, slots=True)
class _Definition:
    """Edges of the cells of a row in twips, and which cells are covered by merged ones."""

    edges: Sequence[int]
    covered: Sequence[bool]


def _edges(definition: bytes) -> _Definition:
    """Parse a table definition (sprmTDefTable): the edges, and 20 bytes for each cell with its merging."""
    if len(definition) < 3:
        return _Definition((), ())
    count = definition[2]
    edges = struct.unpack_from(f"<{count + 1}h", definition, 3) if len(definition) >= 5 + 2 * count else ()
    start = 5 + 2 * count
    flags = [definition[start + 20 * cell : start + 20 * cell + 2] for cell in range(count if edges else 0)]
    return _Definition(edges, [_covered(int.from_bytes(flag, "little")) for flag in flags])


def _covered(flags: int) -> bool:
    """Tell whether a cell is merged with the one before it, or with the one above it and not the first of these."""
    merged_before = flags & 0x3 == 2
    merged_above = flags & 0x20 and not flags & 0x40
    return merged_before or bool(merged_above)
