"""Tests of a report's deadline and of the sentence on the remaining days."""

from __future__ import annotations

from datetime import date

import pytest

from model.report.deadline import countdown, deadline_of, fact_for
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


@pytest.mark.parametrize(
    "today, words",
    [
        (date(2024, 1, 19), "距 1月31日 还有 12 天"),
        (date(2024, 1, 31), "今天（1月31日）是报送期限"),
        (date(2024, 2, 3), "已超过报送期限 1月31日 3 天"),
        (date(2026, 2, 3), "报送期限 2024年1月31日"),
    ],
)
def test_the_days_left_are_said(today: date, words: str):
    assert countdown(JANUARY, today) == words


def test_a_final_report_is_never_late():
    assert countdown(JANUARY, date(2024, 2, 3), final=True) == "报送期限 2024年1月31日"
