"""The report's data taken out of a PDF again, without any PDF library.

An embedded file is a stream object, and a stream object always stands in the clear in a PDF, even in one that
another program has saved again; so it is found by its dictionary and unpacked.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path

LIMIT = 16 * 1024 * 1024  # bytes: a report's data is far below, a bomb far above

_EMBEDDED = re.compile(rb"/Subtype\s*/application#2[Ff]json")
_STREAM = re.compile(rb"stream\r?\n")


def read_data(path: Path) -> bytes | None:
    """The data inside a PDF written by `pdf.write`; None when the file is no PDF, carries none, or cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if not content.startswith(b"%PDF-"):
        return None
    # A file saved again in place has its newest objects last.
    places = [match.start() for match in _EMBEDDED.finditer(content)]
    return next(filter(None, (_unpacked(content, place) for place in reversed(places))), None)


def _unpacked(content: bytes, place: int) -> bytes | None:
    """The stream whose dictionary holds `place`."""
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
