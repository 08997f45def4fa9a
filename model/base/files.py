"""Writes files so that a crash, a full disk or a power cut leaves the old file or the new one, never a part.

All files of the program are written here, apart from the SQLite database itself, the lock and the log.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from model.base.filenames import unused
from model.base.trouble import Trouble

# Windows error codes: access denied, sharing violation, lock violation; a virus scanner or a viewer has it open.
_HELD = {5, 32, 33}
_DAY = 24 * 60 * 60
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
SECTOR = 512  # bytes: the least that a disk writes at once


class Purpose(NamedTuple):
    """Words for the messages about one kind of file: 导出失败：…，请重新插入后再导出.

    `elsewhere`: the user chose the folder and can choose another one; other folders are created when missing.
    """

    failed: str
    again: str
    elsewhere: bool = True

    @property
    def advice(self) -> str:
        """The advice about a folder that cannot be written."""
        return "换一个位置保存" if self.elsewhere else "检查这个文件夹的权限"

    @property
    def room(self) -> str:
        """The advice about a full disk, after 请清理."""
        return "或换一个位置保存" if self.elsewhere else f"后再{self.again}"


EXPORT = Purpose("导出失败", "导出")
EMERGENCY_COPY = Purpose("另存失败", "另存")
FEEDBACK = Purpose("反馈没有写成", "反馈", elsewhere=False)
CRASH_REPORT = Purpose("错误记录没有写成", "试", elsewhere=False)


class ReadBackError(OSError):
    """The content read back from the disk differs from the content written."""


def write_atomic(
    target: Path,
    content: bytes,
    check: Callable[[bytes], None] | None = None,
    *,
    purpose: Purpose = EXPORT,
    private: bool = False,
    overwrite: bool = True,
) -> None:
    """Write `content` to `target` completely or not at all; `check` may refuse the content read back.

    As `put`, but raises `Trouble` with one sentence in the words of `purpose`; the old file is then unchanged and no
    temporary file remains.
    """
    try:
        if not purpose.elsewhere:
            _make_folder(target.parent)
        if target.is_dir():
            raise Trouble(f"{purpose.failed}：“{target.name}”是一个文件夹，不能写成文件，请另起一个文件名")
        put(target, content, check, private=private, overwrite=overwrite)
    except OSError as error:
        raise Trouble(_sentence(error, target, purpose)) from error


def write_new(target: Path, content: bytes, *, purpose: Purpose = EXPORT) -> Path:
    """Write `content` as `write_atomic` does, to `target` or the first numbered name that no file has; return it."""
    while True:
        path = unused(target)
        try:
            write_atomic(path, content, purpose=purpose, overwrite=False)
        except Trouble as trouble:
            if not isinstance(trouble.__cause__, FileExistsError):  # else another process was faster
                raise
        else:
            return path


def put(
    target: Path,
    content: bytes,
    check: Callable[[bytes], None] | None = None,
    *,
    private: bool = False,
    overwrite: bool = True,
    durable: bool = True,
) -> None:
    """Write a temporary file beside `target`, flush it, read it back and rename it; raises `OSError`.

    `private` makes the file readable by this user only (mode 0600); otherwise an existing file keeps its mode.
    Without `overwrite`, an existing file is kept and `FileExistsError` raised. Without `durable`, the disk is not
    waited for: after a power cut the file may be missing or empty.
    """
    temporary = target.with_name(f"~{target.name[:60]}.{os.urandom(4).hex()}.tmp")
    try:
        _write(temporary, content, durable=durable)
        if (found := temporary.read_bytes()) != content:
            raise ReadBackError(errno.EIO, "读回的内容不一致", str(target))
        if check:
            check(found)
        if not private:
            _set_mode(temporary, target)
        (rename_over if overwrite else rename_new)(temporary, target)
    finally:
        # If the disk was removed, this fails too; the first error has been reported.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    if durable:
        with contextlib.suppress(OSError):  # network shares may refuse to flush a folder; the file itself is flushed
            sync_folder(target.parent)
    _remove_leftovers(target)


def _write(path: Path, content: bytes, *, durable: bool) -> None:
    create_private(path)
    with path.open("rb+") as file:
        file.write(content)
        file.flush()
        if durable:
            os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:  # a file of this name
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def _set_mode(temporary: Path, target: Path) -> None:
    """Give the new file the mode of the old one, or the mode that the umask leaves to a new file."""
    if os.name == "posix":
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())


def _umask() -> int:
    """The umask of the process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _remove_leftovers(target: Path) -> None:
    """Remove temporary files of earlier attempts at this target; the file itself is written, so errors are ignored."""
    with contextlib.suppress(OSError):
        remove_leftovers(target.parent, f"{glob.escape(f'~{target.name[:60]}.')}*.tmp")


# -- parts of writing, which raise `OSError` -------------------------------------------------------------------------


def create_private(path: Path) -> None:
    """Create an empty file with mode 0600; SQLite's journal beside it inherits the mode."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def copy_private(source: Path, target: Path) -> None:
    """Copy a file's content to a new file with mode 0600, not yet flushed to the disk."""
    create_private(target)
    shutil.copyfile(source, target)


def rename_over(source: Path, target: Path) -> None:
    """Rename, replacing `target`; if another program holds it (Windows), retry six times within 2.6 s."""
    for wait in _WAITS:
        try:
            source.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(wait)
        else:
            return
    source.replace(target)


def rename_new(source: Path, target: Path) -> None:
    """Rename without replacing an existing file, which raises `FileExistsError`."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # the file system of a USB stick has no hard links
        if target.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        rename_over(source, target)
    else:
        with contextlib.suppress(OSError):  # held by a virus scanner (Windows): the new file is complete all the same
            source.unlink()


def second_name(old: Path, new: Path) -> None:
    """Give a file a second name; copy it, flushed to the disk, where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:
        copy_private(old, new)
        sync(new)


def overwrite_sector(path: Path, content: bytes) -> None:
    """Overwrite a file of one disk sector in place, padded with spaces, without waiting for the disk.

    A sector is written whole: a power cut leaves the old content or the new one, which a rename without a flush does
    not promise.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(handle, content.ljust(SECTOR))
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Flush a file's content to the disk (fsync)."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a new name in a folder to the disk; Windows does this by itself and has no call for it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_leftovers(folder: Path, pattern: str = "~*.tmp*") -> None:
    """Remove temporary files of a killed program once they are a day old, so that no running program uses them."""
    for leftover in folder.glob(pattern):
        if time.time() - leftover.stat().st_mtime > _DAY:
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)


# -- messages --------------------------------------------------------------------------------------------------------


def _sentence(error: OSError, target: Path, purpose: Purpose) -> str:
    name, advice = target.name, purpose.advice
    kept = "；原文件未改动" if _exists(target) else ""
    if isinstance(error, ReadBackError):
        reason = f"写入“{name}”后读回的内容不一致，磁盘可能有问题，请{advice}{kept}"
    elif isinstance(error, FileExistsError):
        reason = f"“{target}”已经存在，没有覆盖，请换一个文件名"
    elif getattr(error, "winerror", None) in _HELD - {5}:
        reason = f"“{name}”正被其他程序占用（如 PDF 阅读器），请关闭后再试，或另起一个文件名{kept}"
    else:
        reason = _of_errno(error, target, purpose, kept)
    return f"{purpose.failed}：{reason}"


def _of_errno(error: OSError, target: Path, purpose: Purpose, kept: str) -> str:
    name, folder, advice, again = target.name, target.parent, purpose.advice, purpose.again
    sentences = {
        errno.ENOSPC: f"磁盘空间不足，请清理磁盘{purpose.room}{kept}",
        errno.EDQUOT: f"磁盘配额已用完，请清理{purpose.room}{kept}",
        errno.EROFS: f"“{folder}”不可写（只读磁盘），请{advice}",
        errno.EACCES: f"没有写入“{folder}”的权限，或“{name}”正被其他程序打开，请关闭它或{advice}{kept}",
        errno.EPERM: f"没有写入“{folder}”的权限，请{advice}{kept}",
        errno.ENOENT: f"找不到文件夹“{folder}”，请{advice}",
        errno.ENOTDIR: f"“{folder}”不是文件夹，请{advice}",
        errno.ENAMETOOLONG: f"文件名太长：“{name[:20]}…”，请改短后再试",
        errno.ENODEV: f"目标磁盘已断开，请重新插入后再{again}{kept}",
        errno.ENXIO: f"目标磁盘已断开，请重新插入后再{again}{kept}",
        errno.EIO: f"磁盘读写出错，可能已断开，请检查后再{again}{kept}",
    }
    return sentences.get(error.errno or 0, f"写不了“{name}”（{error.strerror or error}），请{advice}{kept}")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # the disk was removed, or the folder may not be searched
        return False
