"""Tests of the PDF that is kept on 定稿, and of the record of a disputed hint."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from model.base.trouble import Trouble
from model.checks.finding import Finding
from model.editing.run_rules import review
from model.form.format import Severity
from model.importing.own_pdf import read_data
from model.report.exchange import loads
from model.report.report import Report
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.output.final_copy import freeze_work
from ui.parts.folders import Folders
from ui.window.disputed_findings import FOLDER, write_feedback


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


CODES = st.sampled_from(["figure", "text-empty", "figure-2", "../a", "a:b"])
SECONDS = st.integers(0, 2).map(lambda second: datetime(2026, 1, 20, 9, 30, second))


@given(st.lists(st.tuples(CODES, SECONDS, st.text(max_size=5)), max_size=12))
def test_no_dispute_replaces_another(
    tmp_path_factory: pytest.TempPathFactory, disputes: list[tuple[str, datetime, str]]
):
    folder = tmp_path_factory.mktemp("反馈")
    for code, at, message in disputes:
        write_feedback(folder, Finding(code, Severity.HINT, "overview", message), "2021", at)
    noted = [json.loads(path.read_text("utf-8")) for path in (folder / FOLDER).glob("*.json")]
    expected = Counter((code, message) for code, _, message in disputes)
    assert Counter((one["rule"], one["message"]) for one in noted) == expected


def test_every_final_pdf_is_kept_however_long_the_name_of_the_agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Check long names, which once lost their time when cut, and several within one second, which shared one."""
    monkeypatch.setattr("export.outputs.load_press", lambda _places: None)
    monkeypatch.setattr("export.outputs.export", lambda _editing, target, _press, **_how: target.write_bytes(b"%PDF"))
    save_queue = SimpleNamespace(drafts=SimpleNamespace(keep_final=lambda _number: None))
    report = Report("很长的单位名称" * 20, 2023, "2021")
    works = [
        freeze_work(review(report, FORM_2021), 1, Folders(tmp_path, tmp_path), save_queue)  # type: ignore[arg-type]
        for _ in range(3)
    ]
    paths = [work() for work in works]
    assert sorted(paths) == sorted((tmp_path / "定稿").iterdir())
    assert all(re.search(r" \d{8}-\d{6}(-\d)?\.pdf$", path.name) for path in paths)
    assert all(len(path.name.encode()) < 240 for path in paths)


def test_a_folder_that_takes_nothing_is_named(tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    with pytest.raises(Trouble, match=FOLDER):
        write_feedback(tmp_path, Finding("a", Severity.HINT, "overview", "x"), "2021", datetime(2026, 1, 20))
