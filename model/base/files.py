"""Writes files so that a crash, a full disk or a power cut leaves the old file or the new one, never a part.

All files of the program are written here, apart from the SQLite database itself, the lock and the log.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from model.base.filenames import unused, why_unusable
from model.base.held_files import ReadOnlyFileError, errno_of, patiently
from model.base.input_file import is_there
from model.base.trouble import Trouble

_DAY = 24 * 60 * 60
SECTOR = 512  # bytes: the least that a disk writes at once
# Windows has neither: there the check of the name alone must do, and opening a pipe does not wait.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Purpose(NamedTuple):
    """Words for the messages about one kind of file: 导出失败：…，请重新插入后再导出.

    `elsewhere`: the user chose the folder and can choose another one; other folders are created when missing, but never
    the data folder around them: one that was renamed while its drafts are open must not reappear.
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
FINAL_COPY = Purpose("定稿的 PDF 没有写成", "导出", elsewhere=False)
CRASH_REPORT = Purpose("错误记录没有写成", "试", elsewhere=False)


class NotRegularError(OSError):
    """A link, a folder, a pipe or a device where the program expects a file of its own."""


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
    temporary file remains. In a folder of the program itself, the file and this folder are private.
    """
    try:
        if not purpose.elsewhere:
            private = True
            make_inner_folder(target.parent)
        if sys.platform == "win32" and (reason := why_unusable(target.name)):
            raise Trouble(f"{purpose.failed}：{reason}")
        _refuse_other_kinds(target, purpose)
        place = linked_file(target) if purpose.elsewhere else target
        put(place, content, check, private=private, overwrite=overwrite)
    except OSError as error:
        raise Trouble(_sentence(error, target, purpose)) from error
    except ValueError as error:  # a name with a NUL character
        raise Trouble(f"{purpose.failed}：文件名里有不能使用的字符，请另起一个文件名") from error


def _refuse_other_kinds(target: Path, purpose: Purpose) -> None:
    """Refuse a folder, a pipe or a device as target: renaming would put a file in its place."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        kind = "一个文件夹" if stat.S_ISDIR(mode) else "管道或设备"
        raise Trouble(f"{purpose.failed}：“{shorter(target.name)}”是{kind}，不能写成文件，请另起一个文件名")


def linked_file(target: Path) -> Path:
    """Return the file that a link chosen by the user leads to, so that this file is written and the link stays."""
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def shorter(name: str, most: int = 40) -> str:
    """Cut a name for a message."""
    return name if len(name) <= most else f"{name[:most]}…"


def make_folder_for(target: Path, purpose: Purpose = FINAL_COPY) -> None:
    """Create the folder of `target` inside the data folder; raises `Trouble` in the words of `purpose`."""
    try:
        make_inner_folder(target.parent)
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


def make_inner_folder(folder: Path) -> None:
    """Create a private folder in the data folder when missing, or take it from other users.

    Raises `OSError` if the data folder itself is not there.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix":  # an earlier version made it with the usual mode
            with contextlib.suppress(OSError):  # of another user, or on a file system without modes
                folder.chmod(0o700)
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
    patiently(source, lambda: shutil.copyfile(source, target))


def rename_over(source: Path, target: Path) -> None:
    """Rename, replacing `target`; if another program holds it (Windows), retry for 1.55 s."""
    patiently(target, lambda: source.replace(target))


def remove(path: Path) -> None:
    """Remove a file, if it exists; if another program holds it (Windows), retry as `rename_over` does."""
    patiently(path, lambda: path.unlink(missing_ok=True))


def rename_new(source: Path, target: Path) -> None:
    """Rename without replacing an existing file, which raises `FileExistsError`."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # the file system of a USB stick has no hard links
        if is_there(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        rename_over(source, target)
    else:
        with contextlib.suppress(OSError):  # held by a virus scanner (Windows): the new file is complete all the same
            source.unlink()


def second_name(old: Path, new: Path) -> None:
    """Give a file a second name; copy it, flushed to the disk, where the file system has no hard links."""
    try:
        os.link(old, new)
    except OSError:  # the file system of a USB stick has no hard links
        try:
            copy_private(old, new)
            sync(new)
        except BaseException:
            new.unlink(missing_ok=True)  # a part of a file must not be taken for the file
            raise


def open_own(path: Path, flags: int) -> int:
    """Open a file of the program without following a link and without waiting; create it with mode 0600.

    Raises `NotRegularError` for anything but a regular file: whoever may write the folder can put a link there that
    leads to another file of the user, or a pipe that is never filled.
    """
    with contextlib.suppress(FileNotFoundError):
        _refuse_irregular(os.lstat(path), path)
    try:
        handle = patiently(path, lambda: os.open(path, flags | _NO_LINK, 0o600))
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link made after the check
            raise NotRegularError(error.errno, error.strerror, str(path)) from error
        raise
    try:
        _refuse_irregular(os.fstat(handle), path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _refuse_irregular(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NotRegularError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


def overwrite_sector(path: Path, content: bytes) -> None:
    """Overwrite a file of one disk sector in place, padded with spaces, without waiting for the disk.

    A sector is written whole: a power cut leaves the old content or the new one, which a rename without a flush does
    not promise. A file with a second name is replaced: the other name may be a backup.
    """
    handle = open_own(path, os.O_WRONLY | os.O_CREAT)
    try:
        if alone := os.fstat(handle).st_nlink < 2:
            os.write(handle, content.ljust(SECTOR))
    finally:
        os.close(handle)
    if not alone:
        put(path, content.ljust(SECTOR), private=True, durable=False)


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


def remove_leftovers(folder: Path, pattern: str = "~*.tmp*", *, age: float = _DAY) -> None:
    """Remove temporary files of a killed program once they are a day old, so that no running program uses them.

    `age`: seconds instead of a day, 0 where a lock tells that no other program uses them.
    """
    for leftover in folder.glob(pattern):
        found = leftover.lstat()  # of the link, if it is one: what it leads to is not ours, or is missing
        if not age or time.time() - found.st_mtime > age:
            shutil.rmtree(leftover) if stat.S_ISDIR(found.st_mode) else leftover.unlink(missing_ok=True)


# -- messages --------------------------------------------------------------------------------------------------------


def _sentence(error: OSError, target: Path, purpose: Purpose) -> str:
    name, advice = shorter(target.name), purpose.advice
    kept = "；原文件未改动" if is_there(target) else ""
    if isinstance(error, ReadBackError):
        reason = f"写入“{name}”后读回的内容不一致，磁盘可能有问题，请{advice}{kept}"
    elif isinstance(error, FileExistsError):
        reason = f"“{target}”已经存在，没有覆盖，请换一个文件名"
    elif isinstance(error, ReadOnlyFileError):
        reason = f"“{name}”是只读文件，请取消它的只读属性后再试，或另起一个文件名{kept}"
    else:
        reason = _of_errno(error, target, purpose, kept)
    return f"{purpose.failed}：{reason}"


def _of_errno(error: OSError, target: Path, purpose: Purpose, kept: str) -> str:
    name, folder = shorter(target.name), shorter(str(target.parent.absolute()), 200)
    advice, again = purpose.advice, purpose.again
    sentences = {
        errno.ENOSPC: f"磁盘空间不足，请清理磁盘{purpose.room}{kept}",
        errno.EDQUOT: f"磁盘配额已用完，请清理{purpose.room}{kept}",
        errno.EROFS: f"“{folder}”不可写（只读磁盘），请{advice}",
        errno.EBUSY: f"“{name}”正被其他程序占用（如 PDF 阅读器），请关闭后再试，或另起一个文件名{kept}",
        errno.EACCES: f"没有写入“{folder}”的权限，或“{name}”正被其他程序打开，请关闭它或{advice}{kept}",
        errno.EPERM: f"没有写入“{folder}”的权限，请{advice}{kept}",
        errno.ENOENT: _missing(target.parent, purpose),
        errno.ENOTDIR: f"“{folder}”不是文件夹，请{advice}",
        errno.ENAMETOOLONG: f"文件名太长：“{target.name[:20]}…”，请改短后再试",
        errno.ELOOP: f"“{name}”是一个循环的链接，请另起一个文件名",
        errno.ENODEV: f"目标磁盘已断开，请重新插入后再{again}{kept}",
        errno.ENXIO: f"目标磁盘已断开，请重新插入后再{again}{kept}",
        errno.EIO: f"磁盘读写出错，可能已断开，请检查后再{again}{kept}",
    }
    return sentences.get(errno_of(error, target), f"写不了“{name}”（{error.strerror or error}），请{advice}{kept}")


def _missing(folder: Path, purpose: Purpose) -> str:
    if (there := next((one for one in (folder, *folder.parents) if one.exists()), folder)).is_file():
        return f"“{there}”不是文件夹，请{purpose.advice}"  # Windows calls that missing, too
    if purpose.elsewhere:
        return f"找不到文件夹“{folder}”，请{purpose.advice}"
    return f"找不到数据文件夹“{folder.parent}”，请把它放回原处后再{purpose.again}"
