"""Positions the atoms of a line on its baseline: spreads or squeezes it and joins cells into runs."""

from __future__ import annotations

from collections.abc import Sequence

from export.lines.breaking import BrokenLine
from export.lines.placed import PlacedText
from export.lines.tokens import BLANK_LEFT, BLANK_RIGHT, Atom

_PUNCTUATION = BLANK_LEFT | BLANK_RIGHT


def place_line(found: Sequence[Atom], line: BrokenLine, x: float, y: float, size: float) -> list[PlacedText]:
    """The runs of a paragraph's line with its left end at `x` and its baseline at `y` (pt)."""
    shown = found[line.start : line.stop]
    if line.slack < 0:
        return _placed(shown, x, y, size, 0.0, squeezed(shown, -line.slack))
    return _placed(shown, x, y, size, line.slack / line.gaps if line.gaps else 0.0, ())


def place(found: Sequence[Atom], x: float, y: float, size: float) -> list[PlacedText]:
    """The runs of atoms set side by side in their natural widths."""
    return _placed(found, x, y, size, 0.0, ())


def _placed(
    found: Sequence[Atom], x: float, y: float, size: float, gap: float, taken: Sequence[float]
) -> list[PlacedText]:
    """Set atoms `gap` points apart, each narrowed by its entry in `taken` (pt; empty: none is narrowed)."""
    texts: list[PlacedText] = []
    letters: list[str] = []
    font, spacing, start = "", 0.0, x
    latin = False
    for place, atom in enumerate(found):
        if gap and place and not (latin and atom.latin):
            x += gap
        latin = atom.latin
        cut = taken[place] if taken else 0.0
        if atom.plain and not cut:
            piece = atom.pieces[0]
            if letters and piece.font == font and atom.spacing == spacing:
                letters.append(atom.text)
            else:
                if letters:
                    texts.append(PlacedText(start, y, font, size, "".join(letters), spacing + gap))
                letters, font, spacing, start = [atom.text], piece.font, atom.spacing, x
            x += atom.width
            continue
        if letters:
            texts.append(PlacedText(start, y, font, size, "".join(letters), spacing + gap))
            letters = []
        shift = cut if atom.blank_left else 0.0
        for piece in atom.pieces:
            inner = 0.0 if atom.latin else atom.spacing
            texts.append(PlacedText(x + piece.offset - shift, y, piece.font, size, piece.text, inner, piece.stretch))
        x += atom.width - cut
    if letters:
        texts.append(PlacedText(start, y, font, size, "".join(letters), spacing + gap))
    return texts


def squeezed(found: Sequence[Atom], need: float) -> list[float]:
    """The width (pt) that each atom gives up so that a line becomes `need` points shorter.

    First where punctuation meets punctuation, then all signs alike; the sign at the line's end keeps its cell, so that
    every line ends at the margin.
    """
    taken = [0.0] * len(found)
    for places in (_meeting(found), range(len(found) - 1)):
        room = sum(found[place].room - taken[place] for place in places)
        share = min(1.0, need / room) if room > 0 else 0.0
        for place in places:
            give = (found[place].room - taken[place]) * share
            taken[place] += give
            need -= give
        if need <= 1e-6:
            break
    return taken


def _meeting(found: Sequence[Atom]) -> list[int]:
    """The indices of the signs whose blank half touches another punctuation mark."""
    places = []
    for place, atom in enumerate(found):
        other = place - 1 if atom.text in BLANK_LEFT else place + 1
        if atom.room and 0 <= other < len(found) and place < len(found) - 1 and found[other].text in _PUNCTUATION:
            places.append(place)
    return places
