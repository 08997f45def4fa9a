"""Tests of the checks against last year: carried-over numbers, cumulative numbers, large changes."""

from __future__ import annotations

import pytest

from model.checks.explanations import KINDS, explanation_for
from model.checks.finalising import readiness
from model.checks.last_year import LastYear, carried_from
from model.editing.next_year import next_year_report
from model.editing.session import Editing
from model.form.cell import Entry, at
from model.form.format import Severity
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete, published

YEAR_CODES = ("year-carry", "year-in-force", "year-items", "year-jump")


def followed(last: Report, this: Report, form=FORM_2021, last_form=FORM_2021) -> Editing:
    return Editing(this, form, LastYear.of(last, last_form))


def of_years(editing: Editing) -> list[tuple[str, str, str]]:
    return [(f.code, f.severity.value, f.message) for f in editing.findings if f.code in YEAR_CODES]


def with_cells(report: Report, **numbers: int) -> Report:
    cells = {at(path.replace("__", "/")): Entry(number) for path, number in numbers.items()}
    return Report(report.agency, report.year, report.format, report.unit_kind, {**report.cells, **cells})


def test_two_honest_years_agree():
    assert of_years(followed(published("suqian-2023"), published("suqian-2024"))) == []


def test_a_carry_that_is_off_is_named_once_with_both_numbers_and_the_cure():
    editing = followed(published("suqian-2023"), published("suqian-2024"))
    editing.enter(at("requests/carried_over/natural_person"), 120)
    (finding,) = [f for f in editing.findings if f.code == "year-carry"]
    assert finding.message == ("“自然人”列：本年“上年结转”为 120，上年报告的“结转下年度继续办理”为 118，相差 2")
    assert finding.fix
    editing.apply(finding.fix)
    assert of_years(editing) == []


def test_a_carry_may_be_overruled_with_a_reason_and_nothing_else_may():
    editing = followed(published("suqian-2023"), complete(FORM_2021))
    found = [f for f in editing.findings if f.code == "year-carry"]
    assert [f.overrulable for f in found] == [True, True]
    assert {f.severity for f in found} == {Severity.ERROR}
    facts = dict(explanation_for(editing.report, f, KINDS[1], "上年报告公布后更正了结转件数") for f in found)
    report = Report(editing.report.agency, 2024, "2021", cells=editing.report.cells, facts=facts)
    assert readiness(report, followed(published("suqian-2023"), report).findings).errors == ()


@pytest.mark.parametrize(
    "issued, repealed, in_force, said",
    [
        (50, 227, 420, []),
        (
            50,
            227,
            421,
            ["本年现行有效 421 件，按上年现行有效加本年制发减本年废止为 420 件，相差 1"],
        ),
    ],
)
def test_what_is_in_force_adds_up_over_the_years(issued, repealed, in_force, said):
    row = "proactive__normative_documents__"
    numbers = {f"{row}issued": issued, f"{row}repealed": repealed, f"{row}in_force": in_force}
    editing = followed(published("suqian-2023"), with_cells(published("suqian-2024"), **numbers))
    assert [message.split("：", 1)[1] for _, _, message in of_years(editing)] == said


@pytest.mark.parametrize(
    "path, was, now, jumped",
    [
        ("proactive/licence/decisions", "100", "499", False),
        ("proactive/licence/decisions", "100", "500", True),
        ("proactive/licence/decisions", "8", "48", False),
        ("proactive/licence/decisions", "0", "900", False),
        ("proactive/licence/decisions", "51", "0", True),
        ("proactive/licence/decisions", "50", "0", False),
        ("proactive/fees/amount", "12.5", "125000", True),
        ("proactive/fees/amount", "12.5", "0.0125", True),
        ("proactive/fees/amount", "12.5", "99.9", False),
        ("proactive/fees/amount", "55.20", "567.8", True),
        ("proactive/licence/decisions", "800", "100", True),
        ("proactive/licence/decisions", "800", "101", False),
        ("proactive/fees/amount", "0", "99.9", False),
    ],
)
def test_a_number_that_jumps_is_worth_a_second_look(path, was, now, jumped):
    old, new = Editing(complete(FORM_2021), FORM_2021), Editing(complete(FORM_2021), FORM_2021)
    old.enter(at(path), was)
    new.enter(at(path), now)
    assert ("year-jump" in [code for code, *_ in of_years(followed(old.report, new.report))]) is jumped


def test_the_form_of_2020_feeds_the_form_of_2021_and_nothing_is_compared_that_changed_its_meaning():
    old = complete(FORM_2019, requests__carried_forward__business=4, proactive__rules__total_disclosed=900)
    editing = followed(old, complete(FORM_2021), FORM_2021, FORM_2019)
    assert [code for code, *_ in of_years(editing)] == ["year-carry"]


def test_project_counts_of_the_old_form_add_up_over_the_years():
    old = complete(FORM_2019, proactive__penalty__items_last_year=69, proactive__penalty__items_change=-17)
    this = complete(FORM_2019, proactive__penalty__items_last_year=50)
    said = [message for code, _, message in of_years(followed(old, this, FORM_2019, FORM_2019)) if code == "year-items"]
    assert said == ["“行政处罚”：上一年项目数量为 50，按上年报告的项目数量加增/减为 52，相差 2"]


def test_a_copy_for_next_year_starts_without_a_quarrel():
    last = published("suqian-2024")
    this = next_year_report(last, Editing(last, FORM_2021).values, FORM_2021)
    assert of_years(followed(last, this)) == []


def test_blanks_of_either_year_decide_nothing():
    blank = Report("示例局", 2023, "2021")
    assert of_years(followed(blank, published("suqian-2024"))) == []
    assert of_years(followed(published("suqian-2023"), Report("宿迁市", 2024, "2021"))) == []


def test_a_carried_number_says_where_it_comes_from():
    editing = followed(published("suqian-2023"), complete(FORM_2021))
    assert editing.last
    said = [carried_from(FORM_2021, editing.last, at(f"requests/{path}")) for path in (
        "carried_over/natural_person", "carried_over/total", "new_received/natural_person",
    )]  # fmt: skip
    assert said == [
        "2023 年报告的“四、结转下年度继续办理”为 118",
        "2023 年报告的“四、结转下年度继续办理”为 121",
        "",
    ]
