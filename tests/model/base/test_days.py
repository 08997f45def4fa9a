"""Tests of days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.base.days import day_in_words, read_day

TWENTIETH = date(2026, 1, 20)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-20", "2026-1-20", "2026.1.20", "2026/1/20", "20260120", "2026年1月20日", "2026年01月20",
        "2026 年 1 月 20 日",
        "２０２６年１月２０日",
        "二〇二六年一月二十日", "二○二六年一月二十日", "二零二六年一月二十日",
        "2026。1。20", "2026—1—20", "1月20日",
        "1.20", "1-20", "01/20",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(typed: str):
    assert read_day(typed, 2026) == TWENTIETH


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "31",
        "1月",
        "2026-02-30",
        "2026-13-45",
        "20261301",
        "0527-80000000",
        "某某局",
        "2026年",
        "1月20日前",
        "26.1.20",
    ],
)
def test_what_is_no_day_is_none(typed: str):
    assert read_day(typed, 2026) is None


def test_a_day_without_a_year_is_only_read_where_one_is_known():
    assert read_day("1月20日") is None


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_a_day_in_words_is_read_as_itself(day: date):
    assert read_day(day_in_words(day)) == day
    assert read_day(day.isoformat()) == day
