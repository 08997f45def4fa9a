"""Compares the column headings of an old table with the form's, so that no number is read into a wrong column."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from model.form import Column
from model.importing.labels import fold

_ALIKE = 0.75  # accepts 处理决定数量 for 本年处理决定数量 (0.86), not 本年废止件数 for 本年制发件数 (0.67)
_LONGEST = 40  # characters of a heading
_BRACKETS = re.compile(r"\(([^()]*)\)")


class Heads(Enum):
    """The result of comparing headings with the form's columns."""

    ABSENT = "absent"
    SAME = "same"
    ALIKE = "alike"  # other words for the same thing
    UNKNOWN = "unknown"  # some columns have headings that the form does not know; the others are in order
    OTHER = "other"  # other columns, another unit, or another order


@dataclass(frozen=True, slots=True)
class HeadRows:
    """The rows of headings above some numbers, compared with the form's columns.

    `places` has for each column the index of the cell with its heading, None where it was not found.
    """

    verdict: Heads
    places: tuple[int | None, ...] = ()

    @property
    def allows(self) -> bool:
        """Tell whether numbers may be read by these headings alone."""
        return self.verdict in (Heads.ABSENT, Heads.SAME, Heads.ALIKE)


def compare(lines: Sequence[Sequence[str]], columns: Sequence[Column], lead: str) -> HeadRows:
    """Compare heading rows with the columns; a row may name some of them, left to right, and repeat the series.

    `lead` is the form's text before the first column heading, "" for none.
    """
    verdicts: list[Heads] = []
    seen: dict[int, int] = {}
    for cells in lines:
        found = [(place, hit) for place, cell in enumerate(cells) if cell and (hit := _place(cell, columns))]
        if not _in_order([index for _, (index, _) in found], columns):
            return HeadRows(Heads.OTHER)
        seen.update({index: place for place, (index, _) in found})
        verdicts += [verdict for _, (_, verdict) in found]
    if not verdicts:
        return HeadRows(Heads.UNKNOWN if any(_begins(cells, lead) for cells in lines) else Heads.ABSENT)
    return HeadRows(_verdict(verdicts, seen, columns), tuple(seen.get(index) for index in range(len(columns))))


def _verdict(verdicts: Sequence[Heads], seen: Collection[int], columns: Sequence[Column]) -> Heads:
    missing = [column for index, column in enumerate(columns) if index not in seen]
    if Heads.OTHER in verdicts:
        return Heads.OTHER
    if any(not column.total for column in missing):
        return Heads.UNKNOWN
    return Heads.ALIKE if missing or Heads.ALIKE in verdicts else Heads.SAME  # a missing total is no other column


def by_elimination(lines: Sequence[Sequence[str]], columns: Sequence[Column], lead: str) -> bool:
    """Tell whether one row has a heading for each column, and all but one are known and at their own place."""
    for cells in lines:
        filled = [cell for cell in cells if cell and fold(cell) != fold(lead)]
        known = sum(_same(cell, column) for cell, column in zip(filled, columns, strict=False))
        if len(filled) == len(columns) and known == len(columns) - 1 > 0:
            return True
    return False


def series(lines: Sequence[Sequence[str]], columns: Sequence[Column], times: int) -> list[int | None]:
    """The cells under headings that are repeated `times`: for each of all columns its index, None for a missing total.

    Returns [] if the headings found are not such a series.
    """
    found: dict[int, int] = {}
    for cells in lines:
        found |= {place: hit[0] for place, cell in enumerate(cells) if cell and (hit := _place(cell, columns))}
    named = sorted(found.items())
    typed = [index for index, column in enumerate(columns) if not column.total]
    for indices in (list(range(len(columns))), typed):
        if [index for _, index in named] == indices * times:
            places = [place for place, _ in named]
            groups = [places[start : start + len(indices)] for start in range(0, len(places), len(indices))]
            return [
                dict(zip(indices, group, strict=True)).get(index) for group in groups for index in range(len(columns))
            ]
    return []


def _begins(cells: Sequence[str], lead: str) -> bool:
    """Return True for a row with more than one cell whose first is the text before the column headings."""
    filled = [cell for cell in cells if cell]
    return bool(lead) and len(filled) > 1 and fold(filled[0]) == fold(lead)


def _in_order(indices: Sequence[int], columns: Sequence[Column]) -> bool:
    """Return True if the indices rise, or restart at 0 after the last typed column (a repeated series of headings)."""
    last = max((index for index, column in enumerate(columns) if not column.total), default=0)
    return all(b > a or (a >= last and b == 0) for a, b in itertools.pairwise(indices))


def _place(cell: str, columns: Sequence[Column]) -> tuple[int, Heads] | None:
    """The index of the column that a heading names and the kind of agreement, or None."""
    for index, column in enumerate(columns):
        if _same(cell, column):
            return index, Heads.SAME
    words, _ = _parts(cell)
    if not words or len(words) > _LONGEST:
        return None
    ratios = [SequenceMatcher(None, words, _parts(column.label)[0]).ratio() for column in columns]
    best = max(range(len(columns)), key=ratios.__getitem__)
    if ratios[best] < _ALIKE:
        return None
    unlike_unit = ratios[best] == 1.0  # only the text in brackets differs: 元 for 万元
    return best, Heads.OTHER if unlike_unit else Heads.ALIKE


def _same(cell: str, column: Column) -> bool:
    if fold(cell) == fold(column.label):
        return True
    words, bracket = _parts(cell)
    return words == _parts(column.label)[0] and (not bracket or column.unit in bracket)


def _parts(text: str) -> tuple[str, str]:
    """The words of a heading outside brackets, and the text inside them."""
    half = unicodedata.normalize("NFKC", text)
    return fold(_BRACKETS.sub("", half)), "".join(_BRACKETS.findall(half))
