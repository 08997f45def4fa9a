"""Extracts the report's data from a PDF without a PDF library.

An embedded file is a stream object, and a stream object is never packed into another stream, even if another program
has saved the PDF again; so it can be found by its dictionary and decompressed.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

LIMIT = 16 * 1024 * 1024  # bytes: far above a report's data, far below a decompression bomb

_EMBEDDED = re.compile(rb"/Subtype\s*/application#2[Ff]json")
_STREAM = re.compile(rb"stream\r?\n")


def read_data(path: Path) -> bytes | None:
    """The data inside a PDF written by this program; None if the file is no PDF, has none, or cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if not content.startswith(b"%PDF-"):
        return None
    # A file saved again incrementally has its newest objects last.
    places = [match.start() for match in _EMBEDDED.finditer(content)]
    return next(filter(None, (_unpacked(content, place) for place in reversed(places))), None)


def _unpacked(content: bytes, place: int) -> bytes | None:
    """The content of the stream whose dictionary contains `place`; None if it cannot be decompressed."""
    begins = content.rfind(b" obj", 0, place)
    start = _STREAM.search(content, place)
    end = content.find(b"endstream", start.end()) if start else -1
    if begins < 0 or not start or end < 0:
        return None
    body = content[start.end() : end]
    if b"/FlateDecode" not in content[begins : start.start()]:
        return body.rstrip(b"\r\n")
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(body, LIMIT)
    except zlib.error:
        return None
    return data if unpacker.eof else None
