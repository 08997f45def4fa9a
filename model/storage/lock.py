"""Locks the drafts folder for one program by a file lock of the operating system, and names its holder to others.

The system releases the lock when its holder dies; the mere existence of a file would stay after a killed program. On
Windows the locked byte is far behind the text of the file, since a locked range cannot be read there.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from model.base import clean, files, own_files

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE = "reports.db.lock"
STALE_SECONDS = 120.0
_BEYOND = 1 << 20  # offset of the byte locked on Windows
_KIND = own_files.OwnFile("记录谁在使用草稿的文件", "已另建一个，草稿不受影响", 10_000)
_LONGEST = 100  # characters of a name in a message


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # no such user in the system's list, as in a container
        return ""


@dataclass(frozen=True)
class Holder:
    """A running program that may save, identified by `token`; `renewed`: when it last reported to be alive."""

    user: str = field(default_factory=_user)
    host: str = field(default_factory=socket.gethostname)
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    renewed: datetime = field(default_factory=lambda: datetime.now(UTC))
    token: str = field(default_factory=lambda: token_hex(8))

    def text(self) -> str:
        """Return the holder as one line of JSON."""
        times = {"since": self.since.isoformat(), "renewed": self.renewed.isoformat()}
        return json.dumps({"user": self.user, "host": self.host, "token": self.token, **times}, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> Holder | None:
        """Return the holder that `text` names; None if it names none, for example after a power cut."""
        try:
            data = own_files.parsed(text.encode())
            times = {name: datetime.fromisoformat(data[name]).astimezone(UTC) for name in ("since", "renewed")}
            user, host, token = (clean(data[name])[:_LONGEST] for name in ("user", "host", "token"))
            if not all(1970 < at.year < 9999 for at in times.values()):  # no local time can be given
                return None
            return cls(user=user, host=host, token=token, **times)
        except own_files.WRONG_CONTENT:
            return None

    @property
    def here(self) -> bool:
        """Tell whether the program runs on this computer."""
        return self.host == socket.gethostname()

    def stale(self, now: datetime | None = None) -> bool:
        """Return True if a holder elsewhere has not reported for 120 s; on this computer the lock itself decides."""
        return not self.here and ((now or datetime.now(UTC)) - self.renewed).total_seconds() > STALE_SECONDS

    def sentence(self) -> str:
        """Return the message that a second window shows."""
        who = f"“{self.user}”于 {self.since.astimezone():%H:%M} 在“{self.host}”"
        if self.stale():
            return f"{who}打开了数据，但那台电脑已超过 {STALE_SECONDS:g} 秒无响应；可以改在本机编辑，或稍后再试"
        return f"{who}打开了数据，您现在只能查看；请在那边关闭后再试一次"


class Lock:
    """A lock that this program holds until `release`, or its end."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, folder: Path, holder: Holder) -> Lock | None:
        """Lock the folder's drafts; None if another program has. Raises `OSError` where no file can be written."""
        handle = _opened(folder / LOCK_FILE)
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        with suppress(OSError):  # full disk: the others cannot read a name, but the lock works all the same
            if os.fstat(handle).st_nlink < 2:  # else the text may belong to another file
                os.ftruncate(handle, 0)
                os.write(handle, holder.text().encode())
        return cls(handle)

    def release(self) -> None:
        """Release the lock."""
        if self._handle is not None:
            os.close(self._handle)  # which unlocks
            self._handle = None


def holder_of(folder: Path) -> Holder | None:
    """Return the holder last written into the lock's file; None if there is none, or none can be written there."""
    try:
        if (folder / LOCK_FILE).lstat().st_nlink > 1:
            return None
        raw = own_files.read_own(folder / LOCK_FILE, _KIND.at_most)
    except (OSError, ValueError):  # missing, not readable for this user, or far too large
        return None
    return Holder.of(raw.decode("utf-8", "replace"))


def _opened(path: Path) -> int:
    """Open the file of the lock; anything but a regular file in its place is renamed, since nobody can lock it."""
    try:
        return files.open_own(path, os.O_RDWR | os.O_CREAT)
    except files.NotRegularError:
        own_files.put_aside(path, _KIND, own_files.NO_FILE)
        return files.open_own(path, os.O_RDWR | os.O_CREAT)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _BEYOND, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:  # fails for no other reason; Windows gives EACCES, Wine no number
            raise BlockingIOError(*error.args) from error
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
