"""Breaks a paragraph's atoms into justified lines by the rules for line starts and ends (CLREQ).

First greedy: fill the line; if its end is not allowed, pull the next characters in by using the blank halves of
punctuation, else push the last ones out. Where a long token leaves a line loose, the lines before it are broken again
together, so that all share the gap (a small version of Knuth and Plass). Linear in the length of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from export.lines.tokens import Atom, legal_breaks

_CELLS = 28  # cells of a line, for lengths measured in cells
LOOSE = 0.05  # ems: a line whose gaps grow by more is broken again with the lines before it
_WINDOW = 7  # maximum number of those lines
_EASY = 0.7  # share of a line's squeezable space; more is used only if the line would be loose otherwise
_PULLED_CELLS = 2.0  # cells: maximum gained by squeezing one line
_TOLERANCE = 0.01
_NEVER = float("inf")


class BrokenLine(NamedTuple):
    """Atoms `start` … `stop` (not included) of a paragraph on one line `width` points wide.

    `slack` (pt) is the space left over, to be spread over `gaps`, or, if negative, the space to squeeze out of
    punctuation. The last line of a paragraph is not filled: its slack is 0 or less.
    """

    start: int
    stop: int
    width: float
    slack: float
    gaps: int


class _Measure:
    """Prefix sums over a paragraph, which give the measures of any stretch in constant time.

    `widths` (pt), `rooms` (squeezable pt) and `joints` (spreadable gaps: all but those between two Latin atoms);
    `bare[stop]` is `stop` without a space at the line's end, which hangs over the margin.
    """

    def __init__(self, found: Sequence[Atom], first: float, rest: float) -> None:
        self.atoms = found
        self.count = len(found)
        self.first = first
        self.rest = rest
        self.em = rest / _CELLS
        self.legal = legal_breaks(found)
        self.widths = [0.0, *accumulate(atom.width for atom in found)]
        self.rooms = [0.0, *accumulate(atom.room for atom in found)]
        latin = [atom.latin for atom in found]
        joints = (0 if a and b else 1 for a, b in pairwise(latin))
        self.joints = [0, 0, *accumulate(joints)]
        self.bare = list(range(self.count + 1))
        for place, atom in enumerate(found):
            if atom.space:
                self.bare[place + 1] = place

    def available(self, start: int) -> float:
        """The width (pt) of a line that starts at this atom."""
        return self.rest if start else self.first

    def slack(self, start: int, stop: int) -> float:
        """The space (pt) left over on a line of these atoms; negative if they do not fit."""
        return self.available(start) - self.widths[self.bare[stop]] + self.widths[start]

    def room(self, start: int, stop: int) -> float:
        """The space (pt) that the punctuation of a line can give up, without its last sign."""
        return self.rooms[max(start, self.bare[stop] - 1)] - self.rooms[start]

    def gaps(self, start: int, stop: int) -> int:
        """The number of gaps in which a line may be spread."""
        return max(0, self.joints[self.bare[stop]] - self.joints[start + 1])

    def line(self, start: int, stop: int) -> BrokenLine:
        """Build the finished line."""
        slack = self.slack(start, stop)
        if stop == self.count or abs(slack) < _TOLERANCE:
            slack = min(slack, 0.0) if slack < -_TOLERANCE else 0.0
        return BrokenLine(start, self.bare[stop], self.available(start), slack, self.gaps(start, stop))

    def looseness(self, start: int, stop: int) -> float:
        """The growth of each gap in ems; a line without gaps counts as very loose."""
        return self.slack(start, stop) / self.em / (self.gaps(start, stop) or 0.25)


def longest_token(first: float, rest: float) -> float:
    """The maximum width of a token kept whole: it must fit the first line, and any line with a sign after it."""
    return min(first, rest * (1 - 1 / _CELLS))


def break_lines(found: Sequence[Atom], first: float, rest: float) -> list[BrokenLine]:
    """Break atoms into lines, the first `first` and the others `rest` points wide."""
    if not found:
        return []
    measure = _Measure(found, first, rest)
    stops = _shared(measure, _greedy(measure))
    return [measure.line(start, stop) for start, stop in pairwise([0, *stops])]


def _greedy(measure: _Measure) -> list[int]:
    """The ends of all lines by greedy breaking."""
    stops: list[int] = []
    start = 0
    while start < measure.count:
        start = _stop(measure, start)
        stops.append(start)
    return stops


def _stop(measure: _Measure, start: int) -> int:
    """The end of the line that starts at this atom."""
    limit = measure.widths[start] + measure.available(start) + _TOLERANCE
    stop = bisect_right(measure.widths, limit, start + 1) - 1
    if stop < measure.count and measure.atoms[stop].space:
        stop += 1
    if stop >= measure.count:
        return measure.count
    if stop <= start:
        return start + 1
    pushed = stop if measure.legal[stop] else measure.legal.rfind(1, start + 1, stop)
    pulled = measure.legal.find(1, stop + 1)
    if _pull(measure, start, stop, pushed, pulled):
        return pulled
    return pushed if pushed > start else stop


def _pull(measure: _Measure, start: int, stop: int, pushed: int, pulled: int) -> bool:
    """Decide if the atoms up to `pulled` are taken into the line by squeezing its punctuation."""
    need, room = -measure.slack(start, pulled), measure.room(start, pulled)
    if need > min(room, _PULLED_CELLS * measure.em):
        return False
    if pushed <= start:
        return True
    if not measure.legal[stop]:
        return need <= _EASY * room or measure.looseness(start, pushed) > 2 * LOOSE
    return need < min(measure.em, _EASY * room) and measure.slack(start, pushed) > 1.5 * measure.em


def _shared(measure: _Measure, stops: list[int]) -> list[int]:
    """The line ends after sharing every loose line's gap with the lines before it."""
    starts = [0, *stops]
    settled = list(stops)
    for first, last in reversed(_loose_stretches(measure, starts)):
        if better := _best(measure, starts[first], starts[last + 1]):
            settled[first : last + 1] = better
    return settled


def _loose_stretches(measure: _Measure, starts: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last line of each stretch to be broken again: loose lines and up to seven before each."""
    stretches: list[tuple[int, int]] = []
    for number, (start, stop) in enumerate(pairwise(starts)):
        if stop == measure.count or measure.looseness(start, stop) <= LOOSE:
            continue
        first = max(0, number - _WINDOW)
        if stretches and first <= stretches[-1][1]:
            first = stretches.pop()[0]
        stretches.append((first, number))
    return [stretch for stretch in stretches if stretch[0] < stretch[1]]


def _best(measure: _Measure, start: int, stop: int) -> list[int]:
    """The line ends between two fixed ends that spread the gaps most evenly; [] if there is no way."""
    widths, squeeze = measure.widths, _PULLED_CELLS * measure.em
    costs: dict[int, float] = {start: 0.0}
    origins: dict[int, int] = {}
    begins = [start]  # possible starts of a line that ends here
    for end in range(start + 1, stop + 1):
        if not measure.legal[end]:
            continue
        edge = widths[measure.bare[end]]
        while begins and measure.available(begins[0]) - edge + widths[begins[0]] < -squeeze:
            del begins[0]
        for begin in begins:
            cost = costs[begin] + _cost(measure, begin, end, measure.available(begin) - edge + widths[begin])
            if cost < costs.get(end, _NEVER):
                costs[end], origins[end] = cost, begin
        if end in costs:
            begins.append(end)
    return _path(origins, start, stop)


def _cost(measure: _Measure, begin: int, end: int, slack: float) -> float:
    """The cost of a line: nearly 0 if full, small if squeezed, growing with the cube of its looseness."""
    if slack < -_TOLERANCE:
        room = measure.room(begin, end)
        return 0.004 + 0.03 * (slack / room) ** 2 if -slack <= room else _NEVER
    loose = slack / measure.em / (measure.gaps(begin, end) or 0.25)
    return 100.0 * loose * loose * loose + 1e-6


def _path(origins: dict[int, int], start: int, stop: int) -> list[int]:
    stops: list[int] = []
    while stop in origins:
        stops.append(stop)
        stop = origins[stop]
    return stops[::-1] if stop == start else []
