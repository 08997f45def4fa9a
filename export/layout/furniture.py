"""Sets the page number and the draft mark on a page."""

from __future__ import annotations

import math

from export.fonts import MILLIMETRE, Style
from export.lines import Metrics, PlacedMark, PlacedPage, atom_cache, atoms, place, width_of


def number(page: PlacedPage, style: Style, metrics: Metrics) -> None:
    """Set — 1 — below the type area, one character in: odd pages at the right, even pages at the left."""
    looks, area = style.page_number, style.page
    book = atom_cache(metrics, looks.font, looks.size, looks.size)
    found = atoms([(book, looks.pattern.format(number=page.number))], area.area_width)
    inset = looks.inset_cells * looks.size
    x = area.left + inset
    if page.number % 2:
        x = area.left + area.area_width - inset - width_of(found)
    y = area.top + area.area_height + looks.below_mm * MILLIMETRE + 0.8 * looks.size
    page.texts.extend(place(found, x, y, looks.size))


def mark(page: PlacedPage, style: Style, metrics: Metrics) -> None:
    """Set 草稿 diagonally, centred on the paper."""
    looks, area = style.draft, style.page
    glyphs = metrics.glyphs(looks.font)
    spacing = looks.spread * looks.size
    length = sum(glyphs[c].advance * looks.size + spacing for c in looks.text) - spacing
    angle = math.radians(looks.angle)
    along, across = length / 2, 0.38 * looks.size
    x = area.width / 2 - along * math.cos(angle) + across * math.sin(angle)
    y = area.height / 2 + along * math.sin(angle) + across * math.cos(angle)
    font = glyphs[looks.text[0]].font
    page.marks.append(PlacedMark(x, y, font, looks.size, looks.text, spacing, looks.angle, looks.grey))
