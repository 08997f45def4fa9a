"""Tests of reading a cell as typed; unreadable input is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.form.cell import BLANK, Address, CellKind, Entry, alike, at, read, shown
from tests.support.helpers import LAW

COUNT, CHANGE, AMOUNT = CellKind.COUNT, CellKind.CHANGE, CellKind.AMOUNT


@pytest.mark.parametrize(
    "typed, kind, number",
    [
        ("0", COUNT, 0),
        ("1,234", COUNT, 1234),
        ("1，234", COUNT, 1234),
        ("１２３４", COUNT, 1234),
        ("1 234", COUNT, 1234),
        ("１　２３４", COUNT, 1234),
        (" 12\n", COUNT, 12),
        ("\ufeff12", COUNT, 12),
        ("12件", COUNT, 12),
        ("12.0", COUNT, 12),
        ("007", COUNT, 7),
        ("-17", CHANGE, -17),
        ("－17", CHANGE, -17),
        ("−17", CHANGE, -17),
        ("+1036", CHANGE, 1036),
        ("55", CHANGE, 55),
        ("3415.74", AMOUNT, Decimal("3415.74")),
        ("59,237.2449", AMOUNT, Decimal("59237.2449")),
        ("12", AMOUNT, 12),
        (".5", AMOUNT, Decimal("0.5")),
    ],
)
def test_numbers_are_read_as_clerks_write_them(typed, kind, number):
    assert read(typed, kind) == Entry(number)


@pytest.mark.parametrize(
    "typed, kind, problem",
    [
        ("/", COUNT, "“/”不是数字；没有发生的请填 0，暂时不知道的请留空"),
        ("—", COUNT, "“—”不是数字；没有发生的请填 0，暂时不知道的请留空"),
        ("－", COUNT, "“－”不是数字；没有发生的请填 0，暂时不知道的请留空"),
        ("不适用", AMOUNT, "“不适用”不是数字；没有发生的请填 0，暂时不知道的请留空"),
        ("3415.74", COUNT, "“3415.74”不是整数；这里填件数，请填整数，不要小数"),
        ("12.", COUNT, "“12.”不是整数；这里填件数，请填整数，不要小数"),
        ("-17", COUNT, "“-17”带正负号；这里填件数，请填 0 或正数"),
        ("+1036", COUNT, "“+1036”带正负号；这里填件数，请填 0 或正数"),
        ("-0.5", AMOUNT, "“-0.5”带正负号；这里填金额，请填 0 或正数"),
        ("251000元", AMOUNT, "“251000元”带有单位；本格以万元为单位，请只填数字，如 25.1"),
        ("2.50万元", AMOUNT, "“2.50万元”带有单位；本格以万元为单位，请只填数字，如 2.5"),
        ("10万元", AMOUNT, "“10万元”带有单位；本格以万元为单位，请只填数字，如 10"),
        ("0.0000001", AMOUNT, "“0.0000001”小数过长，万元数最多 6 位小数（到分）"),
        ("1234567890123456", COUNT, "“1234567890123456”数字过大，最多 15 位"),
        ("abc", COUNT, "“abc”无法识别，请填阿拉伯数字"),
        ("1,23", COUNT, "“1,23”无法识别，请填阿拉伯数字"),
        ("٣", COUNT, "“٣”无法识别，请填阿拉伯数字"),
        ("0 123", COUNT, "“0 123”无法识别，请只填一个数，如 12"),
        ("００　１２３", COUNT, "“００　１２３”无法识别，请只填一个数，如 12"),
        ("0,123", COUNT, "“0,123”无法识别，请填阿拉伯数字"),
        ("-0,123", CHANGE, "“-0,123”无法识别，请填阿拉伯数字"),
        ("0 123.5", AMOUNT, "“0 123.5”无法识别，请只填一个数，如 12"),
        ("（12）", COUNT, "“（12）”无法识别，请填阿拉伯数字"),
        ("x" * 30, COUNT, f"“{'x' * 20}…”无法识别，请填阿拉伯数字"),
    ],
)
def test_what_is_no_number_of_its_kind_is_kept_with_the_question_to_ask(typed, kind, problem):
    assert read(typed, kind) == Entry(typed=typed, problem=problem)


@pytest.mark.parametrize("typed", ["5②", "5²", "½", "5⒜", "12\n34", "12 34", "1\t234"])
def test_a_footnote_mark_or_a_second_number_never_becomes_part_of_the_number(typed):
    assert read(typed).unread


@pytest.mark.parametrize("typed", ["", "  ", "\u3000", "\u200b\n"])
def test_a_blank_cell_is_not_zero(typed):
    assert read(typed) == BLANK
    assert BLANK.blank
    assert read("0") != BLANK


@pytest.mark.parametrize(
    "typed, remark",
    [
        ("22（其中修订16件）", "其中修订16件"),
        ("22 (其中 修订16件) ", "其中 修订16件"),
        ("22件（含②）", "含②"),
        ("22（）", ""),
    ],
)
def test_a_remark_in_brackets_is_kept_beside_the_number(typed, remark):
    assert read(typed) == Entry(22, remark)


def test_one_number_written_in_two_ways_makes_two_entries():
    assert read("1.5", AMOUNT) != read("1.50", AMOUNT)
    assert not alike(Decimal("1.5"), Decimal("1.50"))
    assert alike(12, Decimal(12))
    assert len({read("12"), read("１２"), read("1.50", AMOUNT)}) == 2


@pytest.mark.parametrize(
    "number, text", [(None, ""), (0, "0"), (-17, "-17"), (Decimal("1.50"), "1.50"), (Decimal("1E+3"), "1000")]
)
def test_a_number_is_shown_digit_by_digit(number, text):
    assert shown(number) == text


@LAW
@given(st.text(), st.sampled_from(CellKind))
def test_law_reading_never_fails_and_loses_nothing(typed, kind):
    entry = read(typed, kind)
    assert entry.number is not None or entry.typed == typed.strip() or entry == BLANK
    assert bool(entry.problem) == entry.unread


@LAW
@given(st.from_regex(r"\A[+-]?[0-9,. 　]{0,9}[0-9]{1,3}(元|件|（其中.{0,3}）)?\Z"), st.sampled_from(CellKind))
def test_law_what_is_shown_is_read_again_as_the_same(typed, kind):
    entry = read(typed, kind)
    assert read(entry.shown(), kind) == entry


def test_an_address_is_written_with_slashes():
    assert at("requests/granted/total") == Address("requests", "granted", "total")
    assert str(at("requests/granted/total")) == "requests/granted/total"


@pytest.mark.parametrize("path", ["", "requests", "requests/granted", "a/b/c/d", "a//c"])
def test_anything_else_is_no_address(path):
    with pytest.raises(ValueError, match="not an address"):
        at(path)
