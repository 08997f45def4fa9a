"""Tests that a file is written whole or not at all, with the given mode, and that errors name its purpose."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from stat import S_ISDIR

import pytest

from model.base import files
from model.base.files import (
    CRASH_REPORT,
    EMERGENCY_COPY,
    EXPORT,
    FEEDBACK,
    Purpose,
    make_folder_for,
    put,
    write_atomic,
    write_new,
)
from model.base.trouble import Trouble
from tests.support.platforms import posix_only

own_modes = posix_only("Windows has no modes and flushes no folders")


def failing(number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize(
    "purpose, number, sentence",
    [
        (EXPORT, errno.ENOSPC, "导出失败：磁盘空间不足，请清理磁盘或换一个位置保存；原文件未改动"),
        (EMERGENCY_COPY, errno.ENOSPC, "另存失败：磁盘空间不足，请清理磁盘或换一个位置保存；原文件未改动"),
        (FEEDBACK, errno.ENOSPC, "反馈没有写成：磁盘空间不足，请清理磁盘后再反馈；原文件未改动"),
        (CRASH_REPORT, errno.EDQUOT, "错误记录没有写成：磁盘配额已用完，请清理后再试；原文件未改动"),
        (EXPORT, errno.EPERM, "导出失败：没有写入“{folder}”的权限，请换一个位置保存；原文件未改动"),
        (FEEDBACK, errno.EPERM, "反馈没有写成：没有写入“{folder}”的权限，请检查这个文件夹的权限；原文件未改动"),
        (EMERGENCY_COPY, errno.ENODEV, "另存失败：目标磁盘已断开，请重新插入后再另存；原文件未改动"),
        (EMERGENCY_COPY, errno.EBADF, "另存失败：写不了“a.json”（{reason}），请换一个位置保存；原文件未改动"),
    ],
)
def test_a_failure_is_told_in_the_words_of_the_purpose(
    purpose: Purpose, number: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", failing(number))
    with pytest.raises(Trouble) as caught:
        write_atomic(tmp_path / "a.json", b"new", purpose=purpose)
    assert str(caught.value) == sentence.format(folder=tmp_path, reason=os.strerror(number))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_file_that_was_not_there_is_not_called_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "fsync", failing(errno.ENOSPC))
    with pytest.raises(Trouble, match=r"^导出失败：磁盘空间不足，请清理磁盘或换一个位置保存$"):
        write_atomic(tmp_path / "a.json", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_data_folder_is_made_and_a_file_in_its_place_is_named(tmp_path: Path):
    write_atomic(tmp_path / "a" / "c.json", b"new", purpose=FEEDBACK)
    assert (tmp_path / "a" / "c.json").read_bytes() == b"new"
    with pytest.raises(Trouble, match=r"^反馈没有写成：“.*c\.json”不是文件夹，请检查"):
        write_atomic(tmp_path / "a" / "c.json" / "d.json", b"new", purpose=FEEDBACK)


def test_a_data_folder_that_is_away_is_not_made_anew(tmp_path: Path):
    with pytest.raises(Trouble, match=r"^反馈没有写成：找不到数据文件夹“.*data”，请把它放回原处后再反馈$"):
        write_atomic(tmp_path / "data" / "提示反馈" / "c.json", b"new", purpose=FEEDBACK)
    with pytest.raises(Trouble, match=r"^定稿的 PDF 没有写成：找不到数据文件夹“.*data”，请把它放回原处后再导出$"):
        make_folder_for(tmp_path / "data" / "定稿" / "c.pdf")
    assert list(tmp_path.iterdir()) == []


@own_modes
@pytest.mark.parametrize("purpose", [FEEDBACK, CRASH_REPORT])
@pytest.mark.parametrize("existing", [False, True])
def test_a_report_and_its_folder_are_for_this_user_only(tmp_path: Path, purpose: Purpose, existing: bool):
    umask = os.umask(0)
    try:
        if existing:
            (tmp_path / "crash").mkdir()
        write_new(tmp_path / "crash" / "1.txt", b"new", purpose=purpose)
    finally:
        os.umask(umask)
    assert [oct(path.stat().st_mode & 0o777) for path in (tmp_path / "crash", tmp_path / "crash" / "1.txt")] == [
        "0o700",
        "0o600",
    ]


@pytest.mark.parametrize("fault", ["no room", "a fault of the disk"])
def test_a_second_name_that_cannot_be_copied_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
):
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    call = (shutil, "copyfile") if fault == "no room" else (os, "fsync")
    monkeypatch.setattr(*call, failing(errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        files.second_name(tmp_path / "a", tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_without_hard_links_the_second_name_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "link", failing(errno.EPERM))
    files.second_name(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["unlink", "replace"])
def test_a_file_that_is_held_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    done, waits = getattr(os, name), [1, 2]

    def held(*arguments: object, **options: object) -> None:
        if waits:
            error = PermissionError(13, "held")
            error.winerror = waits.pop() and 32  # type: ignore[attr-defined]
            raise error
        done(*arguments, **options)

    monkeypatch.setattr(os, name, held)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    (tmp_path / "a").write_bytes(b"new")
    files.remove(tmp_path / "a") if name == "unlink" else files.rename_over(tmp_path / "a", tmp_path / "b")
    assert [path.name for path in tmp_path.iterdir()] == ([] if name == "unlink" else ["b"])


@own_modes
@pytest.mark.parametrize("private, before, after", [(True, 0o644, 0o600), (True, None, 0o600), (False, 0o640, 0o640)])
def test_a_file_is_private_or_keeps_its_mode(private: bool, before: int | None, after: int, tmp_path: Path):
    if before is not None:
        (tmp_path / "a").touch()
        (tmp_path / "a").chmod(before)
    put(tmp_path / "a", b"new", private=private)
    assert mode(tmp_path / "a") == after


@own_modes
def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path):
    mask = os.umask(0o027)
    try:
        put(tmp_path / "a", b"new")
    finally:
        os.umask(mask)
    assert mode(tmp_path / "a") == 0o640


@pytest.mark.parametrize("hard_links", [True, False])
def test_an_existing_file_is_kept_if_asked(hard_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not hard_links:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))
    write_atomic(tmp_path / "a", b"old", overwrite=False)
    with pytest.raises(Trouble, match="已经存在，没有覆盖，请换一个文件名"):
        write_atomic(tmp_path / "a", b"new", overwrite=False)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@own_modes
@pytest.mark.parametrize("durable, flushed", [(True, ["file", "folder"]), (False, [])])
def test_file_and_folder_are_flushed(
    durable: bool, flushed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found: list[str] = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: found.append("folder" if S_ISDIR(os.fstat(handle).st_mode) else "file")
    )
    put(tmp_path / "a", b"new", durable=durable)
    assert found == flushed


def test_a_folder_that_cannot_be_flushed_fails_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "sync_folder", failing(errno.EINVAL))
    put(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_sector_is_overwritten_in_place(tmp_path: Path):
    files.overwrite_sector(tmp_path / "a", b"a longer one")
    same = (tmp_path / "a").stat().st_ino
    files.overwrite_sector(tmp_path / "a", b"new")
    found = tmp_path / "a"
    assert (found.read_bytes(), found.stat().st_ino) == (b"new".ljust(512), same)


@pytest.mark.parametrize("hard_links", [True, False])
def test_a_second_name_has_the_same_content(hard_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not hard_links:
        monkeypatch.setattr(os, "link", failing(errno.EPERM))
    (tmp_path / "a").write_bytes(b"drafts")
    files.second_name(tmp_path / "a", tmp_path / "b")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"drafts", b"drafts"]


def test_a_copy_never_replaces_a_file(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        files.copy_private(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"old"
