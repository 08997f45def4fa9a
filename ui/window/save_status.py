"""Save state in the window: 已保存 only after the commit, and saving elsewhere while the disk refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from ui.draft import SaveQueue
from ui.output import DATA_FILTER, documents
from ui.parts import MARGIN, Banner
from ui.window.recovery_questions import RecoveryQuestions

if TYPE_CHECKING:
    from ui.draft import Desk


LAST = 5.0  # seconds to wait for the disk at the end of the session


class Host(Protocol):
    """Services that the window provides."""

    @property
    def desk(self) -> Desk | None:
        """The open draft."""

    recovery_questions: RecoveryQuestions

    def commit_pending(self) -> None:
        """Commit pending typing in the open draft or of a name in the list."""

    def attempt(self, act: Callable[[], object]) -> None:
        """Call `act`; a `Trouble` is shown in the banner."""

    def open_draft(self, number: int) -> None:
        """Open a draft in the wizard."""

    def close_draft(self) -> None:
        """Close the open draft and return to the list."""

    def refresh_drafts(self) -> None:
        """Reload the list of drafts."""


class SaveStatus(QObject):
    """Shows the signals of the save queue; `label` belongs in the status bar."""

    def __init__(self, window: Host, save_queue: SaveQueue, banner: Banner) -> None:
        super().__init__(window if isinstance(window, QObject) else None)
        self._window, self._save_queue, self._banner = window, save_queue, banner
        self._unsaved = False  # the banner reports unsaved changes
        self.label = QLabel()
        self.label.setAccessibleName("保存状态")
        self.label.setContentsMargins(0, 0, MARGIN, 0)
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance("已保存 00:00:00") + 2 * MARGIN)
        save_queue.saved.connect(self.on_saved)
        save_queue.failed.connect(self.on_failed)
        save_queue.told.connect(self.on_told)

    def on_opened(self) -> None:
        """Show the state of a draft that has just been opened."""
        self.label.setText("只能查看" if self._save_queue.refusal else "已保存")

    def on_waiting(self) -> None:
        """Show that a change is not saved yet."""
        self.label.setText("正在保存…")

    def on_saved(self, number: int, at: datetime) -> None:
        """Show 已保存 once no change of the draft waits for its commit."""
        if self._save_queue.waiting(number):
            return
        if self._unsaved:
            self._unsaved = False
            self._banner.hide()
        desk = self._window.desk
        if desk and number == desk.number:
            self.label.setText(f"已保存 {at:%H:%M:%S}")

    def on_failed(self, number: int, why: str, waiting: int) -> None:
        """Show why saving failed; the writer keeps retrying."""
        self.label.setText("未保存")
        self._unsaved = True
        elsewhere = [("另存到其他位置…", self.on_elsewhere)] if self._window.desk else []
        self._banner.say(f"最近 {waiting} 处修改尚未保存：{why}。软件会一直重试", elsewhere, trouble=True)

    def save_now(self) -> bool:
        """Save all typing to the file at the end of the session; returns False if the disk refuses."""
        self._window.commit_pending()
        return self._save_queue.flush(LAST)

    # -- saving elsewhere ----------------------------------------------------------------------------------------

    def on_elsewhere(self) -> None:
        """Ask for another file and write the report as shown, while the drafts' file cannot be written."""
        if self._window.desk is None:
            return
        self._window.desk.commit_pending()
        parent = self._window if isinstance(self._window, QWidget) else None
        path, _ = QFileDialog.getSaveFileName(parent, "另存到其他位置", str(documents()), DATA_FILTER)
        if path:
            self._window.attempt(lambda: self.save_elsewhere(Path(path)))

    def save_elsewhere(self, path: Path) -> None:
        """Write the open report to a JSON file, never over an existing one; raises `Trouble`."""
        from model.recovery import save_elsewhere

        desk = self._window.desk
        assert desk is not None
        target = path if path.suffix == ".json" else path.with_name(f"{path.name}.json")
        save_elsewhere(desk.editing.report, target)
        self._banner.say(f"已另存为「{target}」，可以用「由旧年报新建」读回来。")

    # -- opening of the drafts -----------------------------------------------------------------------------------

    def on_told(self, sentence: str) -> None:
        """Show the message about opening the drafts' file, with buttons for the clerk's decision."""
        attempt = self._window.attempt
        offers = [(label, partial(attempt, partial(self._decide, act))) for label, act in self._save_queue.choices()]
        more = [(label, partial(attempt, act)) for label, act in self._window.recovery_questions.offers()]
        self._banner.say(sentence, [*offers, *more], trouble=True)

    def _decide(self, act: Callable[[], None]) -> None:
        """Carry out a decision about the drafts' file and reload the drafts."""
        desk = self._window.desk
        self._banner.hide()
        self._window.close_draft()
        act()
        if desk is None:
            self._window.refresh_drafts()
        else:
            self._window.open_draft(desk.number)
