"""A paragraph's atoms broken into lines: nothing forbidden at a line's ends, every line filled to the margin.

First greedy, as a hand would: fill the line; if it would end wrongly, pull the next signs in by taking the
blank halves of punctuation, else push out.  Where a long token leaves a line loose, the lines before it are
broken again together, so that all share the gap (a small version of Knuth and Plass).
Linear in the length of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from export.lines.tokens import Atom, legal_breaks

_CELLS = 28  # of a line, for what is measured in cells
LOOSE = 0.05  # a line whose gaps grow by more than so many ems shares them with the lines before it
_WINDOW = 7  # … with so many lines at most
_EASY = 0.7  # the part of its blanks that a line gives gladly
_PULLED_CELLS = 2.0  # no more than this is won by squeezing one line
_TOLERANCE = 0.01
_NEVER = float("inf")


class Line(NamedTuple):
    """Atoms `start` … `stop` of a paragraph on one line `width` points wide.

    `slack` is what is left over (to be spread over `gaps`) or, below zero, what punctuation must give.
    The last line of a paragraph is not filled: its slack is 0 or less.
    """

    start: int
    stop: int
    width: float
    slack: float
    gaps: int


class _Measure:
    """Prefix sums over a paragraph, so that any stretch of it is measured at once.

    `begins` sums what stands before a place; `ends` the same without a space at the line's end, which hangs over
    the margin.  Each entry counts width, room to squeeze, and gaps that can be spread (all but those between two
    Latin atoms).
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
        """Width of a line that starts here."""
        return self.rest if start else self.first

    def slack(self, start: int, stop: int) -> float:
        """Points left over on a line of these atoms."""
        return self.available(start) - self.widths[self.bare[stop]] + self.widths[start]

    def room(self, start: int, stop: int) -> float:
        """Points that the punctuation of a line can give, its last sign not counted."""
        return self.rooms[max(start, self.bare[stop] - 1)] - self.rooms[start]

    def gaps(self, start: int, stop: int) -> int:
        """Places where a line may be spread."""
        return max(0, self.joints[self.bare[stop]] - self.joints[start + 1])

    def line(self, start: int, stop: int) -> Line:
        """The finished line."""
        slack = self.slack(start, stop)
        if stop == self.count or abs(slack) < _TOLERANCE:
            slack = min(slack, 0.0) if slack < -_TOLERANCE else 0.0
        return Line(start, self.bare[stop], self.available(start), slack, self.gaps(start, stop))

    def looseness(self, start: int, stop: int) -> float:
        """How much each gap grows, in ems; a line that cannot be spread counts as very loose."""
        return self.slack(start, stop) / self.em / (self.gaps(start, stop) or 0.25)


def longest_token(first: float, rest: float) -> float:
    """How long a token may be to be kept whole: it must fit the first line, and any line with a mark behind it."""
    return min(first, rest * (1 - 1 / _CELLS))


def break_lines(found: Sequence[Atom], first: float, rest: float) -> list[Line]:
    """Break atoms into lines, the first `first` and the others `rest` points wide."""
    if not found:
        return []
    measure = _Measure(found, first, rest)
    stops = _shared(measure, _greedy(measure))
    return [measure.line(start, stop) for start, stop in pairwise([0, *stops])]


def _greedy(measure: _Measure) -> list[int]:
    """The ends of all lines."""
    stops: list[int] = []
    start = 0
    while start < measure.count:
        start = _stop(measure, start)
        stops.append(start)
    return stops


def _stop(measure: _Measure, start: int) -> int:
    """Where the line that starts here ends."""
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
    """Whether the atoms up to `pulled` are taken into the line by squeezing its punctuation."""
    need, room = -measure.slack(start, pulled), measure.room(start, pulled)
    if need > min(room, _PULLED_CELLS * measure.em):
        return False
    if pushed <= start:
        return True
    if not measure.legal[stop]:
        return need <= _EASY * room or measure.looseness(start, pushed) > 2 * LOOSE
    return need < min(measure.em, _EASY * room) and measure.slack(start, pushed) > 1.5 * measure.em


def _shared(measure: _Measure, stops: list[int]) -> list[int]:
    """The line ends with every loose line's gap shared by the lines before it."""
    starts = [0, *stops]
    settled = list(stops)
    for first, last in reversed(_loose_stretches(measure, starts)):
        if better := _best(measure, starts[first], starts[last + 1]):
            settled[first : last + 1] = better
    return settled


def _loose_stretches(measure: _Measure, starts: Sequence[int]) -> list[tuple[int, int]]:
    """First and last line of each stretch that is broken again: loose lines and up to seven before each."""
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
    """The line ends between two fixed places that spread the gaps most evenly; [] when there are none."""
    widths, squeeze = measure.widths, _PULLED_CELLS * measure.em
    costs: dict[int, float] = {start: 0.0}
    origins: dict[int, int] = {}
    begins = [start]  # where a line may begin that ends here
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
    """What a line costs: nothing when it is full, little when squeezed, much when it is loose."""
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
