"""Font metrics as the layout needs them: the font that has a character, and the character's width."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Glyph(NamedTuple):
    """The font that draws a character, and the character's advance in ems (`found` False: no font has it)."""

    font: str
    advance: float
    found: bool = True


class Metrics(Protocol):
    """Fonts by role; a role is a key of the style sheet: title, body, hei, kai, song. What is set with them is kept."""

    def __hash__(self) -> int:
        """Return the hash; the glyphs of a role never change."""

    def glyphs(self, role: str) -> Mapping[str, Glyph]:
        """Map every character to its glyph; raise `KeyError` only for an unknown role."""
