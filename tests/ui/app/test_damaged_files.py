"""Tests that the window opens whatever the program's own files hold or are, and names each in its banner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from model.base import own_files
from model.recovery.open_database import open_drafts
from tests.support.helpers import FORM_2021, ROOT, complete
from tests.support.hostile_files import CONTENTS, KINDS, SIDE_FILES
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, places
from ui.app import startup
from ui.window.main_window import Window

pytestmark = NO_SCREEN
NAMED = ("state.json", "settings.json", "unsure.json")  # their content is judged
LARGEST = 2_000_000  # bytes written for a test


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Create a data folder with a draft."""
    opened = open_drafts(tmp_path / "data")
    opened.store.create(complete(FORM_2021), "新建")
    opened.store.close()
    own_files.reports.take(tmp_path / "data")
    return tmp_path / "data"


def start(qtbot: QtBot, tmp_path: Path) -> Window:
    """Open the window with its first draft and return it."""
    startup.application([], places(tmp_path))
    window = startup.window(places(tmp_path))
    window.show()
    window.prepare()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=2 * PATIENCE)
    window.open_draft(1)
    assert window.desk is not None
    return window


def reminders(window: Window) -> list[str]:
    return [sentence for sentence, _ in window.banner._standing.values()]


def stop(window: Window, qtbot: QtBot) -> None:
    assert window.close()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE)
    window.deleteLater()
    QApplication.processEvents()


@pytest.mark.parametrize("content", ["nested", "infinite", "too many digits", "other kinds", "a list", "not UTF-8"])
def test_damaged_files_are_named_in_the_banner(qtbot: QtBot, tmp_path: Path, data: Path, content: str):
    for name in SIDE_FILES:
        (data / name).write_bytes(CONTENTS[content][:LARGEST])
    (data / "formats").mkdir()
    (data / "formats" / "x.toml").write_bytes(CONTENTS[content][:LARGEST])
    window = start(qtbot, tmp_path)
    qtbot.waitUntil(lambda: len(reminders(window)) == len(NAMED) + 1, timeout=PATIENCE)
    words = "\n".join(reminders(window))
    assert all(f"{name}.bad-" in words for name in NAMED)
    assert "x.toml" in words
    stop(window, qtbot)
    again = start(qtbot, tmp_path)
    assert [sentence for sentence in reminders(again) if ".bad-" in sentence] == []
    stop(again, qtbot)


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_stops_no_window(qtbot: QtBot, tmp_path: Path, data: Path, kind):
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    for name in SIDE_FILES:
        (data / name).unlink(missing_ok=True)
        kind(data / name, victim)
    window = start(qtbot, tmp_path)
    stop(window, qtbot)
    assert victim.read_bytes() == b"precious"


def test_what_is_damaged_later_is_named_at_once(qtbot: QtBot, tmp_path: Path, data: Path):
    window = start(qtbot, tmp_path)
    (data / "unsure.json").write_bytes(b"{")
    window._save_queue.ask(lambda store: own_files.read_json(  # in the thread of the writer
        store.path.parent / "unsure.json", own_files.OwnFile("甲", "乙", 9), lambda found: found, None
    ))  # fmt: skip
    qtbot.waitUntil(lambda: any("甲已损坏，乙" in one for one in reminders(window)), timeout=PATIENCE)
    stop(window, qtbot)


@pytest.mark.skipif(sys.platform != "linux", reason="ends the program with a signal")
@pytest.mark.parametrize("content", ["nested", "too many digits", "beyond 64 bits"])
def test_the_program_starts_and_ends(tmp_path: Path, data: Path, content: str):
    for name in SIDE_FILES:
        (data / name).write_bytes(CONTENTS[content][:LARGEST])
    run = tmp_path / "run"
    run.mkdir()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(run)}
    with subprocess.Popen(
        [sys.executable, "main.py", "--data", str(data)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as program:
        end = time.monotonic() + 60
        while "opened " not in (data / "log.txt").read_text("utf-8", "replace")[-300:]:
            assert program.poll() is None
            assert time.monotonic() < end
            time.sleep(0.2)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=30) == 0
        assert program.stderr
        assert "Traceback" not in program.stderr.read()
    assert not (data / "crash").exists()
    assert sorted({path.name.partition(".bad-")[0] for path in data.glob("*.bad-*")}) == sorted(NAMED)
