"""Tests of 勾稽关系: each is broken by one small report and satisfied by another; one slip gives one finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from model.checks.finding import Finding
from model.editing.session import Editing
from model.form.cell import at, read
from model.form.format import Format, Severity
from tests.support.helpers import (
    FORM_2019,
    FORM_2021,
    FORMATS,
    FORMS,
    THIRD,
    complete,
    editing,
    entry,
    lines,
    messages,
    published,
    report,
    texts,
    zeros,
)

# Rule, report that breaks it, severity and message, and a similar report that satisfies it.
Case = tuple[Format, str, dict[str, Any], Severity, str, dict[str, Any]]
ERROR, EXPLAIN, HINT = Severity
TOWN, GOVERNMENT = {"unit_kind": "town"}, {"unit_kind": "government"}
REQUEST = {"requests__new_received__natural_person": 1, "requests__granted__natural_person": 1}
SAME: list[Callable[[Format], Case]] = [
    lambda form: (
        form, "requests-balance",
        {"requests__new_received__natural_person": 3}, ERROR,
        "“自然人”列：第一项加第二项为 3，第三项加第四项为 0，相差 3（“总计”随之不符）",
        {"requests__new_received__natural_person": 3, "requests__carried_forward__natural_person": 3},
    ),
    lambda form: (
        form, "disputes-without-requests",
        {"disputes__suit_direct__pending": 1}, HINT,
        "有行政复议或行政诉讼，而本年新收和上年结转的申请合计为 0 件",
        {"disputes__suit_direct__pending": 1, **REQUEST},
    ),
]  # fmt: skip
CASES: list[Case] = [
    *(case(form) for form in FORMATS for case in SAME),
    (
        FORM_2019, "proactive-items",
        {"proactive__penalty__items_last_year": 16, "proactive__penalty__items_change": -17}, ERROR,
        "“行政处罚”：上一年项目数量加本年增/减为 -1，小于 0",
        {"proactive__penalty__items_last_year": 17, "proactive__penalty__items_change": -17},
    ),
    (
        FORM_2019, "proactive-disclosed",
        {"proactive__rules__newly_disclosed": 2, "proactive__rules__total_disclosed": 1}, EXPLAIN,
        "“规章”：对外公开总数量 1 件，少于本年新公开 2 件",
        {"proactive__rules__newly_disclosed": 2, "proactive__rules__total_disclosed": 2},
    ),
    (
        FORM_2021, "proactive-in-force",
        {"proactive__normative_documents__issued": 2, "proactive__normative_documents__in_force": 1}, EXPLAIN,
        "“行政规范性文件”：现行有效 1 件，少于本年制发 2 件",
        {"proactive__normative_documents__issued": 2, "proactive__normative_documents__in_force": 2},
    ),
    (
        FORM_2021, "suit-before-review",
        {"year": 2024, "disputes__suit_direct__pending": 1, **REQUEST}, HINT,
        "“未经复议直接起诉”：1 件，而 2024 年起对不予公开决定不服的应当先申请行政复议",
        {"year": 2024, "disputes__suit_after_review__pending": 1, **REQUEST},
    ),
    (
        FORM_2021, "proactive-rule-making",
        {"proactive__rules__issued": 1, "proactive__rules__in_force": 1, **TOWN}, EXPLAIN,
        ("“规章”：本年制发 1 件，而规章只有国务院部门、具有行政管理职能的直属机构"
        "和省级、设区的市、自治州人民政府可以制定"),
        {"proactive__rules__issued": 1, "proactive__rules__in_force": 1, **GOVERNMENT},
    ),
    (
        THIRD, "requests-balance",
        {"requests__new_received__organisation": 2, "requests__withdrawn_after__organisation": 1}, ERROR,
        "单位：收到减未结为 2，办结为 1（“合计”随之不符）",
        {"requests__new_received__organisation": 2, "requests__given_whole__organisation": 2},
    ),
    (
        THIRD, "requests-withdrawn",
        {"requests__carried_over__natural_person": 1, "requests__withdrawn_before__natural_person": 1}, EXPLAIN,
        "个人：撤回 1 件，多于收到的 0 件（“合计”随之不符）",
        {"requests__new_received__natural_person": 1, "requests__withdrawn_before__natural_person": 1},
    ),
]  # fmt: skip


def found(form: Format, numbers: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Return all findings of a report in which every cell but these is 0."""
    head = {key: value for key, value in numbers.items() if key in ("unit_kind", "year")}
    cells = {key: value for key, value in numbers.items() if key not in head}
    return Editing(report(form, zeros(form, **cells), texts=texts(form), **head), form).findings


def test_every_check_of_every_format_has_a_case():
    assert {(form.id, check.code) for form in FORMS for table in form.tables for check in table.checks} == {
        (form.id, code) for form, code, *_ in CASES
    }


@pytest.mark.parametrize("form, code, broken, severity, message, kept", CASES, ids=lambda it: getattr(it, "id", None))
def test_a_check_names_what_breaks_it_and_is_quiet_otherwise(form, code, broken, severity, message, kept):
    assert [(f.code, f.severity, f.message) for f in found(form, broken)] == [(code, severity, message)]
    assert found(form, kept) == ()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_complete_report_of_zeros_has_no_finding(form: Format):
    assert Editing(complete(form), form).findings == ()


@pytest.mark.parametrize("name", ["suqian-2023", "suqian-2024", "shuyang-2025"])
def test_a_published_report_keeps_all_relations(name):
    found = Editing(published(name), FORM_2021).findings
    assert {finding.code for finding in found if finding.severity is not HINT} <= {"text-empty"}


@pytest.mark.parametrize("year, hints", [(2021, 0), (2023, 0), (2024, 1), (2026, 1)])
def test_a_suit_without_review_is_worth_a_look_since_the_law_of_2024(year: int, hints: int):
    report = replace(complete(FORM_2021, disputes__suit_direct__upheld=2, **REQUEST), year=year)
    said = [finding.message for finding in Editing(report, FORM_2021).findings]
    assert said == ["“未经复议直接起诉”：2 件，而 2024 年起对不予公开决定不服的应当先申请行政复议"] * hints


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_every_sentence_says_what_to_do(form: Format):
    everything = [f for code in CASES if code[0] is form for f in found(form, code[2])] + [*editing(form).findings]
    assert all(finding.advice and finding.basis and finding.message for finding in everything)


# -- cells and texts ---------------------------------------------------------------------------------------------------


def test_the_blanks_of_a_table_are_one_finding_with_one_cure():
    desk = editing(FORM_2021, lines(FORM_2021, "disputes", "review 1 . . . ."))
    said = messages(desk.findings, "cell-open")
    assert said == ["还有 10 格未填", "还有 144 格未填", "还有 11 格未填，如“行政复议”的“结果纠正”"]


def test_what_cannot_be_read_is_not_also_called_blank():
    desk = Editing(complete(FORM_2021), FORM_2021)
    desk.enter(at("proactive/fees/amount"), "251000元")
    (message,) = messages(desk.findings)
    assert message.startswith("“行政事业性收费”的“本年收费金额（单位：万元）”：“251000元”带有单位；")
    assert entry(desk, "proactive/fees/amount").typed == "251000元"


def test_a_section_without_a_word_wants_a_reason():
    desk = Editing(complete(FORM_2021), FORM_2021)
    (finding,) = desk.write("problems", " \n").appeared
    assert (finding.severity, finding.message) == (EXPLAIN, "“五、存在的主要问题及改进情况”还没有内容")


def test_findings_come_strongest_first_and_then_in_the_order_of_the_paper():
    errors_first = ["proactive", "requests", "disputes", "overview", "problems", "other_matters"]
    assert [finding.section for finding in editing(FORM_2021).findings] == errors_first


# -- signs for "none" -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["/", "／", "-", "－", "—", "——", "–", "\\", "无", "空", "N/A", "×", " / ", "不适用"])
@pytest.mark.parametrize("count, findings", [(1, 1), (2, 2), (3, 1), (60, 1)])
def test_many_signs_for_none_are_one_finding_with_one_cure(sign: str, count: int, findings: int):
    form = FORM_2021
    cells = [cell for cell in form.inputs if cell.table == "requests"][:count]
    empty = complete(form)
    edited = Editing(replace(empty, cells={**empty.cells, **{cell: read(sign) for cell in cells}}), form)
    unread = [finding for finding in edited.findings if finding.code == "cell-unread"]
    assert (len(unread), {cell for finding in unread for cell in finding.cells}) == (findings, {*cells})
    if count > 2:
        assert unread[0].fix is not None
        assert f"{count} 格写的是“{sign.strip()}”" in unread[0].message
        assert edited.apply(unread[0].fix).cleared


@pytest.mark.parametrize("typed", ["约3件多", "12.5", "三件", "见附件"])
def test_what_may_be_a_number_is_asked_one_by_one(typed: str):
    cells = [cell for cell in FORM_2021.inputs if cell.table == "requests"][:5]
    empty = complete(FORM_2021)
    edited = Editing(replace(empty, cells={**empty.cells, **{cell: read(typed) for cell in cells}}), FORM_2021)
    assert [finding.code for finding in edited.findings if finding.section == "requests"].count("cell-unread") == 5
