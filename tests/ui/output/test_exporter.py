"""Tests that an export takes the report as at its start, and runs no rule in the window's thread."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from model.checks.rules import Rule
from model.form.cell import at
from model.importing.own_pdf import read_data
from model.report.exchange import loads
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands
from ui.output.export_jobs import ExportKind

pytestmark = NO_SCREEN
NEW = at("requests/new_received/natural_person")


def test_starting_an_export_and_a_preview_runs_no_rule(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    hands.begin(complete(FORM_2021))
    asked: list[str] = []

    def spy(rule: Rule, name: str) -> object:
        if name == "find":
            asked.append(threading.current_thread().name)
        return object.__getattribute__(rule, name)

    monkeypatch.setattr(Rule, "__getattribute__", spy)
    hands.desk.enter(NEW, "3")
    assert asked  # the rules are recorded
    asked.clear()
    for kind, name in ((ExportKind.PDF, "年报.pdf"), (ExportKind.VERDICT, "检查报告.pdf")):
        with hands.qtbot.waitSignal(hands.window.exported, timeout=4 * PATIENCE):
            hands.window.exporter.start(lambda: hands.desk.editing.now, kind, tmp_path / name)
    with hands.qtbot.waitSignal(hands.window.exporter.previewed, timeout=4 * PATIENCE):
        hands.window.exporter.on_preview()
    assert asked == []


def test_an_export_repeated_with_boxes_includes_what_was_edited_since(hands: Hands, tmp_path: Path):
    hands.begin(replace(complete(FORM_2021), texts={"overview": "字\U0001f600"}))
    hands.window.exporter.export_to(tmp_path / "年报.pdf")
    hands.qtbot.waitUntil(lambda: bool(boxes(hands)), timeout=4 * PATIENCE)
    hands.desk.enter(NEW, "12")
    with hands.qtbot.waitSignal(hands.window.exported, timeout=4 * PATIENCE):
        hands.qtbot.mouseClick(boxes(hands)[0], Qt.MouseButton.LeftButton)
    data = read_data(tmp_path / "年报.pdf")
    assert data
    assert loads(data).entry(NEW).number == 12


def boxes(hands: Hands) -> list[QPushButton]:
    """Return the button that prints □ for a missing character, if it is shown."""
    return [b for b in hands.window.banner.findChildren(QPushButton) if b.text() == "以□代替并导出"]
