"""A finding may stay with a written reason, and the panel says what became of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from model.form.format import Severity
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
ISSUED = "proactive__normative_documents__issued"


@pytest.fixture
def doubtful(hands: Hands) -> Hands:
    """One 须说明: more papers issued than in force."""
    hands.begin(complete(FORM_2021, **{ISSUED: 6}))
    hands.panel.list.setCurrentRow(0)
    return hands


def listed(hands: Hands) -> str:
    return hands.panel.list.item(0).text()


def explain(hands: Hands, words: str) -> None:
    hands.panel.reasons.words.setText(words)
    hands.qtbot.keyClick(hands.panel.reasons.words, Qt.Key.Key_Return)


def test_a_reason_settles_the_finding_and_undo_opens_it_again(doubtful: Hands):
    explain(doubtful, "六件均于当年十二月底废止")
    assert listed(doubtful).endswith("（已说明）")
    assert doubtful.desk.editing.standing.ready
    doubtful.desk.undo()
    assert not doubtful.desk.editing.standing.ready


def test_words_that_explain_nothing_are_refused_at_the_place(doubtful: Hands):
    explain(doubtful, "核实无误")
    assert "没有说明原因" in doubtful.panel.reasons._said.text()
    assert not doubtful.desk.editing.report.facts


def test_a_changed_number_asks_to_confirm(doubtful: Hands):
    explain(doubtful, "六件均于当年十二月底废止")
    doubtful.stand_on("proactive/normative_documents/issued")
    doubtful.fill("7")
    doubtful.panel.list.setCurrentRow(0)
    assert listed(doubtful).endswith("（请重新确认说明）")
    doubtful.qtbot.mouseClick(doubtful.panel.reasons.keep, Qt.MouseButton.LeftButton)
    assert doubtful.desk.editing.standing.ready


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
