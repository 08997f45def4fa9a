"""Computes the day on which a report is due: 条例第四十九条, unless a local notice sets another day.

The article names two kinds of unit only: departments of governments (1–31 January) and governments (by 31 March). For
towns and other offices a local notice sets the day; until it is typed in, the program reminds of the earlier day.
"""

from __future__ import annotations

from datetime import date

from model.report.facts import DEADLINE, fact_date
from model.report.report import Report

_STATUTORY = (1, 31)
_OF_GOVERNMENTS = (3, 31)
_GOVERNMENT = "government"
_LONG_AGO = 180  # days; beyond that their number is not shown


def statutory(unit_kind: str, year: int) -> date:
    """Return 31 March after the report's year for a government, 31 January for any other unit."""
    return date(year + 1, *(_OF_GOVERNMENTS if unit_kind == _GOVERNMENT else _STATUTORY))


def due_name(unit_kind: str) -> str:
    """Return what is due: a government publishes its report, any other unit hands it in, too."""
    return "公布期限" if unit_kind == _GOVERNMENT else "报送和公布期限"


def deadline_of(report: Report) -> date:
    """Return the day on which a report is due; a fact that is no date is ignored."""
    return fact_date(report.facts, DEADLINE) or statutory(report.unit_kind, report.year)


def fact_for(on: date, unit_kind: str, year: int) -> str:
    """Return the value of `DEADLINE` for this day: "" for the statutory one, which follows the kind of unit."""
    return "" if on == statutory(unit_kind, year) else on.isoformat()


def day(on: date) -> str:
    """Format a day as 1月31日, without leading zeros."""
    return f"{on.month}月{on.day}日"


def countdown(on: date, today: date, what: str, *, final: bool = False) -> str:
    """Return “距 3月31日 还有 12 天” for the status bar; once final, or long after, only the day itself.

    `what` is the `due_name` of the report's kind of unit.
    """
    left = (on - today).days
    if final or left < -_LONG_AGO:
        return f"{what} {on.year}年{day(on)}"
    if left < 0:
        return f"已过 {day(on)}，逾期 {-left} 天"
    return f"距 {day(on)} 还有 {left} 天" if left else f"今天（{day(on)}）是{what}"
