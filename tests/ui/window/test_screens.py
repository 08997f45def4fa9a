"""Tests of small, scaled and several screens, and of a computer without a printer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from model.report.report import Report
from tests.support.helpers import ROOT
from tests.support.platforms import posix_only
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands, OpenWindow, cut_off
from ui.docks.about import About
from ui.output.preview import NO_PRINTER, Preview

pytestmark = NO_SCREEN
SIZES = pytest.mark.parametrize("size", [(1366, 708), (1024, 540)], ids=["1366x768", "1024x600"])
AGENCY = "某某市某某区综合行政执法和应急管理局"


def sound(hands: Hands, size: tuple[int, int]) -> None:
    hands.qtbot.wait(30)  # several layouts, one after the other
    hands.qtbot.wait(0 if not cut_off(hands.window) else 1000)  # slow on a busy computer
    assert cut_off(hands.window) == []
    assert (hands.window.width(), hands.window.height()) == size


def previewed(hands: Hands) -> Preview:
    hands.window.exporter.on_preview()
    hands.qtbot.waitUntil(lambda: bool(hands.window.findChildren(Preview)), timeout=4 * PATIENCE)
    return hands.window.findChildren(Preview)[0]


@SIZES
def test_docks_and_dialogs_fit_a_small_screen(open_window: OpenWindow, size: tuple[int, int]):
    hands = open_window(size)
    hands.begin(Report(AGENCY, 2023, "2021"))
    hands.window.history.on_wanted()
    sound(hands, size)
    hands.window.guide.on_help()
    sound(hands, size)
    hands.window.guide.on_about()
    about = hands.window.findChildren(About)[0]
    hands.qtbot.waitUntil(about.isVisible, timeout=PATIENCE)
    assert about.width() <= size[0]
    assert about.height() <= size[1]
    assert cut_off(about) == []
    about.close()


# -- no printer ---------------------------------------------------------------------------------------------------


@SIZES
def test_without_a_printer_the_file_is_offered(
    open_window: OpenWindow, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", list)
    asked: list[str] = []

    def ask(_parent: QWidget, _title: str, proposed: str, _kinds: str) -> tuple[str, str]:
        asked.append(proposed)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    hands = open_window(size)
    hands.begin(Report(AGENCY, 2023, "2021"))
    preview = previewed(hands)
    sound(hands, size)
    preview.ask_print()
    assert preview.notice.words.text() == NO_PRINTER
    sound(hands, size)
    button(preview.notice, "导出 PDF…").click()
    assert [Path(name).suffix for name in asked] == [".pdf"]
    button(preview.notice, "关闭").click()
    assert preview.notice.isHidden()


def button(parent: QWidget, label: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.text() == label)


@posix_only("Windows offers its own dialog, for its own printers only")
def test_with_a_printer_its_dialog_opens(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def cancel(dialog: QPrintDialog) -> int:
        asked.append(dialog.maxPage())
        return 0

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["办公室"])
    monkeypatch.setattr(QPrintDialog, "exec", cancel)
    hands = open_window()
    hands.begin(Report(AGENCY, 2023, "2021"))
    preview = previewed(hands)
    preview.ask_print()
    assert asked == [len(preview.pages)]
    assert preview.notice.isHidden()


# -- other screens ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", ["1.25", "1.5", "2"])
def test_nothing_is_cut_off_on_a_scaled_screen(factor: str):
    """Check in units of the scaled screen, as for windows."""
    which = "small_screen and 1024 or docks or without_a_printer and 1024 or beside_a_page and 1024"
    files = [
        "tests/ui/window/test_screens.py",
        "tests/ui/editor/test_wizard.py",
        "tests/ui/window/test_accessibility.py",
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", which]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": factor}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


TWO = [("left", 0, 1366, 768), ("right", 1366, 3840, 2160)]  # name, left edge, width, height in pixels
SCALED = "left=1;right=2"
DENSITY = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}

# Opens the window at a position saved on a removed larger screen, then moves it to the other screen and back.
TRIAL = """
import sys
from pathlib import Path
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from tests.support.helpers import ROOT
from tests.support.ui_helpers import cut_off
from ui.app import startup
from ui.parts import Folders, Settings, SettingsFile

data = Path(sys.argv[1])
SettingsFile(data).write(Settings(width=4000, height=2200))
made = startup.application([], Folders(ROOT / "resources", data))
main = startup.window(Folders(ROOT / "resources", data))
startup._show(made, main)
screens = QGuiApplication.screens()
print(sorted(screen.geometry().width() for screen in screens))
print(main.normalGeometry().width() <= made.primaryScreen().availableSize().width())
for screen in screens:
    main.showNormal()
    main.windowHandle().setScreen(screen)
    main.move(screen.geometry().topLeft())
    QTest.qWait(50)
    main.resize(1024, 540)  # the offscreen platform keeps the size in pixels, and so has halved or doubled it
    QTest.qWait(100)
    print(main.windowHandle().devicePixelRatio(), cut_off(main))
main.close()
"""


@posix_only("Qt takes the colon of a path on Windows for the end of the file name")
def test_a_window_moves_from_a_plain_screen_to_a_sharp_one_and_back(tmp_path: Path):
    screens = [
        {"name": name, "x": x, "y": 0, "width": width, "height": height, **DENSITY} for name, x, width, height in TWO
    ]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}), "utf-8")
    environment = os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "QT_SCREEN_SCALE_FACTORS": SCALED}
    command = [sys.executable, "-c", TRIAL, str(tmp_path / "data")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *shown, first, second = done.stdout.splitlines()
    assert shown == ["[1366, 1920]", "True"]
    assert {first, second} == {"1.0 []", "2.0 []"}
