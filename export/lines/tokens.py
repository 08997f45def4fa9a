"""Splits text into atoms, the pieces that are never broken across lines.

An atom is one Chinese character, a run of Latin letters and digits (number, URL, e-mail), ——, …… or a space.
Chinese characters and punctuation take one cell each; Latin runs have their natural width.
Rules: GB/T 15834 (punctuation), GB/T 15835 (numbers), W3C CLREQ.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from export.lines.metrics import Glyph, Metrics

NO_START = frozenset("！），．：；？］｝、。〉》」』】〕〗’”…—·％‰℃°%)]},.:;?!～々〃")
NO_END = frozenset("（［｛〈《「『【〔〖‘“([{￥＄№")
# Punctuation with a blank half that a crowded line may use.
BLANK_RIGHT = frozenset("，。、．：；）］｝〉》」』】〕〗”’")
BLANK_LEFT = frozenset("（［｛〈《「『【〔〖“‘")
_DRAWN_OUT = frozenset("—…―")

_LATIN = r"!-~\u00a1-\u00b6\u00b8-\u1fff"
_ATOM = re.compile(rf"[{_LATIN}]+|——|……|\s+|.", re.DOTALL)
_SPLIT = re.compile(r"[^/.@_?&=#:;,\-]*[/.@_?&=#:;,\-]+|[^/.@_?&=#:;,\-]+")
_UNIT = "年月日时分秒件条个项次人名宗份页元万亿号届岁倍期字部场篇起家户％‰℃"
# Expressions kept on one line.
_GLUE = re.compile(
    r"\d{2,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日"
    rf"|〔\d{{4}}〕第?\d+号?|[（(]\d{{3,4}}[)）]\d{{7,8}}|第?\d+[—～－]\d+[{_UNIT}]?|第?\d[万亿]?[{_UNIT}]"
    r"|\d \d|[０-９](?:[０-９．，]*[０-９])?％?"
)
MOST_ATOMS = 20_000  # kept of one font role and size, about 8 MB
_QUOTED = re.compile(r'"[^"]*"')  # straight quotes: opening and closing ones are the same character


class GlyphRun(NamedTuple):
    """Letters of one font in an atom, `offset` points from the atom's left edge, scaled horizontally by `stretch`."""

    font: str
    text: str
    offset: float
    stretch: float = 1.0


class Atom:
    """One unbreakable piece of text, `width` points wide; `room` points of it are blank and may be removed.

    `spacing` (pt) is the width of a cell beyond its glyph; a `plain` atom is one glyph that fills its cell and may form
    one run with its neighbours. Immutable; compared by identity (equal atoms of one book are one object).
    """

    __slots__ = ("latin", "pieces", "plain", "room", "space", "spacing", "text", "width")

    def __init__(  # noqa: PLR0913  (the fields; a dataclass would be slower for each of thousands)
        self,
        text: str,
        width: float,
        pieces: tuple[GlyphRun, ...],
        *,
        latin: bool = False,
        space: bool = False,
        room: float = 0.0,
        spacing: float = 0.0,
        plain: bool = False,
    ) -> None:
        self.text, self.width, self.pieces = text, width, pieces
        self.latin, self.space, self.plain = latin, space, plain
        self.room, self.spacing = room, spacing

    @property
    def no_start(self) -> bool:
        """Return True if the atom may not start a line."""
        return self.text[0] in NO_START or self.space

    @property
    def no_end(self) -> bool:
        """Return True if the atom may not end a line."""
        return self.text[-1] in NO_END

    @property
    def blank_left(self) -> bool:
        """Return True if the blank half is the left one."""
        return self.text in BLANK_LEFT


class AtomCache(dict[str, Atom]):
    """Atoms of one font role and size, created on first access: text → `Atom`."""

    def __init__(self, metrics: Metrics, role: str, size: float, pitch: float) -> None:
        super().__init__()
        self._glyphs = metrics.glyphs(role)
        self.size = size
        self.pitch = pitch

    def __missing__(self, text: str) -> Atom:
        if len(self) >= MOST_ATOMS:  # a batch of reports brings ever new numbers and names
            self.clear()
        if text.isspace():
            atom = self._space()
        elif is_latin(text):
            atom = self._latin(text)
        else:
            atom = self._wide(text)
        self[text] = atom
        return atom

    def _space(self) -> Atom:
        return Atom(" ", self._glyphs[" "].advance * self.size, (), space=True)

    def _latin(self, text: str) -> Atom:
        pieces: list[GlyphRun] = []
        x = 0.0
        for character in text:
            glyph = self._glyphs[character]
            if pieces and pieces[-1].font == glyph.font:
                last = pieces[-1]
                pieces[-1] = GlyphRun(last.font, last.text + character, last.offset)
            else:
                pieces.append(GlyphRun(glyph.font, character, x))
            x += glyph.advance * self.size
        return Atom(text, x, tuple(pieces), latin=True)

    def _wide(self, text: str) -> Atom:
        glyph = self._glyphs[text[0]]
        half = 0.5 * self.size if text in BLANK_LEFT or text in BLANK_RIGHT else 0.0
        if abs(glyph.advance - 1) < 0.02 or glyph.advance > 1:
            width = max(self.pitch, glyph.advance * self.size)
            spacing = width - glyph.advance * self.size
            piece = GlyphRun(glyph.font, text, 0.0)
            return Atom(text, width * len(text), (piece,), room=half, spacing=spacing, plain=len(text) == 1)
        return self._narrow_glyph(text, glyph, half)

    def _narrow_glyph(self, text: str, glyph: Glyph, room: float) -> Atom:
        """A sign with a full cell but a narrower glyph (“ in many fonts), placed as in a full-width font."""
        width = self.pitch * len(text)
        if text[0] in _DRAWN_OUT and glyph.advance > 0.3:
            return Atom(
                text, width, (GlyphRun(glyph.font, text, 0.0, 1 / glyph.advance),), spacing=self.pitch - self.size
            )
        blank = self.size - glyph.advance * self.size
        offset = blank if text in BLANK_LEFT else 0.0 if text in BLANK_RIGHT else blank / 2
        return Atom(text, width, (GlyphRun(glyph.font, text, offset),), room=min(room, blank))


@lru_cache(maxsize=64)
def atom_cache(metrics: Metrics, role: str, size: float, pitch: float) -> AtomCache:
    """Return the atoms of a font role and size (pt), shared by all documents set with the same fonts."""
    return AtomCache(metrics, role, size, pitch)


@lru_cache(maxsize=4096)
def is_latin(text: str) -> bool:
    """Return True for a run of letters, digits and signs of natural width, which are not one cell each."""
    return "!" <= text[0] <= "~" or ("\u00a1" <= text[0] < "\u2000" and text[0] != "·")


def atoms(runs: Iterable[tuple[AtomCache, str]], limit: float) -> list[Atom]:
    """Split a paragraph's runs into atoms, none wider than `limit` points; collapse spaces, drop them at the ends."""
    found: list[Atom] = []
    for book, text in runs:
        for atom in map(book.__getitem__, _ATOM.findall(text)):
            if atom.width > limit:
                found.extend(_split(book, atom.text, limit))
            elif not (atom.space and (not found or found[-1].space)):
                found.append(atom)
    while found and found[-1].space:
        found.pop()
    return found


def width_of(found: Iterable[Atom]) -> float:
    """The natural width (pt) of atoms side by side."""
    return sum(atom.width for atom in found)


def _split(book: AtomCache, text: str, limit: float) -> list[Atom]:
    """Split a token longer than a line after / . @ - _ and the like; a part without these at every character."""
    parts: list[Atom] = []
    for part in _SPLIT.findall(text):
        atom = book[part]
        parts.extend([atom] if atom.width <= limit / 2 else map(book.__getitem__, part))
    return parts


def legal_breaks(found: Sequence[Atom]) -> bytearray:
    """One byte for each place before, between and after the atoms: 1 if a line may end there."""
    legal = bytearray(b"\1") * (len(found) + 1)
    closed = {atom for atom in set(found) if atom.no_start}
    opened = {atom for atom in set(found) if atom.no_end}
    for place, atom in enumerate(found):
        if atom in closed:
            legal[place] = 0
        if atom in opened:
            legal[place + 1] = 0
    for place in _glued(found):
        legal[place] = 0
    legal[0] = 0
    legal[-1] = 1
    return legal


def _glued(found: Sequence[Atom]) -> Iterable[int]:
    """The places inside dates, numbers with a unit, document and telephone numbers, and inside straight quotes."""
    text = "".join(atom.text for atom in found)
    spans = [(match.start() + 1, match.end()) for match in _GLUE.finditer(text)]
    for match in _QUOTED.finditer(text):
        spans += [(match.start() + 1, match.start() + 2), (match.end() - 1, match.end())]
    if not spans:
        return
    starts = [0, *accumulate(len(atom.text) for atom in found)]
    for start, stop in spans:
        yield from range(bisect_left(starts, start), bisect_left(starts, stop))
