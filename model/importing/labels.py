"""Compares labels and headings regardless of spaces, brackets, character widths and numbering."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.form import Row, Table
from model.importing.containers import NO_NUMBERS

_SILENT = re.compile(r"[\W_]+")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_SECTION = re.compile(rf"\s*(?:第?{_NUMERAL}(?:部分|[、.,:：．])|{_NUMERAL}(?=\s))\s*")
_INNER = re.compile(rf"\s*(?:[(（](?:{_NUMERAL}|\d{{1,2}})[)）]|\d{{1,2}}[、.．)）])\s*")


def fold(text: str) -> str:
    """Reduce a text to its letters and digits (NFKC): `(三) 不予公 开` and `（三）不予公开` become equal."""
    if text.isascii() and text.isalnum():
        return text
    return _SILENT.sub("", unicodedata.normalize("NFKC", text))


def unnumbered(text: str) -> str:
    """The text without its leading number, such as 一、 第一部分 （一） (1) 1. or 1、 ."""
    for pattern in (_SECTION, _INNER):
        if match := pattern.match(text):
            return text[match.end() :]
    return text


def numbered_as_section(text: str) -> bool:
    """Return True if the text begins with 一、 or the like."""
    return bool(_SECTION.match(text))


def section_number(text: str) -> str:
    """The numeral of a text that begins with 一、 or the like, "" for any other."""
    match = _SECTION.match(text)
    return "".join(re.findall(_NUMERAL, match.group())) if match else ""


def numbered_within(text: str) -> bool:
    """Return True if the text begins with （一）, 1. or the like, numbers that sections do not have."""
    return bool(_INNER.match(text))


def is_nothing(text: str) -> bool:
    """Return True for a sign that is written in place of a number: / － 无."""
    return text in NO_NUMBERS


def is_value(text: str) -> bool:
    """Return True for the possible content of a number cell: a text with a digit, or a sign for none."""
    return is_nothing(text) or has_number([text])


def has_number(cells: Iterable[str]) -> bool:
    """Return True if one of the cells contains a digit."""
    return any(character.isdigit() for cell in cells for character in cell)


def is_number(cell: str) -> bool:
    """Return True for a text of digits with a sign, a point or commas."""
    return bool(cell) and all(character.isdigit() or character in "+-－.,，" for character in cell)


# -- the labels of a table ----------------------------------------------------------------------------------------

_STARTS, _CELLS = 4, 8  # cells of a line in which a label may begin, and over which it may be spread


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the beginning of a line: the rows it may mean, the cells it takes up, and the cells after it."""

    rows: frozenset[int]
    length: int
    values: tuple[str, ...]


class Labels:
    """An index of the row labels of one table."""

    def __init__(self, table: Table) -> None:
        self.rows = table.rows
        self.columns = max(len(band.columns) for band in table.bands)
        self.groups = [frozenset(_chain(table, row)) for row in table.rows]
        self._group_names = {fold(group.label): group.id for group in table.row_groups}
        self._words = frozenset(_words(table))
        self._all_words = "\n".join(self._words)
        exact: dict[str, set[int]] = defaultdict(set)
        loose: dict[str, set[int]] = defaultdict(set)
        for index, row in enumerate(table.rows):
            groups = ["".join(map(fold, chosen)) for chosen in _subsets(_chain_labels(table, row))]
            for wording in (row.label, *row.variants):
                loose[fold(unnumbered(wording))].add(index)
                for before in groups:
                    exact[before + fold(wording)].add(index)
        self._exact, self._loose = _frozen(exact), _frozen(loose)
        self._longest = max(map(len, exact))

    def find(self, cells: Sequence[str]) -> Label | None:
        """The longest label at the beginning of a line; at equal length one that includes its number; None for none."""
        best: tuple[int, bool] = (0, False)
        label = None
        for stop, key, loose_key in self._openings(cells):
            rows = self._exact.get(key)
            weight = (len(key), bool(rows))
            if weight > best and (rows := rows or self._loose.get(loose_key)):
                best, label = weight, Label(rows, stop, tuple(cells[stop:]))
        return label

    def _openings(self, cells: Sequence[str]) -> Iterator[tuple[int, str, str]]:
        """The runs of cells that may be a label: end index, folded text, and folded text without its number."""
        folded = [fold(cell) for cell in cells[: _STARTS + _CELLS]]
        for start in range(min(_STARTS, len(folded))):
            key, loose_key = folded[start], fold(unnumbered(cells[start]))
            for stop in range(start, min(start + _CELLS, len(folded))):
                if stop > start:
                    key, loose_key = key + folded[stop], loose_key + folded[stop]
                if len(key) > self._longest + _CELLS or (stop > start and folded[stop].isdigit()):
                    break  # a number may begin a label (1.) but not end one
                if folded[stop]:
                    yield stop + 1, key, loose_key
            if has_number([cells[start]]):
                break  # a number is no part of a group label spread over several cells

    def group_in(self, cells: Sequence[str]) -> str:
        """The id of the innermost row group named at the beginning of a line, or ""."""
        names = [name for cell in cells[:_STARTS] if (name := self._group_names.get(fold(cell)))]
        return names[-1] if names else ""

    def is_word(self, cell: str) -> bool:
        """Return True if the form prints exactly this text in the table."""
        return fold(cell) in self._words

    def is_heading(self, cells: Iterable[str]) -> bool:
        """Return True if every cell is a text of the form's table or a part of one, and not a number."""
        return all((word := fold(cell)) in self._all_words and not word.isdigit() for cell in cells)

    def wordings(self, row: int) -> list[str]:
        """The folded label and variants of a row."""
        return [fold(wording) for wording in (self.rows[row].label, *self.rows[row].variants)]


def _chain(table: Table, row: Row) -> Iterator[str]:
    """The ids of the groups around a row, innermost first."""
    group = row.within
    while group:
        yield group
        group = table.row_group(group).within


def _chain_labels(table: Table, row: Row) -> list[str]:
    """The labels of the groups around a row, outermost first."""
    return [table.row_group(group).label for group in _chain(table, row)][::-1]


def _subsets(items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All subsequences of the items, including the empty one and the whole."""
    for count in range(len(items) + 1):
        yield from itertools.combinations(items, count)


def _words(table: Table) -> Iterator[str]:
    """The folded texts that the form prints in the table besides numbers."""
    texts = [table.corner, *(group.label for group in (*table.row_groups, *table.column_groups))]
    for band in table.bands:
        texts += [band.label, band.head, *(column.label for column in band.columns)]
    texts += [wording for row in table.rows for wording in (row.label, *row.variants)]
    yield from (word for text in texts if (word := fold(text)))


def _frozen(index: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {key: frozenset(rows) for key, rows in index.items()}
