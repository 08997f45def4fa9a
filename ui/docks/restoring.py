"""从备份恢复: lists the drafts that differ in a backup, shows the differences and restores the chosen drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from model.base import Trouble
from model.form import Formats
from ui.draft import SaveQueue
from ui.parts import Banner, Jobs, docked

if TYPE_CHECKING:
    from model.storage import Backup, Difference, Draft
    from ui.draft import Desk

NOT_CHOSEN = Qt.ItemFlag.NoItemFlags
_IT = int(Qt.ItemDataRole.UserRole)
NONE_DIFFERS = "这份备份中没有与现在不同的草稿"


class RestoreDock(QDockWidget):
    """Dock with the backups, the drafts that differ in the chosen backup, and the differences of the chosen draft."""

    chosen = Signal(object)  # Backup
    wanted = Signal(object, list)  # Backup, the numbers of drafts

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__("从备份恢复", parent)
        self._formats = formats
        self.backups, self.drafts = QListWidget(), QListWidget()
        self.backups.setAccessibleName("备份")
        self.drafts.setAccessibleName("与现在不同的草稿")
        self.drafts.setWordWrap(True)
        self.differs = QTextBrowser()
        self.differs.setAccessibleName("与现在相比")
        self.differs.setOpenLinks(False)
        self.restore = QPushButton("恢复所选的草稿(&R)")
        self._lay_out()
        self.backups.currentItemChanged.connect(lambda *_: self._choose())
        self.drafts.currentItemChanged.connect(lambda *_: self._show_difference())
        self.drafts.itemChanged.connect(lambda _item: self._enable())
        self.restore.clicked.connect(self.on_restore)
        self.hide()

    def _lay_out(self) -> None:
        box = docked(self)
        words = QLabel("恢复前会再备份一次；恢复后可以在草稿里撤销")
        words.setWordWrap(True)
        for widget, share in ((words, 0), (self.backups, 2), (QLabel("与现在不同的草稿："), 0), (self.drafts, 2)):
            box.addWidget(widget, share)
        box.addWidget(self.differs, 3)
        box.addWidget(self.restore)

    # -- showing -------------------------------------------------------------------------------------------------

    def show_backups(self, backups: tuple[Backup, ...]) -> None:
        """List the backups, sorted by step, and choose the latest."""
        self.backups.clear()
        for backup in backups:
            self._add(self.backups, f"{backup.at:%Y-%m-%d %H:%M}　全部草稿合计第 {backup.step} 处修改", backup)
        self.backups.setCurrentRow(0)
        if not backups:
            self.show_drafts(())
            self.differs.setPlainText("还没有备份")
        self.show()
        self.raise_()

    def show_drafts(self, differences: tuple[Difference, ...], lacking: tuple[Draft, ...] = ()) -> None:
        """List the drafts that differ in the chosen backup, then the present ones that it lacks, which stay as is."""
        self.drafts.clear()
        for difference in differences:
            item = self._add(self.drafts, line_of(difference), difference)
            item.setCheckState(Qt.CheckState.Checked if difference.new else Qt.CheckState.Unchecked)
        for draft in lacking:
            self._add(self.drafts, f"{draft.agency} {draft.year} 年：这份备份中没有", None).setFlags(NOT_CHOSEN)
        self.drafts.setCurrentRow(0 if differences else -1)
        self._enable()
        if not differences:
            self.differs.setPlainText(NONE_DIFFERS)

    def show_trouble(self, sentence: str) -> None:
        """Clear the drafts and show why the backup cannot be read."""
        self.show_drafts(())
        self.differs.setPlainText(sentence)

    def _add(self, where: QListWidget, words: str, it: object) -> QListWidgetItem:
        item = QListWidgetItem(words)
        item.setData(_IT, it)
        where.addItem(item)
        return item

    def _choose(self) -> None:
        self.show_drafts(())
        self.differs.clear()
        if (row := self.backups.currentRow()) >= 0:
            self.chosen.emit(self.backups.item(row).data(_IT))

    def _show_difference(self) -> None:
        from model.report import applied, compare
        from ui.docks.history import as_html

        if (row := self.drafts.currentRow()) < 0:
            return
        difference: Difference | None = self.drafts.item(row).data(_IT)
        if difference is None:
            return
        now = applied(difference.report, difference.change.inverse())
        if difference.new:
            self.differs.setPlainText("现在没有这份草稿；恢复后作为新草稿加入")
        elif difference.report.format in [form.id for form in self._formats]:
            self.differs.setHtml(
                as_html(compare(difference.report, now), self._formats.named(difference.report.format))
            )
        else:
            self.differs.setPlainText("没有这份草稿所用的格式，不能逐处比较")

    # -- acting --------------------------------------------------------------------------------------------------

    def _checked(self) -> list[int]:
        items = [self.drafts.item(row) for row in range(self.drafts.count())]
        return [item.data(_IT).number for item in items if item.checkState() is Qt.CheckState.Checked]

    def _enable(self) -> None:
        self.restore.setEnabled(bool(self._checked()))

    def on_restore(self) -> None:
        """Emit `wanted` with the backup and the ticked drafts."""
        if (row := self.backups.currentRow()) >= 0:
            self.wanted.emit(self.backups.item(row).data(_IT), self._checked())


def line_of(difference: Difference) -> str:
    """Return a draft's line: agency, year and the number of differences of each kind."""
    change, who = difference.change, f"{difference.report.agency} {difference.report.year} 年"
    if difference.new:
        return f"{who}：现在没有"
    counts = (
        (len(change.cells), "处数字"),
        (len(change.texts), "段文字"),
        (len(change.facts) + len(change.head), "项封面"),
    )
    said = "、".join(f"{count} {words}" for count, words in counts if count)
    return f"{who}：{said or '已核对的旧合计'}不同"


class Restoring(QObject):
    """Connects the dock with the store."""

    close_wanted = Signal()  # the open draft is to be closed, since its page would not follow the change
    restored = Signal()  # the list of drafts is out of date

    def __init__(
        self, window: QMainWindow, banner: Banner, jobs: Jobs, save_queue: SaveQueue, formats: Formats
    ) -> None:
        super().__init__(window)
        self._window, self._banner, self._jobs = window, banner, jobs
        self._save_queue, self._formats = save_queue, formats
        self.dock: RestoreDock | None = None

    def on_wanted(self) -> None:
        """Have the open draft closed and show the backups."""
        self.close_wanted.emit()
        if self.dock is None:
            self.dock = RestoreDock(self._formats, self._window)
            self.dock.chosen.connect(self._look)
            self.dock.wanted.connect(self._restore)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        dock = self.dock
        self._banner.attempt(lambda: dock.show_backups(self._save_queue.drafts.backups()))

    def _look(self, backup: Backup) -> None:
        assert self.dock is not None
        try:
            drafts = self._save_queue.drafts
            self.dock.show_drafts(drafts.differences(backup), drafts.lacking(backup))
        except Trouble as trouble:
            self.dock.show_trouble(str(trouble))

    def _restore(self, backup: Backup, numbers: list[int]) -> None:
        self._jobs.run(lambda: self._save_queue.drafts.restore_backup(backup, numbers), self._done)

    def _done(self, numbers: tuple[int, ...]) -> None:
        self.restored.emit()
        self._banner.say(f"已从备份恢复 {len(numbers)} 份草稿；恢复前的内容也已备份")
        if self.dock and self.dock.isVisible():
            self.on_wanted()

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Hide the dock when a draft is opened, which has its own list of versions and backups."""
        if desk and self.dock:
            self.dock.hide()
