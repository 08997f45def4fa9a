"""Save state in the window: 已保存 only after the commit, and saving elsewhere while the disk refuses."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from ui.draft import SaveQueue
from ui.output import DATA_FILTER, documents
from ui.parts import MARGIN, Banner

if TYPE_CHECKING:
    from ui.draft import Desk


class SaveStatus(QObject):
    """Shows the signals of the save queue; `label` belongs in the status bar."""

    def __init__(self, save_queue: SaveQueue, banner: Banner, parent: QWidget) -> None:
        super().__init__(parent)
        self._save_queue, self._banner, self._dialog_parent = save_queue, banner, parent
        self._desk: Desk | None = None
        self._unsaved = False  # the banner reports unsaved changes
        self.label = QLabel()
        self.label.setAccessibleName("保存状态")
        self.label.setContentsMargins(0, 0, MARGIN, 0)
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance("已保存 00:00:00") + 2 * MARGIN)
        save_queue.saved.connect(self.on_saved)
        save_queue.failed.connect(self.on_failed)

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
        if self._unsaved:
            self._unsaved = False
            self._banner.hide()
        if self._desk and number == self._desk.number:
            self.label.setText(f"已保存 {at:%H:%M:%S}")

    def on_failed(self, number: int, why: str, waiting: int) -> None:
        """Show why saving failed; the writer keeps retrying."""
        self.label.setText("未保存")
        self._unsaved = True
        elsewhere = [("另存到其他位置…", self.on_elsewhere)] if self._desk else []
        self._banner.say(f"最近 {waiting} 处修改尚未保存：{why}。本软件会一直重试。", elsewhere, trouble=True)

    # -- saving elsewhere ----------------------------------------------------------------------------------------

    def on_elsewhere(self) -> None:
        """Ask for another file and write the report as shown, while the drafts' file cannot be written."""
        if self._desk is None:
            return
        self._desk.commit_pending()
        path, _ = QFileDialog.getSaveFileName(self._dialog_parent, "另存到其他位置", str(documents()), DATA_FILTER)
        if path:
            self._banner.attempt(lambda: self.save_elsewhere(Path(path)))

    def save_elsewhere(self, path: Path) -> None:
        """Write the open report to a JSON file, never over an existing one; raises `Trouble`."""
        from model.recovery import save_elsewhere

        assert self._desk is not None
        target = path if path.suffix == ".json" else path.with_name(f"{path.name}.json")
        save_elsewhere(self._desk.editing.report, target)
        self._banner.say(f"已另存为“{target}”，可以用“由旧年报新建”读回来")
