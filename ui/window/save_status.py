"""What the window says about saving: 已保存 only after the commit, and a way out when the disk takes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from ui.draft.keeper import Keeper
from ui.output.export_jobs import KINDS, documents
from ui.parts.banner import Banner
from ui.parts.theme import MARGIN
from ui.window.recovery_questions import Asking

if TYPE_CHECKING:
    from ui.draft.desk import Desk


LAST = 5.0  # seconds that the end of the session waits for the disk


class Host(Protocol):
    """What the window does for it."""

    @property
    def desk(self) -> Desk | None:
        """The open draft."""

    asking: Asking

    def settle(self) -> None:
        """Take over all typing: in the open draft, or a name in the list."""

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something now; a `Trouble` is said in the banner."""

    def open_draft(self, number: int) -> None:
        """Open a draft in the wizard."""

    def close_draft(self) -> None:
        """Back to the list."""

    def refresh_drafts(self) -> None:
        """Read the list of drafts anew."""


class Saving(QObject):
    """Listens to the keeper; `label` stands in the status bar."""

    def __init__(self, window: Host, keeper: Keeper, banner: Banner) -> None:
        super().__init__(window if isinstance(window, QObject) else None)
        self._window, self._keeper, self._banner = window, keeper, banner
        self._unsaved = False  # the banner says so
        self.label = QLabel()
        self.label.setAccessibleName("保存状态")
        self.label.setContentsMargins(0, 0, MARGIN, 0)
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance("已保存 00:00:00") + 2 * MARGIN)
        keeper.saved.connect(self.on_saved)
        keeper.failed.connect(self.on_failed)
        keeper.told.connect(self.on_told)

    def on_opened(self) -> None:
        """A draft has just been opened."""
        self.label.setText("只能查看" if self._keeper.refusal else "已保存")

    def on_waiting(self) -> None:
        """Something is not saved yet."""
        self.label.setText("正在保存…")

    def on_saved(self, number: int, at: datetime) -> None:
        """«已保存» only after the commit."""
        if self._keeper.waiting(number):
            return
        if self._unsaved:
            self._unsaved = False
            self._banner.hide()
        desk = self._window.desk
        if desk and number == desk.number:
            self.label.setText(f"已保存 {at:%H:%M:%S}")

    def on_failed(self, number: int, why: str, waiting: int) -> None:
        """Say why it is not saved; the writer goes on trying."""
        self.label.setText("未保存")
        self._unsaved = True
        elsewhere = [("另存到其他位置…", self.on_elsewhere)] if self._window.desk else []
        self._banner.say(f"最近 {waiting} 处修改尚未保存：{why}。软件会一直重试", elsewhere, trouble=True)

    def save_now(self) -> bool:
        """All that is typed is in the file when this returns: the session ends.  False when the disk refuses."""
        self._window.settle()
        return self._keeper.flush(LAST)

    # -- other places --------------------------------------------------------------------------------------------

    def on_elsewhere(self) -> None:
        """Put the report as it is on the screen in another place while its own does not take it."""
        if self._window.desk is None:
            return
        self._window.desk.settle()
        parent = self._window if isinstance(self._window, QWidget) else None
        path, _ = QFileDialog.getSaveFileName(parent, "另存到其他位置", str(documents()), KINDS["json"])
        if path:
            self._window.attempt(lambda: self.save_elsewhere(Path(path)))

    def save_elsewhere(self, path: Path) -> None:
        """Write the open report to a file of its own; raises `Trouble`, never over another file."""
        from model.recovery.emergency_copy import save_elsewhere

        desk = self._window.desk
        assert desk is not None
        target = path if path.suffix == ".json" else path.with_name(f"{path.name}.json")
        save_elsewhere(desk.editing.report, target)
        self._banner.say(f"已另存为「{target}」，可以用「由旧年报新建」读回来。")

    # -- how the drafts were found -------------------------------------------------------------------------------

    def on_told(self, sentence: str) -> None:
        """What the opening of the drafts has to say, with what the clerk may decide."""
        attempt = self._window.attempt
        offers = [(label, partial(attempt, partial(self._decide, act))) for label, act in self._keeper.choices()]
        more = [(label, partial(attempt, act)) for label, act in self._window.asking.offers()]
        self._banner.say(sentence, [*offers, *more], trouble=True)

    def _decide(self, act: Callable[[], None]) -> None:
        """Do what was decided about the drafts' file, and show the drafts anew."""
        desk = self._window.desk
        self._banner.hide()
        self._window.close_draft()
        act()
        if desk is None:
            self._window.refresh_drafts()
        else:
            self._window.open_draft(desk.number)
