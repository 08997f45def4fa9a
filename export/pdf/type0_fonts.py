"""Embeds Type 0 fonts in a ReportLab document: one Identity-H font for each face, with only the characters used.

ReportLab's own `TTFont` parses every glyph of a font, splits it into subsets of 256 characters and writes wrong
Unicode for characters beyond U+FFFF; here codes are glyph numbers and ToUnicode is in UTF-16.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from export.fonts import FontSet, TrueType
from export.pdf.reportlab import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream, PDFString

_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
_LINES = 100  # maximum entries of a bfchar block, by the CMap format


class Embedded(NamedTuple):
    """A font of the document: its resource name, the hexadecimal code of every character, its PostScript name."""

    resource: str
    codes: dict[str, str]
    name: str


def embed(document: PDFDocument, press: FontSet, key: str, characters: Iterable[str]) -> Embedded:
    """Embed the font of `key` with these characters in the document."""
    face = press.face(key)
    subset = _subset(face, "".join(sorted(characters)))
    name = subset.name
    resource = f"F{len(document.fontMapping) + 1}"
    descendant = PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": PDFName(name),
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": document.Reference(_descriptor(document, press, key, name, subset.glyphs)),
            "DW": 1000,
            "W": subset.widths,
            "CIDToGIDMap": "/Identity",
        }
    )
    font = PDFDictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": PDFName(name),
            "Encoding": "/Identity-H",
            "DescendantFonts": PDFArray([document.Reference(descendant)]),
            "ToUnicode": document.Reference(deflated(subset.to_unicode)),
        }
    )
    document.fontMapping[key] = f"/{resource}"
    document.idToObject["BasicFonts"].dict[resource] = document.Reference(font)
    return Embedded(resource, subset.codes, face.name)


class _Subset(NamedTuple):
    """Contents of the objects about the characters of a face: `widths` as a PDF array, `to_unicode` deflated."""

    name: str
    glyphs: tuple[int, ...]
    codes: dict[str, str]
    widths: bytes
    to_unicode: bytes


@lru_cache(maxsize=16)  # the five fonts of the last three documents; headings and tables hardly differ between reports
def _subset(face: TrueType, characters: str) -> _Subset:
    glyphs = (0, *map(face.glyph, characters))
    widths = PDFArray(_widths([face.advance(glyph) for glyph in glyphs])).format(None)  # nothing in it refers elsewhere
    codes = {character: f"{code:04X}" for code, character in enumerate(characters, 1)}
    return _Subset(f"{_tag(glyphs)}+{face.name}", glyphs, codes, widths, zlib.compress(_to_unicode(characters), 6))


def stream(content: bytes, *, compress: bool = True, **entries: object) -> PDFStream:
    """Build a stream object, deflated by default."""
    return deflated(zlib.compress(content, 6), **entries) if compress else PDFStream(PDFDictionary(entries), content)


def deflated(content: bytes, **entries: object) -> PDFStream:
    """Build a stream object of content that is deflated already."""
    return PDFStream(PDFDictionary({**entries, "Filter": "/FlateDecode"}), content)


def _descriptor(document: PDFDocument, press: FontSet, key: str, name: str, glyphs: tuple[int, ...]) -> PDFDictionary:
    face = press.face(key)
    program, length = press.program(key, glyphs)
    file = PDFStream(PDFDictionary({"Filter": "/FlateDecode", "Length1": length}), program)
    scale = 1000 / face.units
    return PDFDictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": PDFName(name),
            "Flags": 4,
            "FontBBox": PDFArray([round(value * scale) for value in face.box]),
            "ItalicAngle": 0,
            "Ascent": round(face.ascent * scale),
            "Descent": round(face.descent * scale),
            "CapHeight": round(face.ascent * scale),
            "StemV": 80,
            "FontFile2": document.Reference(file),
        }
    )


def _tag(glyphs: Sequence[int]) -> str:
    """The subset's tag of six letters, the same for the same glyphs."""
    digest = hashlib.sha256(repr(glyphs).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _widths(advances: Sequence[float]) -> list[object]:
    """The /W array: only the widths other than one em."""
    entries: list[object] = []
    for code, advance in enumerate(advances):
        if advance != 1.0:
            entries += [code, PDFArray([round(advance * 1000, 2)])]
    return entries


def _to_unicode(characters: Sequence[str]) -> bytes:
    pairs = [f"<{code:04X}> <{c.encode('utf-16-be').hex().upper()}>" for code, c in enumerate(characters, 1)]
    blocks = [pairs[start : start + _LINES] for start in range(0, len(pairs), _LINES)]
    listed = [f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks]
    return _CMAP.format("\n".join(listed)).encode("ascii")
