"""Reads Word's XML: docx of Word, WPS and LibreOffice, flat OPC, and Word 2003 XML."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from model.importing.containers import (
    MAX_CELLS,
    Cell,
    Source,
    SourceBlock,
    SourcePicture,
    ZipParts,
    children,
    first,
    made_source,
    number,
    paragraphs_of,
    parse_xml,
    table_blocks,
)

DOCUMENT = "word/document.xml"

# Elements around paragraphs and tables; all others (deleted text, text of a comment, properties) are left out.
_AROUND = frozenset({
    "body", "sdt", "sdtContent", "sect", "sub-section", "package", "part", "xmlData", "document", "wordDocument",
    "customXml", "ins", "moveTo", "txbxContent",
})  # fmt: skip
_GONE = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback", "sdtPr", "fldData", "binData"})
_PICTURES = frozenset({"drawing", "pict", "object", "shape", "imagedata"})
_OFF = frozenset({"0", "false", "off", "none"})
LARGE = 2_500_000  # EMU, 7 cm: a picture of a table is wider, a seal or a code is not


def read_docx(name: str, parts: ZipParts) -> Source:
    """Read a docx file."""
    return made_source(name, _blocks(parse_xml(name, parts.read(DOCUMENT))))


def read_flat(name: str, data: bytes) -> Source:
    """Read Word 2003 XML, or a docx flattened to one XML file."""
    root = parse_xml(name, data)
    parts = [part for part in children(root, "part") if part.get("name") == f"/{DOCUMENT}"]
    return made_source(name, _blocks(parts[0] if parts else root))


def _blocks(element: Element) -> Iterator[SourceBlock]:
    for child in element:
        if child.tag == "p":
            yield from _paragraph(child)
        elif child.tag == "tbl":
            yield from _table(child)
        elif child.tag in _AROUND:
            yield from _blocks(child)


def _paragraph(element: Element) -> Iterator[SourceBlock]:
    yield from paragraphs_of(_text(element))
    for box in element.iter("txbxContent"):  # text and tables in a frame stand behind their paragraph
        yield from _blocks(box)
    if _large_picture(element):
        yield SourcePicture()


def _large_picture(element: Element) -> bool:
    """Tell whether a paragraph has a picture as wide as a table, or one of unknown size."""
    for found in element.iter():
        if found.tag == "extent" and number(found.get("cx"), 0) > LARGE:
            return first(element, "blip") is not None
        if found.tag == "imagedata":
            return True
    return False


# -- text -----------------------------------------------------------------------------------------------------------


def _text(element: Element) -> str:
    """The visible text of a paragraph or a cell, a line for each paragraph; deleted and hidden text left out."""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces).strip("\n")


def _collect(element: Element, pieces: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag == "t":
            pieces.append(child.text or "")
        elif tag in ("br", "cr"):
            pieces.append("\n")
        elif tag == "tab":
            pieces.append("\t")
        elif tag == "noBreakHyphen":
            pieces.append("-")
        elif tag == "tbl":
            pieces.append(_nested(child))
        elif not (tag in _GONE or tag in _PICTURES or (tag == "r" and _hidden(child))):
            _collect(child, pieces)
            if tag == "p":
                pieces.append("\n")


def _hidden(run: Element) -> bool:
    properties = next(children(run, "rPr"), None)
    mark = next(children(properties, "vanish"), None) if properties is not None else None
    return mark is not None and mark.get("val", "1") not in _OFF


# -- tables ---------------------------------------------------------------------------------------------------------


def _table(element: Element) -> Iterator[SourceBlock]:
    """Yield a table; of one that only frames other tables, these and the text around them."""
    if any(True for cell in _cells_below(element) for _ in children(cell, "tbl")):
        for cell in _cells_below(element):
            yield from _blocks(cell)
        return
    yield from table_blocks([_row(row) for row in _below(element, "tr")])
    if any(_large_picture(row) for row in _below(element, "tr")):
        yield SourcePicture()


def _below(element: Element, tag: str) -> Iterator[Element]:
    """Yield rows of a table, or cells of a row, also those within controls and marks of insertion."""
    for child in element:
        if child.tag == tag:
            if not (tag == "tr" and _deleted(child)):
                yield child
        elif child.tag in _AROUND:
            yield from _below(child, tag)


def _deleted(row: Element) -> bool:
    properties = next(children(row, "trPr"), None)
    return properties is not None and next(children(properties, "del"), None) is not None


def _cells_below(table: Element) -> Iterator[Element]:
    for row in _below(table, "tr"):
        yield from _below(row, "tc")


def _row(row: Element) -> list[Cell]:
    properties = next(children(row, "trPr"), None)
    before = next(children(properties, "gridBefore"), None) if properties is not None else None
    cells: list[Cell] = [""] * min(number(before.get("val"), 0), MAX_CELLS) if before is not None else []
    for cell in _below(row, "tc"):
        if len(cells) < MAX_CELLS:
            cells += _spanned(cell)
    return cells


def _spanned(cell: Element) -> list[Cell]:
    """The text of a cell and None for the other columns that it covers; only None for one covered from above."""
    found = next(children(cell, "tcPr"), None)
    properties = {child.tag.lower(): child for child in found} if found is not None else {}
    columns = number(properties["gridspan"].get("val"), 1) if "gridspan" in properties else 1
    merges = [properties[name] for name in ("vmerge", "hmerge") if name in properties]
    covered = any(merge.get("val") != "restart" for merge in merges)
    return [None if covered else _text(cell), *[None] * (min(max(columns, 1), MAX_CELLS) - 1)]


def _nested(table: Element) -> str:
    return "\n".join(" ".join(filter(None, map(_text, _below(row, "tc")))) for row in _below(table, "tr")) + "\n"
