"""Converts the text of cells to entries, with notes on rows of the wrong length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from model.base import excerpt, excerpt_of_row, in_quotes
from model.form import Address, Entry, Format, Number, Section, Severity, Table, read
from model.importing.labels import NOTHING, Labels
from model.report import ReadingNote

MAX_ALIKE = 50  # notes of one kind in one section; the others are only counted


@dataclass
class Collected:
    """The data read so far: cells, totals as printed, notes, and the numbers of the lines used (`claimed`).

    Notes of one kind in one section are listed up to `MAX_ALIKE`; those beyond are counted.
    """

    cells: dict[Address, Entry] = field(default_factory=dict)
    stated: dict[Address, Number] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    _notes: dict[ReadingNote, None] = field(default_factory=dict)
    _alike: Counter[tuple[str, Severity, Section]] = field(default_factory=Counter)

    def note(self, code: str, severity: Severity, section: Section, message: str) -> None:
        """Add a note on a section unless it is there already; `message` continues the section's title."""
        note = ReadingNote(code, severity, section.id, f"“{section.title}”{message}")
        if note not in self._notes:
            self._alike[code, severity, section] += 1
            if self._alike[code, severity, section] <= MAX_ALIKE:
                self._notes[note] = None

    def note_cover(self, code: str, form: Format, message: str) -> None:
        """Add a note on the report as a whole, filed under the first section."""
        self._notes[ReadingNote(code, Severity.EXPLAIN, form.sections[0].id, message)] = None

    def all_notes(self) -> tuple[ReadingNote, ...]:
        """All notes in order, with one about those of each kind that are only counted."""
        beyond = [(kind, count - MAX_ALIKE) for kind, count in self._alike.items() if count > MAX_ALIKE]
        return (*self._notes, *(_not_listed(*kind, count) for kind, count in beyond))


def _not_listed(code: str, severity: Severity, section: Section, count: int) -> ReadingNote:
    message = f"“{section.title}”还有 {count} 处同样的问题，没有逐一列出，请与原文核对"
    return ReadingNote(code, severity, section.id, message)


@dataclass(frozen=True)
class TablePlace:
    """A table of a form and the section that contains it."""

    form: Format
    section: Section
    table: Table

    @staticmethod
    def all_of(form: Format) -> Iterator[TablePlace]:
        """The tables of a form in printed order."""
        for section in form.sections:
            if section.table:
                yield TablePlace(form, section, form.table(section.table))

    @cached_property
    def labels(self) -> Labels:
        """The labels of the table's rows."""
        return Labels(self.table)

    def row_name(self, row: str) -> str:
        """A row in the form's words, with its group, in quotation marks."""
        return in_quotes(self.form.row_name(self.addresses(row)[0]))

    def addresses(self, row: str) -> list[Address]:
        """The cells of a row in the order of the columns."""
        return [Address(self.table.id, row, column.id) for column in self.table.columns(row)]


def put(found: Collected, form: Format, address: Address, text: str) -> None:
    """Store the text of one cell as an entry, or as a total as printed."""
    entry = read(text, form.column(address).kind)
    if entry.blank:
        return
    if address not in form.totals:
        found.cells[address] = entry
    elif entry.number is not None:
        found.stated[address] = entry.number
    elif entry.typed not in NOTHING:
        message = f"{form.cell_name(address)}填的是“{excerpt(entry.typed)}”，不是数字，未读入，将由本软件计算"
        found.note("total-unread", Severity.EXPLAIN, form.section_of(address.table), message)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The values of a row as in the file, and all its cells.

    `torn` is True if some of the first values may be remains of a merged label.
    """

    values: Sequence[str]
    cells: Sequence[str]
    torn: bool = False


def put_row(found: Collected, place: TablePlace, row: str, raw: RawRow) -> None:
    """Store the cells of one row; a row of the wrong length stays blank and gets a note."""
    put_all(found, place, place.addresses(row), f"{place.row_name(row)}这一行", raw)


def put_all(found: Collected, place: TablePlace, addresses: Sequence[Address], where: str, raw: RawRow) -> None:
    """Store one value per address; `where` begins the note if their numbers differ."""
    fitted = fit(raw, len(addresses))
    if fitted is None:
        fitted = _noted_misfit(found, place, where, raw, len(addresses))
    for address, text in zip(addresses, fitted, strict=False):
        put(found, place.form, address, text)


def _noted_misfit(found: Collected, place: TablePlace, where: str, raw: RawRow, columns: int) -> Sequence[str]:
    """Note that a row has too many or too few numbers; return zeros if all are 0 and too many, else nothing."""
    count = sum(map(bool, raw.values))
    says = f"{where}有 {count} 个数，而表中是 {columns} 列"
    if count > columns and all(read(value).number == 0 for value in raw.values if value):
        message = f"{says}；各数都是 0，已按 {columns} 个 0 读入，请与原文核对"
        found.note("row-length", Severity.EXPLAIN, place.section, message)
        return ["0"] * columns
    cause = "不能确定哪一列多余" if count > columns else "不能确定缺少哪一列"
    message = f"{says}，{cause}，未读入，请对照原文填写；原文为：{excerpt_of_row(raw.cells)}"
    found.note("row-length", Severity.ERROR, place.section, message)
    return ()


def fit(raw: RawRow, columns: int) -> Sequence[str] | None:
    """The values without the empty cells left around them by merged labels and broken lines; None if ambiguous.

    Empty cells between numbers are blank cells. So are those at the end if none precede the numbers, and those
    before the numbers if none are at the end and the row is not torn.
    """
    values = raw.values
    core = _stripped(values)
    if len(core) == columns:
        return core
    if len(values) < columns or len(core) > columns:
        return None
    if not core or values[0] or (len(values) == columns and not raw.torn):
        return values[:columns]
    return values[-columns:] if values[-1] and not raw.torn else None


def _stripped(values: Sequence[str]) -> Sequence[str]:
    filled = [place for place, value in enumerate(values) if value]
    return values[filled[0] : filled[-1] + 1] if filled else ()


def is_mostly_values(cells: Iterable[str]) -> bool:
    """Return True if more than half of the filled cells are numbers or signs for none (`NOTHING`)."""
    filled = [cell for cell in cells if cell]
    return 2 * sum(cell in NOTHING or read(cell).number is not None for cell in filled) > len(filled)
