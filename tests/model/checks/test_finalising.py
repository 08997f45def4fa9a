"""Tests of 定稿: possible only without open findings; the report is read-only until it is withdrawn."""

from __future__ import annotations

from datetime import datetime

import pytest

from model.base.trouble import Trouble
from model.checks.explanations import KINDS
from model.editing.session import Editing
from model.form.cell import at
from tests.support.helpers import FORM_2021, complete

NOON, LATER = datetime(2026, 1, 20, 12), datetime(2026, 1, 21, 9)
IN_FORCE = "proactive__normative_documents__in_force"
ISSUED = "proactive__normative_documents__issued"
WORDS = "其中一件制发后当年即失效"


def clean() -> Editing:
    return Editing(complete(FORM_2021), FORM_2021)


def unresolved() -> Editing:
    return Editing(complete(FORM_2021, **{ISSUED: 6, IN_FORCE: 5}), FORM_2021)


def test_a_clean_report_is_finalised_and_taken_back_with_a_trace():
    editing = clean()
    editing.finalise(NOON)
    before = editing.final
    editing.withdraw(LATER, "上级要求补充")
    assert (before, editing.final) == (True, False)
    assert (
        editing.report.facts["withdrawn"] == "2026-01-21 09:00:00 撤回定稿（定稿于 2026-01-20T12:00:00）：上级要求补充"
    )


@pytest.mark.parametrize(
    "hand",
    [
        lambda e: e.enter(at("proactive/rules/issued"), 1),
        lambda e: e.write("overview", "新的文字"),
        lambda e: e.note_fact("signed_on", "2026-01-20"),
        lambda e: e.set_head(agency="别的局"),
        lambda e: e.undo(),
    ],
    ids=["a cell", "a text", "a fact", "the head", "undo"],
)
def test_a_final_report_does_not_change(hand):
    editing = clean()
    editing.enter(at("proactive/rules/repealed"), 2)
    editing.finalise(NOON)
    before = editing.report
    with pytest.raises(Trouble, match="已经定稿"):
        hand(editing)
    assert editing.report is before


@pytest.mark.parametrize(
    "slip, said",
    [
        ({"requests__new_received__natural_person": 3}, "还有 1 处错误"),
        ({ISSUED: 6, IN_FORCE: 5}, "还有 1 处须说明"),
    ],
)
def test_what_is_open_stands_in_the_way(slip, said):
    editing = Editing(complete(FORM_2021, **slip), FORM_2021)
    with pytest.raises(Trouble, match=said):
        editing.finalise(NOON)
    assert not editing.final


def test_a_blank_cell_stands_in_the_way():
    editing = clean()
    editing.enter(at("proactive/rules/issued"), "")
    with pytest.raises(Trouble, match="还有 1 格未填"):
        editing.finalise(NOON)


def test_a_reason_opens_the_way_and_a_changed_number_closes_it_again():
    editing = unresolved()
    (finding,) = editing.findings
    editing.explain(finding, KINDS[0], WORDS)
    assert editing.readiness.ready
    editing.enter(at("proactive/normative_documents/in_force"), 4)
    assert editing.readiness.sentence() == "还有 1 处说明请重新确认"
    editing.undo()
    assert editing.readiness.ready


def test_empty_words_are_refused_in_one_sentence():
    editing = unresolved()
    with pytest.raises(Trouble, match="没有说明原因"):
        editing.explain(editing.findings[0], KINDS[0], "核实无误")
    assert not editing.readiness.ready


def test_a_reason_can_be_taken_back_and_undone():
    editing = unresolved()
    (finding,) = editing.findings
    editing.explain(finding, KINDS[0], WORDS)
    editing.withdraw_reason(finding)
    assert not editing.readiness.ready
    editing.undo()
    assert editing.readiness.ready


def test_taking_back_a_draft_does_nothing():
    editing = clean()
    assert editing.withdraw(NOON, "x").change.empty
    assert not editing.can_undo
