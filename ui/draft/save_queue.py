"""Qt interface to the writer thread: queues changes and emits signals about saving."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from model.base import Log, Trouble
from model.report import Change, CountsAfter
from ui.draft.drafts import Drafts
from ui.draft.unsaved_work import UnsavedWork

if TYPE_CHECKING:
    from model.recovery import Opened
    from model.storage import RunMemory, SaveThread, Store

Answer = TypeVar("Answer")
AT_MOST = 2.0  # seconds that `ask` waits for queued changes
COMMAND = 0.5  # seconds to wait for a command-line process that holds the drafts


class SaveQueue(QObject):
    """Saves changes in the background; `drafts` reads and changes the stored drafts."""

    saved = Signal(int, object)  # draft number, datetime of the commit
    failed = Signal(int, str, int)  # draft number, reason, number of waiting changes
    regained = Signal(int)  # draft number: saved after a failure; another window may have written meanwhile
    told = Signal(str)  # message about opening (recovered, held by another process, read-only)
    settled = Signal()  # opened, with nothing to say
    neglected = Signal(str)  # message about a backup that was not made

    def __init__(self, data: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._data = data
        self.drafts = Drafts(self.ask)
        self.unsaved = UnsavedWork(self._waiting)
        self._log = Log(data)
        self._opening = threading.Lock()
        self._opened: SaveThread | None = None
        self._closed = False
        self.refusal = ""  # reason why nothing can be saved; "" otherwise
        self.found: Opened | None = None  # result of opening the drafts
        self._take_over = False
        self._met = False  # True once drafts or backups were seen in the folder: from then on it is never made anew
        self._run: RunMemory | None = None  # what this window has saved; used in the writer's thread
        self._failed: set[int] = set()  # drafts whose last save failed; used in the writer's thread only

    def _writer(self) -> SaveThread:
        """Return the writer, created on first use: the first window must not wait for the database."""
        with self._opening:
            if self._opened is None:
                from model.storage import Maintenance, SaveThread

                self._opened = SaveThread(
                    self._open, self._on_saved, self._on_failed, Maintenance(), self._on_neglected
                )
            return self._opened

    def _open(self) -> Store:
        """Open the drafts, recovered if necessary; called in the writer's thread."""
        from model.recovery import open_drafts
        from model.storage import RunMemory

        again = self._opened is not None
        self._check_folder()
        began = time.monotonic()
        self._run = self._run or RunMemory()
        opened = open_drafts(self._data, take_over=self._take_over, patience=COMMAND, run=self._run)
        self._take_over, self._met = False, True
        self.refusal, self.found = opened.store.refusal, opened
        numbers = {"seconds": time.monotonic() - began, "steps": opened.store.last_step()}
        found = {"only_read": bool(self.refusal), "recovered": opened.recovered is not None, "behind": opened.behind}
        self._log.note("opened", **numbers, **found)
        # Opened again by this program, the file still names its holder, which then is no sign of a crash.
        ordinary = again and not (self.refusal or opened.recovered or opened.doubt or opened.aside)
        if sentence := (not ordinary and opened.sentence) or self.unconfirmed():
            self.told.emit(sentence)
        else:
            self.settled.emit()
        return opened.store

    def _check_folder(self) -> None:
        """Raise `StoreTrouble` if drafts were here and are away: a new, empty file would take their place."""
        from model.storage import DATABASE, FOLDER, folder_gone

        found = any((self._data / name).exists() for name in (DATABASE, FOLDER))
        if self._met and not found:
            raise folder_gone(self._data)
        self._met = found

    def unconfirmed(self) -> str:
        """Return a reminder while recovered data are unconfirmed, as no backup is thinned until then; else ""."""
        from model.storage import recall

        held = recall(self._data).hold and not self.refusal
        return "上次自动恢复的数据还没有确认：请打开草稿核对，没有问题请按“数据正确”" if held else ""

    def open_again(self, before: Callable[[Path], object] | None = None, *, take_over: bool = False) -> None:
        """Close the drafts and call `before`; the next use reopens them.  Raises `Trouble` if changes are unsaved."""
        with self._opening:
            if self._opened is not None and not self._opened.close(AT_MOST):
                if waiting := self.unsaved.changes():  # a second writer would prevent saving them
                    retried = f"还有 {waiting} 处修改没有存上，本软件会一直重试"
                    raise Trouble(f"{retried}；请先用“另存到其他位置”保存，再做这一步")
                self._opened.abandon(wait=True)
            self._opened, self.found, self.refusal, self._take_over = None, None, "", take_over
            if before:
                before(self._data)

    def choices(self) -> list[tuple[str, Callable[[], None]]]:
        """Return the actions (label, function) offered while the drafts are read-only."""
        if self.found is None:
            return []
        if self.found.doubt:
            window = [("放回窗口中的内容", self.put_back)] if self._run and self._run.heads else []
            return [
                *window,
                ("使用较新的备份", lambda: self.open_again(self._use_backup)),
                ("仍用此文件", lambda: self.open_again(self._use_file)),
            ]
        if self.found.holder and self.found.holder.stale():
            return [("改在本机编辑", lambda: self.open_again(take_over=True))]
        return [("再试一次", self.open_again)] if self.refusal else []

    def _use_backup(self, data: Path) -> None:
        from model.recovery import recover

        recover(data, "改用较新的备份", instead=True)
        self._run = None

    def _use_file(self, data: Path) -> None:
        from model.recovery import leave_older

        leave_older(data)
        self._run = None

    def put_back(self) -> None:
        """Put what this window has saved back into a file that went back in time, then save what waits."""
        from model.recovery import put_back

        said = list[str]()

        def restore() -> None:
            assert self._run
            said.append(put_back(self._data, self._run))

        writer = self._writer()
        writer.reopen(restore)
        writer.flush(AT_MOST)
        writer.call(lambda _store: self.told.emit(said[0]))  # after `saved` of what waited, which hides messages

    @property
    def closed(self) -> bool:
        """Return True once everything is saved and the writer is closed."""
        return self._closed

    def submit(self, number: int, change: Change, counted: CountsAfter | None = None) -> None:
        """Queue one change, with the counts of the report after it; `saved` is emitted after the commit."""
        self._writer().submit(number, change, counted)

    def ask(self, question: Callable[[Store], Answer]) -> Answer:
        """Call `question` with the store, after all queued changes; returns its result, raises what it raises.

        For `drafts`; nothing outside this folder calls it.
        If the disk fails, it is called after one attempt to save; `waiting` then counts the unsaved changes.
        """
        writer = self._writer()
        try:
            writer.flush(AT_MOST)  # `call` alone would overtake changes queued behind the batch being saved
            return writer.call(question)
        except RuntimeError as error:
            if not writer.stopped:
                raise
            raise Trouble("本软件正在关闭，没有再读入草稿；请重新打开本软件") from error  # of a job that came late

    def check(self) -> str:
        """Read every row and every backup and return a summary; raises what the store raises."""
        from model.recovery import check

        return self.ask(lambda store: check(store).sentence())

    def waiting(self, number: int) -> int:
        """Count the changes of a draft that are not committed yet."""
        return self._writer().waiting(number)

    def _waiting(self) -> dict[int, int]:
        """Return the number of waiting changes of each draft that has some."""
        return {number: len(changes) for number, changes in self._opened.unsaved().items()} if self._opened else {}

    def flush(self, seconds: float) -> bool:
        """Wait until all is saved; returns False if it takes longer than `seconds`."""
        return self._opened is None or self._opened.flush(seconds)

    def close(self, seconds: float = 5.0) -> bool:
        """Save the rest and close; returns False if it takes longer than `seconds`.  May be called twice."""
        self._closed = self._closed or self._opened is None or self._opened.close(seconds)
        return self._closed

    def abandon(self) -> None:
        """Close without the changes that wait, after the user has decided so or saved them elsewhere."""
        if self._opened and not self._closed:
            self._closed = True
            self._opened.abandon()

    # Called in the writer's thread: only signals may cross to the UI thread.

    def _on_saved(self, number: int, at: datetime) -> None:
        self.saved.emit(number, at)
        if number in self._failed:
            self._failed.discard(number)
            self.regained.emit(number)

    def _on_neglected(self, error: BaseException) -> None:
        self._log.note_error("neglected", error)
        if isinstance(error, Trouble):
            self.neglected.emit(f"备份未完成：{error}")
        else:  # not raised: the future that calls this would swallow it
            threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))

    def _on_failed(self, number: int, error: BaseException, waiting: int) -> None:
        self._log.note_error("not saved", error)
        self._failed.add(number)
        why = str(error) if isinstance(error, Trouble) else f"本软件内部错误（{type(error).__name__}）"
        self.failed.emit(number, why, waiting)
        if self.found and self.found.doubt:
            self.told.emit(self.found.sentence)  # last, so that its buttons stay
