"""Writes and reads the report as canonical JSON for exchange between programs; equal reports give equal bytes.

The file format is specified in `docs/report-json.md` and `resources/report.schema.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from model.base import RepeatedKeyError, Trouble, WorkLimit, excerpt, unique_keys
from model.form import UNIT_KINDS, Address, Entry, Number, Severity, at
from model.report.report import MAX_AGENCY, YEARS, ReadingNote, Report

SCHEMA = "zwgk-annual-report"
VERSION = 1

MAX_BYTES = 4 * 1024 * 1024
MAX_TEXT = 100_000  # characters in all texts together, and in any other one; a long report has about 8,000
MAX_ITEMS = 10_000  # entries of one mapping or list; the largest form has some 200 cells
MAX_WORK = 200_000  # objects, keys and numbers of a whole file

_UNLIKELY = "不像是一份年度报告，请检查是否选错了文件"
_KEYS = {"schema", "agency", "year", "format", "unit_kind", "cells", "stated", "texts", "facts", "notes"}
_SCHEMA = re.compile(rf"{SCHEMA}/([1-9][0-9]{{0,8}})")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Digits: enough for any amount, and few enough that writing a number out in full is cheap.
_INTEGER = re.compile(r"-?[0-9]{1,40}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:E[+-]?[0-9]{1,2})?")

Key = TypeVar("Key")
Value = TypeVar("Value")


class _Unlike(ValueError):
    """Raised where the file does not conform to the schema."""


# -- writing ------------------------------------------------------------------------------------------------------


def dumps(report: Report) -> bytes:
    """Serialise the report as canonical JSON: UTF-8, sorted keys, no spaces, one newline at the end."""
    data = {
        "schema": f"{SCHEMA}/{VERSION}",
        "agency": report.agency,
        "year": report.year,
        "format": report.format,
        "unit_kind": report.unit_kind,
        "cells": {str(address): _entry_data(entry) for address, entry in report.cells.items()},
        "stated": {str(address): _number_data(number) for address, number in report.stated.items()},
        "texts": dict(report.texts),
        "facts": dict(report.facts),
        "notes": [_note_data(note) for note in report.notes],
    }
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode()


def _number_data(number: Number) -> int | str:
    """Convert an amount to text: other programs would read a JSON number as a binary float."""
    return str(number) if isinstance(number, Decimal) else number


def _entry_data(entry: Entry) -> int | str | dict[str, int | str]:
    parts = {name: text for name in ("remark", "typed", "problem") if (text := getattr(entry, name))}
    if entry.number is None:
        return parts
    number = _number_data(entry.number)
    return {"number": number, **parts} if parts else number


def _note_data(note: ReadingNote) -> dict[str, str]:
    return {"code": note.code, "severity": note.severity.value, "section": note.section, "message": note.message}


# -- reading ------------------------------------------------------------------------------------------------------


def version_of(data: Any) -> str:
    """Return the schema that parsed JSON names, "" when it is no exchange file of this program."""
    name = data.get("schema") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name.startswith(f"{SCHEMA}/") else ""


def loads(data: bytes) -> Report:
    """Read what `dumps` wrote; raise `Trouble` with one sentence for anything else.

    Nothing is tolerated: no unknown or repeated key, no other type, no NaN, no other encoding.
    """
    if len(data) > MAX_BYTES:
        raise Trouble(f"报告数据文件超过 {MAX_BYTES // 1024 // 1024} MB，{_UNLIKELY}")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Trouble("报告数据文件被其他程序（如记事本）另存过，请重新取得原文件")
    try:
        return _report(_parsed(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise Trouble("报告数据文件不是 UTF-8 编码，可能被其他程序另存过，请重新取得原文件") from error
    except json.JSONDecodeError as error:
        raise Trouble(f"报告数据文件不完整或已损坏（第 {error.lineno} 行），请重新取得原文件") from error
    except RecursionError as error:
        raise Trouble("报告数据文件内容有误（括号嵌套过深），请重新取得原文件") from error
    except _Unlike as error:
        raise Trouble(f"报告数据文件内容有误（{error}），请重新取得原文件") from error


def _parsed(text: str) -> Any:
    counted = _Counted(WorkLimit(f"报告数据文件里的内容过多，{_UNLIKELY}", MAX_WORK))
    return json.loads(
        text, object_pairs_hook=counted.once, parse_int=counted.whole, parse_float=_no_float, parse_constant=_no_float
    )


@dataclass(frozen=True)
class _Counted:
    """The functions that the parser calls for objects and numbers; each draws from the allowance of the file."""

    limit: WorkLimit

    def once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.limit.spend(1 + len(pairs))
        try:
            return unique_keys(pairs)
        except RepeatedKeyError as error:
            raise _Unlike(f"“{excerpt(error.key)}”出现了两次") from error

    def whole(self, digits: str) -> int:
        self.limit.spend()
        return _whole(digits)


def _whole(digits: str) -> int:
    if not _INTEGER.fullmatch(digits):
        raise _Unlike(f"数字过大（{len(digits)} 位）")
    return int(digits)


def _no_float(text: str) -> NoReturn:
    raise _Unlike(f"数字“{excerpt(text)}”应写成整数，小数应写成带引号的文字")


def _report(data: Any) -> Report:
    _refuse_other_schema(data)
    _refuse_unknown(data, _KEYS, "文件")
    missing = sorted(_KEYS - set(data))
    if missing:
        raise _Unlike(f"缺少“{missing[0]}”")
    unit_kind = _text(data["unit_kind"], "unit_kind")
    if unit_kind not in UNIT_KINDS:
        raise _Unlike(f"unit_kind“{excerpt(unit_kind)}”应是其中之一：{'、'.join(UNIT_KINDS)}")
    texts = _mapping(data["texts"], "texts", _text_key, _text)
    if sum(map(len, texts.values())) > MAX_TEXT:
        raise _Unlike(f"texts 合计超过 {MAX_TEXT} 字")
    return Report(
        agency=_agency(data["agency"]),
        year=_year(data["year"]),
        format=_text(data["format"], "format"),
        unit_kind=unit_kind,
        cells=_mapping(data["cells"], "cells", _address, _entry),
        stated=_mapping(data["stated"], "stated", _address, _number),
        texts=texts,
        facts=_mapping(data["facts"], "facts", _text_key, _text),
        notes=_notes(data["notes"]),
    )


def _refuse_other_schema(data: Any) -> None:
    name = version_of(data)
    if not name:
        raise Trouble(f"文件不是年度报告的数据（没有 {SCHEMA} 标记），请选择由本软件导出的文件")
    match = _SCHEMA.fullmatch(name)
    if not match:
        raise _Unlike(f"schema“{excerpt(name)}”应为 {SCHEMA}/{VERSION}")
    if int(match[1]) > VERSION:
        raise Trouble(f"文件由本软件的新版本生成（数据版本 {match[1]}，本软件能读到 {VERSION}），请升级本软件后再读入")


def _refuse_unknown(data: Mapping[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise _Unlike(f"{place}里有不认识的“{excerpt(unknown[0])}”")


def _mapping(
    data: Any, place: str, key: Callable[[str, str], Key], value: Callable[[Any, str], Value]
) -> dict[Key, Value]:
    if not isinstance(data, dict):
        raise _Unlike(f"{place} 应是一张表")
    if len(data) > MAX_ITEMS:
        raise _Unlike(f"{place} 超过 {MAX_ITEMS} 项")
    try:
        return {key(name, place): value(item, place) for name, item in data.items()}
    except _Unlike:  # again with the name of the item, which is formatted only after a failure
        return {key(name, place): value(item, f"{place} 的“{excerpt(name)}”") for name, item in data.items()}


@lru_cache(maxsize=2048)  # the reports of a folder name the same cells
def _address(name: str, place: str) -> Address:
    try:
        return at(_text(name, place))
    except ValueError as error:
        raise _Unlike(f"{place} 的“{excerpt(name)}”应写作 表/行/列") from error


def _text_key(name: str, place: str) -> str:
    return _text(name, place)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str):
        raise _Unlike(f"{place} 应是文字")
    if len(value) > MAX_TEXT:
        raise _Unlike(f"{place} 超过 {MAX_TEXT} 字")
    if _SURROGATE.search(value):
        raise _Unlike(f"{place} 含有残缺的字符")
    return value


def _agency(value: Any) -> str:
    agency = _text(value, "agency")
    if len(agency) > MAX_AGENCY:
        raise _Unlike(f"agency 超过 {MAX_AGENCY} 字")
    return agency


def _year(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value not in YEARS:
        raise _Unlike("year 应是四位的年份")
    return value


def _number(value: Any, place: str) -> Number:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    raise _Unlike(f"{place} 应是整数或写成文字的小数")


def _entry(value: Any, place: str) -> Entry:
    if not isinstance(value, dict):
        return Entry(_number(value, place))
    _refuse_unknown(value, {"number", "remark", "typed", "problem"}, place)
    number = _number(value["number"], place) if "number" in value else None
    return Entry(number, *(_text(value.get(name, ""), place) for name in ("remark", "typed", "problem")))


def _notes(data: Any) -> tuple[ReadingNote, ...]:
    if not isinstance(data, list) or len(data) > MAX_ITEMS:
        raise _Unlike("notes 应是列表")
    return tuple(_note(value, f"notes 第 {number} 项") for number, value in enumerate(data, 1))


def _note(value: Any, place: str) -> ReadingNote:
    names = ("code", "severity", "section", "message")
    if not isinstance(value, dict) or set(value) != set(names):
        raise _Unlike(f"{place} 应只有 {'、'.join(names)}")
    code, severity, section, message = (_text(value[name], place) for name in names)
    if severity not in list(Severity):
        raise _Unlike(f"{place} 的 severity 应是其中之一：{'、'.join(Severity)}")
    return ReadingNote(code, Severity(severity), section, message)
