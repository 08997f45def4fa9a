"""Tests of files that another program holds, as Windows reports them, and of names and paths that Windows refuses."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

import pytest

from model.base import Trouble, files
from model.base.filenames import safe_name, why_unusable
from model.base.held_files import HeldError, ReadOnlyFileError, errno_of, patiently, too_long
from model.base.input_file import read_input
from model.storage.database_file import StoreTrouble, TroubleKind, troubles
from ui.cli.os_faults import os_sentence


def refused(code: int, number: int = errno.EACCES) -> OSError:
    error = PermissionError(number, "refused")
    error.winerror = code  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that were made, without making them."""
    made: list[float] = []
    monkeypatch.setattr(time, "sleep", made.append)
    return made


@pytest.fixture
def held(tmp_path: Path) -> Path:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_held_file_is_tried_again_until_it_is_free(held: Path, waits: list[float], code: int):
    answers: list[OSError | str] = [refused(code), refused(code), "done"]

    def work() -> str:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    assert patiently(held, work) == "done"
    assert waits == [0.05, 0.1]


@pytest.mark.parametrize("code", [5, 32, 33])
def test_a_file_held_for_good_is_named_within_two_seconds(held: Path, waits: list[float], code: int):
    with pytest.raises(HeldError) as caught:
        patiently(held, lambda: (_ for _ in ()).throw(refused(code)))
    assert (caught.value.filename, caught.value.errno) == (str(held), errno.EBUSY)
    assert sum(waits) < 2


def test_a_read_only_file_is_named_at_once(held: Path, waits: list[float]):
    held.chmod(0o444)
    with pytest.raises(ReadOnlyFileError):
        patiently(held, lambda: (_ for _ in ()).throw(refused(5)))
    assert waits == []
    held.chmod(0o644)


@pytest.mark.parametrize("error", [refused(2, errno.ENOENT), OSError(errno.ENOSPC, "full"), refused(112, errno.ENOSPC)])
def test_any_other_error_is_not_waited_for(held: Path, waits: list[float], error: OSError):
    with pytest.raises(OSError, match=r".") as caught:
        patiently(held, lambda: (_ for _ in ()).throw(error))
    assert (caught.value, waits) == (error, [])


@pytest.mark.parametrize(
    "mode, code, words",
    [(0o644, 32, "正被其他程序占用"), (0o644, 5, "正被其他程序占用"), (0o444, 5, "取消它的只读属性")],
)
def test_an_export_says_what_stands_in_its_way(
    held: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch, mode: int, code: int, words: str
):
    held.chmod(mode)
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(refused(code)))
    with pytest.raises(Trouble, match=words) as caught:
        files.write_atomic(held, b"new")
    assert "“a.pdf”" in str(caught.value)
    held.chmod(0o644)
    assert (held.read_bytes(), list(held.parent.iterdir())) == (b"old", [held])
    assert sum(waits) < 2


@pytest.mark.parametrize(
    "open_it", [lambda path: read_input(path, 100), lambda path: files.open_own(path, os.O_RDONLY)]
)
def test_reading_a_held_file_is_waited_for(held: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch, open_it):
    really, faults = os.open, [32, 33]

    def opened(path: Path | str, *arguments: int) -> int:
        if faults and str(path) == str(held):
            raise refused(faults.pop())
        return really(path, *arguments)

    monkeypatch.setattr(os, "open", opened)
    open_it(held)
    assert waits == [0.05, 0.1]


def test_the_drafts_held_by_another_program_are_busy_not_read_only(held: Path):
    with pytest.raises(StoreTrouble, match="正被另一个程序占用") as caught, troubles(held):
        raise HeldError(held)
    assert caught.value.kind is TroubleKind.BUSY
    assert "正被另一个程序占用" in os_sentence(HeldError(held))


LONG = "C:\\" + "长" * 300 + ".txt"


@pytest.mark.parametrize(
    "error, path, number",
    [
        (refused(206, errno.ENOENT), "a", errno.ENAMETOOLONG),
        (refused(3, errno.ENOENT), LONG, errno.ENAMETOOLONG),
        (refused(123, errno.EINVAL), LONG, errno.ENAMETOOLONG),
        (refused(2, errno.ENOENT), "C:\\短.txt", errno.ENOENT),
        (refused(32), "a", errno.EBUSY),
        (OSError(errno.EIO, "fault"), "a", errno.EIO),
    ],
)
def test_windows_codes_are_told_as_what_they_mean(error: OSError, path: str, number: int):
    assert errno_of(error, path) == number


@pytest.mark.parametrize(
    "path, expected",
    [(LONG, True), ("D:\\" + "\\".join(["文件夹"] * 70), True), ("\\\\?\\" + LONG, False), ("C:\\年报.txt", False)],
)
def test_a_path_too_long_for_windows_is_known(path: str, expected: bool):
    assert too_long(path) is expected


BAD = ["x?.pdf", "a<b.pdf", "a:b.pdf", 'a"b.pdf', "a|b.pdf", "a*.pdf", "aux.pdf", "COM1.pdf", "con", "con.tar.gz",
       "NUL", "LPT¹.pdf", "名.", "名 ", "conin$"]  # fmt: skip
GOOD = ["年报.pdf", "auxiliary.pdf", "COM10.pdf", "com.pdf", "年报 2025（定稿）.pdf", ".pdf"]


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_windows_refuses_is_told_and_can_be_made_safe(name: str):
    assert "请另起一个文件名" in why_unusable(name)
    assert why_unusable(safe_name(name)) == ""


@pytest.mark.parametrize("name", GOOD)
def test_other_names_are_taken(name: str):
    assert why_unusable(name) == ""


def test_an_export_to_such_a_name_is_refused_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Trouble, match=r"导出失败：文件名不能含“\?”"):
        files.write_atomic(tmp_path / "x?.pdf", b"new")
    assert list(tmp_path.iterdir()) == []
