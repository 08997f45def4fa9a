"""Converts the text of cells to entries, with notes on rows of the wrong length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

from model.base import excerpt, excerpt_of_row, in_quotes
from model.form import Address, Entry, Format, Number, Section, Severity, Table, evaluate, read
from model.importing.labels import Labels, is_nothing
from model.report import ReadingNote

_NEARLY_ALL = 0.9  # share of the rows whose sums must hold where headings are unknown; a report may have an error
_NONE: AbstractSet[int] = frozenset()
MAX_ALIKE = 50  # notes of one kind in one section; the others are only counted


@dataclass
class Collected:
    """The data read so far: cells, totals as printed, notes, and lines by their numbers.

    `claimed` lines belong to a table; of those in `used` every number is in the report.

    Notes of one kind in one section are listed up to `MAX_ALIKE`; those beyond are counted.
    """

    cells: dict[Address, Entry] = field(default_factory=dict)
    stated: dict[Address, Number] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
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

    def note_outside(self, form: Format, message: str) -> None:
        """Add a note on what is in the file and not in the report, filed under the first section."""
        self._notes[ReadingNote("left-over", Severity.HINT, form.sections[0].id, message)] = None

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
    elif not is_nothing(entry.typed):
        message = f"{form.cell_name(address)}填的是“{excerpt(entry.typed)}”，不是数字，未读入，将由本软件计算"
        found.note("total-unread", Severity.EXPLAIN, form.section_of(address.table), message)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The values of a row as in the file, and all its cells.

    `torn` is True if some of the first values may be remains of a merged label; `placed` if every value is a cell of
    the table, so that "" is a blank one.
    """

    values: Sequence[str]
    cells: Sequence[str]
    torn: bool = False
    placed: bool = False


def put_row(
    found: Collected, place: TablePlace, row: str, raw: RawRow, missing: AbstractSet[int] = frozenset()
) -> bool:
    """Store the cells of one row; a row of the wrong length stays blank, gets a note, and False is returned.

    `missing` are the columns that the file may not have.
    """
    addresses = place.addresses(row)
    if missing and fit(raw, len(addresses)) is None:
        addresses = [address for index, address in enumerate(addresses) if index not in missing]
    return put_all(found, place, addresses, f"{place.row_name(row)}这一行", raw)


def put_all(found: Collected, place: TablePlace, addresses: Sequence[Address], where: str, raw: RawRow) -> bool:
    """Store one value per address; `where` begins the note if their numbers differ, and False is returned."""
    fitted = fit(raw, len(addresses))
    if fitted is None:
        fitted = _noted_misfit(found, place, where, raw, len(addresses))
    for address, text in zip(addresses, fitted, strict=False):
        put(found, place.form, address, text)
    return bool(fitted)


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
    if raw.placed and len(values) == columns:
        return values
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


def sums_fit(place: TablePlace, raws: Mapping[str, RawRow], addresses: Sequence[Address] = ()) -> bool:
    """Tell whether rows have as many numbers as the form and nearly all add up to totals that are not all 0.

    `addresses` are those of a single row, if not of the row named.
    """
    form, checked, agree, nonzero = place.form, 0, 0, False
    for row, raw in raws.items():
        at = addresses or place.addresses(row)
        if (fitted := fit(raw, len(at))) is None:
            return False
        entries = zip(at, fitted, strict=True)
        numbers = {address: read(text, form.column(address).kind).number for address, text in entries}
        for address, linear in ((it, form.totals[it]) for it in at if it in form.totals):
            if numbers[address] is not None and numbers.keys() >= set(linear.names()):  # a sum along the row
                checked, agree = checked + 1, agree + (evaluate(linear, numbers) == numbers[address])
                nonzero = nonzero or numbers[address] != 0
    return nonzero and agree >= _NEARLY_ALL * checked


def is_mostly_values(cells: Iterable[str]) -> bool:
    """Return True if more than half of the filled cells are numbers or signs for none (`is_nothing`)."""
    filled = [cell for cell in cells if cell]
    return 2 * sum(is_nothing(cell) or read(cell).number is not None for cell in filled) > len(filled)
