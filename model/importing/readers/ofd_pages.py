"""Reads the text and tables of an OFD (GB/T 33190): placed characters and straight lines, as of a PDF."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from model.importing.containers import Source, ZipParts, children, damaged, first, made_source, parse_xml, too_large
from model.importing.readers.page_geometry import (
    MAX_GLYPHS,
    Page,
    PageGlyph,
    PageLine,
    PageTable,
    flowing,
    is_upright_space,
)

ROOT = "OFD.xml"
MAX_PAGES = 60
_POINT = 72 / 25.4  # points of a millimetre
_PATH = re.compile(r"([MSLBQAC])([^MSLBQAC]*)")
_MAX_DELTAS = 10_000

Placing = Callable[[float, float], tuple[float, float]]


def read_ofd(name: str, parts: ZipParts) -> Source:
    """Read the pages of the first document in the file."""
    try:
        items: list[PageLine | PageTable] = [item for page in _pages(name, parts) for item in page.items()]
    except (ValueError, IndexError, OverflowError) as error:
        raise damaged(name, "OFD") from error
    return made_source(name, flowing(items))


def _pages(name: str, parts: ZipParts) -> Iterator[Page]:
    start = first(parse_xml(name, parts.read(ROOT)), "DocRoot")
    root = ((start.text if start is not None else "") or "").strip().lstrip("/")
    document = parse_xml(name, parts.read(root))
    base = posixpath.dirname(root)
    templates = {page.get("ID", ""): page.get("BaseLoc", "") for page in document.iter("TemplatePage")}
    references = [page for page in document.iter("Page") if page.get("BaseLoc")]
    if len(references) > MAX_PAGES:
        raise too_large(name)
    for reference in references:
        content = parse_xml(name, parts.read(_under(base, reference.get("BaseLoc", ""))))
        page = Page(_height(content, document))
        for used in content.iter("Template"):
            if place := templates.get(used.get("TemplateID", "")):
                _add_layer(name, parse_xml(name, parts.read(_under(base, place))), page)
        _add_layer(name, content, page)
        yield page


def _under(base: str, place: str) -> str:
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(base, place))


def _height(page: Element, document: Element) -> float:
    """The height of a page in points."""
    box = first(page, "PhysicalBox")
    box = box if box is not None else first(document, "PhysicalBox")
    return _numbers(box.text if box is not None else "0 0 210 297")[3] * _POINT


def _numbers(text: str | None) -> list[float]:
    found = [float(word) for word in (text or "").split()]
    if not all(map(math.isfinite, found)):
        raise ValueError("not a finite number")
    return found


def _add_layer(name: str, root: Element, page: Page) -> None:
    for item in root.iter():
        if item.tag not in ("TextObject", "PathObject"):
            continue
        matrix = _numbers(item.get("CTM")) or [1, 0, 0, 1, 0, 0]
        place = _placing(_numbers(item.get("Boundary")) or [0, 0, 0, 0], matrix, page.height)
        if item.tag == "PathObject":
            _add_path(item, place, page)
        elif abs(matrix[1]) <= 0.1 * abs(matrix[0]):  # else aslant: a watermark
            _add_text(item, place, abs(matrix[3]), page)
        if len(page.glyphs) > MAX_GLYPHS:
            raise too_large(name)


def _placing(box: list[float], matrix: list[float], height: float) -> Placing:
    """Build the function from a place within an object, in millimetres from its top, to points on the page."""
    a, b, c, d, e, f = matrix[:6]

    def placed(x: float, y: float) -> tuple[float, float]:
        return (box[0] + x * a + y * c + e) * _POINT, height - (box[1] + x * b + y * d + f) * _POINT

    return placed


def _add_path(item: Element, place: Placing, page: Page) -> None:
    data = first(item, "AbbreviatedData")
    last = start = None
    for command, words in _PATH.findall((data.text if data is not None else "") or ""):
        numbers = _numbers(words)
        if command in "MS" and len(numbers) >= 2:
            last = start = place(*numbers[:2])
        elif command == "L" and last and len(numbers) >= 2:
            end = place(*numbers[:2])
            page.add_line(last, end)
            last = end
        elif command == "C" and last and start:
            page.add_line(last, start)


def _add_text(item: Element, place: Placing, scale: float, page: Page) -> None:
    size = (_numbers(item.get("Size")) or [4.0])[0]
    em = size * scale * _POINT
    for code in children(item, "TextCode"):
        x, y = (_numbers(code.get("X")) or [0.0])[0], (_numbers(code.get("Y")) or [0.0])[0]
        across, down = _deltas(code.get("DeltaX")), _deltas(code.get("DeltaY"))
        for at, character in enumerate(code.text or ""):
            if not is_upright_space(character):
                left, base = place(x, y)
                wide = em if ord(character) > 0x2000 else em / 2
                page.glyphs.append(PageGlyph(left + wide / 2, base + 0.35 * em, character, left, left + wide, em))
            x += across[at] if at < len(across) else size
            y += down[at] if at < len(down) else 0.0


def _deltas(text: str | None) -> list[float]:
    """Parse the distances between characters; `g 3 5` stands for 5 5 5."""
    words, found, at = (text or "").split(), list[float](), 0
    while at < len(words) and len(found) < _MAX_DELTAS:
        if words[at] == "g":
            found += _numbers(words[at + 2]) * min(int(words[at + 1]), _MAX_DELTAS)
            at += 3
        else:
            found += _numbers(words[at])
            at += 1
    return found
