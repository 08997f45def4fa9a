"""Reads the streams of a compound file (OLE2, [MS-CFB]), the container of doc, xls, wps and et."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from model.importing.containers.source import damaged, too_large

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sector numbers from here on end a chain
_MINI = 64  # bytes of a sector of the mini stream
_ENTRY = 128  # bytes of an entry of the directory
_MAX_ENTRIES = 4_000


class CompoundFile:
    """The streams of a compound file; `name` is that of the file, for messages."""

    def __init__(self, name: str, data: bytes) -> None:
        self.file, self._data = name, data
        try:
            self._read_header()
        except (struct.error, IndexError, ValueError) as error:
            raise damaged(name) from error

    def _read_header(self) -> None:
        (power,) = struct.unpack_from("<H", self._data, 30)
        if power not in (9, 12):
            raise damaged(self.file)
        self._size = 1 << power
        directory, self._cut, mini_fat, _, extended = struct.unpack_from("<I4xIIII", self._data, 48)
        self._fat = self._read_fat(extended)
        self._entries = dict(self._directory(self._chain(directory)))
        self._mini_fat = _integers(self._chain(mini_fat))
        root = self._entries.get("Root Entry")
        self._mini = self._chain(root[0])[: root[1]] if root else b""

    def _read_fat(self, extended: int) -> Sequence[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while extended < _LAST and extended not in seen:
            seen.add(extended)
            *more, extended = _integers(self._sector(extended))
            sectors += more
        return _integers(b"".join(self._sector(sector) for sector in sectors if sector < _LAST))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        if start >= len(self._data):
            raise damaged(self.file)
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _chain(self, first: int) -> bytes:
        return b"".join(self._sector(number) for number in self._linked(first, self._fat))

    def _linked(self, first: int, table: Sequence[int]) -> Iterator[int]:
        """Yield the sectors of a chain; raise `Trouble` for one that runs in a circle."""
        for _ in range(len(table) + 1):
            if first >= _LAST:
                return
            if first >= len(table):
                break
            yield first
            first = table[first]
        raise damaged(self.file)

    def _directory(self, data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        if len(data) > _ENTRY * _MAX_ENTRIES:
            raise too_large(self.file)
        for at in range(0, len(data) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                start, size = struct.unpack_from("<II", data, at + 116)
                yield data[at : at + length - 2].decode("utf-16-le", "replace"), (start, size)

    @property
    def names(self) -> frozenset[str]:
        """The names of all streams and storages."""
        return frozenset(self._entries)

    def stream(self, name: str) -> bytes:
        """Return a stream; raises `Trouble` if it is missing or damaged."""
        if name not in self._entries:
            raise damaged(self.file, name)
        start, size = self._entries[name]
        if size >= self._cut:
            return self._chain(start)[:size]
        sectors = self._linked(start, self._mini_fat)
        return b"".join(self._mini[at * _MINI : (at + 1) * _MINI] for at in sectors)[:size]


def _integers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
