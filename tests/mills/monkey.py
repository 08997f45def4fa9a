"""Random-operation test of the window: `python -m tests.mills.monkey [--steps N] [--seed S]`.

Sends random keys, clicks, pastes and menu entries to the real window, without a display.  It fails on any exception,
on a warning of Qt, and if a draft in the file differs, after closing, from what the window last showed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, TracebackType

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMimeData, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QDesktopServices, QInputMethodEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QListWidget, QWidget

from model.report.diff import compare
from model.report.report import Report
from tests.support.helpers import REPORTS, ROOT
from ui.app import startup as program
from ui.parts.folders import Folders
from ui.window import closing
from ui.window.main_window import Window
from ui.window.menus import Command

SAMPLES = ("suqian-2023.json", "suqian-2024.json", "jiyuan-emergency-2020.txt")
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier,
)  # fmt: skip
Key = Qt.Key
KEYS = [
    *((getattr(Key, f"Key_{digit}"), NONE) for digit in range(10)),
    *((key, NONE) for key in (Key.Key_Return, Key.Key_Enter, Key.Key_Tab, Key.Key_Escape, Key.Key_Delete, Key.Key_F2)),
    *((key, NONE) for key in (Key.Key_Backspace, Key.Key_Space, Key.Key_F1, Key.Key_F6, Key.Key_F8, Key.Key_Minus)),
    *((key, how) for key in (Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right) for how in (NONE, SHIFT, CTRL)),
    *((key, how) for key in (Key.Key_Home, Key.Key_End, Key.Key_PageUp, Key.Key_PageDown) for how in (NONE, CTRL)),
    *((key, CTRL) for key in (Key.Key_Z, Key.Key_Y, Key.Key_C, Key.Key_V, Key.Key_X, Key.Key_A, Key.Key_Return)),
    (Key.Key_Backtab, SHIFT), (Key.Key_F8, SHIFT), (Key.Key_F6, SHIFT),
]  # fmt: skip
WORDS = (
    "年",
    "件",
    "本年新收3件。",
    "（一）主动公开。",
    "12.5",
    "-3",
    "１２",
    "22（其中修订16件）",
    "x",
    "𬭎",
    "410105199003071234",
)
PASTES = (
    "1\t2\t3\n4\t5\t6", "12", "", "新收\t3\t0\t0\t0\t0\t0\t3", "\t\n\t", "a\u0000b\ud800", "字" * 3000,
    "\n".join(str(n) for n in range(15)),
)  # fmt: skip
HARMLESS = ("This plugin does not support",)  # of the offscreen platform
LEAVES = (Command.QUIT,)  # left out, since `reopen` closes the window


class Monkey:
    """Random operations on the window of one folder of drafts."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.places = Folders(ROOT / "resources", folder / "data")
        self.folder = folder
        self.wrong: list[str] = []
        self.done: list[str] = []
        self.app = program.application([], self.places)
        self._listen()
        self.window = self._open()

    # -- errors --------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(self._on_message)
        path = str(self.folder / "出.pdf")
        self._stand_in(QFileDialog, "getSaveFileName", lambda *_: (path if self.chance.random() < 0.5 else "", ""))
        self._stand_in(QFileDialog, "getOpenFileName", lambda *_: (self._sample(), ""))
        self._stand_in(closing, "ask_question", lambda *_: closing.CLOSE)
        self._stand_in(QDesktopServices, "openUrl", lambda *_: True)

    @staticmethod
    def _stand_in(owner: type | ModuleType, name: str, act: Callable[..., object]) -> None:
        setattr(owner, name, staticmethod(act) if isinstance(owner, type) else act)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wrong.append("".join(traceback.format_exception(kind, error, trace)))

    def _on_message(self, kind: QtMsgType, _context: object, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and not message.startswith(HARMLESS):
            self.wrong.append(f"Qt: {message}")

    # -- the window ----------------------------------------------------------------------------------------------

    def _open(self) -> Window:
        window = program.window(self.places)
        window.show()
        window.activateWindow()
        window.prepare()
        self._rest(window)
        return window

    def _rest(self, window: Window) -> None:
        QTest.qWait(20)
        while window.jobs.busy:
            QTest.qWait(5)

    def reopen(self) -> None:
        """Close in any state, reopen and compare the report in the file with the one last shown."""
        desk = self.window.desk
        self.window.close()
        shown = (desk.number, desk.editing.report) if desk else None
        self._rest(self.window)
        self.window.deleteLater()
        self.window = self._open()
        if shown:
            self._compare(*shown)

    def _compare(self, number: int, report: Report) -> None:
        kept = self.window._save_queue.ask(lambda store: store.load(number))
        if kept != report:
            self.wrong.append(f"draft {number} was not kept as it was shown: {compare(kept, report)}")

    # -- operations ----------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Perform one random operation."""
        acts = (
            (self.key, 60), (self.word, 12), (self.click, 10), (self.command, 6), (self.paste, 5), (self.choose, 4),
            (self.draft, 3), (self.look, 2), (self.reopen, 1), (self.wait, 3),
        )  # fmt: skip
        act = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        self.done = [*self.done[-14:], act.__name__]
        act()
        self.app.processEvents()

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def key(self) -> None:
        """Press a random key in the focused widget."""
        key, modifier = self.chance.choice(KEYS)
        self.done[-1] += f" {key.name}"
        QTest.keyClick(self._focus(), key, modifier)

    def word(self) -> None:
        """Commit random characters as an input method does."""
        event = QInputMethodEvent()
        event.setCommitString(self.chance.choice(WORDS))
        QApplication.sendEvent(self._focus(), event)

    def click(self) -> None:
        """Click a random enabled button, except those whose menu or dialog would wait for an answer."""
        buttons = [
            b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled() and not _waits(b)
        ]
        if buttons:
            button = self.chance.choice(buttons)
            self.done[-1] += f" {button.text()}"
            button.click()

    def command(self) -> None:
        """Trigger a random menu entry."""
        name = self.chance.choice([name for name in self.window.commands if name not in LEAVES])
        self.done[-1] += f" {name}"
        self.window.commands[name].trigger()

    def choose(self) -> None:
        """Click a random line of a random list."""
        lists = [each for each in self.window.findChildren(QListWidget) if each.isVisible() and each.count()]
        if lists:
            chosen = self.chance.choice(lists)
            chosen.itemClicked.emit(chosen.item(self.chance.randrange(chosen.count())))

    def paste(self) -> None:
        """Put random content on the clipboard and press Ctrl+V."""
        data = QMimeData()
        data.setText(self.chance.choice(PASTES))
        if self.chance.random() < 0.3:
            data.setHtml("<table><tr><td>1<td>2</tr><tr><td colspan=9>x</tr></table>")
        QApplication.clipboard().setMimeData(data)
        QTest.keyClick(self._focus(), Key.Key_V, CTRL)

    def draft(self) -> None:
        """Open a draft of the list, one read from a file, or a new one."""
        drafts = self.window._save_queue.ask(lambda store: store.drafts())
        if drafts and self.chance.random() < 0.6:
            self.window.open_draft(self.chance.choice(drafts).number)
        elif self.chance.random() < 0.5:
            self.window.draft_actions.import_file(Path(self._sample()))
            self._rest(self.window)
        else:
            name = self.chance.choice(("示例局", "宿迁市人民政府", "某局2023年", "y2020", "<b>局</b>"))
            self.window.draft_actions.on_wanted(name, self.chance.choice((2019, 2020, 2021, 2025)), "department", "")

    def look(self) -> None:
        """Change window size, theme and text size at random."""
        self.window.resize(self.chance.choice((960, 1024, 1366, 1920)), self.chance.choice((540, 708, 1000)))
        palette = QPalette(QApplication.palette())
        base, text = self.chance.choice((("#ffffff", "#000000"), ("#1e1e1e", "#e8e8e8"), ("#000000", "#ffffff")))
        palette.setColor(QPalette.ColorRole.Base, QColor(base))
        palette.setColor(QPalette.ColorRole.Text, QColor(text))
        QApplication.setPalette(palette)
        self.chance.choice(list(self.window.view.sizes.values())).trigger()

    def wait(self) -> None:
        """Wait 1–450 ms, so that timers fire."""
        QTest.qWait(self.chance.choice((1, 60, 450)))

    def _sample(self) -> str:
        return str(REPORTS / self.chance.choice(SAMPLES))


def _waits(button: QAbstractButton) -> bool:
    """Tell whether a button opens a menu or one of Qt's dialogs, or quits."""
    menu = getattr(button, "menu", None)
    return bool(menu and menu()) or button.text().startswith(("打印", "退出"))


def run(steps: int, seed: int) -> int:
    """Run random operations; print the first error with the operations before it.  Returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        monkey = Monkey(Path(folder), seed)
        for number in range(steps):
            monkey.step()
            if monkey.wrong:
                print(f"seed {seed}, step {number}: {' | '.join(monkey.done)}\n{monkey.wrong[0]}", file=sys.stderr)
                return 1
        monkey.reopen()
        checked = monkey.window._save_queue.ask(lambda store: store.verify().sentence())
        QApplication.clipboard().clear()
        monkey.window.close()
        print(f"seed {seed}: {steps} steps, nothing wrong. {checked}")
    return 1 if monkey.wrong else 0


def main() -> int:
    """Run the test from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    words = parser.parse_args()
    return run(words.steps, words.seed)


if __name__ == "__main__":
    sys.exit(main())
