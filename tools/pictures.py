"""Takes the screenshots of README and manual from the program itself: `python3 dev.py pictures`.

The program runs without a display in a temporary folder and is driven by key and mouse events. Colours are reduced to
256, which keeps the icons unchanged and the files small.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QMimeData, QRect, QSize, Qt  # noqa: E402 (the platform is chosen first)
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from model.form.cell import at  # noqa: E402
from ui.app import startup as program  # noqa: E402
from ui.editor.pages import TablePage  # noqa: E402
from ui.parts.folders import Folders  # noqa: E402
from ui.parts.theme import SETS, STEP  # noqa: E402
from ui.window.main_window import Window  # noqa: E402

SUMMARY = "重新截取 README 和使用说明中的图片"

README, MANUAL = ROOT / "docs" / "pictures", ROOT / "resources" / "help" / "pictures"
PUBLISHED = ROOT / "tests" / "support" / "reports" / "suqian-2023.json"
SIZE = (1366, 708)  # pixels: a small screen without title bar and task bar
OVERVIEW = """（一）主动公开。全年主动公开政府信息1.2万条，行政规范性文件全部公开。
（二）依申请公开。全年收到政府信息公开申请3511件，办结3486件，结转下年度继续办理121件。
（三）政府信息管理。对现行有效的规范性文件集中清理，废止489件。
（四）政府信息公开平台建设。网站设置公开专栏，全年维护正常。
（五）监督保障。全年培训2次，工作考核、社会评议结果良好，没有责任追究。"""


class Camera:
    """Window of the program with drafts, and its screenshots."""

    def __init__(self, data: Path) -> None:
        places = Folders(ROOT / "resources", data)
        self.app = program.application([], places)
        self.window: Window = program.window(places)
        self.window.on_setting(toured=True)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.activateWindow()
        self.settle_down()

    def settle_down(self) -> None:
        """Wait until events and background jobs are done."""
        QTest.qWait(400)
        while self.window.jobs.busy:
            QTest.qWait(20)

    def take(self, file: Path, part: QRect | None = None) -> None:
        """Save the window, or a part of it, as a small PNG."""
        self.settle_down()
        image = self.window.grab(part or self.window.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)
        common = [colour for colour, _ in Counter(memoryview(image.constBits()).cast("I")).most_common(240)]
        common += [getattr(SETS[0], field.name).rgb() for field in fields(SETS[0])]  # an icon has few pixels
        flags = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
        image.convertToFormat(QImage.Format.Format_Indexed8, common, flags).save(str(file))

    def place_of(self, *widgets: QWidget) -> QRect:
        """Return the rectangle around widgets, in the window's coordinates."""
        place = QRect()
        for widget in widgets:
            place = place.united(QRect(widget.mapTo(self.window, widget.rect().topLeft()), widget.size()))
        return place

    def go(self, step: str) -> QWidget:
        """Go to a step of the open draft and return its page."""
        assert self.window.bench
        page = self.window.bench.wizard.go_to(step)
        page.take_focus()
        self.settle_down()
        return page

    def type(self, cell: str, words: str) -> None:
        """Type into a cell and press Enter."""
        assert self.window.bench
        self.window.bench.wizard.show_cell(at(cell))
        for character in (*words, Qt.Key.Key_Return):  # the first one opens an editor, which receives the rest
            focus = QApplication.focusWidget()
            assert focus
            QTest.keyClick(focus, character)


def pasted() -> str:
    """Return the first rows of table 三 as copied from a spreadsheet, with one wrong total."""
    rows = list(json.loads(PUBLISHED.read_text("utf-8"))["table3"].values())[:9]
    rows[3] = [*rows[3][:-1], rows[3][-1] + 1]
    return "\n".join("\t".join(str(number) for number in row) for row in rows)


def shoot(camera: Camera) -> None:
    """Take all screenshots, in the order in which a report is written."""
    window = camera.window
    for year in (2025, 2024):
        window.draft_actions.on_wanted("示例市应急管理局", year, "department", "")
    window.draft_actions.import_file(PUBLISHED)
    camera.settle_down()
    window.banner.hide()
    steps: tuple[Callable[[Camera], None], ...] = (_whole, _finding, _text, _finish, _list, _paste)
    for step in steps:
        step(camera)


def _whole(camera: Camera) -> None:
    camera.go("proactive")
    camera.take(README / "wizard-2.png")
    camera.go("requests")
    camera.take(README / "wizard.png")


def _finding(camera: Camera) -> None:
    camera.go("requests")
    camera.type("requests/carried_forward/natural_person", "128")
    assert camera.window.bench
    panel = camera.window.bench.panel
    panel.step(1)
    camera.take(README / "wizard-3.png")
    place = camera.place_of(panel)
    camera.take(MANUAL / "findings.png", QRect(place.right() - 600, place.top(), 600, 420))
    assert camera.window.desk
    camera.window.desk.undo()


def _text(camera: Camera) -> None:
    desk = camera.window.desk
    assert desk
    desk.write("overview", OVERVIEW)
    page = camera.go("overview")
    camera.take(README / "wizard-5.png")
    camera.take(MANUAL / "text.png", QRect(camera.place_of(page).topLeft(), QSize(720, 210)))


def _finish(camera: Camera) -> None:
    page = camera.go("finish")
    camera.take(README / "wizard-6.png")
    camera.take(MANUAL / "finish.png", QRect(camera.place_of(page).topLeft(), QSize(640, 390)))


def _list(camera: Camera) -> None:
    camera.window.close_draft()
    camera.take(README / "wizard-1.png")
    place = camera.place_of(camera.window.start.drafts)
    camera.take(MANUAL / "start.png", QRect(0, 0, place.right() + STEP, 490))


def _paste(camera: Camera) -> None:
    window = camera.window
    window.draft_actions.on_wanted("示例市应急管理局", 2023, "department", "")
    page = camera.go("requests")
    data = QMimeData()
    data.setText(pasted())
    QApplication.clipboard().setMimeData(data)
    focus = QApplication.focusWidget()
    assert focus
    QTest.keyClick(focus, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    camera.take(README / "wizard-4.png")
    assert isinstance(page, TablePage)
    camera.take(MANUAL / "paste.png", camera.place_of(page.paste_box))
    QApplication.clipboard().clear()


def main() -> None:
    """Take all screenshots."""
    with tempfile.TemporaryDirectory() as folder:
        camera = Camera(Path(folder))
        shoot(camera)
        camera.window.close()


if __name__ == "__main__":
    main()
