"""Tests that drafts held by another window can be read, not changed, until it releases them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from model.form.cell import at
from model.recovery.open_database import open_drafts
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
CELL = "requests/new_received/natural_person"


@pytest.fixture
def other(tmp_path: Path):
    """Hold the drafts in another window, after creating one."""
    opened = open_drafts(tmp_path / "data")
    opened.store.create(complete(FORM_2021), "试")
    yield opened
    opened.store.close()


def offer(hands: Hands, label: str) -> QPushButton:
    (found,) = [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == label]
    return found


def test_what_another_window_holds_can_only_be_read(other, open_window):
    hands = open_window()
    hands.window.open_draft(1)
    assert hands.window._save_queue.refusal
    hands.desk.enter(at(CELL), "3")
    assert hands.desk.editing.values[at(CELL)] == 0
    assert hands.status == "只能查看"


def test_once_it_is_free_it_can_be_changed(other, open_window):
    hands = open_window()
    hands.window.open_draft(1)
    other.store.close()
    hands.qtbot.waitUntil(hands.window.banner.isVisible, timeout=3000)
    hands.qtbot.mouseClick(offer(hands, "再试一次"), Qt.MouseButton.LeftButton)
    hands.desk.enter(at(CELL), "3")
    assert hands.desk.editing.values[at(CELL)] == 3
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=5000)
