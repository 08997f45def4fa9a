"""Tests that one wrong cell among printed totals gives one message that names the cell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.editing.session import Editing
from model.form.cell import Entry, at
from model.form.format import Severity
from model.report.report import Report
from model.report.totals import Engine
from tests.support.helpers import FORM_2021, published


def printed(name: str) -> Report:
    """Return a published report with all its totals as printed."""
    report = published(name)
    values = Engine(FORM_2021).values(report)
    return replace(report, stated={a: number for a in FORM_2021.totals if (number := values[a]) is not None})


def slipped(report: Report, path: str, number: int) -> Editing:
    return Editing(replace(report, cells={**report.cells, at(path): Entry(number)}), FORM_2021)


def errors(editing: Editing):
    return [finding for finding in editing.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "path, wrong, right",
    [
        ("requests/granted/natural_person", 1157, 1175),
        ("requests/denied_inquiry/natural_person", 21, 20),
        ("requests/other_misc/business", 8, 3),
        ("requests/new_received/natural_person", 3420, 3402),
        ("requests/carried_over/business", 2, 3),
        ("requests/carried_forward/natural_person", 119, 118),
    ],
)
def test_a_wrong_cell_is_named_alone_and_its_cure_settles_all(path, wrong, right):
    editing = slipped(printed("suqian-2023"), path, wrong)
    (finding,) = errors(editing)
    assert finding.cells[0] == at(path)
    assert f"改为 {right} 后全部相符" in finding.message
    editing.apply(finding.fix)
    assert errors(editing) == []


def test_a_wrong_total_is_not_blamed_on_a_cell():
    report = printed("suqian-2023")
    wrong = replace(report, stated={**report.stated, at("requests/granted/total"): 1190})
    (finding,) = errors(Editing(wrong, FORM_2021))
    assert finding.code == "total-stated"


def test_where_two_cells_would_explain_it_none_is_blamed():
    editing = slipped(printed("suqian-2023"), "disputes/review/upheld", 308)
    (finding,) = errors(editing)
    assert finding.code == "total-stated"


@pytest.mark.parametrize(
    "path, wrong, suspects",
    [
        (
            "disputes/review/upheld",
            308,
            "“结果维持”308 应为 309，或“结果纠正”17 应为 18，或“其他结果”88 应为 89，或“尚未审结”26 应为 27",
        ),
        # no number below 0, and a zero counts as intended
        (
            "disputes/suit_after_review/pending",
            19,
            "“结果维持”13 应为 3，或“其他结果”67 应为 57，或“尚未审结”19 应为 9",
        ),
    ],
)
def test_where_a_few_could_be_wrong_each_is_named_with_what_it_should_hold(path, wrong, suspects):
    (finding,) = errors(slipped(printed("suqian-2023"), path, wrong))
    assert finding.message.startswith(f"“{FORM_2021.row_name(at(path))}”的“总计”：各项之和为 ")
    assert finding.advice.endswith(f"；总计无误的，可能是其中一格填错：{suspects}")


def test_where_many_could_be_wrong_none_is_named():
    report = printed("suqian-2023")
    wrong = replace(report, stated={**report.stated, at("requests/results_total/natural_person"): 3400})
    (finding,) = errors(Editing(wrong, FORM_2021))
    assert finding.advice == "请核对各项和总计；各项无误的，以计算结果为准"


def test_two_wrong_cells_are_two_messages():
    report = printed("suqian-2023")
    wrong = {at("requests/granted/natural_person"): Entry(1157), at("requests/rejected_petition/business"): Entry(5)}
    found = errors(Editing(replace(report, cells={**report.cells, **wrong}), FORM_2021))
    assert {finding.cells[0] for finding in found} == set(wrong)
