"""Wraps labels in narrow boxes by phrase: whole words where they fit, no single character on the last line."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from export.lines.tokens import Atom, legal_breaks, width_of

# Costs of breaks and lines; only their proportions matter.
_FORBIDDEN = 1000.0
_IN_WORD = 60.0
_IN_BRACKETS = 30.0
_IN_TEXT = 8.0
_LONELY = 150.0
_LINE = 25.0
_UNEVEN = 12.0
_SHRUNK = 300.0
_SIZES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8)
_NARROW = 7  # cells: in a narrower box a label may be set smaller to keep words whole

_SOFT_BEFORE = frozenset("（〔《“")
_SOFT_AFTER = frozenset("、，；。：）〕》” ")
_BRACKETS = re.compile(r"（[^（）]{1,10}）|“[^“”]{1,10}”|《[^《》]{1,12}》")


class Wrapped(NamedTuple):
    """Lines of a label as ranges of atoms, and the factor of its type size."""

    lines: tuple[tuple[int, int], ...]
    scale: float


def wrap(found: Sequence[Atom], width: float, words: frozenset[str]) -> Wrapped:
    """Wrap a label to `width` points at least cost; the type is scaled down if one character is wider than that."""
    if not found:
        return Wrapped((), 1.0)
    if width_of(found) <= width:
        return Wrapped(((0, len(found)),), 1.0)
    widest = max(atom.width for atom in found)
    fits = min(1.0, width / widest)
    sizes = _SIZES if width <= _NARROW * widest else _SIZES[:1]
    costs = _costs(found, words)
    choice, least = Wrapped((), 1.0), float("inf")
    for size in sizes:
        lines, cost = _cheapest(found, width / fits / size + 0.01, costs)
        cost += (1 - size) * _SHRUNK
        if cost < least:
            choice, least = Wrapped(tuple(lines), fits * size), cost
        if cost < _IN_WORD:  # no word is cut and the lines are few: a smaller size gains nothing
            break
    return choice


def _cheapest(found: Sequence[Atom], width: float, costs: Sequence[float]) -> tuple[list[tuple[int, int]], float]:
    """The lines of least total cost (breaks, number of lines, unevenness), and that cost."""
    ends = [0.0, *accumulate(atom.width for atom in found)]
    count = len(found)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * count
    for stop in range(1, count + 1):
        for start in range(stop - 1, -1, -1):
            used = ends[stop] - ends[start]
            if used > width:
                break
            cost = best[start][0] + costs[stop] + _LINE + _UNEVEN * (1 - used / width) ** 2
            if stop == count and start and _lonely(found[start:stop]):
                cost += _LONELY
            if cost < best[stop][0]:
                best[stop] = (cost, start)
    return _lines(best, count), best[count][0]


def _lines(best: Sequence[tuple[float, int]], stop: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    while stop:
        start = best[stop][1]
        lines.append((start, stop))
        stop = start
    return lines[::-1]


def _lonely(last: Sequence[Atom]) -> bool:
    """Return True for a last line of one character, not counting punctuation."""
    return sum(not atom.no_start and not atom.no_end for atom in last) < 2


def _costs(found: Sequence[Atom], words: frozenset[str]) -> list[float]:
    """The cost of a line end at each place."""
    text = "".join(atom.text for atom in found)
    starts = [0, *accumulate(len(atom.text) for atom in found)]
    legal = legal_breaks(found)
    costs = [_IN_TEXT if allowed else _FORBIDDEN for allowed in legal]
    for place in range(1, len(found)):
        if legal[place] and (found[place].text in _SOFT_BEFORE or found[place - 1].text in _SOFT_AFTER):
            costs[place] = 0.0
    brackets = [match.span() for match in _BRACKETS.finditer(text)]
    for spans, cost in ((_words_in(text, words), _IN_WORD), (brackets, _IN_BRACKETS)):
        for start, stop in spans:
            for place in range(bisect_left(starts, start + 1), bisect_left(starts, stop)):
                costs[place] += cost
    costs[-1] = 0.0
    return costs


def _words_in(text: str, words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The positions of known words, from left to right, the longest first."""
    # Compiling a pattern of all the words would take longer than laying out the tables.
    longest = max(map(len, words))
    place = 0
    while place < len(text):
        size = next((n for n in range(longest, 1, -1) if text[place : place + n] in words), 0)
        if size:
            yield place, place + size
        place += size or 1
