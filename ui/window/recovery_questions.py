"""Questions to the user after a recovery, or after another window has written into the same draft."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, QUrl, SignalInstance
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDockWidget, QMainWindow

from model.form import Address
from ui.draft import SaveQueue
from ui.parts import Banner, BannerAction, Jobs

if TYPE_CHECKING:
    from model.recovery import Conflict, Undecided
    from model.report import Report
    from model.storage import Draft, Store
    from ui.docks import UndecidedDock
    from ui.draft import Desk
    from ui.editor import Wizard


class Host(Protocol):
    """Interface of the main window that `RecoveryQuestions` uses."""

    jobs: Jobs
    opened: SignalInstance  # int: number of a draft

    @property
    def desk(self) -> Desk | None:
        """The open draft; None without one."""

    @property
    def wizard(self) -> Wizard | None:
        """The pages of the open draft; None without one."""

    def attempt(self, act: Callable[[], object]) -> None:
        """Call `act`; a `Trouble` is shown in the banner."""

    def open_draft(self, number: int) -> None:
        """Open a draft in the wizard."""

    def addDockWidget(self, area: Qt.DockWidgetArea, dock: QDockWidget) -> None:
        """Add a dock (method of QMainWindow)."""


class RecoveryQuestions(QObject):
    """Shows the dock of undecided values and finds conflicting edits of two windows."""

    def __init__(self, window: Host, save_queue: SaveQueue, banner: Banner, data: Path) -> None:
        super().__init__(window if isinstance(window, QObject) else None)
        self._window, self._save_queue, self._banner, self._data = window, save_queue, banner, data
        self._seen: dict[int, int] = {}  # draft number → last step that this window knows
        self.dock: UndecidedDock | None = None
        window.opened.connect(self.on_opened)
        save_queue.regained.connect(self.on_regained)

    # -- after a recovery ----------------------------------------------------------------------------------------

    def offers(self) -> list[BannerAction]:
        """Return the actions offered after a recovery until the user confirms the data."""
        from model.storage import recall

        if self._save_queue.refusal or not recall(self._data).hold:
            return []
        review: list[BannerAction] = [("逐条核对", self.review)] if self._drafts() else []
        return [*review, ("打开备份文件夹", self._show_backups), ("数据正确", self.trust)]

    def _drafts(self) -> list[int]:
        """Return the numbers of the drafts with undecided values."""
        from model.recovery import kept

        return list(dict.fromkeys(one.draft for one in kept(self._data)))

    def review(self) -> None:
        """Show the undecided values of the open draft, else open the first draft that has some."""
        desk, drafts = self._window.desk, self._drafts()
        if desk and desk.number in drafts:
            self._show(desk)
        elif drafts:
            self._window.open_draft(drafts[0])

    def _show_backups(self) -> None:
        from model.storage import FOLDER

        QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(self._data / FOLDER)))

    def trust(self) -> None:
        """Confirm the recovered data: backups may be thinned again."""
        from model.storage import hold_backups

        self._save_queue.ask(lambda store: hold_backups(store.path.parent, hold=False))
        self._banner.say("已确认数据正确，备份照常整理。")

    # -- the open draft ------------------------------------------------------------------------------------------

    def on_opened(self, number: int) -> None:
        """Record the last step of the opened draft and show its undecided values."""
        self._window.attempt(lambda: self._note_seen(number))
        desk = self._window.desk
        if desk and number in self._drafts():
            self._show(desk)

    def _note_seen(self, number: int) -> None:
        self._seen[number] = self._save_queue.ask(lambda store: store.draft(number).steps)

    def _show(self, desk: Desk) -> None:
        from ui.docks import UndecidedDock

        if self.dock is None:
            parent = self._window if isinstance(self._window, QMainWindow) else None
            self.dock = UndecidedDock(self._data, parent)
            self.dock.wanted.connect(self.on_wanted)
            self.dock.emptied.connect(self.on_emptied)
            self.dock.refused.connect(partial(self._banner.say, trouble=True))
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        if self.dock.open_for(desk):
            self.dock.raise_()

    def on_wanted(self, one: Undecided) -> None:
        """Go to the cell or section of an undecided value."""
        wizard = self._window.wizard
        if wizard is None:
            return
        if isinstance(one.place, Address):
            wizard.show_cell(one.place)
        else:
            wizard.go_to(one.place if one.change.texts else "")

    def on_emptied(self) -> None:
        """Offer the next draft with undecided values, or report that none is left."""
        if self._drafts():
            self._banner.say("这份草稿已核对完，还有别的草稿需要核对。", [("下一份", self.review)])
        else:
            self._banner.say("需要核对的内容已全部核对完。")

    def put_away(self) -> None:
        """Hide the dock when the draft is closed."""
        if self.dock:
            self.dock.put_away()

    # -- another window ------------------------------------------------------------------------------------------

    def on_regained(self, number: int) -> None:
        """Look for conflicts after a failed save has succeeded: another window may have written in between."""
        if number in self._seen and not self._save_queue.closed:  # not after the last save, at closing
            look = partial(_look, number, self._seen[number])
            self._window.jobs.run(lambda: self._save_queue.ask(look), self._on_looked)

    def _on_looked(self, found: tuple[Draft, Report, tuple[Conflict, ...]]) -> None:
        draft, report, conflicts = found
        undecided = [one.undecided(draft) for one in conflicts if one.differs(report)]
        self._seen[draft.number] = draft.steps
        if undecided:
            from model.recovery import keep

            keep(self._data, undecided)
        if (desk := self._window.desk) and desk.number == draft.number:
            self._refresh(desk, report)
        if undecided:
            said = (
                f"另一窗口也改过「{draft.agency}」{draft.year} 年的草稿，有 {len(undecided)} 处与您的不同，请逐条核对。"
            )
            self._banner.say(said, [("逐条核对", self.review)], trouble=True)

    def _refresh(self, desk: Desk, report: Report) -> None:
        """Reload the draft if the file differs from the window, else show its undecided values."""
        if desk.editing.report != report:
            desk.commit_pending()
            self._window.open_draft(desk.number)
        elif desk.number in self._drafts():
            self._show(desk)


def _look(number: int, seen: int, store: Store) -> tuple[Draft, Report, tuple[Conflict, ...]]:
    from model.recovery import conflicts

    return store.draft(number), store.load(number), conflicts(store.journal(number), seen)
