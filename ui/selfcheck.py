"""The program proves itself: opens the wizard offscreen, edits, saves, reopens, exports, reads the PDF again."""

from __future__ import annotations

from ui.places import Places


def self_check(places: Places, output: str) -> int:
    """Not there yet."""
    raise NotImplementedError
