"""Questions about opening the drafts, after a recovery, and after another window wrote into the same draft."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMainWindow

from model.form import Address
from ui.draft import SaveQueue
from ui.parts import Banner, BannerAction, Jobs

if TYPE_CHECKING:
    from model.recovery import Conflict, Undecided
    from model.report import Report
    from model.storage import Draft
    from ui.docks import UndecidedDock
    from ui.draft import Desk

OPENING, CONFLICTS, NEGLECTED = "opening", "conflicts", "neglected"  # causes of standing messages
DECISIONS = (
    "使用较新的备份", "仍用此文件", "放回窗口中的内容", "改在本机编辑", "再试一次",
    "逐条核对", "打开备份文件夹", "数据正确",
)  # fmt: skip


class RecoveryQuestions(QObject):
    """Asks how to open the drafts, shows the dock of undecided values, and finds conflicting edits of two windows."""

    open_wanted = Signal(int)  # number of the draft to open in the wizard
    close_wanted = Signal()  # the open draft is to be closed
    refresh_wanted = Signal()  # the list of drafts is out of date
    place_wanted = Signal(object)  # Address or id of a section ("": the cover), to be shown in the open draft

    def __init__(self, window: QMainWindow, save_queue: SaveQueue, banner: Banner, jobs: Jobs, data: Path) -> None:
        super().__init__(window)
        self._window, self._save_queue, self._banner, self._jobs, self._data = window, save_queue, banner, jobs, data
        self._desk: Desk | None = None
        self._seen: dict[int, int] = {}  # draft number → last step that this window knows
        self.dock: UndecidedDock | None = None
        self._sentence = ""  # about opening, until it is settled
        banner.know(DECISIONS, self.decisions)
        save_queue.told.connect(self.on_told)
        save_queue.settled.connect(self.on_settled)
        save_queue.neglected.connect(self.on_neglected)
        save_queue.regained.connect(self.on_regained)

    # -- opening of the drafts -----------------------------------------------------------------------------------

    def on_told(self, sentence: str) -> None:
        """Show the message about opening the drafts' file until it is settled, with buttons for the decision."""
        self._sentence = sentence
        if offers := self.decisions():
            self._banner.stand(OPENING, sentence, offers)
        else:
            self._banner.say_trouble(sentence)

    def on_settled(self) -> None:
        """End the message about opening: the file was opened with nothing to say."""
        self._sentence = ""
        self._banner.withdraw(OPENING)
        self._banner.withdraw(NEGLECTED)

    def on_neglected(self, sentence: str) -> None:
        """Show that a backup was not made, until the file is opened again or the user closes the message."""
        self._banner.stand(NEGLECTED, sentence)

    def decisions(self) -> list[BannerAction]:
        """Return the buttons for all that the user can decide about the drafts' file at present."""
        attempt = self._banner.attempt
        choices = [(label, partial(attempt, partial(self._decide, act))) for label, act in self._save_queue.choices()]
        return [*choices, *[(label, partial(attempt, act)) for label, act in self.offers()]]

    def _decide(self, act: Callable[[], None]) -> None:
        """Carry out a decision about the drafts' file and reload the drafts."""
        number = self._desk.number if self._desk else None
        self.close_wanted.emit()
        act()
        self.on_settled()  # opening says what there is to say then
        if number is None:
            self.refresh_wanted.emit()
        else:
            self.open_wanted.emit(number)

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
        desk, drafts = self._desk, self._drafts()
        if desk and desk.number in drafts:
            self._show(desk)
        elif drafts:
            self.open_wanted.emit(drafts[0])

    def _show_backups(self) -> None:
        from model.storage import FOLDER

        QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(self._data / FOLDER)))

    def trust(self) -> None:
        """Confirm the recovered data: backups may be thinned again."""
        self._save_queue.drafts.confirm_recovered()
        self.on_settled()
        self._banner.say("已确认数据正确，备份照常整理")

    # -- the open draft ------------------------------------------------------------------------------------------

    def on_opened(self, number: int) -> None:
        """Record the last step of the opened draft and show its undecided values."""
        self._banner.attempt(lambda: self._note_seen(number))
        if self._desk and number in self._drafts():
            self._show(self._desk)

    def _note_seen(self, number: int) -> None:
        self._seen[number] = self._save_queue.drafts.steps(number)

    def _show(self, desk: Desk) -> None:
        from ui.docks import UndecidedDock

        if self.dock is None:
            self.dock = UndecidedDock(self._data, self._window)
            self.dock.wanted.connect(self.on_wanted)
            self.dock.emptied.connect(self.on_emptied)
            self.dock.refused.connect(self._banner.say_trouble)
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        if self.dock.open_for(desk):
            self.dock.raise_()

    def on_wanted(self, one: Undecided) -> None:
        """Emit `place_wanted` with the cell or section of an undecided value."""
        in_report = isinstance(one.place, Address) or one.change.texts
        self.place_wanted.emit(one.place if in_report else "")

    def on_emptied(self) -> None:
        """Offer the next draft with undecided values, or report that none is left."""
        if self._drafts():
            self._banner.say("这份草稿已核对完，还有别的草稿需要核对", [("下一份", self.review)])
            return
        self._banner.withdraw(CONFLICTS)
        self._banner.withdraw(OPENING)  # it names 逐条核对, which has nothing left to show
        if self._save_queue.unconfirmed():
            self.on_told("需要核对的内容已全部核对完，没有问题请按“数据正确”")
        else:
            self._banner.say("需要核对的内容已全部核对完")

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Work with the open draft from now on; hide the dock when it was closed.

        A message about opening that the user has closed is shown again with the next draft, which it concerns too.
        """
        self._desk = desk
        if desk and self._sentence and (offers := self.decisions()):
            self._banner.stand(OPENING, self._sentence, offers)
        if desk is None and self.dock:
            self.dock.put_away()

    # -- another window ------------------------------------------------------------------------------------------

    def on_regained(self, number: int) -> None:
        """Look for conflicts after a failed save has succeeded: another window may have written in between."""
        if number in self._seen and not self._save_queue.closed:  # not after the last save, at closing
            look = partial(self._save_queue.drafts.conflicts, number, self._seen[number])
            self._jobs.run(look, self._on_looked)

    def _on_looked(self, found: tuple[Draft, Report, tuple[Conflict, ...]]) -> None:
        draft, report, conflicts = found
        undecided = [one.undecided(draft) for one in conflicts if one.differs(report)]
        self._seen[draft.number] = draft.steps
        if undecided:
            from model.recovery import keep

            keep(self._data, undecided)
        if (desk := self._desk) and desk.number == draft.number:
            self._refresh(desk, report)
        if undecided:
            said = f"另一窗口也修改了“{draft.agency}”{draft.year} 年的草稿，有 {len(undecided)} 处不一致，请逐条核对"
            self._banner.stand(CONFLICTS, said, [("逐条核对", self.review)])

    def _refresh(self, desk: Desk, report: Report) -> None:
        """Reload the draft if the file differs from the window, else show its undecided values."""
        if desk.editing.report != report:
            desk.commit_pending()
            self.open_wanted.emit(desk.number)
        elif desk.number in self._drafts():
            self._show(desk)
