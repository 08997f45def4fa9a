"""Reads a TrueType file lazily: only the table directory is parsed, glyphs are looked up one by one.

The file is memory-mapped, because a report uses about 800 of 9,000 characters.
Formats: ISO/IEC 14496-22 (OpenType); `glyf` outlines only, `cmap` formats 4 and 12.
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from model.base import Trouble

_COMPONENT_WORDS, _MORE_COMPONENTS = 0x0001, 0x0020
_SCALE, _XY_SCALE, _TWO_BY_TWO = 0x0008, 0x0040, 0x0080
_FAMILY, _FULL, _POSTSCRIPT = 1, 4, 6  # name ids
_RESTRICTED, _NO_SUBSETS, _BITMAPS_ONLY = 0x0002, 0x0100, 0x0200  # fsType
_KEPT = (b"head", b"hhea", b"maxp", b"cvt ", b"fpgm", b"prep")


def faces(path: Path) -> int:
    """The number of faces in a font file: 1, or those of a collection."""
    with path.open("rb") as file:
        head = file.read(12)
    return int(struct.unpack_from(">I", head, 8)[0]) if head[:4] == b"ttcf" else 1


def names(path: Path, index: int) -> set[str]:
    """The names of a face in every language if it may be embedded, else none."""
    face = TrueType(path, index)
    found = {name.strip() for _, name in face.names({_FAMILY, _FULL, _POSTSCRIPT})} if face.embeddable else set()
    face.close()
    return found


class TrueType:
    """One face of a font file; raise `Trouble` if it is missing, damaged or has no TrueType outlines."""

    def __init__(self, path: Path, index: int = 0) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._tables = self._directory(index)
            head, hhea = self._tables[b"head"][0], self._tables[b"hhea"][0]
            (self.units,) = self._read(">H", head + 18)
            self.box: tuple[int, ...] = self._read(">4h", head + 36)
            self._long = self._read(">h", head + 50)[0] == 1
            self.ascent, self.descent = self._read(">2h", hhea + 4)
            (self._metrics,) = self._read(">H", hhea + 34)
            (self.count,) = self._read(">H", self._tables[b"maxp"][0] + 4)
            self._find = self._character_map()
        except FileNotFoundError:
            raise Trouble(f"安装不完整：找不到字体文件 {path.name}，请重新安装本软件") from None
        except (OSError, ValueError, KeyError, struct.error):
            raise Trouble(f"字体文件 {path.name} 已损坏或不是 TrueType 字体，请重新安装本软件或另选字体") from None

    def close(self) -> None:
        """Close the file."""
        self._data.close()

    def _read(self, layout: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(layout, self._data, offset)

    def _directory(self, index: int) -> dict[bytes, tuple[int, int]]:
        """Map each table's tag to its offset and length in bytes."""
        start = self._read(">I", 12 + 4 * index)[0] if self._data[:4] == b"ttcf" else 0
        (count,) = self._read(">H", start + 4)
        tables = {}
        for number in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", self._data, start + 12 + 16 * number)
            if offset + length > len(self._data):
                raise ValueError("a table ends behind the file's end")
            tables[tag] = (offset, length)
        if b"glyf" not in tables:
            raise ValueError("no TrueType outlines")
        return tables

    def names(self, kinds: Iterable[int]) -> Iterator[tuple[int, str]]:
        """The platform and text of the name table's entries of these kinds, in all languages."""
        start = self._tables[b"name"][0]
        _, count, strings = self._read(">HHH", start)
        for number in range(count):
            platform, _, _, kind, length, offset = self._read(">6H", start + 6 + 12 * number)
            if kind in kinds:
                raw = self._data[start + strings + offset : start + strings + offset + length]
                yield platform, raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "replace")

    @cached_property
    def name(self) -> str:
        """The PostScript name, for /BaseFont."""
        found = dict(self.names({_POSTSCRIPT}))
        name = found.get(3) or next(iter(found.values()), "")
        return "".join(c for c in name if c.isascii() and (c.isalnum() or c == "-")) or "Font"

    @property
    def chinese_name(self) -> str:
        """The Chinese name of the font, else any full name."""
        found = [name.strip() for _, name in self.names({_FULL, _FAMILY})]
        return next((name for name in found if not name.isascii()), next(iter(found), self.name))

    @cached_property
    def embeddable(self) -> bool:
        """The licence's permission to embed a subset's outlines in a document (OS/2 fsType)."""
        if b"OS/2" not in self._tables:
            return True
        (kind,) = self._read(">H", self._tables[b"OS/2"][0] + 8)
        return kind & 0x000F != _RESTRICTED and not kind & _BITMAPS_ONLY and not kind & _NO_SUBSETS

    def _character_map(self) -> Callable[[int], int]:
        start = self._tables[b"cmap"][0]
        (count,) = self._read(">H", start + 2)
        found = {}
        for number in range(count):
            platform, encoding, offset = self._read(">HHI", start + 4 + 8 * number)
            found[platform, encoding] = start + offset
        for key in ((3, 10), (0, 6), (0, 4)):
            if key in found and self._read(">H", found[key])[0] == 12:
                return self._format_12(found[key])
        for key in ((3, 1), (0, 3)):
            if key in found and self._read(">H", found[key])[0] == 4:
                return self._format_4(found[key])
        raise ValueError("no Unicode character map")

    def _array(self, code: str, start: int, stop: int) -> array[int]:
        values = array(code, self._data[start:stop])
        if sys.byteorder == "little":
            values.byteswap()
        return values

    def _format_12(self, at: int) -> Callable[[int], int]:
        (groups,) = self._read(">I", at + 12)
        values = self._array("I", at + 16, at + 16 + 12 * groups)
        starts, ends, glyphs = values[0::3], values[1::3], values[2::3]

        def find(code: int) -> int:
            place = bisect_left(ends, code)
            return glyphs[place] + code - starts[place] if place < groups and starts[place] <= code else 0

        return find

    def _format_4(self, at: int) -> Callable[[int], int]:
        count = self._read(">H", at + 6)[0] // 2
        values = self._array("H", at + 14, at + 16 + 8 * count)
        ends, starts = values[:count], values[count + 1 : 2 * count + 1]
        deltas, offsets = values[2 * count + 1 : 3 * count + 1], values[3 * count + 1 : 4 * count + 1]
        base = at + 16 + 6 * count

        def find(code: int) -> int:
            place = bisect_left(ends, code)
            if place >= count or starts[place] > code:
                return 0
            if not offsets[place]:
                return (code + deltas[place]) & 0xFFFF
            (glyph,) = self._read(">H", base + 2 * place + offsets[place] + 2 * (code - starts[place]))
            return (glyph + deltas[place]) & 0xFFFF if glyph else 0

        return find

    def glyph(self, character: str) -> int:
        """The glyph number of a character; 0 if the font has none."""
        return self._find(ord(character))

    def advance(self, glyph: int) -> float:
        """The advance of a glyph in ems."""
        return self._advance_units(glyph) / self.units

    def _advance_units(self, glyph: int) -> int:
        at = self._tables[b"hmtx"][0] + 4 * min(glyph, self._metrics - 1)
        return self._data[at] << 8 | self._data[at + 1]

    def _outline(self, glyph: int) -> bytes:
        loca, glyf = self._tables[b"loca"][0], self._tables[b"glyf"][0]
        if self._long:
            start, stop = self._read(">2I", loca + 4 * glyph)
        else:
            start, stop = (2 * offset for offset in self._read(">2H", loca + 2 * glyph))
        return self._data[glyf + start : glyf + stop]

    # -- subsets ----------------------------------------------------------------------------------------------

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """A font program with these glyphs, renumbered 0, 1, 2 … in this order, then the parts of composites."""
        order = list(glyphs)
        outlines = self._outlines(order)
        offsets = array("I", [0])
        for outline in outlines:
            offsets.append(offsets[-1] + len(outline))
        if sys.byteorder == "little":
            offsets.byteswap()
        tables = {tag: self._table(tag) for tag in _KEPT if tag in self._tables}
        tables |= {
            b"glyf": b"".join(outlines),
            b"loca": offsets.tobytes(),
            b"hmtx": b"".join(map(self._horizontal, order)),
        }
        return _assembled(_counted(tables, len(order)))

    def _table(self, tag: bytes) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    def _outlines(self, order: list[int]) -> list[bytes]:
        """The outlines in `order`, to which the parts of composite glyphs are appended."""
        numbers: dict[int, int] = {}
        for number, glyph in enumerate(order):
            numbers.setdefault(glyph, number)
        outlines = []
        place = 0
        while place < len(order):
            outline = self._outline(order[place])
            if outline and outline[0] & 0x80:
                outline = _renumbered(outline, numbers, order)
            outlines.append(outline + bytes(-len(outline) % 4))
            place += 1
        return outlines

    def _horizontal(self, glyph: int) -> bytes:
        start, count = self._tables[b"hmtx"][0], self._metrics
        if glyph < count:
            return self._data[start + 4 * glyph : start + 4 * glyph + 4]
        bearing = start + 4 * count + 2 * (glyph - count)
        return self._data[start + 4 * count - 4 : start + 4 * count - 2] + self._data[bearing : bearing + 2]


def _renumbered(outline: bytes, numbers: dict[int, int], order: list[int]) -> bytes:
    """A composite glyph with the new numbers of its parts; parts not yet included are appended to `order`."""
    changed = bytearray(outline)
    at, flags = 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags, part = struct.unpack_from(">2H", changed, at)
        if part not in numbers:
            numbers[part] = len(order)
            order.append(part)
        struct.pack_into(">H", changed, at + 2, numbers[part])
        scale = 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
        at += 4 + (4 if flags & _COMPONENT_WORDS else 2) + scale
    return bytes(changed)


def _counted(tables: dict[bytes, bytes], count: int) -> dict[bytes, bytes]:
    """The tables with the number of glyphs corrected; `loca` is set to the long format."""
    head, hhea, maxp = bytearray(tables[b"head"]), bytearray(tables[b"hhea"]), bytearray(tables[b"maxp"])
    struct.pack_into(">I", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)
    struct.pack_into(">H", hhea, 34, count)
    struct.pack_into(">H", maxp, 4, count)
    return tables | {b"head": bytes(head), b"hhea": bytes(hhea), b"maxp": bytes(maxp)}


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    """The bytes of a font file made of these tables."""
    tags = sorted(tables)
    power = len(tags).bit_length() - 1
    span = 16 << power
    parts = [struct.pack(">IHHHH", 0x00010000, len(tags), span, power, 16 * len(tags) - span)]
    position = 12 + 16 * len(tags)
    bodies = []
    for tag in tags:
        body = tables[tag] + bytes(-len(tables[tag]) % 4)
        parts.append(struct.pack(">4sIII", tag, _checksum(body), position, len(tables[tag])))
        position += len(body)
        bodies.append(body)
    return b"".join(parts + bodies)


def _checksum(body: bytes) -> int:
    words = array("I", body)
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
