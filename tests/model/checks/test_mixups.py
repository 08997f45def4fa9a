"""Tests of swapped cells, swapped rows and shifted rows, which are named only if the equations leave no doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from model.editing.session import Editing
from model.form.cell import Address, Entry, at
from model.form.format import Severity
from model.report.report import Report
from tests.model.checks.test_equations import errors, printed
from tests.support.helpers import FORM_2021, complete

NEW, GRANTED, INQUIRY = "requests/new_received", "requests/granted", "requests/denied_inquiry"


def put(report: Report, numbers: Mapping[Address, int]) -> Editing:
    entries = {address: Entry(number) for address, number in numbers.items()}
    return Editing(replace(report, cells={**report.cells, **entries}), FORM_2021)


def swapped(report: Report, one: str, other: str) -> Editing:
    return put(report, {at(one): number(report, at(other)), at(other): number(report, at(one))})


def number(report: Report, address: Address) -> int:
    return int(report.entry(address).number or 0)


def row(report: Report, name: str) -> dict[str, int]:
    columns = FORM_2021.table("requests").columns(name)
    return {c.id: number(report, Address("requests", name, c.id)) for c in columns if c.total is None}


@pytest.mark.parametrize(
    "one, other",
    [
        (f"{GRANTED}/natural_person", f"{GRANTED}/business"),  # in one row of the results
        (f"{NEW}/natural_person", f"{NEW}/other_org"),  # above them
        (f"{GRANTED}/natural_person", f"{INQUIRY}/natural_person"),  # in one column
        (f"{GRANTED}/natural_person", f"{INQUIRY}/business"),  # neither
        (f"{NEW}/natural_person", "requests/carried_forward/natural_person"),
    ],
)
def test_two_numbers_in_each_others_place_are_one_message_and_one_cure(one: str, other: str):
    right = printed("suqian-2023")
    editing = swapped(right, one, other)
    (finding,) = errors(editing)
    assert finding.code == "cells-swapped"
    assert {*finding.cells} == {at(one), at(other)}
    assert finding.message.endswith("可能填反，互换后全部相符")
    assert finding.fix
    editing.apply(finding.fix)
    assert errors(editing) == []
    assert editing.report.cells == right.cells


def test_both_cells_are_named_with_their_numbers():
    (finding,) = errors(swapped(printed("suqian-2023"), f"{GRANTED}/natural_person", f"{GRANTED}/business"))
    one, other = (f"“（一）予以公开”的“{column}”" for column in ("自然人", "商业企业"))
    assert finding.message == f"{one}（现为 12）与{other}（现为 1175）可能填反，互换后全部相符"


def test_two_rows_in_each_others_place_are_one_message_and_one_cure():
    right = printed("suqian-2023")
    rows = {"granted": row(right, "partly_granted"), "partly_granted": row(right, "granted")}
    editing = put(right, {Address("requests", r, c): n for r, numbers in rows.items() for c, n in numbers.items()})
    (finding,) = errors(editing)
    partly = FORM_2021.row_name(at("requests/partly_granted/total"))
    assert finding.message == f"“（一）予以公开”与“{partly}”的数可能填反，互换后全部相符"
    assert finding.fix
    editing.apply(finding.fix)
    assert editing.report.cells == right.cells


NEW_NAME = "“一、本年新收政府信息公开申请数量”"
STRETCH = ["granted", "partly_granted", "denied_secret", "denied_by_law", "denied_security", "denied_third_party"]


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("down", [False, True])
def test_rows_that_stand_one_line_off_go_back_with_one_cure(down: bool, lost: bool):
    """Check with the row that fell off the end moved to the other end, or set to 0; the column sums restore it."""
    right = printed("suqian-2023")
    contents = [row(right, name) for name in STRETCH]
    moved = [contents[-1], *contents[:-1]] if down else [*contents[1:], contents[0]]
    if lost:
        moved[0 if down else -1] = dict.fromkeys(contents[0], 0)
    stretch = zip(STRETCH, moved, strict=True)
    editing = put(right, {Address("requests", name, c): n for name, numbers in stretch for c, n in numbers.items()})
    (finding,) = errors(editing)
    assert finding.code == "rows-shifted"
    assert f"整体{'上移' if down else '下移'}一行后全部相符" in finding.message
    assert finding.fix
    editing.apply(finding.fix)
    assert editing.report.cells == right.cells


def test_where_two_pairs_would_explain_it_both_are_named_and_nothing_is_proposed():
    right = complete(
        FORM_2021,
        requests__new_received__business=2,
        requests__new_received__research=2,
        requests__granted__business=2,
        requests__partly_granted__research=2,
    )
    values = Editing(right, FORM_2021).values
    report = replace(right, stated={a: n for a in FORM_2021.totals if (n := values[a]) is not None})
    (finding,) = errors(swapped(report, f"{GRANTED}/business", f"{GRANTED}/research"))
    assert finding.message.startswith("有数字可能填反：“（一）予以公开”的“商业企业”与“（一）予以公开”的“科研机构”；或")
    assert len(finding.cells) > 2
    assert finding.fix is None


def test_numbers_that_were_typed_without_totals_are_judged_by_the_balances_alone():
    numbers = {"new_received__business": 42, "granted__business": 42, "new_received__research": 2}
    right = complete(FORM_2021, **{f"requests__{n}": v for n, v in numbers.items()}, requests__granted__research=2)
    assert errors(Editing(right, FORM_2021)) == []
    (finding,) = errors(swapped(right, f"{NEW}/business", f"{NEW}/research"))
    assert finding.message.count(NEW_NAME) == 2
    assert finding.message.count("；或") == 1  # the two rows of results would fit as well


def test_one_equation_alone_accuses_no_pair():
    report = complete(FORM_2021, requests__new_received__business=3, requests__granted__business=2)
    assert [f.code for f in errors(Editing(report, FORM_2021))] == ["requests-balance"]


def test_every_other_slip_keeps_its_own_message():
    right = printed("suqian-2023")
    editing = put(right, {at(f"{GRANTED}/natural_person"): 1157, at(f"{INQUIRY}/business"): 9})
    assert {f.code for f in editing.findings if f.severity is Severity.ERROR} == {"cell-culprit"}
