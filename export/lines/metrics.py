"""What the layout needs to know of fonts: which one has a character, and how wide it is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Glyph(NamedTuple):
    """The font that will draw a character, and the character's advance in ems (`found` False: no font has it)."""

    font: str
    advance: float
    found: bool = True


class Metrics(Protocol):
    """Fonts by role; a role is a word of the style sheet: title, body, hei, kai, song."""

    def glyphs(self, role: str) -> Mapping[str, Glyph]:
        """Character → glyph for every character there is; raises `KeyError` only for an unknown role."""
