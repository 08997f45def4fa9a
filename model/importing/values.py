"""From the text of cells to entries, and what must be said about a row of the wrong length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from model.cell import Address, Entry, Number, read
from model.format import Format, Section, Severity, Table
from model.report import Note

_QUOTED = 160  # characters of the old report that a note repeats


@dataclass
class Collected:
    """What was read so far: cells, totals as printed, notes."""

    cells: dict[Address, Entry] = field(default_factory=dict)
    stated: dict[Address, Number] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def note(self, code: str, severity: Severity, section: Section, message: str) -> None:
        """Add a note, once."""
        note = Note(code, severity, section.id, message)
        if note not in self.notes:
            self.notes.append(note)


@dataclass(frozen=True)
class Place:
    """A table of a form with the section in which it stands."""

    form: Format
    section: Section
    table: Table

    @staticmethod
    def all_of(form: Format) -> Iterator[Place]:
        """The tables of a form in the order of the paper."""
        for section in form.sections:
            if section.table:
                yield Place(form, section, form.table(section.table))

    def row_name(self, row: str) -> str:
        """A row in the form's words, with its group."""
        return self.form.row_name(Address(self.table.id, row, self.table.columns(row)[0].id))

    def addresses(self, row: str) -> list[Address]:
        """The cells of a row in the order of the columns."""
        return [Address(self.table.id, row, column.id) for column in self.table.columns(row)]


def quoted(text: str) -> str:
    """What stands in the old report, on one line and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}……"


def put(found: Collected, form: Format, address: Address, text: str) -> None:
    """Enter the text of one cell: an entry, or a total as it was printed."""
    entry = read(text, form.column(address).kind)
    if entry.blank:
        return
    if address not in form.totals:
        found.cells[address] = entry
    elif entry.number is not None:
        found.stated[address] = entry.number
    else:
        section = form.section_of(address.table)
        message = f"「{section.title}」{form.cell_name(address)}的总计「{quoted(entry.typed)}」不是数字，未读入；总计由本软件计算"
        found.note("total-unread", Severity.EXPLAIN, section, message)


def put_row(found: Collected, place: Place, row: str, values: Sequence[str], raw: str) -> None:
    """Enter the cells of one row; a row of the wrong length stays blank and is named."""
    addresses = place.addresses(row)
    fitted = fit_or_note(found, place, f"的{quoted_row(place, row)}这一行", values, len(addresses), raw)
    for address, text in zip(addresses, fitted, strict=False):
        put(found, place.form, address, text)


def quoted_row(place: Place, row: str) -> str:
    """「一、……」"""
    return f"「{place.row_name(row)}」"


def fit_or_note(
    found: Collected, place: Place, where: str, values: Sequence[str], columns: int, raw: str
) -> Sequence[str]:
    """The values brought to the number of columns, or () after a note that names both counts."""
    fitted = fit(values, columns)
    if fitted is not None:
        return fitted
    count = sum(map(bool, values))
    says = f"「{place.section.title}」{where}有 {count} 个数，而表中是 {columns} 列"
    if count > columns and _all_zero(values):
        message = f"{says}；各数都是 0，已按 {columns} 个 0 读入，请与原文核对"
        found.note("row-length", Severity.EXPLAIN, place.section, message)
        return ["0"] * columns
    message = f"{says}，不能确定哪一列{'多余' if count > columns else '缺少'}，未读入，请对照原文填写；原文为：{quoted(raw)}"
    found.note("row-length", Severity.ERROR, place.section, message)
    return ()


def fit(values: Sequence[str], columns: int) -> Sequence[str] | None:
    """The values without the empty cells that merged labels and torn lines leave around them; None if ambiguous.

    Empty cells between numbers are blank cells.  At the ends they are blank cells only when the count comes out
    in exactly one way: what is left of a merged label looks just the same.
    """
    if len(values) == columns:
        return values
    core = _stripped(values)
    if len(core) == columns:
        return core
    if len(core) < columns < len(values):
        before = next((n for n, value in enumerate(values) if value), len(values))
        after = len(values) - len(core) - before
        if not core:
            return [""] * columns
        if not before and len(core) + after >= columns:
            return values[:columns]
    return None


def _stripped(values: Sequence[str]) -> Sequence[str]:
    filled = [index for index, value in enumerate(values) if value]
    return values[filled[0] : filled[-1] + 1] if filled else ()


def _all_zero(values: Iterable[str]) -> bool:
    return all(read(value).number == 0 for value in values if value)
