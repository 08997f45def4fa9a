"""Save state in the window: 已保存 only after the commit, 未保存 with reason and ways out until all is saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

from ui.draft import SaveQueue
from ui.parts import MARGIN, Banner, BannerAction

if TYPE_CHECKING:
    from ui.draft import Desk

UNSAVED = "unsaved"  # cause of the standing message


class SaveStatus(QObject):
    """Shows the signals of the save queue; `label` belongs in the status bar.

    `ways_out` returns the buttons beside the message about unsaved changes.
    """

    def __init__(
        self, save_queue: SaveQueue, banner: Banner, ways_out: Callable[[], list[BannerAction]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._save_queue, self._banner, self._ways_out = save_queue, banner, ways_out
        self._desk: Desk | None = None
        self._failed: dict[int, str] = {}  # why the last attempt to save a draft failed
        self.label = QLabel()
        self.label.setAccessibleName("保存状态")
        self.label.setContentsMargins(0, 0, MARGIN, 0)
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance("已保存 00:00:00") + 2 * MARGIN)
        save_queue.saved.connect(self.on_saved)
        save_queue.failed.connect(self.on_failed)
        save_queue.told.connect(self.on_told)

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Show the state of the draft that was just opened; nothing when none is open."""
        self._desk = desk
        opened = "只能查看" if self._save_queue.refusal else "已保存"
        self.label.setText(opened if desk else "")

    def on_waiting(self) -> None:
        """Show that a change is not saved yet."""
        self.label.setText("正在保存…")

    def on_saved(self, number: int, at: datetime) -> None:
        """Show 已保存 once no change of the draft waits for its commit."""
        if self._save_queue.waiting(number):
            return
        self._save_queue.unsaved.release_saved()
        if self._failed.pop(number, None) is not None:
            self.say_unsaved()
        if self._desk and number == self._desk.number:
            self.label.setText(f"已保存 {at:%H:%M:%S}")

    def on_told(self, _sentence: str) -> None:
        """Show that the last save is not in the file, when another copy of the file took its place."""
        if self._desk and (found := self._save_queue.found) and found.doubt:
            self.label.setText("未保存")

    def on_failed(self, number: int, why: str, _waiting: int) -> None:
        """Show why saving failed; the writer keeps retrying."""
        self._failed[number] = why
        self.say_unsaved()

    def say_unsaved(self) -> None:
        """Show what is neither saved nor in a copy elsewhere, until nothing is left."""
        count = self._save_queue.unsaved.changes()
        if self._failed:
            self.label.setText("未保存" if count else "已另存")
        if not self._failed or not count:
            self._banner.withdraw(UNSAVED)
            return
        words = f"最近 {count} 处修改尚未保存：{self.why}。本软件会一直重试。"
        self._banner.stand(UNSAVED, words, self._ways_out())

    @property
    def why(self) -> str:
        """The reason why saving failed last; "" while nothing has failed."""
        return next(reversed(self._failed.values()), "")
