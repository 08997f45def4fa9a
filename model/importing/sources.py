"""Parses a text file into headings, paragraphs and raw tables, without knowledge of any form.

Support for another kind of file means another function from bytes to `Source`, called in `reading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from model.base import Trouble, clean

MAX_ROWS = 3000
MAX_CELLS = 64  # in one row


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
class RawTable:
    """Rows of cells as in the file, of any lengths; a merged cell is its text followed by empty cells."""

    rows: tuple[tuple[str, ...], ...]


SourceBlock = SourceHeading | SourceParagraph | RawTable


@dataclass(frozen=True, slots=True)
class Source:
    """The contents of one file in reading order; every text is cleaned."""

    name: str
    blocks: tuple[SourceBlock, ...]


# -- kinds of files -----------------------------------------------------------------------------------------------

# First bytes of files that cannot be read, with the rest of the message.
_FOREIGN = (
    (b"PK\x03\x04", "是 Word、Excel 或压缩文件，目前只能读取文本和 JSON 文件，请在原程序中另存为文本后再读取"),
    (b"PK\x05\x06", "是空的压缩文件，请选择年度报告的文本或 JSON 文件"),
    (b"\xd0\xcf\x11\xe0", "是旧版 .doc、.xls、.wps 文件或加了打开密码，请在原程序中另存为文本后再读取"),
    (b"%PDF", "是 PDF 文件，目前只能读取文本和 JSON 文件，请把内容复制为文本后再读取"),
    (b"{\\rtf", "是 RTF 文件，请在原程序中另存为文本后再读取"),
    (b"L\0\0\0\x01\x14\x02\0", "是快捷方式，不是文件本身，请选择它指向的文件"),
    (b"\x89PNG", "是图片，读不到文字，请选择年度报告的文本或 JSON 文件"),
    (b"\xff\xd8\xff", "是图片，读不到文字，请选择年度报告的文本或 JSON 文件"),
    (b"SQLite format 3\0", "是数据库文件，请选择年度报告的文本或 JSON 文件"),
)


def refuse_foreign(name: str, data: bytes) -> None:
    """Raise `Trouble` for a known kind of file that cannot be read."""
    for start, says in _FOREIGN:
        if data.startswith(start):
            raise Trouble(f"文件“{name}”{says}")


def text_source(name: str, text: str) -> Source:
    """Parse a text: `#` headings, rows of tab-separated or `|`-framed cells, every other line a paragraph.

    Neighbouring rows make one table, across blank lines too, because page ends interrupt tables.
    """
    blocks: list[SourceBlock] = []
    rows: list[tuple[str, ...]] = []
    for line in clean(text).split("\n"):
        cells = _cells(line)
        if _drawn(cells or [line.strip()]) or _PAGE.fullmatch(line.strip()):
            continue
        if cells:
            rows.append(cells)
        else:
            _close(blocks, rows)
            blocks.append(_text_block(line.strip()))
    _close(blocks, rows)
    if sum(len(block.rows) for block in blocks if isinstance(block, RawTable)) > MAX_ROWS:
        raise Trouble(f"文件“{name}”的表格超过 {MAX_ROWS} 行，不像是一份年度报告，请检查是否选错了文件")
    return Source(name, tuple(blocks))


_HEADING = re.compile(r"(#{1,6})[ \t\u3000]*([^#].*)")
_PAGE = re.compile(r"[-—－] ?[0-9]{1,3} ?[-—－]")  # a page number as in GB/T 9704
_DRAWN = frozenset("-=_*—－:+")


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a table row, or () for any other line."""
    bare = line.strip()
    framed = len(bare) > 1 and bare.startswith("|") and bare.endswith("|")
    if not framed and ("\t" not in line.lstrip() or bare.startswith("#")):
        return ()
    parts = bare[1:-1].split("|") if framed else line.split("\t")
    return tuple(part.strip() for part in parts[:MAX_CELLS])


def _drawn(cells: Iterable[str]) -> bool:
    """Return True for an empty line or a rule drawn with characters; one or two dashes stand for an empty value."""
    return all(not cell or (len(cell) > 2 and _DRAWN.issuperset(cell)) for cell in cells)


def _close(blocks: list[SourceBlock], rows: list[tuple[str, ...]]) -> None:
    if rows:
        blocks.append(RawTable(tuple(rows)))
        rows.clear()


def _text_block(line: str) -> SourceBlock:
    heading = _HEADING.fullmatch(line)
    return SourceHeading(heading[2].strip(), len(heading[1])) if heading else SourceParagraph(line)
