"""Writes the report as PDF/A: draws the laid out pages with ReportLab's canvas and writes the file atomically."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from math import cos, radians, sin
from pathlib import Path
from typing import Literal, NamedTuple

from export.document import Document
from export.fonts import FontSet, PageStyle
from export.layout import Missing, NoGlyph, boxed, lay_out, sentence
from export.layout import missing_characters as _missing_characters
from export.lines import PlacedFill, PlacedMark, PlacedPage, PlacedRule, PlacedText
from export.pdf import pdfa
from export.pdf.reportlab import Canvas, PDFDocument
from export.pdf.type0_fonts import Embedded, embed, stream
from model.base import Trouble, files

OnMissing = Literal["refuse", "box"]


class Summary(NamedTuple):
    """The result of an export: number of pages, font names for the user, characters printed as □, size in bytes."""

    pages: int
    fonts: tuple[str, ...]
    missing: tuple[Missing, ...]
    size: int


def missing_characters(document: Document, press: FontSet) -> tuple[Missing, ...]:
    """Every character that no font has, with its place, in reading order."""
    return _missing_characters(document, press, press.style)


def write(
    document: Document,
    target: Path,
    press: FontSet,
    on_missing: OnMissing = "refuse",
    check_cancelled: Callable[[], None] | None = None,
) -> Summary:
    """Write the PDF to `target`; the old file there survives any failure.

    `check_cancelled` is called just before the file is put in place and may raise to cancel.
    Raises `Trouble` with one sentence: a character that no font has (`NoGlyph`, unless `on_missing` is "box"), a full
    or read-only disk, a file held by another program, an incomplete installation.
    """
    content, pages, fonts, missing = _made(document, press, on_missing)

    def check(found: bytes) -> None:
        if page_count(found) != pages:
            raise Trouble(f"写出的“{target.name}”页数不对，请重新导出；原文件未改动")
        if check_cancelled:
            check_cancelled()

    files.write_atomic(Path(target), content, check)
    return Summary(pages, fonts, missing, len(content))


def render(document: Document, press: FontSet, on_missing: OnMissing = "box") -> bytes:
    """Return the PDF as bytes; the same document gives the same bytes."""
    return _made(document, press, on_missing)[0]


def _made(
    document: Document, press: FontSet, on_missing: OnMissing
) -> tuple[bytes, int, tuple[str, ...], tuple[Missing, ...]]:
    missing = missing_characters(document, press)
    if missing and on_missing == "refuse":
        raise NoGlyph(sentence(missing))
    document = boxed(document, missing)
    pages = lay_out(document, press.style, press)
    content, fonts = _drawn(document, pages, press)
    return content, len(pages), fonts, missing


class _Sheet(Canvas):  # type: ignore[misc]
    """ReportLab's canvas without its initial font (Helvetica is not embedded, which PDF/A forbids)."""

    def _make_preamble(self) -> None:
        self._preamble = ""

    @property
    def document(self) -> PDFDocument:
        """The PDF document of the canvas."""
        return self._doc


def _drawn(document: Document, pages: Sequence[PlacedPage], press: FontSet) -> tuple[bytes, tuple[str, ...]]:
    area = press.style.page
    canvas = _Sheet(BytesIO(), (area.width, area.height), invariant=1, pdfVersion=(1, 7), lang="zh-CN")
    pdf = canvas.document
    fonts = {key: embed(pdf, press, key, used) for key, used in sorted(_used(pages).items())}
    head = (document.title, document.agency, document.on, document.data_name, document.data)
    digest = hashlib.sha256(repr(head).encode("utf-8", "backslashreplace"))
    for page in pages:
        code = _page_code(page, fonts, area).encode("ascii")
        digest.update(code)
        for number, entry in enumerate(page.entries):
            key = f"{page.number}-{number}"
            canvas.bookmarkHorizontalAbsolute(key, area.height - entry.y)
            canvas.addOutlineEntry(pdfa.printable(entry.text), key)
        canvas.showPage()
        # The canvas would encode the page's stream in ASCII85, which is a quarter longer.
        pdf.Pages[-1].Contents = stream(code)
        pdf.Pages[-1].Trans = None
    canvas.showOutline()
    for font in fonts.values():
        digest.update(repr(sorted(font.codes)).encode())
    pdfa.describe(pdf, document, press.profile)
    pdfa.identify(pdf, digest.hexdigest()[:32].upper())
    return canvas.getpdfdata(), tuple(press.spoken(key) for key in fonts)


def _used(pages: Iterable[PlacedPage]) -> dict[str, set[str]]:
    """Map each font to the characters drawn in it."""
    used: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for mark in page.marks:
            used[mark.font].update(mark.text)
        for text in page.texts:
            used[text.font].update(text.text)
    return used


# -- one page's operators -------------------------------------------------------------------------------------------


def _page_code(page: PlacedPage, fonts: dict[str, Embedded], area: PageStyle) -> str:
    """The content stream of a page: marks first (they lie behind), then fills, rules and text."""
    height = area.height
    parts = [_mark(mark, fonts, height) for mark in page.marks]
    parts += [_fills(page.fills, height), _rules(page.rules, height), _texts(page.texts, fonts, height)]
    return "\n".join(filter(None, parts))


@lru_cache(maxsize=8192)  # a report has about 700 different numbers, most of them in its tables
def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: no -0, which equals 0 and would be kept for it


def _hex(text: str, font: Embedded) -> str:
    return "".join(map(font.codes.__getitem__, text))


def _mark(mark: PlacedMark, fonts: dict[str, Embedded], height: float) -> str:
    font, angle = fonts[mark.font], radians(mark.angle)
    turn = f"{cos(angle):.4f} {sin(angle):.4f} {-sin(angle):.4f} {cos(angle):.4f}"
    return (
        "/Artifact <</Type /Pagination /Subtype /Watermark>> BDC\n"
        f"q {mark.grey:.2f} g BT /{font.resource} {_number(mark.size)} Tf {_number(mark.spacing)} Tc "
        f"{turn} {_number(mark.x)} {_number(height - mark.y)} Tm <{_hex(mark.text, font)}> Tj ET Q\nEMC"
    )


def _fills(fills: Iterable[PlacedFill], height: float) -> str:
    parts = []
    for fill in fills:
        colour = " ".join(f"{int(fill.colour[at : at + 2], 16) / 255:.4f}" for at in (0, 2, 4))
        box = " ".join(map(_number, (fill.x, height - fill.y - fill.height, fill.width, fill.height)))
        parts.append(f"{colour} rg {box} re f")
    return "q\n" + "\n".join(parts) + "\nQ" if parts else ""


def _rules(rules: Iterable[PlacedRule], height: float) -> str:
    parts = []
    for width, group in groupby(sorted(rules, key=lambda rule: rule.width), key=lambda rule: rule.width):
        parts.append(f"{_number(width)} w")
        for rule in group:
            start, stop = (rule.x0, height - rule.y0), (rule.x1, height - rule.y1)
            parts.append(f"{_number(start[0])} {_number(start[1])} m {_number(stop[0])} {_number(stop[1])} l")
        parts.append("S")
    return "2 J\n" + "\n".join(parts) if parts else ""


def _texts(texts: Iterable[PlacedText], fonts: dict[str, Embedded], height: float) -> str:
    """All texts in one text object; an operator is written only if its value changes."""
    parts = ["BT"]
    font = size = None
    spacing, stretch = "0", "100"
    for text in texts:
        if text.font != font or text.size != size:
            font, size = text.font, text.size
            parts.append(f"/{fonts[font].resource} {_number(size)} Tf")
        if (wanted := f"{text.spacing:.3f}") != spacing:
            spacing = wanted
            parts.append(f"{spacing} Tc")
        if (wanted := _number(text.stretch * 100)) != stretch:
            stretch = wanted
            parts.append(f"{stretch} Tz")
        parts.append(f"1 0 0 1 {text.x:.2f} {height - text.y:.2f} Tm <{_hex(text.text, fonts[font])}> Tj")
    return "\n".join([*parts, "ET"]) if len(parts) > 1 else ""


# -- checking a written PDF -----------------------------------------------------------------------------------------

_PAGE = re.compile(rb"/Type /Page\b(?!s)")
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")


def page_count(content: bytes) -> int:
    """The number of pages of a PDF written by `render`; raise `Trouble` if the file is incomplete."""
    start = _START.search(content, max(0, len(content) - 64))
    if not content.startswith(b"%PDF-") or not start or content[int(start[1]) :][:4] != b"xref":
        raise Trouble("写出的 PDF 不完整，请重新导出；原文件未改动")
    return len(_PAGE.findall(content))
