"""Tests of the checks on sums: printed totals of old reports, one finding for one slip, blanks left open."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from model.editing.session import Editing
from model.form.cell import Entry, Number, at
from model.form.format import Severity
from tests.support.helpers import FORM_2021, THIRD, complete, editing, lines, messages, texts, zeros

# -- cases named by the statistics clerks ---------------------------------------------------------------------------

A1 = """
    new_received 100 50 10 5 3 2 170
    carried_over 10 5 0 0 0 0 15
    granted 50 30 8 5 3 2 98
    partly_granted 20 10 2 0 0 0 32
    denied_secret 1 0 0 0 0 0 1
    denied_by_law 2 0 0 0 0 0 2
    denied_security 1 0 0 0 0 0 1
    denied_third_party 1 0 0 0 0 0 1
    denied_internal 1 0 0 0 0 0 1
    denied_process 1 0 0 0 0 0 1
    denied_case_file 1 0 0 0 0 0 1
    denied_inquiry 1 0 0 0 0 0 1
    unavailable_not_held 3 2 0 0 0 0 5
    unavailable_to_create 2 1 0 0 0 0 3
    unavailable_unclear 1 0 0 0 0 0 1
    rejected_petition 1 0 0 0 0 0 1
    rejected_repeat 1 0 0 0 0 0 1
    rejected_publication 1 0 0 0 0 0 1
    rejected_excessive 1 0 0 0 0 0 1
    rejected_confirm 1 0 0 0 0 0 1
    other_no_correction 1 1 0 0 0 0 2
    other_no_payment 1 1 0 0 0 0 2
    other_misc 1 0 0 0 0 0 1
    results_total 95 45 10 5 3 2 160
    carried_forward 15 10 0 0 0 0 25
"""
A1_DISPUTES = "review 5 2 1 2 10\nsuit_direct 3 1 0 1 6\nsuit_after_review 1 0 0 0 1"
SHORT = "“（七）总计”的“自然人”：各项之和为 93，原报告所填总计为 95，相差 2（“（七）总计”的“总计”随之不符）"


def a1() -> Editing:
    numbers = lines(FORM_2021, "requests", A1) | lines(FORM_2021, "disputes", A1_DISPUTES)
    return editing(FORM_2021, numbers | {a: 0 for a in FORM_2021.inputs if a.table == "proactive"})


def errors(desk: Editing, section: str) -> list[str]:
    return [f.message for f in desk.findings if f.severity is Severity.ERROR and f.section == section]


def test_a1_one_cause_is_one_message():
    desk = a1()
    assert errors(desk, "requests") == [SHORT]
    assert errors(desk, "disputes") == ["“未经复议直接起诉”的“总计”：各项之和为 5，原报告所填总计为 6，相差 1"]
    assert errors(desk, "proactive") == []


def test_a1_is_cured_by_the_two_missing_requests():
    desk = a1()
    desk.enter(at("requests/granted/natural_person"), 52)
    assert errors(desk, "requests") == []


def test_a1_accepted_as_computed_shows_the_balance_that_was_hidden():
    desk = a1()
    cause = next(finding.fix for finding in desk.findings if finding.message == SHORT)
    assert cause
    desk.apply(cause)
    assert errors(desk, "requests") == [
        "“自然人”列：第一项加第二项为 110，第三项加第四项为 108，相差 2（“总计”随之不符）"
    ]


A2 = {
    "requests__new_received__natural_person": 60,
    "requests__granted__natural_person": 59,
    "requests__partly_granted__natural_person": 1,
    "requests__denied_secret__natural_person": 1,
    "requests__new_received__business": 2,
    "requests__granted__business": 2,
}


@pytest.mark.parametrize("printed", [True, False])
def test_a2_two_broken_balances_are_settled_by_one_cell(printed):
    totals = lines(FORM_2021, "requests", "new_received . . . . . . 62\nresults_total 61 2 0 0 0 0 63")
    desk = editing(FORM_2021, zeros(FORM_2021, **A2) | (totals if printed else {}), texts=texts(FORM_2021))
    (finding,) = desk.findings
    assert finding.message == "“自然人”列：第一项加第二项为 60，第三项加第四项为 61，相差 1（“总计”随之不符）"
    assert finding.advice.endswith("若其他各格无误，“一、本年新收政府信息公开申请数量”的“自然人”应填 61（现为 60）")
    assert finding.fix
    assert finding.fix.cells == ((at("requests/new_received/natural_person"), Entry(61)),)
    desk.apply(finding.fix)
    assert desk.findings == ()


def test_where_two_cells_could_be_wrong_none_is_proposed():
    desk = Editing(complete(FORM_2021, **A2, requests__carried_over__natural_person=3), FORM_2021)
    assert [finding.fix for finding in desk.findings] == [None]


@pytest.mark.parametrize(
    "numbers", [{"requests__new_received__natural_person": 3}, {**A2, "requests__new_received__business": 0}]
)
def test_to_wipe_a_number_or_to_fill_a_zero_is_never_proposed(numbers):
    desk = Editing(complete(FORM_2021, **numbers), FORM_2021)
    assert desk.findings[-1].fix is None


def test_a3_a_total_far_off_is_named_with_both_numbers():
    desk = editing(FORM_2021, lines(FORM_2021, "disputes", "review 1 2 3 4 99"))
    said = "“行政复议”的“总计”：各项之和为 10，原报告所填总计为 99，相差 89"
    assert messages(desk.findings, "total-stated") == [said]


# -- printed totals -------------------------------------------------------------------------------------------------

ROWS, COLUMNS = ["granted", "partly_granted"], ["natural_person", "business"]


def with_slip(*slips: str) -> list[str]:
    """Return the messages on a balanced report of eight requests with printed totals, some of them one too high."""
    ones = {f"requests__{row}__{column}": 2 for row, column in itertools.product(ROWS, COLUMNS)}
    new = {f"requests__new_received__{column}": 4 for column in COLUMNS}
    right = Editing(complete(FORM_2021, **ones, **new), FORM_2021)
    stated = {address: right.values[address] or 0 for address in FORM_2021.totals}
    wrong: dict[Any, Number] = {at(f"requests/{slip}"): stated[at(f"requests/{slip}")] + 1 for slip in slips}
    numbers = {address: n for address, n in right.values.items() if n is not None} | stated | wrong
    said = messages(editing(FORM_2021, numbers, texts=texts(FORM_2021)).findings)
    return [re.sub("：.*，相差 1", "", message) for message in said]


TOTAL = "“（七）总计”"


@pytest.mark.parametrize(
    "slips, named",
    [
        ([], []),
        (["granted/total"], ["“（一）予以公开”的“总计”"]),
        (["new_received/total"], ["“一、本年新收政府信息公开申请数量”的“总计”"]),
        (["results_total/total"], [f"{TOTAL}的“总计”"]),
        (["results_total/business"], [f"{TOTAL}的“商业企业”"]),
        (["results_total/business", "results_total/total"], [f"{TOTAL}的“商业企业”（{TOTAL}的“总计”随之不符）"]),
        (["granted/total", "results_total/total"], [f"“（一）予以公开”的“总计”（{TOTAL}的“总计”随之不符）"]),
        (
            ["granted/total", "carried_over/total"],
            ["“二、上年结转政府信息公开申请数量”的“总计”", "“（一）予以公开”的“总计”"],
        ),
    ],
)
def test_each_slip_in_the_printed_totals_is_named_once(slips, named):
    assert with_slip(*slips) == named


def test_a_subtotal_and_the_totals_above_it_are_one_cause():
    numbers = {**zeros(THIRD, requests__denied_secret__natural_person=2, requests__new_received__natural_person=2)}
    printed = "refused_total 3 0 3\nresults_total 3 0 3"
    desk = editing(THIRD, numbers | lines(THIRD, "requests", printed), texts=texts(THIRD))
    assert len(desk.findings) == 1
    assert desk.findings[0].fix
    assert len(desk.apply(desk.findings[0].fix).cleared) == 1
    assert len(desk.findings) == 0


# -- blanks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, said",
    [
        ("new_received 12", []),  # the results are not entered yet
        ("new_received 12; carried_over 0; carried_forward 13",
         ["“自然人”列：第一项加第二项为 12，第三项加第四项为 13，相差 1"]),  # no result can balance it
        ("new_received 12; carried_forward 13", []),  # something may have been carried over
        ("new_received 60; carried_over 0; results_total 59; carried_forward 0",
         ["“自然人”列：第一项加第二项为 60，第三项加第四项为 59，相差 1"]),  # the total is printed
    ],
)  # fmt: skip
def test_a_balance_is_judged_when_no_blank_can_settle_it_any_more(text, said):
    persons = "\n".join(f"{row} . . . . . ." for row in text.split("; "))  # the first column, all others blank
    assert messages(editing(FORM_2021, lines(FORM_2021, "requests", persons)).findings, "requests-balance") == said


@pytest.mark.parametrize("text, said", [("review 1 2 3 . 10", 0), ("review 1 2 3 . 5", 1), ("review 1 2 3 4 11", 1)])
def test_a_printed_total_is_judged_when_no_blank_can_make_it_true(text, said):
    assert len(messages(editing(FORM_2021, lines(FORM_2021, "disputes", text)).findings, "total-stated")) == said
