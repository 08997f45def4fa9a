"""Compares the column headings of an old table with the form's, so that no number is read into a wrong column."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
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
    OTHER = "other"  # other columns, another unit, or another order


def compare(lines: Sequence[Sequence[str]], columns: Sequence[Column], lead: str) -> Heads:
    """Compare heading rows with the columns; a row may name some of them, left to right, and repeat the series.

    `lead` is the form's text before the first column heading, "" for none.
    """
    verdicts: list[Heads] = []
    seen: set[int] = set()
    for cells in lines:
        places = [found for cell in cells if cell and (found := _place(cell, columns))]
        if not _in_order([index for index, _ in places], columns):
            return Heads.OTHER
        seen.update(index for index, _ in places)
        verdicts += [verdict for _, verdict in places]
    if not verdicts:
        return Heads.OTHER if any(_begins(cells, lead) for cells in lines) else Heads.ABSENT
    missing = [column for index, column in enumerate(columns) if index not in seen]
    if Heads.OTHER in verdicts or any(not column.total for column in missing):
        return Heads.OTHER
    return Heads.ALIKE if missing or Heads.ALIKE in verdicts else Heads.SAME  # a missing total is no other column


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
