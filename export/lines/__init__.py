"""Line breaking: from characters to lines set on their baselines."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from export.lines.breaking import BrokenLine, break_lines, longest_token
    from export.lines.metrics import Glyph, Metrics
    from export.lines.phrases import Wrapped, wrap
    from export.lines.placed import OutlineEntry, PlacedFill, PlacedMark, PlacedPage, PlacedRule, PlacedText
    from export.lines.placing import place, place_line
    from export.lines.titles import break_title
    from export.lines.tokens import Atom, AtomCache, atom_cache, atoms, width_of

__all__ = [
    "Atom",
    "AtomCache",
    "BrokenLine",
    "Glyph",
    "Metrics",
    "OutlineEntry",
    "PlacedFill",
    "PlacedMark",
    "PlacedPage",
    "PlacedRule",
    "PlacedText",
    "Wrapped",
    "atom_cache",
    "atoms",
    "break_lines",
    "break_title",
    "longest_token",
    "place",
    "place_line",
    "width_of",
    "wrap",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "breaking": ("BrokenLine break_lines longest_token"),
            "metrics": ("Glyph Metrics"),
            "phrases": ("Wrapped wrap"),
            "placed": ("OutlineEntry PlacedFill PlacedMark PlacedPage PlacedRule PlacedText"),
            "placing": ("place place_line"),
            "titles": ("break_title"),
            "tokens": ("Atom AtomCache atom_cache atoms width_of"),
        },
    )
