"""Reads JSON reports: the exchange file of this program, and plain tables (`table2` … `table4`) of other programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model.base import RepeatedKeyError, Trouble, WorkLimit, clean, excerpt, too_much, unique_keys
from model.form import PREFACE, Address, Entry, Format, Formats, Severity, fits, read, shown
from model.importing.containers import MAX_CHARACTERS
from model.importing.reading_result import Reading
from model.importing.values import Collected, RawRow, TablePlace, put, put_row
from model.report import MAX_AGENCY, YEARS, ReadingNote, Report, exchange, unit_kind_of

_TABLES = ("table2", "table3", "table4")  # tables of a plain file, by the number of their section in the form
_HEAD = 200  # characters at the beginning of an exchange file that contain the schema's name
_COLUMNS = "table3_columns"
_MAX_ITEMS = 20_000  # keys and numbers of a plain file; the largest form has some 300


def looks_like_json(text: str) -> bool:
    """Return True if the text begins like a JSON object."""
    return text.lstrip("\ufeff \t\r\n").startswith("{")


def read_json(name: str, data: bytes, text: str, formats: Formats) -> Reading:
    """Read a JSON report of either kind, recognised by its contents; raise `Trouble` for any other JSON."""
    if exchange.SCHEMA in text[:_HEAD]:  # fast path for an intact exchange file; errors are reported below
        with contextlib.suppress(Trouble):
            return Reading(_fitted(name, exchange.loads(data), formats), (), name)
    parsed = _parsed(name, text)
    if exchange.version_of(parsed):
        return Reading(_fitted(name, exchange.loads(data), formats), (), name)
    if not isinstance(parsed, dict) or parsed.keys().isdisjoint(_TABLES):
        raise Trouble(f"文件“{name}”是 JSON 文件，但不是年度报告的数据，请选择由本软件导出的文件")
    return Reading(_plain(name, parsed, formats), (), name)


@dataclass(frozen=True)
class _Counted:
    """The functions that the parser calls for objects and numbers; each draws from the allowance of the file."""

    limit: WorkLimit

    def once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.limit.spend(1 + len(pairs))
        return unique_keys(pairs)

    def digits(self, text: str) -> str:
        self.limit.spend()
        return text


def _parsed(name: str, text: str) -> Any:
    """Parse JSON with every number kept as its text."""
    counted = _Counted(WorkLimit(too_much(name), exchange.MAX_WORK))
    try:
        return json.loads(
            text.lstrip("\ufeff"), object_pairs_hook=counted.once,
            parse_int=counted.digits, parse_float=counted.digits, parse_constant=counted.digits,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise Trouble(f"文件“{name}”不完整或已损坏（JSON 第 {error.lineno} 行），请重新取得原文件") from error
    except RepeatedKeyError as error:
        raise _unlike(name, f"“{excerpt(error.key)}”出现了两次") from error
    except RecursionError as error:
        raise Trouble(f"文件“{name}”的 JSON 层次过深，不是年度报告的数据，请选择由本软件导出的文件") from error


# -- the exchange file --------------------------------------------------------------------------------------------


def _fitted(name: str, report: Report, formats: Formats) -> Report:
    """The report with cleaned texts and entries; raise `Trouble` for cells or texts that its format does not have."""
    form = formats.named(report.format)
    unknown = [str(address) for address in report.cells if not form.has(address) or address in form.totals]
    unknown += [str(address) for address in report.stated if address not in form.totals]
    unknown += [key for key in report.texts if not _is_text(form, key)]
    if unknown:
        raise _unlike(name, f"“{excerpt(unknown[0])}”不属于{form.document}的格式")
    return replace(
        report,
        agency=clean(report.agency),
        cells={a: _as_typed(form, a, entry) for a, entry in report.cells.items()},
        stated={a: number for a, number in report.stated.items() if fits(number, form.column(a).kind)},
        texts={key: clean(text) for key, text in report.texts.items()},
        facts={key: clean(text) for key, text in report.facts.items()},
        notes=tuple(ReadingNote(clean(n.code), n.severity, n.section, clean(n.message)) for n in report.notes),
    )


def _as_typed(form: Format, address: Address, entry: Entry) -> Entry:
    """The entry as `read` would return it had it been typed."""
    if entry.number is None:
        return read(clean(entry.typed), form.column(address).kind)
    if fits(entry.number, form.column(address).kind):
        return Entry(entry.number, clean(entry.remark)) if entry.remark or entry.typed or entry.problem else entry
    return read(shown(entry.number), form.column(address).kind)


def _is_text(form: Format, key: str) -> bool:
    return key == PREFACE or any(section.id == key for section in form.sections)


# -- plain tables -------------------------------------------------------------------------------------------------


def _plain(name: str, data: Mapping[str, Any], formats: Formats) -> Report:
    agency, year = _cover(name, data)
    form = formats.named(data["format"]) if isinstance(data.get("format"), str) else formats.for_year(year)
    tables = _PlainTables(name, Collected(), WorkLimit(too_much(name), _MAX_ITEMS), data.get(_COLUMNS))
    found = tables.found
    if not form.covers(year):
        message = f"报告年度是 {year} 年，而文件采用{form.document}的格式，已按该格式读入，请核对"
        found.note_cover("format-year", form, message)
    for place in TablePlace.all_of(form):
        number = form.sections.index(place.section) + 1
        tables.read(place, data.get(f"table{number}"))
    texts = _plain_texts(name, data, form)
    return Report(
        agency,
        year,
        form.id,
        unit_kind_of(agency, formats.districts),
        found.cells,
        found.stated,
        texts,
        notes=found.all_notes(),
    )


def _plain_texts(name: str, data: Mapping[str, Any], form: Format) -> dict[str, str]:
    texts = data.get("texts", {})
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise _unlike(name, "texts 应是一组文字")
    unknown = next((key for key in texts if not _is_text(form, key)), None)
    if unknown is not None:
        raise _unlike(name, f"texts 里的“{excerpt(unknown)}”不是{form.document}的部分")
    if sum(map(len, texts.values())) > MAX_CHARACTERS:
        raise _unlike(name, f"texts 合计超过 {MAX_CHARACTERS} 字")
    return {key: clean(text) for key, text in texts.items()}


def _cover(name: str, data: Mapping[str, Any]) -> tuple[str, int]:
    agency, year = data.get("agency"), data.get("year")
    if not isinstance(agency, str) or len(agency) > MAX_AGENCY:
        raise _unlike(name, "agency 应是机关名称")
    if not isinstance(year, str) or not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) in YEARS):
        raise _unlike(name, "year 应是四位的年份")
    return clean(agency), int(year)


@dataclass(frozen=True)
class _PlainTables:
    """Reads the tables of a plain file; each key and number draws from the allowance."""

    name: str
    found: Collected
    limit: WorkLimit
    columns: Any  # the order of the columns in rows that are lists

    def read(self, place: TablePlace, table: Any) -> None:
        """Read one table: row id → numbers by column id, or as a list in the order of `columns`."""
        if not isinstance(table, dict):
            message = "的数据没有找到，各格留空，请对照原文填写"
            self.found.note("table-missing", Severity.ERROR, place.section, message)
            return
        self.limit.spend(len(table))
        known = {row.id for row in place.table.rows}
        for row, values in table.items():
            if row in known:
                self._read_row(place, row, values)
            else:
                message = f"的数据项“{excerpt(row)}”在格式中没有对应的行，未读入"
                self.found.note("row-unknown", Severity.EXPLAIN, place.section, message)
        missing = [place.row_name(row.id) for row in place.table.rows if row.id not in table]
        if missing:
            message = f"的数据缺少 {len(missing)} 行，相应各格留空：{'、'.join(missing)}"
            self.found.note("row-missing", Severity.EXPLAIN, place.section, message)

    def _read_row(self, place: TablePlace, row: str, values: Any) -> None:
        if not isinstance(values, dict | list):
            raise _unlike(self.name, f"{place.row_name(row)}应是一组数")
        self.limit.spend(len(values))
        if isinstance(values, dict):
            self._read_named(place, row, values)
        else:
            self._read_listed(place, row, values)

    def _read_named(self, place: TablePlace, row: str, values: Mapping[str, Any]) -> None:
        for column, value in values.items():
            address = Address(place.table.id, row, column)
            if place.form.has(address):
                put(self.found, place.form, address, _cell(self.name, value))
            else:
                message = f"{place.row_name(row)}的数据项“{excerpt(column)}”在格式中没有对应的列，未读入"
                self.found.note("column-unknown", Severity.EXPLAIN, place.section, message)

    def _read_listed(self, place: TablePlace, row: str, values: list[Any]) -> None:
        wanted = [column.id for column in place.table.columns(row)]
        texts, columns = [_cell(self.name, value) for value in values], self.columns
        if columns is None or columns == wanted:
            put_row(self.found, place, row, RawRow(texts, texts))
        elif isinstance(columns, list) and len(columns) == len(values) and sorted(map(str, columns)) == sorted(wanted):
            self._read_named(place, row, dict(zip(columns, texts, strict=True)))
        else:
            raise _unlike(self.name, f"{_COLUMNS} 与表中的列不符")


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unlike(name, "表中的数应是数字或文字")
    return clean(value)


def _unlike(name: str, reason: str) -> Trouble:
    return Trouble(f"文件“{name}”不是完整的年度报告数据（{reason}），请重新取得原文件")
