"""Reads OpenDocument texts and spreadsheets (odt, ods), packed or as one XML file."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from model.importing.containers import (
    MAX_CELLS,
    MAX_ROWS,
    Cell,
    Source,
    SourceBlock,
    SourcePicture,
    ZipParts,
    children,
    made_source,
    number,
    paragraphs_of,
    parse_xml,
    table_blocks,
    too_large,
)
from model.importing.readers.spreadsheet import CellPlace, Sheet

CONTENT = "content.xml"
_CELLS = ("table-cell", "covered-table-cell")
_GONE = frozenset({"annotation", "tracked-changes", "note", "ruby-text", "automatic-styles", "styles", "forms", "meta"})
_SPACE = 50  # repeated spaces that are kept


def read_open_document(name: str, parts: ZipParts) -> Source:
    """Read the text or the sheets of a packed document."""
    return read_flat_open_document(name, parts.read(CONTENT))


def read_flat_open_document(name: str, data: bytes) -> Source:
    """Read content.xml, or a whole document in one XML file."""
    root = parse_xml(name, data)
    sheets = next(root.iter("spreadsheet"), None)
    hidden = _hidden_styles(root)
    return made_source(name, _blocks(name, root) if sheets is None else _sheets(name, sheets, hidden))


def _hidden_styles(root: Element) -> set[str]:
    """The names of styles of sheets that are not shown."""
    return {
        style.get("name", "")
        for style in root.iter("style")
        if any(found.get("display") == "false" for found in children(style, "table-properties"))
    }


# -- texts ------------------------------------------------------------------------------------------------------------


def _blocks(name: str, element: Element) -> Iterator[SourceBlock]:
    for child in element:
        if child.tag in ("p", "h"):
            yield from paragraphs_of(_text(child))
            for box in child.iter("text-box"):
                yield from _blocks(name, box)
            if next(child.iter("image"), None) is not None:
                yield SourcePicture()
        elif child.tag == "table":
            yield from _table(name, child)
        elif child.tag not in _GONE:
            yield from _blocks(name, child)


def _text(element: Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "line-break":
            pieces.append("\n")
        elif child.tag == "tab":
            pieces.append("\t")
        elif child.tag == "s":
            pieces.append(" " * min(number(child.get("c"), 1), _SPACE))
        elif child.tag not in _GONE and child.tag not in ("frame", "text-box"):
            pieces.append(_text(child))
            if child.tag in ("p", "h"):
                pieces.append("\n")
        pieces.append(child.tail or "")
    return "".join(pieces)


def _table(name: str, table: Element) -> Iterator[SourceBlock]:
    if any(True for row in _rows(table) for cell in children(row, *_CELLS) for _ in children(cell, "table")):
        for row in _rows(table):
            for cell in children(row, *_CELLS):
                yield from _blocks(name, cell)
        return
    yield from table_blocks([_cells(row) for row in _rows(table)])
    if next(table.iter("image"), None) is not None:
        yield SourcePicture()


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag == "table-row":
            yield child
        elif child.tag in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(child)


def _cells(row: Element) -> list[Cell]:
    cells: list[Cell] = []
    for cell in children(row, *_CELLS):
        text = None if cell.tag == "covered-table-cell" else _text(cell).strip("\n")
        again = number(cell.get("number-columns-repeated"), 1)
        cells += [text] * max(0, min(again, MAX_CELLS - len(cells)))
    return cells


# -- sheets -----------------------------------------------------------------------------------------------------------


def _sheets(name: str, element: Element, hidden: set[str]) -> Iterator[SourceBlock]:
    for table in children(element, "table"):
        if table.get("style-name") not in hidden:
            yield from _sheet(name, table).blocks()


def _sheet(name: str, table: Element) -> Sheet:
    cells: dict[CellPlace, str] = {}
    merged: list[tuple[int, int, int, int]] = []
    line = 0
    for row in _rows(table):
        column = 0
        for cell in children(row, *_CELLS):
            text = "" if cell.tag == "covered-table-cell" else _text(cell).strip("\n")
            again = number(cell.get("number-columns-repeated"), 1)
            if text and column < MAX_CELLS:
                cells |= {(line, at): text for at in range(column, min(column + again, MAX_CELLS))}
            tall, wide = number(cell.get("number-rows-spanned"), 1), number(cell.get("number-columns-spanned"), 1)
            if tall > 1 or wide > 1:
                merged.append((line, column, line + tall - 1, column + wide - 1))
            column += again
        line += number(row.get("number-rows-repeated"), 1)
        if len(cells) > MAX_ROWS * MAX_CELLS:
            raise too_large(name)
    return Sheet(cells, merged)
