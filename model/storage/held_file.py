"""Transactions on the drafts' file: each compares the file with the last state that this program knew.

A file that another program replaced by an older copy, in place or by renaming, is neither written nor believed: what
was saved since would be lost without a word.  The write lease names the program that may save.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

from model.storage import database_file, file_names, progress
from model.storage.database_file import StoreTrouble, TroubleKind, damaged
from model.storage.inventory import Mark
from model.storage.lock import Holder, Lock
from model.storage.progress import RunMemory
from model.storage.step_writer import StepWriter
from model.storage.verified_rows import VerifiedReader


@dataclass(frozen=True)
class Doubt:
    """Reason why a file is not the one saved last; `steps`: by how many steps it is older (0: not by steps)."""

    what: str
    steps: int = 0


def doubt_about(known: Mark, now: Mark, reader: VerifiedReader) -> Doubt | None:
    """Compare the state `now` of the file with one in which it was before; None if it is that state or a later one."""
    if now.uuid != known.uuid:
        return Doubt("被换成了另一份，不是本机上次保存的那一份")
    if now.head < known.head:
        return Doubt(f"比本机上次保存的旧（少 {known.head - now.head} 处修改）", known.head - now.head)
    same = known.writes > 0 and (now.writes, now.seal) == (known.writes, known.seal)
    if known.chain and reader.chain_at(known.head) != known.chain and known.draft not in reader.gone():
        if same:
            raise damaged(reader.path, f"草稿 {known.draft} 的修改记录")
        return Doubt("是在别处改过的另一份副本，没有本机上次保存的修改")
    if same or not known.writes or now.writes > known.writes:
        return None
    if now.writes == known.writes:
        return Doubt("是在别处改过的另一份副本")
    return Doubt("比本机上次保存的旧（没有之后的删除、恢复或所存版本）")


class HeldFile:
    """An open drafts' file with its write lease; each method may raise `StoreTrouble`."""

    def __init__(self, reader: VerifiedReader, *, refusal: str = "", in_memory: bool = False) -> None:
        self.database = reader.database
        self._in_memory = in_memory  # a copy: what lies beside the file does not concern it
        self.path = reader.path
        self.refusal = refusal  # message why saving is refused; "" when it is possible
        self._reader = reader
        self._step_writer = StepWriter(reader)
        self._holder: Holder | None = None
        self._lock: Lock | None = None
        self._inside = False  # of a transaction

    @property
    def run(self) -> RunMemory:
        """Memory of what this run has written into the file."""
        return self._step_writer.run

    def continue_run(self, run: RunMemory) -> Self:
        """Compare the file from now on with what an earlier connection of this run has written."""
        run.roll_back()
        self._step_writer.run = run
        return self

    def close(self) -> None:
        """Close the file; it cannot be used any more."""
        try:
            if self._holder and not self.refusal:
                self._release_lease()
        except StoreTrouble:
            pass  # the lease stays in the file, as after a crash; the lock is released nevertheless
        finally:
            self._holder = None
            self.database.close()
            if self._lock:
                self._lock.release()

    def mark(self) -> Mark:
        """Return the identity of the present state of the file."""
        with self._reading():
            return self._reader.mark()

    def doubt(self, known: Mark) -> Doubt | None:
        """Compare the file with a state in which it was before; None if it is that state or a later one."""
        with self._reading():
            return doubt_about(known, self._reader.mark(), self._reader)

    # -- write lease ---------------------------------------------------------------------------------------------

    def hold(self, holder: Holder, lock: Lock | None) -> Holder | None:
        """Acquire the write lease until `close`; return the previous holder if it never released it (a crash)."""
        with self._writing():
            before = self.held_by()
            self._set_meta("lease", holder.text())
        self._holder, self._lock = holder, lock
        progress.note_mark(self.path.parent, self.mark())
        return before

    def held_by(self) -> Holder | None:
        """Return the holder of the write lease as recorded in the file, if any."""
        return Holder.of(str(self._reader.meta("lease").get("lease", "")))

    def renew(self) -> None:
        """Renew the time of the lease, which shows windows on other computers that the holder is running."""
        if self._holder:
            self._holder = replace(self._holder, renewed=datetime.now(UTC))
            with self._writing():
                self._set_meta("lease", self._holder.text())

    def _release_lease(self) -> None:
        with self._writing():
            self.database.table("meta").delete_where("key = ?", ["lease"])

    def _check_lease(self) -> None:
        """Raise `StoreTrouble` when another computer has taken over the lease while this one did not respond."""
        if not self._holder:
            return
        now = self.held_by()
        if now is None or now.token != self._holder.token:
            who = f"“{now.user}”在“{now.host}”" if now else "另一个程序"
            self.refusal = f"草稿已改由{who}编辑，这里不能再保存；请把未保存的内容另存到其他位置，关闭后重新打开"
            raise StoreTrouble(self.refusal, kind=TroubleKind.READ_ONLY, reopen_required=True)

    # -- transactions --------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read in one transaction: a save of another window meanwhile is seen completely or not at all."""
        if self._inside:
            yield
            return
        self._check_beside()
        with database_file.troubles(self.path), self.database.atomic():
            if not self.refusal:
                self.run.mark = self._check_age()
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Write in one transaction, or in the one of `at_once`."""
        if self.refusal:  # doubtful: after reopening, saving may be possible
            raise StoreTrouble(self.refusal, kind=TroubleKind.READ_ONLY, reopen_required=True)
        if self._inside:
            yield
            return
        self._check_beside()
        with database_file.troubles(self.path):
            # An older copy written in place may leave SQLite's own cache valid, which would then be mixed into it.
            self.database.execute("PRAGMA shrink_memory")
            try:
                with database_file.immediate(self.database):
                    self._check_age()
                    self._check_lease()
                    yield
                    self._step_writer.seal()
                    mark = self._reader.mark()
            except BaseException:
                self.run.roll_back()
                raise
        self.run.commit(mark)
        if self._holder:
            progress.note_mark(self.path.parent, mark, [number for number, one in self.run.gone.items() if one.at])

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Make all that is written meanwhile one transaction: after a crash all of it is in the file or nothing."""
        with self._writing():
            self._inside = True
            try:
                yield
            finally:
                self._inside = False

    def _check_beside(self) -> None:
        """Check that nothing has come beside the file; SQLite looks there before each transaction, not only once."""
        if self._in_memory or self.database.conn.in_transaction:
            return
        if found := file_names.foreign_file(self.path, alone=self._lock is not None):
            raise StoreTrouble(
                f"草稿库“{self.path}”旁边出现了不属于它的文件“{found.name}”，为避免数据被它覆盖，没有读写；"
                "请关闭正在使用草稿库的其他程序，本软件重试时会把它改名保留",
                reopen_required=True,
            )

    def _check_age(self) -> Mark:
        """Return the present state; raise `StoreTrouble` if it is older than, or another than, what this run knew."""
        now = self._reader.mark()
        if self.run.mark and (doubt := doubt_about(self.run.mark, now, self._reader)):
            if self._holder:  # the next start must find it, too, though the record may have been replaced as well
                progress.note_mark(self.path.parent, self.run.mark)
            sentence = f"草稿库“{self.path}”{doubt.what}，没有写入；窗口中的内容还在，请按提示选择用哪一份"
            raise StoreTrouble(sentence, kind=TroubleKind.OLDER, reopen_required=True)
        return now

    def _set_meta(self, key: str, value: str) -> None:
        self.database.table("meta").insert({"key": key, "value": value}, replace=True)
