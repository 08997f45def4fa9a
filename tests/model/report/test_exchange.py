"""Tests of the exchange file: equal reports give equal bytes, and only such bytes are read."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.base.trouble import Trouble
from model.form.cell import Address, Entry, at
from model.form.format import UNIT_KINDS, Severity
from model.importing.read import read_bytes
from model.report.exchange import SCHEMA, VERSION, dumps, loads
from model.report.report import ReadingNote, Report
from tests.support.importing_cases import FORMATS, ROOT, filled, read_text

FEES = at("proactive/fees/amount")
REPORT = Report(
    "某某县应急管理局",
    2024,
    "2021",
    "department",
    cells={
        FEES: Entry(Decimal("104.1572")),
        at("proactive/rules/issued"): Entry(3, "其中修订1件"),
        at("proactive/rules/repealed"): Entry(typed="不详", problem="“不详”无法识别，请填阿拉伯数字"),
    },
    stated={at("requests/results_total/total"): 718},
    texts={"overview": "第一段\n第二段"},
    facts={"contact_phone": "0000-1234567"},
    notes=(ReadingNote("row-length", Severity.EXPLAIN, "disputes", "有 16 个数"),),
)
LINE = dumps(REPORT).decode()

# -- identity -----------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SLUGS = st.sampled_from(["requests", "new_received", "natural_person", "total", "x", "规章"])
ADDRESSES = st.builds(Address, SLUGS, SLUGS, SLUGS)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4)
ODD = st.sampled_from([Decimal("1E+2"), Decimal("-0.00"), Decimal("0E-8"), Decimal("104.1572")])
NUMBERS = st.integers(-(10**30), 10**30) | DECIMALS | ODD
ENTRIES = st.builds(Entry, st.none() | NUMBERS, TEXTS, TEXTS, TEXTS)
REPORTS = st.builds(
    Report,
    TEXTS,
    st.integers(1950, 9998),
    TEXTS,
    st.sampled_from(list(UNIT_KINDS)),
    cells=st.dictionaries(ADDRESSES, ENTRIES, max_size=6),
    stated=st.dictionaries(ADDRESSES, NUMBERS, max_size=4),
    texts=st.dictionaries(TEXTS, TEXTS, max_size=4),
    facts=st.dictionaries(TEXTS, TEXTS, max_size=4),
    notes=st.lists(st.builds(ReadingNote, TEXTS, st.sampled_from(Severity), TEXTS, TEXTS), max_size=3).map(tuple),
)


@given(report=REPORTS)
@settings(deadline=None)
def test_what_is_written_is_read_again(report):
    data = dumps(report)
    again = loads(data)
    assert again == report
    assert {a: repr(e.number) for a, e in again.cells.items()} == {a: repr(e.number) for a, e in report.cells.items()}
    assert dumps(again) == data


@given(report=REPORTS, seed=st.randoms())
def test_equal_reports_make_equal_bytes(report, seed):
    shuffled = list(report.cells.items())
    seed.shuffle(shuffled)
    assert dumps(replace(report, cells=dict(shuffled))) == dumps(report)


def test_the_file_is_canonical():
    data = dumps(REPORT)
    parsed = json.loads(data)
    assert data.endswith(b"}\n")
    assert data == (json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()
    assert parsed["schema"] == f"{SCHEMA}/{VERSION}"
    assert parsed["cells"][str(FEES)] == "104.1572"


# -- strictness ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, says",
    [
        (LINE, "", "不完整或已损坏"),
        ('"year":2024', '"year":2024,"year":2024', "“year”出现了两次"),
        ('"year":2024', '"year":NaN', "“NaN”应写成整数"),
        ('"year":2024', '"year":2024.0', "“2024.0”应写成整数"),
        ('"year":2024', '"year":true', "year 应是四位的年份"),
        ('"year":2024', f'"year":{"9" * 5000}', "数字过大（5000 位）"),
        ('"year":2024', '"year":2024,"extra":1', "不认识的“extra”"),
        (',"year":2024', "", "缺少“year”"),
        ('"year":2024}', "}", "不完整或已损坏"),
        ('"unit_kind":"department"', '"unit_kind":"company"', "unit_kind“company”应是其中之一"),
        ('"104.1572"', "104.1572", "小数应写成带引号的文字"),
        ('"104.1572"', '"1e9999"', "应是整数或写成文字的小数"),
        ('"104.1572"', '"NaN"', "应是整数或写成文字的小数"),
        ('"104.1572"', "null", "应是整数或写成文字的小数"),
        ('"proactive/fees/amount"', '"proactive/fees"', "应写作 表/行/列"),
        ('"remark"', '"comment"', "不认识的“comment”"),
        ('"facts":{', '"facts":[],"x":{', "不认识的“x”"),
        ('"facts":{"contact_phone":"0000-1234567"}', '"facts":[]', "facts 应是一张表"),
        ("第一段", "\\ud800", "含有残缺的字符"),
        ('"agency":"', '"agency":"' + "局" * 40_000, "agency 超过 32767 字"),
        ("第一段", "长" * 100_001, "超过 100000 字"),
        ("第一段", "长" * 2_000_000, "超过 4 MB"),
        ('"explain"', '"fatal"', "severity 应是其中之一"),
        ('"code":"row-length",', "", "应只有 code、severity、section、message"),
        (f"{SCHEMA}/1", f"{SCHEMA}/2", "由本软件的新版本生成（数据版本 2，本软件能读到 1），请升级"),
        (f"{SCHEMA}/1", f"{SCHEMA}/x", "应为 zwgk-annual-report/1"),
        (f"{SCHEMA}/1", "report/1", "不是年度报告的数据"),
        ("}\n", "", "不完整或已损坏"),
        (LINE, "[" * 100_000, "括号嵌套过深"),
        (LINE, "[]", "不是年度报告的数据"),
        (LINE, '{"schema":1}', "不是年度报告的数据"),
        (LINE, f'{{"schema":"{SCHEMA}/1"}}', "缺少“agency”"),
    ],
)
def test_anything_else_is_refused_in_one_sentence(old, new, says):
    assert old in LINE
    with pytest.raises(Trouble) as refused:
        loads(LINE.replace(old, new, 1).encode())
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "data, says",
    [
        (b"\xef\xbb\xbf" + LINE.encode(), "被其他程序（如记事本）另存过"),
        (LINE.encode("utf-16"), "被其他程序（如记事本）另存过"),
        (LINE.encode("gbk"), "不是 UTF-8 编码"),
    ],
)
def test_a_file_saved_by_another_program_is_refused(data, says):
    with pytest.raises(Trouble, match=says):
        loads(data)


@given(cut=st.integers(0, len(LINE)), new=st.binary(max_size=4), length=st.integers(0, 8))
@settings(deadline=None, max_examples=500)
def test_damaged_bytes_are_refused_or_read_and_nothing_else(cut, new, length):
    data = LINE.encode()
    with suppress(Trouble):
        assert isinstance(loads(data[:cut] + new + data[cut + length :]), Report)


# -- limits -------------------------------------------------------------------------------------------------------


def test_an_exchange_file_is_known_by_its_contents():
    reading = read_bytes("年报.txt", LINE.encode(), FORMATS)
    assert reading.report == REPORT
    whole = filled(FORMATS.named("2021"))
    assert read_bytes("x", dumps(whole), FORMATS).report == whole


@pytest.mark.parametrize(
    "old, new, says",
    [
        ('"format":"2021"', '"format":"2099"', "本机没有格式“2099”"),
        (str(FEES), "proactive/fees/issued", "“proactive/fees/issued”不属于"),
        (str(FEES), "requests/results_total/total", "不属于"),
        ('"overview"', '"summary"', "“summary”不属于"),
    ],
)
def test_what_the_format_does_not_have_is_refused(old, new, says):
    with pytest.raises(Trouble, match=says):
        read_text(LINE.replace(old, new, 1))


def test_cells_pass_through_the_same_reading_as_typing():
    rules = [at(f"proactive/rules/{column}") for column in ("issued", "repealed")]
    cells = {FEES: Entry(-5), rules[0]: Entry(Decimal("1.5")), rules[1]: Entry(typed="7")}
    report = read_bytes("x", dumps(replace(REPORT, cells=cells)), FORMATS).report
    entries = [report.cells[address] for address in cells]
    assert [(entry.number, entry.typed) for entry in entries] == [(None, "-5"), (None, "1.5"), (7, "")]


def test_texts_are_cleaned():
    report = replace(REPORT, agency="某\u200b局", texts={"overview": "一\u202e二\x07三"})
    again = read_bytes("x", dumps(report), FORMATS).report
    assert (again.agency, again.text("overview")) == ("某局", "一二三")


# -- the schema ---------------------------------------------------------------------------------------------------


def test_the_published_schema_describes_what_is_written():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "resources" / "report.schema.json").read_text(encoding="utf-8"))
    check = jsonschema.Draft202012Validator(schema)
    for report in (REPORT, filled(FORMATS.named("2019")), filled(FORMATS.named("2021"))):
        check.validate(json.loads(dumps(report)))
    for old, new in (('"year":2024', '"year":"2024"'), ('"explain"', '"fatal"'), ('"104.1572"', "104.1572")):
        assert not check.is_valid(json.loads(LINE.replace(old, new)))
    assert schema["properties"]["schema"]["const"] == f"{SCHEMA}/{VERSION}"
