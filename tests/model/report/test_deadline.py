"""Tests of a report's deadline and of the sentence on the remaining days."""

from __future__ import annotations

from datetime import date

import pytest

from model.form.format import UNIT_KINDS
from model.report.deadline import countdown, deadline_of, due_name, fact_for
from model.report.facts import DEADLINE
from model.report.report import Report

JANUARY, MARCH = date(2024, 1, 31), date(2024, 3, 31)


@pytest.mark.parametrize(
    "kind, fact, due",
    [
        ("department", "", JANUARY),
        ("town", "", JANUARY),
        ("office", "", JANUARY),
        ("government", "", MARCH),
        ("government", "2024-01-15", date(2024, 1, 15)),
        ("department", "一月底", JANUARY),
        ("department", "2024-02-30", JANUARY),
    ],
)
def test_a_report_is_due_on_the_statutory_day_or_the_one_that_was_set(kind: str, fact: str, due: date):
    assert deadline_of(Report("某局", 2023, "2021", kind, facts={DEADLINE: fact})) == due


def test_only_another_day_than_the_statutory_one_is_kept():
    assert fact_for(JANUARY, "department", 2023) == ""
    assert fact_for(JANUARY, "government", 2023) == "2024-01-31"


def test_a_government_publishes_and_the_others_hand_in_and_publish():
    assert [due_name(kind) for kind in UNIT_KINDS] == ["报送和公布期限", "公布期限", "报送和公布期限", "报送和公布期限"]


@pytest.mark.parametrize(
    "today, words",
    [
        (date(2024, 1, 19), "距 1月31日 还有 12 天"),
        (date(2024, 1, 31), "今天（1月31日）是报送和公布期限"),
        (date(2024, 2, 3), "已过 1月31日，逾期 3 天"),
        (date(2026, 2, 3), "报送和公布期限 2024年1月31日"),
    ],
)
def test_the_days_left_are_said(today: date, words: str):
    assert countdown(JANUARY, today, due_name("department")) == words


def test_a_final_report_is_never_late():
    assert countdown(MARCH, date(2024, 4, 3), due_name("government"), final=True) == "公布期限 2024年3月31日"
