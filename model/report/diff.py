"""Compares two states of a report and builds the change that restores one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from model.form import Address, Entry
from model.report.report import HEAD, Change, Report, difference

_SMALL = 4_000  # texts up to this many characters are compared character by character


@dataclass(frozen=True)
class CellDifference:
    """Cell whose entry differs."""

    address: Address
    old: Entry
    new: Entry


@dataclass(frozen=True)
class DiffPart:
    """Stretch of a text, before and after; both are equal where nothing changed."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        """Return True if both texts are equal."""
        return self.old == self.new


@dataclass(frozen=True)
class TextDifference:
    """Text that differs: `place` is a section, a fact of the cover or a field of the report."""

    place: str
    pieces: tuple[DiffPart, ...]

    @property
    def old(self) -> str:
        """The whole text before."""
        return "".join(piece.old for piece in self.pieces)

    @property
    def new(self) -> str:
        """The whole text after."""
        return "".join(piece.new for piece in self.pieces)


@dataclass(frozen=True)
class Comparison:
    """Differences between two states, in the order of the addresses and names."""

    cells: tuple[CellDifference, ...] = ()
    texts: tuple[TextDifference, ...] = ()
    facts: tuple[TextDifference, ...] = ()
    head: tuple[TextDifference, ...] = ()

    @property
    def same(self) -> bool:
        """Return True if nothing differs that a reader of the report could see."""
        return self.count == 0

    @property
    def count(self) -> int:
        """The number of places that differ."""
        return len(self.cells) + len(self.texts) + len(self.facts) + len(self.head)


def compare(old: Report, new: Report) -> Comparison:
    """Compare two reports as a reader sees them; import notes and old printed totals are left out."""
    change = difference(old, new, "")
    return Comparison(
        cells=tuple(CellDifference(address, *change.cells[address]) for address in sorted(change.cells, key=str)),
        texts=_texts(change.texts),
        facts=_texts(change.facts),
        head=_texts({n: (str(pair[0]), str(pair[1])) for n, pair in change.head.items() if n in HEAD and n != "notes"}),
    )


def _texts(pairs: Mapping[str, tuple[str, str]]) -> tuple[TextDifference, ...]:
    return tuple(TextDifference(place, pieces(*pairs[place])) for place in sorted(pairs))


def pieces(old: str, new: str) -> tuple[DiffPart, ...]:
    """Split two texts into stretches that are equal or differ.

    They are compared by paragraph first, then by character within it: by character alone, long texts are too slow.
    """
    found: list[DiffPart] = []
    for was, now in _stretches(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        one, other = "".join(was), "".join(now)
        if one == other or len(one) * len(other) > _SMALL**2:
            found.append(DiffPart(one, other))
        else:
            found += [DiffPart("".join(a), "".join(b)) for a, b in _stretches(list(one), list(other))]
    return tuple(found)


def _stretches(old: list[str], new: list[str]) -> list[tuple[list[str], list[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(old[a:b], new[c:d]) for _, a, b, c, d in matcher.get_opcodes()]


def going_back(now: Report, then: Report, name: str) -> Change:
    """Return the step from the present report to a version of it, which can be undone; empty when both are the same."""
    return difference(now, then, f"回到版本“{name}”")
