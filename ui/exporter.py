"""Exports with a way out: progress and 取消 in the banner, what to do afterwards in its place."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from model.editing import Editing
from ui.banner import Banner
from ui.exporting import NAMES, Outcome, export_work, side_work
from ui.places import Places


class Exporter(QObject):
    """One at a time or several; each job looks at its own `stop` just before the file is put in place."""

    exported = Signal(object)  # Path

    def __init__(
        self,
        banner: Banner,
        places: Places,
        run: Callable[[Callable[[], object], Callable[..., object]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._banner, self._places, self._run = banner, places, run
        self.own_fonts = False  # set with the fonts that this computer has

    def start(self, editing: Editing, kind: str, target: Path, *, boxes: bool = False) -> None:
        """Write the report (or its 校验报告); `boxes` prints □ for a character that no font has."""
        stop = threading.Event()
        self._banner.busy(f"正在导出 {target.name}…", [("取消", partial(self._cancel, stop, target))])
        make = partial(side_work, kind) if kind in NAMES else partial(export_work, boxes=boxes)
        again = partial(self.start, editing, kind, target, boxes=True)
        self._run(
            make(editing, target, self._places, stop, own_fonts=self.own_fonts), lambda done: self._done(done, again)
        )

    def _cancel(self, stop: threading.Event, target: Path) -> None:
        stop.set()
        self._banner.busy(f"正在取消导出 {target.name}…")

    def _done(self, outcome: Outcome, again: Callable[[], None]) -> None:
        if outcome.missing:
            self._banner.say(outcome.missing, [("以□代替并导出", again)], trouble=True)
        elif outcome.dropped:
            self._banner.say(f"已取消，没有写「{outcome.target.name}」。")
        else:
            self._say_exported(outcome)

    def _say_exported(self, outcome: Outcome) -> None:
        target, fonts = outcome.target, f"　字体：{'、'.join(outcome.fonts)}" if outcome.fonts else ""
        self._banner.say(
            f"已导出：{target}{fonts}",
            [("打开文件", partial(_open, target)), ("打开所在文件夹", partial(_open, target.parent))],
        )
        self.exported.emit(target)


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(path)))
