"""Assigns pasted cells to table cells: rows by their labels if these were copied, else from the current cell on.

Pasted totals are not entered but compared with the computed ones; a value without a place is reported, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from model.base import excerpt_of_row
from model.form import Address, Entry, Format, Layout, Number, Table, shown
from model.importing.clipboard import is_cut
from model.importing.row_matching import match
from model.importing.sections import SourceLine
from model.importing.values import Collected, RawRow, TablePlace, put, put_row
from model.report import Report, engine_of

MAX_LISTED = 50  # messages of one kind


@dataclass(frozen=True)
class Proposal:
    """Effect of a paste: `entries` to be entered, `proven` totals that agree with them, `problems` as messages."""

    entries: Mapping[Address, Entry] = field(default_factory=dict)
    proven: tuple[Address, ...] = ()
    problems: tuple[str, ...] = ()
    by_label: bool = False


def propose(report: Report, form: Format, table: Table, cells: Sequence[Sequence[str]], start: Address) -> Proposal:
    """Compute what pasting `cells` into `table` at `start` would do to `report`, without changing it."""
    place = TablePlace(form, form.section_of(table.id), table)
    lines = [SourceLine(n, " ".join(filter(None, row)), tuple(row)) for n, row in enumerate(cells)]
    found, problems = _by_label(place, lines)
    by_label = bool(found.cells or found.stated or problems)
    if not by_label:
        bare = [row for row, line in zip(cells, lines, strict=True) if not _is_heading(place, line)]
        found, problems = _by_place(form, table, bare, start)
    unread = _listed([f"{form.cell_name(a)}：{e.problem}" for a, e in found.cells.items() if e.unread])
    proven, against = _proof(report, form, found)
    return Proposal(found.cells, proven, (*problems, *unread, *against), by_label)


def fitting(form: Format, table: Table, tables: Sequence[Sequence[Sequence[str]]]) -> Sequence[Sequence[str]]:
    """Return that of several tables which has most of the words of this one; the first if none has any."""
    labels = TablePlace(form, form.section_of(table.id), table).labels
    return max(tables, key=lambda rows: sum(labels.is_word(cell) for row in rows for cell in row if cell))


# -- by label -----------------------------------------------------------------------------------------------------


def _by_label(place: TablePlace, lines: Sequence[SourceLine]) -> tuple[Collected, list[str]]:
    """Read the rows that have a label of this table, and report the lines that match none."""
    found = Collected()
    matching = match(place.labels, lines)
    for row, hit in matching.rows.items():
        put_row(found, place, row, RawRow(hit.values, lines[hit.line].cells))
    homeless = (*matching.twice, *matching.unclear, *matching.unknown) if matching.rows else ()
    problems = [note.message for note in found.all_notes()]
    rows = [f"这一行没有对应的行，未填入：{excerpt_of_row(lines[index].cells)}" for index in sorted(homeless)]
    return found, [*problems, *_listed(rows)]


def _listed(problems: list[str]) -> list[str]:
    """The first messages of one kind, and one about the number of the others."""
    rest = len(problems) - MAX_LISTED
    return [*problems[:MAX_LISTED], *([f"另有 {rest} 处同样的问题，没有逐一列出"] if rest > 0 else [])]


def _is_heading(place: TablePlace, line: SourceLine) -> bool:
    """Return True for a line of column headings that was copied with the numbers."""
    return any(line.cells) and place.labels.is_heading(line.cells)


# -- by place -----------------------------------------------------------------------------------------------------


def _by_place(
    form: Format, table: Table, cells: Sequence[Sequence[str]], start: Address
) -> tuple[Collected, list[str]]:
    """Fill a rectangle from the start cell on; a single column also fits a table laid out as a single line."""
    lines = _lines(table)
    top, left = next((r, line.index(start)) for r, line in enumerate(lines) if start in line)
    if len(lines) == 1 and len(cells) > 1 and all(len(row) == 1 for row in cells):
        cells = [[row[0] for row in cells]]
    if spaced := _without_totals(form, lines, cells, top, left):
        return spaced, []
    found, outside = Collected(), 0
    for r, row in enumerate(cells, top):
        for c, typed in enumerate(row, left):
            if r < len(lines) and c < len(lines[r]):
                put(found, form, lines[r][c], typed)
            else:
                outside += bool(typed)
    least = "至少" if is_cut(cells) else ""
    names = [f"{least}有 {outside} 个数超出表格范围，没有位置，未填入；请从更靠左上的单元格开始粘贴"] if outside else []
    return found, names


def _without_totals(
    form: Format, lines: Sequence[Sequence[Address]], cells: Sequence[Sequence[str]], top: int, left: int
) -> Collected | None:
    """Fill a single-line table pasted without its totals, such as 12 numbers for 15 cells of which 3 are totals."""
    inputs = [address for address in lines[top] if address not in form.totals]
    if len(lines) != 1 or top or left or len(cells) != 1 or len(cells[0]) != len(inputs):
        return None
    found = Collected()
    for address, typed in zip(inputs, cells[0], strict=True):
        put(found, form, address, typed)
    return found


def _lines(table: Table) -> list[list[Address]]:
    """Return the cells as laid out: one list for each row, or all in one list for a strip."""
    rows = [[Address(table.id, row.id, column.id) for column in table.columns(row.id)] for row in table.rows]
    return [[address for row in rows for address in row]] if table.layout is Layout.STRIP else rows


# -- proof --------------------------------------------------------------------------------------------------------


def _proof(report: Report, form: Format, found: Collected) -> tuple[tuple[Address, ...], list[str]]:
    """Return the pasted totals that agree with the computed ones, and a message for each that does not."""
    engine = engine_of(form)
    values, _ = engine.recompute(engine.values(report), found.cells)
    agree = tuple(address for address, number in found.stated.items() if values.get(address) == number)
    against = [_against(form, a, n, values.get(a)) for a, n in found.stated.items() if a not in agree]
    return agree, against


def _against(form: Format, address: Address, pasted: Number, computed: Number | None) -> str:
    return f"{form.cell_name(address)}：粘贴的总计为 {shown(pasted)}，按各项计算为 {shown(computed) or '空白'}，请核对"
