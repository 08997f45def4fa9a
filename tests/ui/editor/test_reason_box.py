"""Tests of entering a written reason for a finding, and of its state in the panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from model.form.format import Severity
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
ISSUED = "proactive__normative_documents__issued"


@pytest.fixture
def reopen_required(hands: Hands) -> Hands:
    """Open a report with one 须说明: more documents issued than in force."""
    hands.begin(complete(FORM_2021, **{ISSUED: 6}))
    hands.panel.list.setCurrentRow(0)
    return hands


def listed(hands: Hands) -> str:
    return hands.panel.list.item(0).text()


def explain(hands: Hands, words: str) -> None:
    hands.panel.reasons.words.setText(words)
    hands.qtbot.keyClick(hands.panel.reasons.words, Qt.Key.Key_Return)


def test_a_reason_settles_the_finding_and_undo_opens_it_again(reopen_required: Hands):
    explain(reopen_required, "六件均于当年十二月底废止")
    assert listed(reopen_required).endswith("（已说明）")
    assert reopen_required.desk.editing.readiness.ready
    reopen_required.desk.undo()
    assert not reopen_required.desk.editing.readiness.ready


def test_words_that_explain_nothing_are_refused_at_the_place(reopen_required: Hands):
    explain(reopen_required, "核实无误")
    assert "没有说明原因" in reopen_required.panel.reasons._said.text()
    assert not reopen_required.desk.editing.report.facts


def test_a_changed_number_asks_to_confirm(reopen_required: Hands):
    explain(reopen_required, "六件均于当年十二月底废止")
    reopen_required.stand_on("proactive/normative_documents/issued")
    reopen_required.fill("7")
    reopen_required.panel.list.setCurrentRow(0)
    assert listed(reopen_required).endswith("（说明请重新确认）")
    reopen_required.qtbot.mouseClick(reopen_required.panel.reasons.keep, Qt.MouseButton.LeftButton)
    assert reopen_required.desk.editing.readiness.ready


def test_a_hint_can_be_silenced_for_this_unit(hands: Hands):
    hands.begin(complete(FORM_2021, disputes__suit_direct__pending=1))
    hands.panel.list.setCurrentRow(0)
    finding = hands.panel.current()
    assert finding
    assert finding.severity is Severity.HINT
    hands.qtbot.mouseClick(hands.panel.silence, Qt.MouseButton.LeftButton)
    assert hands.panel.list.count() == 0


def test_an_error_has_no_room_for_a_reason(hands: Hands):
    hands.begin(complete(FORM_2021, requests__new_received__natural_person=3))
    hands.panel.list.setCurrentRow(0)
    assert not hands.panel.reasons.isVisible()
