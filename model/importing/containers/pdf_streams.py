"""Finds the streams of a PDF in the order of the file, and estimates the work that a file would cause in PDFium."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from model.base import WorkLimit, too_much

FILTER = re.compile(rb"/(Flate|LZW|RunLength|ASCII85|ASCIIHex|DCT|JPX|JBIG2|CCITTFax)Decode")
_STREAM = re.compile(rb"(?<!end)stream[ \t]{0,8}(?:\r\n?|\n)")
_IMAGE = re.compile(rb"/Subtype\s{0,8}/Image")
_DICTIONARY = 4096  # bytes before a stream that are searched for its filters
_STEP = 64 * 1024  # bytes that are unpacked at once
RATIO = 3000  # bytes that PDFium makes of one at most, with LZW

_SEARCHED = 64 * 1024 * 1024  # bytes that PDFium may visit in search of the ends of objects
_CONTENT = 64 * 1024 * 1024  # bytes of all streams when unpacked
_PICTURES = 512 * 1024 * 1024  # the same of pictures, which are not drawn here


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream's dictionary, the place of its first byte, and that of the next `endstream`."""

    dictionary: bytes
    start: int
    end: int


def streams(content: bytes) -> Iterator[Stream]:
    """Yield the streams of a file, packed or not, whatever its cross references say."""
    end = 0
    for place in _STREAM.finditer(content):
        if end < place.end():
            end = content.find(b"endstream", place.end())
            end = end if end >= 0 else len(content)
        earliest = max(0, place.start() - _DICTIONARY)
        begins = max(earliest, content.rfind(b"obj", earliest, place.start()))
        yield Stream(content[begins : place.start()], place.end(), end)


def refuse_work(name: str, content: bytes) -> None:
    """Raise `Trouble` for a file that may occupy PDFium for more than about a second, or fill the memory."""
    says = too_much(name)
    searched, unpacked, pictures = WorkLimit(says, _SEARCHED), WorkLimit(says, _CONTENT), WorkLimit(says, _PICTURES)
    end = 0
    for stream in streams(content):
        if end < stream.start:
            found = content.find(b"endobj", stream.start)
            end = found if found >= 0 else len(content)
        searched.spend(end - stream.start)
        _spend_unpacked(content, stream, pictures if _IMAGE.search(stream.dictionary) else unpacked)


def _spend_unpacked(content: bytes, stream: Stream, limit: WorkLimit) -> None:
    """Draw the size of a stream when unpacked; of one packed otherwise than by Flate alone, the most it can be."""
    filters = FILTER.findall(stream.dictionary)
    if filters == [b"Flate"] or (not filters and b"/Filter" in stream.dictionary):
        unpacker = zlib.decompressobj()
        try:
            for at in range(stream.start, stream.end, _STEP):
                packed = content[at : min(at + _STEP, stream.end)]
                while packed:
                    limit.spend(len(unpacker.decompress(packed, _STEP * 16)))
                    packed = unpacker.unconsumed_tail
        except zlib.error:
            return
    elif any(name in (b"Flate", b"LZW", b"RunLength") for name in filters):
        packing = sum(name in (b"Flate", b"LZW", b"RunLength") for name in filters)
        limit.spend((stream.end - stream.start) * int(RATIO ** min(packing, 3)))
    else:
        limit.spend(stream.end - stream.start)
