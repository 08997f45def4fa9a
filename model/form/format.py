"""The State's report form (sections, tables, rows, columns, checks) as frozen values, read by `form/loader`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from model.base import in_quotes
from model.form.cell import Address, CellKind
from model.form.relation import Linear, Relation

PREFACE = "preface"  # the unnumbered text before 一、; not a section of the form
FORM_TITLE = "《年度报告格式》"  # the short title of any form
COVER_NAME = "封面"  # name of the place of title and preface

UNIT_KINDS = ("department", "government", "town", "office")  # their names are in the format


class Severity(StrEnum):
    """Severity of a broken relation."""

    ERROR = "error"
    EXPLAIN = "explain"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {"error": "错误", "explain": "须说明", "hint": "提示"}[self.value]


class SectionRole(StrEnum):
    """Purpose of a section, by which rules and program know it; its id in the format may be any."""

    GENERAL = "general"  # 一、总体情况
    DISCLOSURE = "disclosure"  # 二、主动公开, a table like the next two
    APPLICATIONS = "applications"  # 三、依申请公开
    REMEDIES = "remedies"  # 四、行政复议、行政诉讼
    SHORTCOMINGS = "shortcomings"  # 五、存在的主要问题及改进情况
    FEE = "fee"  # the section that reports 信息处理费

    @property
    def has_table(self) -> bool:
        """Tell whether the section is a table."""
        return self in (SectionRole.DISCLOSURE, SectionRole.APPLICATIONS, SectionRole.REMEDIES)


class Layout(StrEnum):
    """Arrangement of a table on paper."""

    BANDS = "bands"  # 二: full-width bands, each with its own heading row
    MATRIX = "matrix"  # 三: labelled rows × columns
    STRIP = "strip"  # 四: the rows stand side by side on a single line


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over several rows or columns, without numbers of its own."""

    id: str
    label: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers; `total` is the sum of one that is computed, never typed."""

    id: str
    label: str
    kind: CellKind = CellKind.COUNT
    unit: str = "件"
    within: str = ""
    total: Linear[str] | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of numbers; `total` as in `Column`, `variants` are other wordings of its label in old reports."""

    id: str
    label: str
    within: str = ""
    total: Linear[str] | None = None
    ref: str = ""
    help: str = ""
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """Rows that share their columns; only a table in bands has more than one, or a label here."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    label: str = ""
    head: str = ""  # the heading over the row labels: 信息内容


@dataclass(frozen=True, slots=True)
class Carry:
    """Carry-over (结转): `row` takes its numbers from the row `source` of last year's report."""

    row: str
    source: str


class Every(StrEnum):
    """Repetition of a check, which determines what its names refer to."""

    COLUMN = "column"  # once for each column: names are rows or groups of rows
    ROW = "row"  # once for each row: names are columns or groups of columns
    REPORT = "report"  # once: names are addresses of any table


@dataclass(frozen=True, slots=True)
class Check:
    """One relation of the form, as written; it is only checked where `when` holds."""

    code: str
    severity: Severity
    every: Every
    holds: Relation[str]
    says: str  # the message, with {row}, {column}, {left}, {right} and {gap}
    advice: str
    basis: str
    when: Relation[str] | None = None
    only: tuple[str, ...] = ()  # restrict to these rows (or columns)
    unit_kinds: tuple[str, ...] = ()  # restrict to these kinds of unit; empty = all
    spares: re.Pattern[str] | None = None  # of the names of agencies that are not checked
    first_year: int = 0  # of the reports that are checked


@dataclass(frozen=True, slots=True)
class YearCheck:
    """A relation with last year's report, to whose cells names prefixed `last.` refer."""

    code: str
    severity: Severity
    every: Every
    holds: Relation[str]
    says: str  # as in `Check`
    advice: str
    basis: str
    only: tuple[str, ...] = ()
    overrulable: bool = False  # an 错误 that may stay with a written reason


@dataclass(frozen=True, eq=False)  # compared by identity, like a format
class Table:
    """One printed table of the form."""

    id: str
    layout: Layout
    bands: tuple[Band, ...]
    row_groups: tuple[Group, ...] = ()
    column_groups: tuple[Group, ...] = ()
    corner: str = ""
    widths: tuple[float, ...] = ()
    checks: tuple[Check, ...] = ()
    carries: tuple[Carry, ...] = ()
    year_checks: tuple[YearCheck, ...] = ()

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows in the order of the paper."""
        return tuple(row for band in self.bands for row in band.rows)

    @cached_property
    def _band_of(self) -> dict[str, Band]:
        return {row.id: band for band in self.bands for row in band.rows}

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.id: row for row in self.rows}

    def row(self, identifier: str) -> Row:
        """Return the row with this id; raises `KeyError` if there is none."""
        return self._rows[identifier]

    def band(self, row: str) -> Band:
        """Return the band of a row; raises `KeyError` if there is no such row."""
        return self._band_of[row]

    def columns(self, row: str) -> tuple[Column, ...]:
        """Return the columns that a row has."""
        return self._band_of[row].columns

    def column(self, address: Address) -> Column:
        """Return the column of a cell; raises `KeyError` if the table has no such cell."""
        for column in self.columns(address.row):
            if column.id == address.column:
                return column
        raise KeyError(address)

    def addresses(self) -> Iterator[Address]:
        """Yield every cell in the order of the paper, totals included."""
        for row in self.rows:
            for column in self.columns(row.id):
                yield Address(self.id, row.id, column.id)

    def row_group(self, identifier: str) -> Group:
        """Return the group of rows with this id."""
        return next(group for group in self.row_groups if group.id == identifier)

    def members(self, group: str) -> tuple[Row, ...]:
        """Return the rows directly within a group of rows."""
        return tuple(row for row in self.rows if row.within == group)


@dataclass(frozen=True, slots=True)
class Aspect:
    """A topic that a section's text must cover."""

    id: str
    label: str
    signs: tuple[str, ...] = ()  # words that show it is covered


@dataclass(frozen=True)
class Section:
    """One of the six parts (部分) of the report; `table` is empty for a text."""

    id: str
    title: str
    variants: tuple[str, ...] = ()
    table: str = ""
    help: str = ""
    aspects: tuple[Aspect, ...] = ()
    advised_characters: int = 0
    yearly: tuple[str, ...] = ()  # words of sentences that may be the same every year


@dataclass(frozen=True, slots=True)
class FeeWords:
    """The generated sentence on 信息处理费: `none` if there was none, else `says`, then `received` or `unpaid`.

    `says` has {year} {subject} {notices} {noticed}, `received` {received}, `none` {year} {subject}. `subjects` names
    the agency by kind of unit ("" for one that reports for others, too). Every fee is a multiple of `step` yuan.
    """

    step: int
    says: str
    received: str
    unpaid: str
    none: str
    subjects: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ApprovalSlip:
    """审签单: its title below that of the report, and the steps with a box to sign for each."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Format:
    """One version of the form (年度报告格式), with the years it is for (`last_year` 0 = still in force).

    Compared by identity, so that what is derived from it can be cached: its rules, its engine, its vocabulary.
    """

    id: str
    document: str
    name: str
    first_year: int
    last_year: int
    title: str
    period: str
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    roles: Mapping[SectionRole, str]  # section ids; a role that no section has is missing
    preface: tuple[str, ...]  # sentences with {agency} {year} {name} {document} {period} {sections} {count}
    unit_kinds: Mapping[str, str]  # the name of each of `UNIT_KINDS`
    contact: str  # last sentence of the preface, with {office} {details}
    due: str  # by when the law wants the report, for the screen; "" if not told
    published: str  # the sentence before it, with {website}
    titles: Mapping[str, str] = field(default_factory=dict)  # full titles of laws and documents by their short ones
    approval: ApprovalSlip
    fee: FeeWords | None = None  # None if the form has no section with this role
    totals: dict[Address, Linear[Address]] = field(default_factory=dict)  # every computed cell, over addresses
    source: str = ""  # author of the file; shown in 关于 for files that were added later
    issued: str = ""  # date of issue, as 2027-01-31
    digest: str = ""  # of the file it was read from

    def in_full(self, text: str, told: set[str] | None = None) -> str:
        """Return a text with each law's or document's full title where it is first named, the short one elsewhere.

        `told`: short titles that have been named before; those of this text are added.
        """
        told = set() if told is None else told
        for short, full in self.titles.items():
            text = text.replace(full, short)
            if short in text and short not in told:
                text = text.replace(short, full, 1)
                told.add(short)
        return text

    def covers(self, year: int) -> bool:
        """Return True if reports of this year use this form."""
        return self.first_year <= year and (not self.last_year or year <= self.last_year)

    def section(self, identifier: str) -> Section:
        """Return the section with this id; raises `KeyError` if there is none."""
        for section in self.sections:
            if section.id == identifier:
                return section
        raise KeyError(identifier)

    def section_for(self, role: SectionRole) -> Section | None:
        """Return the section with this role; None if the form has none."""
        return self.section(self.roles[role]) if role in self.roles else None

    def table_for(self, role: SectionRole) -> Table | None:
        """Return the table of the section with this role; None if the form has none."""
        section = self.section_for(role)
        return self.table(section.table) if section and section.table else None

    def place_name(self, identifier: str) -> str:
        """Return the name of a finding's place: the section's title; “封面” for title and preface."""
        return next((section.title for section in self.sections if section.id == identifier), COVER_NAME)

    def table(self, identifier: str) -> Table:
        """Return the table with this id; raises `KeyError` if there is none."""
        for table in self.tables:
            if table.id == identifier:
                return table
        raise KeyError(identifier)

    def section_of(self, table: str) -> Section:
        """Return the section of a table."""
        return next(section for section in self.sections if section.table == table)

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        """Every cell of every table in the order of the paper, totals included."""
        return tuple(address for table in self.tables for address in table.addresses())

    @cached_property
    def inputs(self) -> tuple[Address, ...]:
        """The cells that the user fills in."""
        return tuple(address for address in self.addresses if address not in self.totals)

    @cached_property
    def _columns(self) -> dict[Address, Column]:
        return {address: self.table(address.table).column(address) for address in self.addresses}

    def column(self, address: Address) -> Column:
        """Return the column of a cell; raises `KeyError` if the form has no such cell."""
        return self._columns[address]

    def has(self, address: Address) -> bool:
        """Return True if the form has this cell."""
        return address in self._columns

    @cached_property
    def sums_hold(self) -> str:
        """The sentence that all rows, columns and groups with totals agree, with their number."""
        tables = [table for table in self.tables if any(table.id == address.table for address in self.totals)]
        matrices = [table for table in tables if table.layout is not Layout.STRIP]
        rows = sum(len(table.rows) for table in matrices)
        columns = sum(len(table.bands[0].columns) for table in matrices)
        groups = sum(len(table.rows) for table in tables if table.layout is Layout.STRIP)
        return f"表内勾稽关系全部相符（共 {rows + columns + groups} 处）"

    def row_name(self, address: Address) -> str:
        """Return the row's name in words, with its group if that is nested: “（三）不予公开 1.属于国家秘密”."""
        table = self.table(address.table)
        row = table.row(address.row)
        if not row.within or table.row_group(row.within).within == "":
            return row.label
        return f"{table.row_group(row.within).label} {row.label}"

    def cell_name(self, address: Address) -> str:
        """Return row and column in the form's words: “一、本年新收政府信息公开申请数量”的“自然人”."""
        return f"{in_quotes(self.row_name(address))}的{in_quotes(self.column(address).label)}"
