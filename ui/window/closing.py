"""Closing the window and saving elsewhere: nothing typed is given up by a mere Enter, Escape or log-off."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from model.base import Trouble, unused
from model.report import Report
from ui.draft import SaveQueue, copy_elsewhere, proposed_name
from ui.output import DATA_FILTER, documents
from ui.parts import Banner, ask_question

if TYPE_CHECKING:
    from ui.draft import Desk

ELSEWHERE, CLOSE = "另存到其他位置…", "不保存，关闭"
AT_END = "（注销时尚未存入）"  # in the name of a file that is written without asking
LAST = 5.0  # seconds to wait for the disk at the end of the session


class Closing(QObject):
    """Saves what is open elsewhere, on the user's wish or when nobody can be asked, and asks before work is lost."""

    written = Signal()  # unsaved work was saved elsewhere

    def __init__(self, window: QWidget, save_queue: SaveQueue, banner: Banner) -> None:
        super().__init__(window)
        self._window, self._save_queue, self._banner = window, save_queue, banner
        self._desk: Desk | None = None
        self._patience = LAST
        banner.know(["另存到其他位置"], lambda: [(ELSEWHERE, self.on_elsewhere)])

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Work with this draft from now on."""
        self._desk = desk
        if desk:
            desk.changed.connect(lambda _effect: self.on_changed(desk.number, desk.editing.report))

    def on_changed(self, number: int, report: Report) -> None:
        """Keep the report of a draft that was just changed until it is saved."""
        self._save_queue.unsaved.note(number, report)

    # -- saving elsewhere ----------------------------------------------------------------------------------------

    def on_elsewhere(self) -> None:
        """Ask for a file and write all unsaved work, or else the open report; a `Trouble` is shown."""
        self._banner.attempt(self._save_elsewhere)

    def _save_elsewhere(self) -> None:
        if self._desk:
            self._desk.commit_pending()
        if self._save_queue.unsaved.left():
            self._save_left()
        elif self._desk and (path := self._ask_path(self._desk.editing.report, 1)):
            copy_elsewhere(self._desk.editing.report, path)
            self._say_written((path,))

    def _save_left(self) -> None:
        """Ask for a file and write all unsaved work; nothing if a retry has saved it meanwhile."""
        left = [*self._save_queue.unsaved.left().values()]
        if left and (path := self._ask_path(left[0], len(left))):
            self._say_written(self._save_queue.unsaved.save_elsewhere(path))

    def _ask_path(self, report: Report, count: int) -> Path | None:
        """Ask for the file, proposing an unused name; None when the user cancels."""
        title = "另存到其他位置" + (f"（{count} 份草稿，其余的存在同一个文件夹）" if count > 1 else "")
        proposed = unused(writable_folder() / proposed_name(report))
        path, _ = QFileDialog.getSaveFileName(self._window, title, str(proposed), DATA_FILTER)
        if not path:
            return None
        return Path(path if path.lower().endswith(".json") else f"{path}.json")

    def _say_written(self, paths: tuple[Path, ...]) -> None:
        self.written.emit()
        others = f"等 {len(paths)} 个文件" if len(paths) > 1 else ""
        self._banner.say(f"已另存为“{paths[0]}”{others}，可以用“由旧年度报告新建”读入")

    # -- the end -------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Save everything; ask about what cannot be saved.  Returns False if the window is to stay open."""
        if self._save_queue.close(self._patience):
            return True
        failed = ""  # why saving elsewhere was not possible
        while self._save_queue.unsaved.changes():
            answer = ask_question(self._window, "还有修改未能保存", self._question(failed), [ELSEWHERE, CLOSE])
            if answer == CLOSE:
                break
            if answer != ELSEWHERE:
                return False
            failed = self._elsewhere_or_reason()
        if not self._save_queue.close(0.0):
            self._save_queue.abandon()
        return True

    def _question(self, failed: str) -> str:
        left = self._save_queue.unsaved.left().values()
        which = "、".join(f"“{report.agency}”{report.year} 年" for report in left)
        count, of_which = self._save_queue.unsaved.changes(), f"（{which}）" if which else ""
        said = f"还有 {count} 处修改未能保存{of_which}，不保存就关闭会丢失"
        ways = "请用“另存到其他位置”存成数据文件，或按“取消”回到窗口，等本软件重试"
        return "\n\n".join(part for part in (failed, said, ways) if part)

    def _elsewhere_or_reason(self) -> str:
        """Save elsewhere; return the reason if that failed, which is shown in the next question."""
        try:
            self._save_left()
        except Trouble as trouble:
            return str(trouble)
        return ""

    def end_session(self) -> bool:
        """Save all typing when the session ends; what the disk refuses is saved as data files in the documents folder.

        Nobody may be there to answer a question.  Returns False if work is left that could be saved nowhere.
        """
        self._patience = 0.0  # of a `may_close` that follows
        if self._save_queue.flush(LAST):
            return True
        if left := [*self._save_queue.unsaved.left().values()]:
            path = unused(writable_folder() / proposed_name(left[0], AT_END))
            self._banner.attempt(lambda: self._say_written(self._save_queue.unsaved.save_elsewhere(path)))
        return not self._save_queue.unsaved.changes()


def writable_folder() -> Path:
    """Return the documents folder, or where it cannot be written the home folder or the one for temporary files."""
    folders = documents(), Path.home(), Path(tempfile.gettempdir())
    return next((folder for folder in folders if os.access(folder, os.W_OK)), folders[0])
