"""From the text of cells to entries, and what must be said about a row of the wrong length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from model.form.cell import Address, Entry, Number, read
from model.form.format import Format, Section, Severity, Table
from model.importing.labels import NOTHING, Labels
from model.report.report import Note

MAX_QUOTED = 160  # characters of the old report that a note repeats


@dataclass
class Collected:
    """What was read so far: cells, totals as printed, notes, and the numbers of the lines they came from."""

    cells: dict[Address, Entry] = field(default_factory=dict)
    stated: dict[Address, Number] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)

    def note(self, code: str, severity: Severity, section: Section, message: str) -> None:
        """Add a note on a section, once; the message goes on after the section's title."""
        note = Note(code, severity, section.id, f"「{section.title}」{message}")
        if note not in self.notes:
            self.notes.append(note)

    def note_cover(self, code: str, form: Format, message: str) -> None:
        """Add a note on the report as a whole; it stands with the first section."""
        self.notes.append(Note(code, Severity.EXPLAIN, form.sections[0].id, message))


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

    @cached_property
    def labels(self) -> Labels:
        """The labels of the table's rows."""
        return Labels(self.table)

    def row_name(self, row: str) -> str:
        """A row in the form's words, with its group, in quotation marks."""
        return f"「{self.form.row_name(self.addresses(row)[0])}」"

    def addresses(self, row: str) -> list[Address]:
        """The cells of a row in the order of the columns."""
        return [Address(self.table.id, row, column.id) for column in self.table.columns(row)]


def quoted(text: str) -> str:
    """What stands in the old report, on one line and not too long."""
    line = " ".join(text[: 4 * MAX_QUOTED].split())
    return line if len(line) <= MAX_QUOTED else f"{line[:MAX_QUOTED]}……"


def put(found: Collected, form: Format, address: Address, text: str) -> None:
    """Enter the text of one cell: an entry, or a total as it was printed."""
    entry = read(text, form.column(address).kind)
    if entry.blank:
        return
    if address not in form.totals:
        found.cells[address] = entry
    elif entry.number is not None:
        found.stated[address] = entry.number
    elif entry.typed not in NOTHING:
        message = f"{form.cell_name(address)}填的是「{quoted(entry.typed)}」，不是数字，未读入，将由本软件计算"
        found.note("total-unread", Severity.EXPLAIN, form.section_of(address.table), message)


@dataclass(frozen=True, slots=True)
class RawRow:
    """The values of a row as they stand in the file, and all of its text.

    `torn` if some of the first values may be what is left of a merged label.
    """

    values: Sequence[str]
    text: str
    torn: bool = False


def put_row(found: Collected, place: Place, row: str, raw: RawRow) -> None:
    """Enter the cells of one row; a row of the wrong length stays blank and is named."""
    put_all(found, place, place.addresses(row), f"{place.row_name(row)}这一行", raw)


def put_all(found: Collected, place: Place, addresses: Sequence[Address], where: str, raw: RawRow) -> None:
    """Enter values that must be as many as the addresses; `where` is for the note if they are not."""
    fitted = fit(raw, len(addresses))
    if fitted is None:
        fitted = _noted_misfit(found, place, where, raw, len(addresses))
    for address, text in zip(addresses, fitted, strict=False):
        put(found, place.form, address, text)


def _noted_misfit(found: Collected, place: Place, where: str, raw: RawRow, columns: int) -> Sequence[str]:
    """Say that a row has too many or too few numbers; of too many zeros the surplus goes, all else is not read."""
    count = sum(map(bool, raw.values))
    says = f"{where}有 {count} 个数，而表中是 {columns} 列"
    if count > columns and all(read(value).number == 0 for value in raw.values if value):
        message = f"{says}；各数都是 0，已按 {columns} 个 0 读入，请与原文核对"
        found.note("row-length", Severity.EXPLAIN, place.section, message)
        return ["0"] * columns
    cause = "不能确定哪一列多余" if count > columns else "不能确定缺少哪一列"
    message = f"{says}，{cause}，未读入，请对照原文填写；原文为：{quoted(raw.text)}"
    found.note("row-length", Severity.ERROR, place.section, message)
    return ()


def fit(raw: RawRow, columns: int) -> Sequence[str] | None:
    """The values without the empty cells that merged labels and torn lines leave around them; None if ambiguous.

    Empty cells between numbers are blank cells.  So are those at the end if none stand before the numbers, and
    those before the numbers if none stand at the end and the row is not torn.
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
    """True when more than half of what stands in a row are numbers, or what clerks write instead."""
    filled = [cell for cell in cells if cell]
    return 2 * sum(cell in NOTHING or read(cell).number is not None for cell in filled) > len(filled)
