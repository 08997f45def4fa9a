"""What 定稿 leaves behind, and what a disputed hint does."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from model.base.trouble import Trouble
from model.checks.finding import Finding
from model.form.format import Severity
from model.importing.own_pdf import read_data
from model.report.exchange import loads
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.window.feedback import FOLDER, write_feedback


@NO_SCREEN
def test_finalising_keeps_a_version_a_backup_and_the_pdf(hands: Hands):
    number = hands.begin(complete(FORM_2021))
    hands.desk.finalise()
    hands.qtbot.waitUntil(lambda: "定稿的 PDF" in hands.window.banner.words.text(), timeout=15_000)
    (pdf,) = (hands.window._places.data / "定稿").glob("*.pdf")
    carried = read_data(pdf)
    assert carried
    assert loads(carried) == hands.desk.editing.report
    versions = hands.window._save_queue.ask(lambda store: [version.name for version in store.versions(number)])
    assert "定稿" in versions


@NO_SCREEN
def test_a_disputed_hint_is_noted_on_this_computer(hands: Hands):
    hands.begin(complete(FORM_2021, disputes__suit_direct__pending=1))
    hands.panel.list.setCurrentRow(0)
    hands.qtbot.mouseClick(hands.panel.wrong, Qt.MouseButton.LeftButton)
    (noted,) = (hands.window._places.data / FOLDER).glob("*.json")
    assert json.loads(noted.read_text("utf-8"))["rule"] == "disputes-without-requests"


def test_a_folder_that_takes_nothing_is_named(tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(Trouble, match=FOLDER):
        write_feedback(tmp_path, Finding("a", Severity.HINT, "overview", "x"), "2021", datetime(2026, 1, 20))
