"""A text as the rules read it: without spaces, digits and letters in half width, cut into sentences and clauses.

Every character knows where it stood, so that what is found can be underlined in the text as typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.checks.rules import Span

# Each character becomes one character, so that places stay: full-width digits, letters and signs to half width,
# half-width commas, colons, semicolons and brackets to the Chinese ones.
_HALF = {code: chr(code - 0xFEE0) for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_SIGNS = dict(zip("％．＋－＠();:?!", "%.+-@（）；：？！", strict=True))
_FOLDED = str.maketrans({**{chr(code): half for code, half in _HALF.items()}, **_SIGNS})
_SPACE = re.compile(r"[ \t\r\u00a0\u2002-\u200b\u3000\ufeff]+")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # not the one that groups thousands: 1,204
_LONGEST = 800  # characters; whoever writes a longer sentence has it read in pieces
_ENDS = re.compile(rf"[^。！？\n]{{1,{_LONGEST}}}[。！？]?")

_KEPT = 512  # paragraphs: more than a long text has, for rule after rule goes through all of them
_CLAUSE_ENDS = re.compile("[，。；：（）\n]")
DELIMITERS = "，。；：、（）！？\n"


@dataclass(frozen=True)
class Folded:
    """A text to search in; `places[i]` is where its i-th character stood in the text as typed."""

    text: str
    places: Sequence[int]

    def span(self, section: str, start: int, end: int) -> Span:
        """The stretch as typed of what stands from `start` to `end` (not included) here."""
        first = self.places[start]
        return Span(section, first, (self.places[end - 1] + 1 if end > start else first) - first)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a folded text, from `start` to `end` (not included)."""

    start: int
    end: int


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> Folded:
    """The text as the rules read it; linear in its length."""
    flat = _COMMA.sub("，", text.translate(_FOLDED))
    if not _SPACE.search(flat):
        return Folded(flat, range(len(flat)))
    kept: list[int] = []
    last = 0
    for gap in _SPACE.finditer(flat):
        kept += range(last, gap.start())
        last = gap.end()
    kept += range(last, len(flat))
    return Folded("".join([flat[place] for place in kept]), tuple(kept))


@lru_cache(maxsize=_KEPT)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a folded text; a line end closes one too."""
    return tuple(Sentence(match.start(), match.end()) for match in _ENDS.finditer(text))


@lru_cache(maxsize=_KEPT)
def _marks(text: str) -> tuple[int, ...]:
    """Where the signs stand that close a clause; every rule asks for them, again and again."""
    return tuple(match.start() for match in _CLAUSE_ENDS.finditer(text))


def clause_start(text: str, place: int, floor: int = 0) -> int:
    """Where the clause begins in which `place` stands: after the last comma, semicolon, colon or bracket."""
    marks = _marks(text)
    before = bisect_left(marks, place)
    return max(floor, place - _LONGEST, marks[before - 1] + 1 if before else 0)


def clause_end(text: str, place: int, ceiling: int | None = None) -> int:
    """Where the clause ends that `place` stands in: before the next comma, semicolon, colon, full stop or bracket."""
    limit = min(len(text), place + _LONGEST) if ceiling is None else ceiling
    marks = _marks(text)
    behind = bisect_left(marks, place)
    return min(limit, marks[behind]) if behind < len(marks) else limit
