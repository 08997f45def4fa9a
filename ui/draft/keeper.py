"""Between the window and the writer thread: changes go in, signals come out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from model.base.event_log import Log
from model.base.trouble import Trouble
from model.report.report import Change

if TYPE_CHECKING:
    from model.recovery.open_database import Opened
    from model.storage.save_thread import Writer
    from model.storage.store import Store

Answer = TypeVar("Answer")
AT_MOST = 2.0  # seconds that a question waits for changes before it
COMMAND = 0.5  # seconds that a command on the command line may have the drafts to itself


class Keeper(QObject):
    """Saves changes in the background; reads drafts on request."""

    saved = Signal(int, object)  # draft number, datetime of the commit
    failed = Signal(int, str, int)  # draft number, why, how many changes wait
    regained = Signal(int)  # draft number: saved after all; another window may have written meanwhile
    told = Signal(str)  # what the opening of the drafts has to say: recovered, in other hands, only to be read

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self._log = Log(data)
        self._opening = threading.Lock()
        self._opened: Writer | None = None
        self._closed = False
        self.refusal = ""  # why nothing can be saved; "" when it can
        self.found: Opened | None = None  # how the drafts were found when they were opened
        self._take_over = False
        self._failed: set[int] = set()  # drafts of which the last attempt to save failed; only in the writer's thread

    def _writer(self) -> Writer:
        """The writer, made when it is first needed: the first window must not wait for the database."""
        with self._opening:
            if self._opened is None:
                from model.storage.maintenance import (
                    Upkeep,  # SQLite and all that stands on it: not before the first paint
                )
                from model.storage.save_thread import Writer

                self._opened = Writer(self._open, self._on_saved, self._on_failed, Upkeep(), self._on_neglected)
            return self._opened

    def _open(self) -> Store:
        """The drafts, recovered where they have to be; called in the writer's thread."""
        from model.recovery.open_database import open_drafts
        from model.storage.database_file import NAME, folder_gone
        from model.storage.file_copy import FOLDER

        if self._opened is not None and not any((self._data / name).exists() for name in (NAME, FOLDER)):
            raise folder_gone(self._data)  # a new, empty file in its place would take no change of the drafts
        began = time.monotonic()
        opened = open_drafts(self._data, take_over=self._take_over, patience=COMMAND)
        self._take_over = False
        self.refusal, self.found = opened.store.refusal, opened
        numbers = {"seconds": time.monotonic() - began, "steps": opened.store.last_step()}
        found = {"only_read": bool(self.refusal), "recovered": opened.recovered is not None, "behind": opened.behind}
        self._log.note("opened", **numbers, **found)
        if sentence := opened.sentence or self._unconfirmed():
            self.told.emit(sentence)
        return opened.store

    def _unconfirmed(self) -> str:
        """Until the clerk has agreed to what a recovery brought back, no backup is thinned: so it is asked again."""
        from model.storage.progress import recall

        held = recall(self._data).hold and not self.refusal
        return "上次自动恢复的数据还没有确认：请打开草稿核对，没有问题请按「数据正确」" if held else ""

    def open_again(self, before: Callable[[Path], object] | None = None, *, take_over: bool = False) -> None:
        """Let go of the drafts and open them anew, after `before` has settled what stood in the way."""
        with self._opening:
            if self._opened is not None and not self._opened.close(AT_MOST):
                waiting = self._opened.waiting()  # another writer beside this one would keep it from ever saving them
                raise Trouble(
                    f"还有 {waiting} 处修改没有存上，软件会一直重试；请先用「另存到其他位置」保存，再做这一步"
                )
            self._opened, self.found, self.refusal, self._take_over = None, None, "", take_over
            if before:
                before(self._data)

    def choices(self) -> list[tuple[str, Callable[[], None]]]:
        """What the clerk may decide where the drafts can only be read."""
        from model.recovery.open_database import leave_older, recover

        if self.found is None:
            return []
        if self.found.behind:
            older = "这个数据文件比本机上次保存的旧"
            return [
                ("使用较新的备份", lambda: self.open_again(lambda data: recover(data, older))),
                ("就用这个文件", lambda: self.open_again(leave_older)),
            ]
        if self.found.holder and self.found.holder.stale():
            return [("接管", lambda: self.open_again(take_over=True))]
        return [("再试一次", self.open_again)] if self.refusal else []

    @property
    def closed(self) -> bool:
        """True when there is nobody left to ask."""
        return self._closed

    def submit(self, number: int, change: Change) -> None:
        """Queue one change; `saved` follows after the commit."""
        self._writer().submit(number, change)

    def ask(self, question: Callable[[Store], Answer]) -> Answer:
        """Put a question to the store, after everything that was queued before; raises what the store raises.

        Where the disk fails, it is asked after an attempt: `waiting` tells.
        """
        writer = self._writer()
        writer.flush(AT_MOST)  # a question alone would pass what waits behind the changes that are just being saved
        return writer.call(question)

    def check(self) -> str:
        """Read every row and every backup, and say what was looked at; raises what the store raises."""
        from model.recovery.integrity import check

        return self.ask(lambda store: check(store).sentence())

    def waiting(self, number: int) -> int:
        """How many changes of a draft are not committed yet."""
        return self._writer().waiting(number)

    def flush(self, seconds: float) -> bool:
        """Wait until all is saved; False when that took too long."""
        return self._opened is None or self._opened.flush(seconds)

    def close(self, seconds: float = 5.0) -> bool:
        """Save what is left; False when that was not possible in time.  Closing twice is no mistake."""
        self._closed = self._closed or self._opened is None or self._opened.close(seconds)
        return self._closed

    # Called from the writer's thread: a signal is the one thing that may cross.

    def _on_saved(self, number: int, at: datetime) -> None:
        self.saved.emit(number, at)
        if number in self._failed:
            self._failed.discard(number)
            self.regained.emit(number)

    def _on_neglected(self, error: BaseException) -> None:
        self._log.note_error("neglected", error)
        if isinstance(error, Trouble):
            self.told.emit(f"备份未完成：{error}")
        else:  # not raised: whoever runs this swallows it
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))

    def _on_failed(self, number: int, error: BaseException, waiting: int) -> None:
        self._log.note_error("not saved", error)
        self._failed.add(number)
        why = str(error) if isinstance(error, Trouble) else f"程序内部错误（{type(error).__name__}）"
        self.failed.emit(number, why, waiting)
