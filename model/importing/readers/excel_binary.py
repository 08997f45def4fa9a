"""Reads Excel 97–2003 workbooks (BIFF8, [MS-XLS]): xls, and et of Kingsoft Spreadsheets, which has the same format."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from model.base import Trouble
from model.importing.containers import MAX_CELLS, MAX_ROWS, CompoundFile, Source, damaged, made_source, too_large
from model.importing.readers.spreadsheet import CellPlace, Sheet, shown_number

STREAMS = ("Workbook", "Book")
_BOF, _EOF, _CONTINUE, _FILE_PASS, _SHEET, _STRINGS, _MERGED = 0x809, 0x0A, 0x3C, 0x2F, 0x85, 0xFC, 0xE5
_SHARED, _LABEL, _NUMBER, _RK, _MANY_RK, _FORMULA, _STRING = 0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x06, 0x207
_BIFF8 = 0x600
_MAX_RECORDS = 500_000

Record = tuple[int, bytes]


def read_xls(name: str, container: CompoundFile) -> Source:
    """Read the visible sheets; raises `Trouble` for a workbook with a password, an older one, or a damaged one."""
    stream = container.stream(next(found for found in STREAMS if found in container.names))
    try:
        sheets = list(_sheets(name, stream))
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        raise damaged(name) from error
    return made_source(name, (block for sheet in sheets for block in sheet.blocks()))


def _records(name: str, stream: bytes, at: int) -> Iterator[Record]:
    """Yield the records of a part of the stream up to its end."""
    for _ in range(_MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            return
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
    raise too_large(name)


def _sheets(name: str, stream: bytes) -> Iterator[Sheet]:
    places: list[int] = []
    strings: list[str] = []
    parts: list[bytes] = []
    for kind, data in _records(name, stream, 0):
        if kind == _BOF and struct.unpack_from("<H", data)[0] != _BIFF8:
            raise Trouble(f"文件“{name}”是 Excel 95 以前的工作簿，请在 Excel 或 WPS 中另存为 .xlsx 后再读取")
        if kind == _FILE_PASS:
            raise Trouble(f"文件“{name}”加了打开密码，请在 Excel 或 WPS 中打开，去掉密码另存一份后再读取")
        if kind == _SHEET and data[4] & 3 == 0 and data[5] == 0:  # visible, and a sheet of cells
            places.append(struct.unpack_from("<I", data)[0])
        if kind == _STRINGS or (kind == _CONTINUE and parts):
            parts.append(data)
        elif parts and not strings:
            strings = _Strings(parts).all()
    strings = strings or (_Strings(parts).all() if parts else [])
    for place in places:
        yield _sheet(name, stream, place, strings)


# -- strings ----------------------------------------------------------------------------------------------------------


@dataclass
class _Strings:
    """The table of strings; one that reaches into the next record has its flag again at its beginning."""

    parts: list[bytes]
    _part: int = 0
    _at: int = 8

    def all(self) -> list[str]:
        """Return the strings in order; a damaged table ends early."""
        (count,) = struct.unpack_from("<I", self.parts[0], 4)
        found: list[str] = []
        while len(found) < count and self._more():
            found.append(self._string())
        return found

    def _more(self) -> bool:
        if self._at >= len(self.parts[self._part]):
            self._part, self._at = self._part + 1, 0
        return self._part < len(self.parts)

    def _string(self) -> str:
        length, flags = struct.unpack_from("<HB", self.parts[self._part], self._at)
        self._at += 3
        runs = self._unpacked("<H") if flags & 8 else 0
        extra = self._unpacked("<I") if flags & 4 else 0
        text = self._characters(length, wide=bool(flags & 1))
        self._skip(4 * runs + extra)
        return text

    def _unpacked(self, form: str) -> int:
        (number,) = struct.unpack_from(form, self.parts[self._part], self._at)
        self._at += struct.calcsize(form)
        return int(number)

    def _characters(self, length: int, *, wide: bool) -> str:
        pieces: list[str] = []
        while length:
            step = 2 if wide else 1
            chunk = self.parts[self._part][self._at : self._at + step * length]
            chunk = chunk[: len(chunk) // step * step]
            pieces.append(chunk.decode("utf-16-le" if wide else "latin-1", "replace"))
            length -= len(chunk) // step
            self._at += len(chunk)
            if length:
                self._part += 1
                wide, self._at = bool(self.parts[self._part][0] & 1), 1
        return "".join(pieces)

    def _skip(self, count: int) -> None:
        while count and self._part < len(self.parts):
            here = min(count, len(self.parts[self._part]) - self._at)
            self._at, count = self._at + here, count - here
            if count:
                self._part, self._at = self._part + 1, 0


# -- cells ------------------------------------------------------------------------------------------------------------


@dataclass
class _Cells:
    """The cells of a sheet as they are read."""

    strings: list[str]
    found: dict[CellPlace, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formula: CellPlace | None = None  # the cell whose result is the next string

    def read(self, kind: int, data: bytes) -> None:
        """Take the next record."""
        if kind == _SHARED:
            row, column, place = struct.unpack_from("<HH2xI", data)
            self._put(row, column, self.strings[place] if place < len(self.strings) else "")
        elif kind == _NUMBER:
            row, column, number = struct.unpack_from("<HH2xd", data)
            self._put(row, column, _shown(number))
        elif kind == _RK:
            row, column, packed = struct.unpack_from("<HH2xI", data)
            self._put(row, column, _shown(_unpacked(packed)))
        elif kind == _MANY_RK:
            row, column = struct.unpack_from("<HH", data)
            for place in range((len(data) - 6) // 6):
                self._put(row, column + place, _shown(_unpacked(struct.unpack_from("<I", data, 6 + 6 * place)[0])))
        elif kind == _FORMULA:
            self._read_formula(data)
        elif kind in (_STRING, _LABEL):
            self._read_string(kind, data)
        elif kind == _MERGED:
            for place in range(struct.unpack_from("<H", data)[0]):
                top, bottom, left, right = struct.unpack_from("<4H", data, 2 + 8 * place)
                self.merged.append((top, left, bottom, right))

    def _put(self, row: int, column: int, text: str) -> None:
        if text and row < 2 * MAX_ROWS and column < MAX_CELLS:
            self.found[row, column] = text

    def _read_formula(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        result = data[6:14]
        if result[6:] != b"\xff\xff":
            self._put(row, column, _shown(struct.unpack("<d", result)[0]))
        elif result[0] == 0:
            self.formula = (row, column)

    def _read_string(self, kind: int, data: bytes) -> None:
        start = 6 if kind == _LABEL else 0
        place = struct.unpack_from("<HH", data) if kind == _LABEL else self.formula
        length, flags = struct.unpack_from("<HB", data, start)
        wide = flags & 1
        text = data[start + 3 :][: length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
        if place is not None:
            self._put(place[0], place[1], text)
        self.formula = None


def _sheet(name: str, stream: bytes, at: int, strings: list[str]) -> Sheet:
    cells = _Cells(strings)
    for kind, data in _records(name, stream, at):
        cells.read(kind, data)
    return Sheet(cells.found, cells.merged)


def _unpacked(packed: int) -> float:
    """The number packed into 32 bits (RK): a whole number or the upper half of a float, perhaps times 100."""
    if packed & 2:
        number = float((packed >> 2) - (1 << 30 if packed & 0x80000000 else 0))
    else:
        number = float(struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & 0xFFFFFFFC))[0])
    return number / 100 if packed & 1 else number


def _shown(number: float) -> str:
    return shown_number(repr(number))
