"""Tests that steps of earlier sessions can be undone."""

from __future__ import annotations

from model.form.cell import at
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
CELL = "requests/new_received/natural_person"


def test_undo_and_redo_survive_closing_the_draft(hands: Hands):
    number = hands.begin(complete(FORM_2021))
    hands.stand_on(CELL)
    hands.fill("3")
    hands.stand_on(CELL)
    hands.fill("4")
    hands.desk.undo()
    hands.window.close_draft()
    hands.window.open_draft(number)
    hands.desk.undo()
    assert hands.desk.editing.values[at(CELL)] == 0
    hands.desk.redo()
    hands.desk.redo()
    assert hands.desk.editing.values[at(CELL)] == 4
