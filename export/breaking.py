"""A paragraph's atoms broken into lines: nothing forbidden at a line's ends, every line filled to the margin.

First greedy, as a hand would: fill the line; if it would end wrongly, pull the next signs in by taking the
blank halves of punctuation, else push out.  Where a long token leaves a line loose, the lines before it are
broken again together, so that all share the gap (a small version of Knuth and Plass).
Linear in the length of the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from export.tokens import Atom, legal_breaks

LOOSE = 0.05  # a line whose gaps grow by more than so many ems shares them with the lines before it
_WINDOW = 7  # … with so many lines at most
_PULLED_CELLS = 2.0  # no more than this is won by squeezing one line
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Line:
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
    """Prefix sums over a paragraph, so that any stretch of it is measured at once."""

    def __init__(self, found: Sequence[Atom], first: float, rest: float) -> None:
        self.atoms = found
        self.first = first
        self.rest = rest
        self.em = rest / 28
        self.legal = legal_breaks(found)
        self.ends = [0.0, *accumulate(atom.width for atom in found)]
        self.rooms = [0.0, *accumulate(atom.room for atom in found)]
        latin = [atom.latin for atom in found]
        joints = [0, *(0 if a and b else 1 for a, b in zip(latin, latin[1:], strict=False))]
        self.joints = list(accumulate(joints)) or [0]

    def available(self, start: int) -> float:
        """Width of a line that starts here."""
        return self.rest if start else self.first

    def bare(self, stop: int) -> int:
        """The line's end without the space that hangs over the margin."""
        return stop - 1 if stop and self.atoms[stop - 1].space else stop

    def slack(self, start: int, stop: int) -> float:
        """Points left over on a line of these atoms."""
        return self.available(start) - self.ends[self.bare(stop)] + self.ends[start]

    def room(self, start: int, stop: int) -> float:
        """Points that the punctuation of a line can give."""
        return self.rooms[self.bare(stop)] - self.rooms[start]

    def gaps(self, start: int, stop: int) -> int:
        """Places where a line may be spread: between all atoms but two Latin ones."""
        return max(0, self.joints[self.bare(stop) - 1] - self.joints[start])

    def line(self, start: int, stop: int) -> Line:
        """The finished line."""
        slack = self.slack(start, stop)
        gaps = self.gaps(start, stop)
        if stop == len(self.atoms):
            slack = min(slack, 0.0)
        if slack < 0 and slack > -_TOLERANCE:
            slack = 0.0
        return Line(start, self.bare(stop), self.available(start), slack, gaps)

    def looseness(self, start: int, stop: int) -> float:
        """How much each gap grows, in ems; a line that cannot be spread counts as very loose."""
        return self.slack(start, stop) / self.em / (self.gaps(start, stop) or 0.25)


def break_lines(found: Sequence[Atom], first: float, rest: float) -> list[Line]:
    """Break atoms into lines, the first `first` and the others `rest` points wide."""
    if not found:
        return []
    measure = _Measure(found, first, rest)
    stops = _greedy(measure)
    return [measure.line(start, stop) for start, stop in zip([0, *stops], stops, strict=False)]


def _greedy(measure: _Measure) -> list[int]:
    """The ends of all lines."""
    stops: list[int] = []
    settled = 0  # lines before this one are not touched again
    start = 0
    while start < len(measure.atoms):
        stop = _stop(measure, start)
        stops.append(stop)
        if stop < len(measure.atoms) and measure.looseness(start, stop) > LOOSE:
            settled = _share(measure, stops, max(settled, len(stops) - _WINDOW))
        start = stop
    return stops


def _stop(measure: _Measure, start: int) -> int:
    """Where the line that starts here ends."""
    count = len(measure.atoms)
    limit = measure.ends[start] + measure.available(start) + _TOLERANCE
    stop = bisect_right(measure.ends, limit, start + 1) - 1
    if stop < count and measure.atoms[stop].space:
        stop += 1
    if stop >= count:
        return count
    if stop <= start:
        return start + 1
    pushed = stop if measure.legal[stop] else measure.legal.rfind(1, start + 1, stop)
    pulled = measure.legal.find(1, stop + 1)
    if _pull(measure, start, stop, pushed, pulled):
        return pulled
    return pushed if pushed > start else stop


def _pull(measure: _Measure, start: int, stop: int, pushed: int, pulled: int) -> bool:
    """Whether the atoms up to `pulled` are taken into the line by squeezing its punctuation."""
    need = -measure.slack(start, pulled)
    if need > min(measure.room(start, pulled), _PULLED_CELLS * measure.em):
        return False
    if pushed <= start or not measure.legal[stop]:
        return True
    return measure.slack(start, pushed) > 1.5 * measure.em and need < measure.em


def _share(measure: _Measure, stops: list[int], begin: int) -> int:
    """Break the lines from number `begin` to the loose last one again; return the number of settled lines."""
    if len(stops) - begin < 2:
        return begin
    start = stops[begin - 1] if begin else 0
    better = _best(measure, start, stops[-1])
    if better:
        stops[begin:] = better
    return len(stops)


def _best(measure: _Measure, start: int, stop: int) -> list[int]:
    """The line ends between two fixed places that spread the gaps most evenly; [] when there are none."""
    places = [start, *(p for p in range(start + 1, stop + 1) if measure.legal[p])]
    best: dict[int, tuple[float, int]] = {start: (0.0, start)}
    for index, end in enumerate(places):
        for begin in reversed(places[:index]):
            if measure.slack(begin, end) < -min(measure.room(begin, end), _PULLED_CELLS * measure.em):
                break
            if begin in best:
                cost = best[begin][0] + _cost(measure, begin, end)
                if end not in best or cost < best[end][0]:
                    best[end] = (cost, begin)
    return _path(best, start, stop)


def _cost(measure: _Measure, begin: int, end: int) -> float:
    slack = measure.slack(begin, end)
    if slack < -_TOLERANCE:
        return 0.004 + (slack / (measure.room(begin, end) or 1)) ** 2 * 0.01
    return (measure.looseness(begin, end) * 10) ** 3 * 0.1 + 1e-6


def _path(best: dict[int, tuple[float, int]], start: int, stop: int) -> list[int]:
    stops: list[int] = []
    while stop in best and stop != start:
        stops.append(stop)
        stop = best[stop][1]
    return stops[::-1] if stop == start else []
