"""Matches raw lines with the rows of a form's table by label and order, never by position alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from statistics import median_low

from model.importing.labels import Label, Labels, fold, has_number, is_number, is_value
from model.importing.sections import SourceLine

MAX_FRAGMENTS = 3  # lines over which one label may be broken
MAX_MATCHES = 500  # candidate lines of one table
_SIMILAR = 0.8  # similarity of a label that lost a character or two
_CUT, _LEAST = 0.95, 4  # similarity of a label that is cut off, and its shortest length in characters
_MAX_SIMILAR = 30  # unknown lines compared by similarity


@dataclass(frozen=True, slots=True)
class Match:
    """A line (by its index) recognised as a row, and the cells after the label."""

    line: int
    values: tuple[str, ...]


@dataclass
class Matching:
    """The result for all lines: rows by id, and the lines left over, by index."""

    rows: dict[str, Match] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)  # row ids found out of order
    similar: list[str] = field(default_factory=list)  # row ids recognised by a damaged label
    twice: list[int] = field(default_factory=list)  # lines whose row was found before
    unclear: list[int] = field(default_factory=list)  # lines that may mean several rows
    unknown: list[int] = field(default_factory=list)  # lines with numbers and a label that is not in the form
    texts: list[int] = field(default_factory=list)  # lines without numbers that are not headings of the table


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A line and the rows it may be."""

    line: int
    rows: frozenset[int]
    values: tuple[str, ...]

    @property
    def weight(self) -> int:
        """The weight in the alignment: 4 for a line with values, 2 for a label alone."""
        return 4 if any(self.values) else 2


def cells_of(line: SourceLine) -> tuple[str, ...]:
    """The cells of a table row, or the words of running text."""
    return line.cells or tuple(line.text.split(maxsplit=64))


def own_cells(line: SourceLine, start: int) -> dict[int, str]:
    """The cells from `start` on by index, without those that merged ones cover."""
    return {place: line.cells[place] for place in range(start, len(line.cells)) if place not in line.covered}


def values_under(own: Mapping[int, str], columns: Sequence[int | None]) -> list[str]:
    """The cells below headings, "" where there is none; [] if not every heading stands above a cell of its own.

    `columns` are the indices of the headings, None for a heading that is missing.
    """
    at = [place for place in columns if place is not None]
    filled = {place for place, cell in own.items() if cell}
    if not at or not own.keys() >= set(at) or not filled <= set(at):
        return []
    return [own[place] if place is not None else "" for place in columns]


def match(labels: Labels, lines: Sequence[SourceLine]) -> Matching:
    """Match lines with the rows of a table with row labels."""
    matching = Matching()
    candidates = _candidates(labels, lines, matching)
    chosen = _aligned(candidates, len(labels.rows))
    for candidate in candidates:
        _settle(candidate, candidates, chosen, labels, matching)
    _settle_similar(labels, lines, matching)
    return matching


def copies(labels: Labels, lines: Sequence[SourceLine]) -> int:
    """The number of times that most rows occur with numbers in these lines: 2 for two reports in one file."""
    found = [label for line in lines if has_number(cells := cells_of(line)) and (label := labels.find(cells))]
    counts = Counter(row for label in found if has_number(label.values) for row in label.rows)
    return median_low([counts[row] for row in range(len(labels.rows))])


# -- from lines to candidates -------------------------------------------------------------------------------------


def _candidates(labels: Labels, lines: Sequence[SourceLine], matching: Matching) -> list[_Candidate]:
    found: list[_Candidate] = []
    fragments: list[str] = []
    group = ""  # the row group named on this line, or on headings just above it
    for index, line in enumerate(lines):
        cells = cells_of(line)
        group = labels.group_in(cells) or group
        label = _find(labels, cells, fragments, running=not line.cells)
        if label and len(found) < MAX_MATCHES:
            found.append(_Candidate(index, _narrowed(label.rows, group, labels), label.values))
            fragments, group = [], "" if any(label.values) else group
        elif labels.is_heading(cells):
            fragments = [*fragments, line.text][-MAX_FRAGMENTS:]
        elif has_number(cells) and line.cells:
            matching.unknown.append(index)
            fragments, group = [], ""
        else:
            fragments = [*fragments, line.text][-MAX_FRAGMENTS:]
            matching.texts.append(index)
    return found


def _find(labels: Labels, cells: tuple[str, ...], fragments: Sequence[str], *, running: bool) -> Label | None:
    """The label of a line, which may begin on the lines before; in running text only numbers may follow it."""
    for count in range(len(fragments) + 1 if has_number(cells) else 1):
        label = labels.find((*fragments[len(fragments) - count :], *cells))
        if label and _plausible(label, labels, count, running=running):
            return label
    return None


def _plausible(label: Label, labels: Labels, broken: int, *, running: bool) -> bool:
    """Return False for a heading, a sentence, or a label that ends within the `broken` lines before this one."""
    filled = [value for value in label.values if value]
    if filled and all(labels.is_word(value) for value in filled):
        return False
    if running or label.length <= broken:
        return label.length >= broken and bool(filled) and all(is_value(value) for value in filled)
    return True


def _narrowed(rows: frozenset[int], group: str, labels: Labels) -> frozenset[int]:
    """The rows of the named group if there are any, else all."""
    return frozenset(row for row in rows if group in labels.groups[row]) or rows


# -- in order -----------------------------------------------------------------------------------------------------


def _aligned(candidates: Sequence[_Candidate], rows: int) -> dict[int, int]:
    """Map lines to rows by the heaviest alignment in order (a weighted longest common subsequence, first on ties)."""
    best = [[0] * (rows + 1) for _ in range(len(candidates) + 1)]
    for place in range(len(candidates) - 1, -1, -1):
        candidate, below, here = candidates[place], best[place + 1], best[place]
        for row in range(rows - 1, -1, -1):
            here[row] = max(below[row], here[row + 1])
            if row in candidate.rows:
                here[row] = max(here[row], candidate.weight + below[row + 1])
    return dict(_traced(candidates, best, rows))


def _traced(candidates: Sequence[_Candidate], best: Sequence[Sequence[int]], rows: int) -> Iterator[tuple[int, int]]:
    place = row = 0
    while place < len(candidates) and row < rows:
        candidate, here, below = candidates[place], best[place], best[place + 1]
        if row in candidate.rows and here[row] == candidate.weight + below[row + 1]:
            yield candidate.line, row
            place, row = place + 1, row + 1
        elif here[row] == here[row + 1]:
            row += 1
        else:
            place += 1


def _settle(
    candidate: _Candidate,
    candidates: Sequence[_Candidate],
    chosen: Mapping[int, int],
    labels: Labels,
    matching: Matching,
) -> None:
    """Enter a line in `matching`: as a row, or among the lines left over."""
    row = chosen.get(candidate.line)
    if row is None:
        _settle_moved(candidate, set(chosen.values()), labels, matching)
    elif len(candidate.rows) > 1 and sum(c.rows <= candidate.rows for c in candidates) != len(candidate.rows):
        matching.unclear.append(candidate.line)  # rows of equal label, some missing: order cannot tell them apart
    else:
        matching.rows[labels.rows[row].id] = Match(candidate.line, candidate.values)


def _settle_moved(candidate: _Candidate, taken: set[int], labels: Labels, matching: Matching) -> None:
    """Enter a line out of order: as a row if its label means only one row, not found yet; else as left over."""
    if not any(candidate.values):
        return
    free = [labels.rows[row].id for row in candidate.rows if row not in taken]
    if not free or (len(candidate.rows) == 1 and free[0] in matching.rows):
        matching.twice.append(candidate.line)
    elif len(candidate.rows) == 1:
        matching.rows[free[0]] = Match(candidate.line, candidate.values)
        matching.moved.append(free[0])
    else:
        matching.unclear.append(candidate.line)


# -- damaged labels -----------------------------------------------------------------------------------------------


def _settle_similar(labels: Labels, lines: Sequence[SourceLine], matching: Matching) -> None:
    """Accept an unknown line as a row with a damaged label if that row is missing there and no other is as similar."""
    for index in matching.unknown[:_MAX_SIMILAR]:
        cells = cells_of(lines[index])
        length = next((place for place, cell in enumerate(cells) if is_number(cell)), 0)
        word = fold("".join(cells[:length]))
        missing = _missing_at(index, labels, matching)
        ratios = sorted(((_likeness(word, labels, row), row) for row in missing), reverse=True)
        if ratios and ratios[0][0] >= _SIMILAR and (len(ratios) == 1 or ratios[0][0] > ratios[1][0]):
            name = labels.rows[ratios[0][1]].id
            matching.rows[name] = Match(index, cells[length:])
            matching.similar.append(name)
    found = {hit.line for hit in matching.rows.values()}
    matching.unknown = [index for index in matching.unknown if index not in found]


def _missing_at(line: int, labels: Labels, matching: Matching) -> list[int]:
    """The missing rows between the rows found before and after a line."""
    order = {row.id: place for place, row in enumerate(labels.rows)}
    before = [order[name] for name, hit in matching.rows.items() if hit.line < line and name not in matching.moved]
    after = [order[name] for name, hit in matching.rows.items() if hit.line > line and name not in matching.moved]
    between = range(max(before, default=-1) + 1, min(after, default=len(order)))
    return [row for row in between if labels.rows[row].id not in matching.rows]


def _likeness(word: str, labels: Labels, row: int) -> float:
    """The similarity of a label; one cut off, as by the end of a page, is as similar as one that lost a character."""
    ratios = (SequenceMatcher(None, word[:60], wording[:60]).ratio() for wording in labels.wordings(row))
    cut = len(word) >= _LEAST and any(wording.startswith(word) for wording in labels.wordings(row))
    return max(*ratios, _CUT if cut else 0.0)
