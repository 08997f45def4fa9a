"""Reads the text and tables of a PDF with PDFium: glyphs and ruling lines, put together by `page_geometry`.

Lines come from the segments of paths under their matrices, not from bounding boxes.  The sides of filled areas are no
rules, but hairlines filled as thin rectangles are; glyphs that stand aslant are a watermark.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

from model.base import Trouble
from model.importing.containers import PDFIUM, Source, damaged, made_source, open_pdf, refuse_work, too_large
from model.importing.readers.page_geometry import (
    MAX_GLYPHS,
    Page,
    PageGlyph,
    PageLine,
    PageTable,
    flowing,
    is_upright_space,
)

MAX_PAGES = 60
_MAX_OBJECTS = 60_000  # of one page
_MAX_SEGMENTS = 4_000  # of one path
_MAX_DEPTH = 5  # forms within forms
_SLANT = 0.1  # sine of the angle from which a glyph is a watermark
_THIN = 3.0  # points: a filled area thinner than this is a line
_FEW = 20  # characters of a page that has no text of its own
_COVERING = 0.3  # share of the page that a picture of text takes

PagePoint = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_pdf(name: str, data: bytes) -> Source:
    """Read all pages; raises `Trouble` for a PDF with a password, of pictures only, too long or damaged."""
    refuse_work(name, data)
    with PDFIUM:
        document = open_pdf(name, data)
        try:
            pages = list(_pages(name, document))
        except pypdfium2.PdfiumError as error:
            raise damaged(name, "PDF") from error
        finally:
            document.close()
    if sum(len(page.glyphs) for page in pages) < _FEW * len(pages) and any(page.picture for page in pages):
        raise Trouble(f"文件“{name}”是扫描图片，没有文字，请改用原来的电子文档（如 .docx），或对照它在本软件中填写")
    items: list[PageLine | PageTable] = [item for page in pages for item in page.items()]
    return made_source(name, flowing(items))


def _pages(name: str, document: pypdfium2.PdfDocument) -> Iterator[Page]:
    if len(document) > MAX_PAGES:
        raise Trouble(f"文件“{name}”有 {len(document)} 页，不像是一份年度报告，请检查是否选错了文件")
    for page in document:
        turn = _Turn.of(page)
        found = Page(turn.shown_height)
        _add_objects(name, page, turn, found)
        text = page.get_textpage()  # kept while its handle is in use
        _add_glyphs(name, text.raw, turn, found)
        text.close()
        page.close()
        yield found


@dataclass(frozen=True, slots=True)
class _Turn:
    """Quarter turns, clockwise, with which a page of this size as stored is shown."""

    turns: int
    width: float
    height: float

    @staticmethod
    def of(page: pypdfium2.PdfPage) -> _Turn:
        """Take the turn of a page away and return it."""
        turns = page.get_rotation() // 90
        page.set_rotation(0)
        return _Turn(turns, *page.get_size())

    @property
    def shown_height(self) -> float:
        return self.width if self.turns % 2 else self.height

    def shown(self, point: PagePoint) -> PagePoint:
        """The place of a stored point on the page as it is shown."""
        (x, y), width, height = point, self.width, self.height
        for _ in range(self.turns):
            x, y, width, height = y, width - x, height, width
        return x, y


# -- lines ------------------------------------------------------------------------------------------------------------


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _matrix(item: raw.FPDF_PAGEOBJECT) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, found):
        return _PLAIN
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _add_objects(name: str, page: pypdfium2.PdfPage, turn: _Turn, found: Page) -> None:
    count = raw.FPDFPage_CountObjects(page.raw)
    paths = _objects(name, count, lambda place: raw.FPDFPage_GetObject(page.raw, place), _PLAIN)
    for item, kind, matrix in paths:
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.picture = found.picture or _covers_page(item, turn)
            continue
        for start, end in _straight(item, matrix):
            found.add_line(turn.shown(start), turn.shown(end))


def _objects(
    name: str, count: int, get: Callable[[int], raw.FPDF_PAGEOBJECT], parent: Matrix, depth: int = 0
) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, int, Matrix]]:
    """Yield paths and pictures with their matrices, also those within forms."""
    if count > _MAX_OBJECTS:
        raise too_large(name)
    for place in range(count):
        item = get(place)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            yield item, kind, _times(_matrix(item), parent)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner, matrix = raw.FPDFFormObj_CountObjects(item), _times(_matrix(item), parent)
            yield from _objects(name, inner, _getter(item), matrix, depth + 1)


def _getter(form: raw.FPDF_PAGEOBJECT) -> Callable[[int], raw.FPDF_PAGEOBJECT]:
    return lambda place: raw.FPDFFormObj_GetObject(form, place)


def _covers_page(item: raw.FPDF_PAGEOBJECT, turn: _Turn) -> bool:
    edges = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *edges):
        return False
    left, bottom, right, top = (edge.value for edge in edges)
    return (right - left) * (top - bottom) > _COVERING * turn.width * turn.height


def _straight(item: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterable[tuple[PagePoint, PagePoint]]:
    """The straight segments of a path that are seen as lines."""
    if raw.FPDFPath_CountSegments(item) > _MAX_SEGMENTS:
        return ()
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    segments = _segments(item, matrix)
    return segments if stroke.value else _thin(segments)


def _segments(item: raw.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[tuple[PagePoint, PagePoint]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    a, b, c, d, e, f = matrix
    start = last = None
    for place in range(raw.FPDFPath_CountSegments(item)):
        segment = raw.FPDFPath_GetPathSegment(item, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (x.value * a + y.value * c + e, x.value * b + y.value * d + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last:
            yield last, point
        last = point
        if start and raw.FPDFPathSegment_GetClose(segment):
            if point != start:
                yield point, start
            last = start


def _thin(segments: Iterable[tuple[PagePoint, PagePoint]]) -> Iterator[tuple[PagePoint, PagePoint]]:
    """Yield the outlines of a filled path that are as thin as a line."""
    piece: list[tuple[PagePoint, PagePoint]] = []
    for segment in segments:
        if piece and piece[-1][1] != segment[0]:
            yield from piece if _is_thin(piece) else ()
            piece = []
        piece.append(segment)
    yield from piece if _is_thin(piece) else ()


def _is_thin(piece: Iterable[tuple[PagePoint, PagePoint]]) -> bool:
    points = [point for segment in piece for point in segment]
    sizes = [max(axis) - min(axis) for axis in zip(*points, strict=True)]
    return bool(sizes) and min(sizes) <= _THIN


# -- glyphs -----------------------------------------------------------------------------------------------------------


def _add_glyphs(name: str, text: raw.FPDF_TEXTPAGE, turn: _Turn, found: Page) -> None:
    count = raw.FPDFText_CountChars(text)
    if count > MAX_GLYPHS:
        raise too_large(name)
    edges = [ctypes.c_double() for _ in range(4)]
    loose = raw.FS_RECTF()
    for place in range(count):
        code = raw.FPDFText_GetUnicode(text, place)
        if raw.FPDFText_IsGenerated(text, place) or not 0 < code < 0x110000 or code in (0xFFFE, 0xFFFF):
            continue
        if is_upright_space(chr(code)):
            if found.glyphs:
                found.glyphs[-1].spaced = True
        elif abs(math.sin(raw.FPDFText_GetCharAngle(text, place) + turn.turns * math.pi / 2)) <= _SLANT:
            found.glyphs.append(_glyph(text, place, chr(code), turn, edges, loose))


def _glyph(
    text: raw.FPDF_TEXTPAGE, place: int, character: str, turn: _Turn, edges: list[ctypes.c_double], loose: raw.FS_RECTF
) -> PageGlyph:
    """The glyph with its middle from the box of its ink across, and its height from that of its font."""
    raw.FPDFText_GetCharBox(text, place, *edges)
    left, right, bottom, top = (edge.value for edge in edges)
    ink = [turn.shown((left, bottom)), turn.shown((right, top))]
    box = ink
    if raw.FPDFText_GetLooseCharBox(text, place, loose):
        box = [turn.shown((loose.left, loose.bottom)), turn.shown((loose.right, loose.top))]
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*box, strict=True))
    return PageGlyph((ink[0][0] + ink[1][0]) / 2, (y0 + y1) / 2, character, x0, x1, max(1.0, y1 - y0))
