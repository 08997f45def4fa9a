"""Reads xlsx workbooks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from model.importing.containers import (
    MAX_CELLS,
    Source,
    SourceBlock,
    SourcePicture,
    ZipParts,
    children,
    made_source,
    number,
    parse_xml,
)
from model.importing.readers.spreadsheet import CellPlace, Sheet, shown_number

WORKBOOK = "xl/workbook.xml"
_STRINGS, _RELATIONS = "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MAX_SHEETS = 100


def read_xlsx(name: str, parts: ZipParts) -> Source:
    """Read all sheets that are shown, in their order."""
    return made_source(name, _blocks(name, parts))


def _blocks(name: str, parts: ZipParts) -> Iterator[SourceBlock]:
    strings = _strings(name, parts)
    for part in _shown_sheets(name, parts):
        root = parse_xml(name, parts.read(part))
        yield from Sheet(dict(_cells(root, strings)), list(_merged(root))).blocks()
        if any(True for _ in children(root, "drawing")):
            yield SourcePicture()


def _shown_sheets(name: str, parts: ZipParts) -> Iterator[str]:
    """Yield the members with the visible sheets."""
    relations = parse_xml(name, parts.read(_RELATIONS))
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    sheets = list(parse_xml(name, parts.read(WORKBOOK)).iter("sheet"))
    for sheet in sheets[:_MAX_SHEETS]:
        target = targets.get(sheet.get("id", ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        if sheet.get("state", "visible") == "visible" and part in parts.names:
            yield part


def _strings(name: str, parts: ZipParts) -> list[str]:
    if _STRINGS not in parts.names:
        return []
    return [_text(item) for item in children(parse_xml(name, parts.read(_STRINGS)), "si")]


def _text(item: Element) -> str:
    """The text of a string, whose runs may be formatted differently, without its reading aid (rPh)."""
    runs = [item, *children(item, "r")]
    return "".join(text.text or "" for run in runs for text in children(run, "t"))


def _cells(root: Element, strings: list[str]) -> Iterator[tuple[CellPlace, str]]:
    for data in children(root, "sheetData"):
        for at, row in enumerate(children(data, "row")):
            line = number(row.get("r"), at + 1) - 1
            for column, cell in enumerate(children(row, "c")):
                place = _place(cell.get("r"), (line, column))
                if place[1] < MAX_CELLS and (text := _content(cell, strings)):
                    yield place, text


def _place(reference: str | None, default: CellPlace) -> CellPlace:
    """The row and column of a reference such as `AB12`."""
    found = _REFERENCE.fullmatch(reference or "")
    if not found:
        return default
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _content(cell: Element, strings: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_text(item) for item in children(cell, "is"))
    value = next((found.text or "" for found in children(cell, "v")), "")
    if kind == "s":
        place = number(value, len(strings))
        return strings[place] if place < len(strings) else ""
    return shown_number(value) if kind == "n" else value


def _merged(root: Element) -> Iterator[tuple[int, int, int, int]]:
    for merges in children(root, "mergeCells"):
        for merge in children(merges, "mergeCell"):
            start, _, end = merge.get("ref", "").partition(":")
            first, last = _place(start, (-1, -1)), _place(end or start, (-1, -1))
            if min(*first, *last) >= 0:
                yield (*first, *last)
