"""Normalises a text for the rules (no spaces, half-width digits and letters) and cuts it into sentences and clauses.

The position of every character in the typed text is kept, so that a match can be underlined there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from model.checks import Span

# One character maps to one, so that positions stay valid: full-width digits, letters and signs to half width,
# half-width commas, colons, semicolons and brackets to the Chinese ones.
_HALF = {code: chr(code - 0xFEE0) for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]}
_SIGNS = dict(zip("％．＋－＠();:?!", "%.+-@（）；：？！", strict=True))
_FOLDED = str.maketrans({**{chr(code): half for code, half in _HALF.items()}, **_SIGNS})
_SPACE = re.compile(r"[ \t\r\u00a0\u2002-\u200b\u3000\ufeff]+")
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")  # except a thousands separator: 1,204
_LONGEST = 800  # characters; a longer sentence is read in pieces
_ENDS = re.compile(rf"[^。！？\n]{{1,{_LONGEST}}}[。！？]?")

_KEPT = 512  # paragraphs: more than a long text has, because rule after rule goes through all of them
_CLAUSE_ENDS = re.compile("[，。；：（）\n]")
DELIMITERS = "，。；：、（）！？\n"


@dataclass(frozen=True)
class Folded:
    """A normalised text; `places[i]` is the position of its i-th character in the text as typed."""

    text: str
    places: Sequence[int]

    def span(self, section: str, start: int, end: int) -> Span:
        """The span in the typed text for the folded stretch [start, end)."""
        first = self.places[start]
        return Span(section, first, (self.places[end - 1] + 1 if end > start else first) - first)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a folded text: the stretch [start, end)."""

    start: int
    end: int


@lru_cache(maxsize=_KEPT)
def fold(text: str) -> Folded:
    """Normalise a text for the rules, in time linear in its length."""
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
    """The sentences of a folded text; a line end closes one, too."""
    return tuple(Sentence(match.start(), match.end()) for match in _ENDS.finditer(text))


@lru_cache(maxsize=_KEPT)
def _marks(text: str) -> tuple[int, ...]:
    """The positions of the signs that close a clause; cached because every rule needs them."""
    return tuple(match.start() for match in _CLAUSE_ENDS.finditer(text))


def clause_start(text: str, place: int, floor: int = 0) -> int:
    """The start of the clause around `place`: after the last comma, semicolon, colon, full stop or bracket."""
    marks = _marks(text)
    before = bisect_left(marks, place)
    return max(floor, place - _LONGEST, marks[before - 1] + 1 if before else 0)


def clause_end(text: str, place: int, ceiling: int | None = None) -> int:
    """The end of the clause around `place`: before the next comma, semicolon, colon, full stop or bracket."""
    limit = min(len(text), place + _LONGEST) if ceiling is None else ceiling
    marks = _marks(text)
    behind = bisect_left(marks, place)
    return min(limit, marks[behind]) if behind < len(marks) else limit
