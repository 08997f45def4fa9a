"""Writes a file atomically: temporary file beside the target, fsync, read back, rename."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import time
from collections.abc import Callable
from pathlib import Path

from model.base.trouble import Trouble

# Windows error codes: access denied, sharing violation, lock violation; a virus scanner or a viewer has it open.
_HELD = {5, 32, 33}
_DAY = 24 * 60 * 60
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)


def write_atomic(target: Path, content: bytes, check: Callable[[bytes], None] | None = None) -> None:
    """Write `content` to `target` completely or not at all; `check` may refuse the content read back.

    Raises `Trouble` with one sentence; the old file is then unchanged and no temporary file remains.
    """
    if target.is_dir():
        raise Trouble(f"“{target.name}”是一个文件夹，不能写成文件，请另起一个文件名。")
    temporary = target.with_name(f"~{target.name[:60]}.{os.urandom(4).hex()}.tmp")
    try:
        _write(temporary, content)
        if (found := temporary.read_bytes()) != content:
            raise Trouble(f"写入“{target.name}”后读回的内容不一致，磁盘可能有问题，请换一个位置保存；原文件未改动。")
        if check:
            check(found)
        _move(temporary, target)
    except OSError as error:
        raise Trouble(_sentence(error, target)) from error
    finally:
        # If the disk was removed, this fails too; the first error has been reported.
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _flush_folder(target.parent)
    _remove_leftovers(target)


def _remove_leftovers(target: Path) -> None:
    """Remove temporary files of earlier attempts older than a day, which no running program can be writing."""
    for leftover in target.parent.glob(f"{glob.escape(f'~{target.name[:60]}.')}*.tmp"):
        with contextlib.suppress(OSError):  # the requested file is written: a leftover is not worth an error
            if time.time() - leftover.stat().st_mtime > _DAY:
                leftover.unlink()


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move(temporary: Path, target: Path) -> None:
    """Rename over the target; if another program holds it (Windows), retry six times within 2.6 s."""
    if os.name == "posix" and target.exists():
        temporary.chmod(target.stat().st_mode & 0o777)
    elif os.name == "posix":
        temporary.chmod(0o666 & ~_umask())
    for wait in _WAITS:
        try:
            temporary.replace(target)
        except OSError as error:
            if getattr(error, "winerror", None) not in _HELD:
                raise
            time.sleep(wait)
        else:
            return
    temporary.replace(target)


def _umask() -> int:
    """The umask of the process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _flush_folder(folder: Path) -> None:
    """Flush the folder, which makes a rename durable on POSIX; ignore file systems that cannot."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return  # a folder with write but no read permission: the file itself is flushed
    try:
        os.fsync(handle)
    except OSError:
        return  # network shares may refuse to flush a folder
    finally:
        os.close(handle)


def _sentence(error: OSError, target: Path) -> str:
    name, kept = target.name, "原文件未改动。"
    if getattr(error, "winerror", None) in _HELD - {5}:
        return f"“{name}”正被其他程序占用（如 PDF 阅读器），请关闭后再试，或另起一个文件名；{kept}"
    sentences = {
        errno.ENOSPC: f"导出失败：磁盘空间不足，请清理磁盘或换一个位置保存；{kept}",
        errno.EDQUOT: f"导出失败：磁盘配额已用完，请清理或换一个位置保存；{kept}",
        errno.EROFS: f"目标位置不可写（只读磁盘），请换一个位置保存“{name}”。",
        errno.EACCES: f"没有写入“{target.parent}”的权限，或“{name}”正被其他程序打开，请关闭它或换一个位置保存；{kept}",
        errno.EPERM: f"没有写入“{target.parent}”的权限，请换一个位置保存；{kept}",
        errno.ENOENT: f"找不到文件夹“{target.parent}”，请重新选择保存位置。",
        errno.ENOTDIR: f"“{target.parent}”不是文件夹，请重新选择保存位置。",
        errno.ENAMETOOLONG: f"文件名太长：“{name[:20]}…”，请改短后再试。",
        errno.ENODEV: f"目标磁盘已断开，请重新插入后再导出；{kept}",
        errno.ENXIO: f"目标磁盘已断开，请重新插入后再导出；{kept}",
        errno.EIO: f"磁盘读写出错，可能已断开，请检查后再导出；{kept}",
    }
    other = f"导出失败：写不了“{name}”（{error.strerror or error}），请换一个位置保存；{kept}"
    return sentences.get(error.errno or 0, other)
