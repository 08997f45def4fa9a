"""From lines to pages: tables, titles, notes, page furniture."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from export.layout.missing_glyphs import Missing, NoGlyph, boxed, missing_characters, sentence
    from export.layout.pages import lay_out

__all__ = ["Missing", "NoGlyph", "boxed", "lay_out", "missing_characters", "sentence"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__, {"missing_glyphs": ("Missing NoGlyph boxed missing_characters sentence"), "pages": ("lay_out")}
    )
