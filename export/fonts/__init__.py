"""Fonts and style sheet, loaded lazily."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from export.fonts import installed
    from export.fonts.font_set import FontSet, font_digests
    from export.fonts.style import MILLIMETRE, BoxStyle, PageStyle, Style, TableLook, TableStyle
    from export.fonts.truetype import TrueType

__all__ = [
    "MILLIMETRE",
    "BoxStyle",
    "FontSet",
    "PageStyle",
    "Style",
    "TableLook",
    "TableStyle",
    "TrueType",
    "font_digests",
    "installed",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "font_set": ("FontSet font_digests"),
            "style": ("BoxStyle MILLIMETRE PageStyle Style TableLook TableStyle"),
            "truetype": ("TrueType"),
        },
    )
