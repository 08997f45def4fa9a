"""Finds the rows of a form's table among raw lines: by label, in order, never by position alone."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from model.format import Row, Table
from model.importing.labels import fold, unnumbered
from model.importing.parts import Line

MAX_FRAGMENTS = 3  # lines over which one label may be broken
MAX_MATCHES = 500  # lines that look like rows of one table
_STARTS, _CELLS = 4, 8  # where a label may begin, and over how many cells or words it may be spread
_NOTHING = frozenset({"/", "-", "--", "—", "——", "\\", "无", "不适用"})


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the beginning of a line: the rows it may mean, and the cells after it."""

    rows: frozenset[int]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A line (by its index) that was recognised as a row."""

    line: int
    values: tuple[str, ...]


@dataclass
class Matching:
    """What became of the lines: rows by id, and the lines that are left over."""

    rows: dict[str, Match] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)  # rows found out of order
    twice: list[int] = field(default_factory=list)  # lines whose row had been found before
    unclear: list[int] = field(default_factory=list)  # lines that may mean several rows
    unknown: list[int] = field(default_factory=list)  # lines with numbers and a label that the form does not have
    texts: list[int] = field(default_factory=list)  # lines without numbers that are no heading of the table


def has_number(cells: Iterable[str]) -> bool:
    """True when a digit stands in one of the cells."""
    return any(character.isdigit() for cell in cells for character in cell)


class Labels:
    """The labels of one table, ready to be looked up."""

    def __init__(self, table: Table) -> None:
        self.rows = table.rows
        self.groups = [frozenset(_chain(table, row)) for row in table.rows]
        self.group_names = {fold(label): name for name, label in _group_labels(table)}
        self.words = frozenset(_words(table))
        exact: dict[str, set[int]] = defaultdict(set)
        loose: dict[str, set[int]] = defaultdict(set)
        for index, row in enumerate(table.rows):
            for wording in (row.label, *row.variants):
                loose[fold(unnumbered(wording))].add(index)
                for groups in _subsets(_chain_labels(table, row)):
                    exact[fold("".join((*groups, wording)))].add(index)
        self._exact, self._loose = _frozen(exact), _frozen(loose)
        self._longest = max(map(len, exact))

    def find(self, cells: Sequence[str]) -> Label | None:
        """The label at the beginning of a row; the longest one, and one with its number before one without."""
        best, end = 0, 0
        rows: frozenset[int] = frozenset()
        for start, stop, text in self._openings(cells):
            key = fold(text)
            exact = self._exact.get(key)
            found = exact or self._loose.get(fold(unnumbered(text)))
            weight = 2 * len(key) + bool(exact)
            if found and weight > best and not has_number(cells[:start]):
                best, end, rows = weight, stop, found
        return Label(rows, tuple(cells[end:])) if rows else None

    def _openings(self, cells: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        for start in range(min(_STARTS, len(cells))):
            text = ""
            for stop in range(start, min(start + _CELLS, len(cells))):
                text += cells[stop]
                if len(text) > 2 * self._longest + 20:
                    break
                if cells[stop]:
                    yield start, stop + 1, text

    def group_in(self, cells: Sequence[str]) -> str:
        """The id of the innermost group of rows named at the beginning of a line, or ""."""
        names = [self.group_names[fold(cell)] for cell in cells[:_STARTS] if fold(cell) in self.group_names]
        return names[-1] if names else ""

    def is_heading(self, cells: Iterable[str]) -> bool:
        """True when every word belongs to the table's own headings, perhaps torn."""
        folded = [word for cell in cells if (word := fold(cell))]
        return all(word in self.words or any(word in known for known in self.words) for word in folded)


def _chain(table: Table, row: Row) -> Iterator[str]:
    """The ids of the groups that a row stands in, innermost first."""
    group = row.within
    while group:
        yield group
        group = table.row_group(group).within


def _chain_labels(table: Table, row: Row) -> list[str]:
    """What may stand before a row's own label: its groups, outermost first."""
    return [table.row_group(group).label for group in _chain(table, row)][::-1]


def _group_labels(table: Table) -> Iterator[tuple[str, str]]:
    yield from ((group.id, group.label) for group in table.row_groups)


def _subsets(items: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All choices of items in their order, none and all included."""
    for count in range(len(items) + 1):
        yield from itertools.combinations(items, count)


def _words(table: Table) -> Iterator[str]:
    """Everything that the form prints in the table besides numbers."""
    texts = [table.corner, *(group.label for group in (*table.row_groups, *table.column_groups))]
    for band in table.bands:
        texts += [band.label, band.head, *(column.label for column in band.columns)]
    texts += [wording for row in table.rows for wording in (row.label, *row.variants)]
    yield from (word for text in texts if (word := fold(text)))


def _frozen(index: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {key: frozenset(rows) for key, rows in index.items()}


# -- matching -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line with the rows it may be; `group` is the group of rows that is named on it or just above it."""

    line: int
    rows: frozenset[int]
    values: tuple[str, ...]
    group: str = ""

    @property
    def filled(self) -> bool:
        return any(self.values)


def cells_of(line: Line) -> tuple[str, ...]:
    """The cells of a row; of running text its words."""
    return line.cells or tuple(line.text.split(maxsplit=64))


def match(table: Table, lines: Sequence[Line]) -> Matching:
    """Match lines with the rows of a table that has row labels."""
    labels = Labels(table)
    matching = Matching()
    candidates = _candidates(labels, lines, matching)
    chosen = _aligned(candidates, len(table.rows))
    for candidate in candidates:
        _settle(candidate, candidates, chosen, table, matching)
    return matching


def _candidates(labels: Labels, lines: Sequence[Line], matching: Matching) -> list[_Candidate]:
    found: list[_Candidate] = []
    fragments: list[str] = []
    group = ""
    for index, line in enumerate(lines):
        cells = cells_of(line)
        group = labels.group_in(cells) or group
        label = _find(labels, cells, fragments, running=not line.cells)
        if label and len(found) < MAX_MATCHES:
            found.append(_Candidate(index, _narrowed(label.rows, group, labels), label.values, group))
            fragments, group = [], group if not any(label.values) else ""
        elif has_number(cells) and line.cells:
            matching.unknown.append(index)
            fragments, group = [], ""
        else:
            fragments = [*fragments, line.text][-MAX_FRAGMENTS:]
            if not labels.is_heading(cells):
                matching.texts.append(index)
    return found


def _find(labels: Labels, cells: tuple[str, ...], fragments: Sequence[str], *, running: bool) -> Label | None:
    """The label of a line, perhaps begun on the lines before; in running text only numbers may follow it."""
    for count in range(len(fragments) + 1):
        broken = tuple(fragments[len(fragments) - count :])
        label = labels.find((*broken, *cells))
        if label and not _heads(label.values, labels) and not (running and not _all_numbers(label.values)):
            return label
        if not has_number(cells):
            break
    return None


def _heads(values: Sequence[str], labels: Labels) -> bool:
    """True when what follows a label are other words of the form: then the line is a heading."""
    return any(values) and all(fold(value) in labels.words for value in values if value)


def _all_numbers(values: Sequence[str]) -> bool:
    return bool(values) and all(has_number([value]) or value in _NOTHING for value in values)


def _narrowed(rows: frozenset[int], group: str, labels: Labels) -> frozenset[int]:
    """Only the rows of the named group, when there are any."""
    return frozenset(row for row in rows if group in labels.groups[row]) or rows


def _aligned(candidates: Sequence[_Candidate], rows: int) -> dict[int, int]:
    """Line → row: the heaviest assignment that keeps both orders (longest common subsequence, the first on a tie)."""
    best = [[0] * (rows + 1) for _ in range(len(candidates) + 1)]
    for i in range(len(candidates) - 1, -1, -1):
        weight = 2 + candidates[i].filled * 2
        below, here = best[i + 1], best[i]
        for row in range(rows - 1, -1, -1):
            here[row] = max(below[row], here[row + 1])
            if row in candidates[i].rows:
                here[row] = max(here[row], weight + below[row + 1])
    return dict(_traced(candidates, best, rows))


def _traced(candidates: Sequence[_Candidate], best: Sequence[Sequence[int]], rows: int) -> Iterator[tuple[int, int]]:
    i = row = 0
    while i < len(candidates) and row < rows:
        weight = 2 + candidates[i].filled * 2
        if row in candidates[i].rows and best[i][row] == weight + best[i + 1][row + 1]:
            yield candidates[i].line, row
            i, row = i + 1, row + 1
        elif best[i][row] == best[i][row + 1]:
            row += 1
        else:
            i += 1


def _settle(
    candidate: _Candidate, candidates: Sequence[_Candidate], chosen: Mapping[int, int], table: Table, matching: Matching
) -> None:
    """Enter one line where it belongs: as a row, or with those left over."""
    row = chosen.get(candidate.line)
    if row is None:
        _settle_loose(candidate, set(chosen.values()), table, matching)
    elif len(candidate.rows) > 1 and sum(c.rows <= candidate.rows for c in candidates) != len(candidate.rows):
        matching.unclear.append(candidate.line)
    else:
        matching.rows[table.rows[row].id] = Match(candidate.line, candidate.values)


def _settle_loose(candidate: _Candidate, taken: set[int], table: Table, matching: Matching) -> None:
    """A line out of order is a row all the same if its label can mean only that one, and nothing stands there."""
    if not candidate.filled:
        return
    names = [table.rows[row].id for row in candidate.rows if row not in taken]
    if len(candidate.rows) == 1 and names and names[0] not in matching.rows:
        matching.rows[names[0]] = Match(candidate.line, candidate.values)
        matching.moved.append(names[0])
    elif names:
        matching.unclear.append(candidate.line)
    else:
        matching.twice.append(candidate.line)
