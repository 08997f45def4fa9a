"""Tests of the one place that opens files named by a user: each wrong path is one sentence, and none is waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from model.base.input_file import begins_with, input_size, is_folder, is_there, read_input, shown_name
from model.base.trouble import Trouble
from tests.support.platforms import posix_only, symbolic_links

MOST = 1000
posix = posix_only("Windows has none of these")
any_name = posix_only("a name may hold half of a surrogate pair on Windows")


def refusal(path: Path) -> str:
    with pytest.raises(Trouble) as refused:
        read_input(path, MOST)
    assert "\n" not in str(refused.value)
    assert not str(refused.value).endswith("。")
    return str(refused.value)


def fifo(folder: Path) -> Path:
    os.mkfifo(folder / "管道")
    return folder / "管道"


def linked_fifo(folder: Path) -> Path:
    (folder / "链接").symlink_to(fifo(folder))
    return folder / "链接"


def dangling(folder: Path) -> Path:
    (folder / "链接").symlink_to(folder / "没有")
    return folder / "链接"


def loop(folder: Path) -> Path:
    (folder / "甲").symlink_to(folder / "乙")
    (folder / "乙").symlink_to(folder / "甲")
    return folder / "甲"


def bound_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s"))
    return folder / "s"


def below_a_file(folder: Path) -> Path:
    (folder / "文件").write_bytes(b"1")
    return folder / "文件" / "年报.txt"


def too_large(folder: Path) -> Path:
    (folder / "大").write_bytes(bytes(MOST + 1))
    return folder / "大"


def empty(folder: Path) -> Path:
    (folder / "空").write_bytes(b"")
    return folder / "空"


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda folder: folder / "没有.txt", "找不到文件“没有.txt”"),
        (lambda folder: folder, "是文件夹，不是文件"),
        (lambda _folder: Path(), "“.”是文件夹，不是文件"),
        (below_a_file, "找不到文件“年报.txt”"),
        (too_large, "太大"),
        (empty, "是空的（0 字节）"),
        (lambda folder: folder / ("长" * 300), "的路径过长"),
        (lambda folder: folder / ("/".join(["很长的文件夹"] * 300)), "的路径过长"),
        (lambda folder: folder / "a\0b", "文件名里有不能使用的字符"),
        pytest.param(lambda folder: folder / "a\ud800b", "文件名里有不能使用的字符", marks=any_name),
        pytest.param(fifo, "“管道”不是文件，而是管道、设备之类", marks=posix),
        pytest.param(linked_fifo, "“链接”不是文件，而是管道、设备之类", marks=posix),
        pytest.param(bound_socket, "“s”不是文件，而是管道、设备之类", marks=posix),
        pytest.param(dangling, "找不到文件“链接”", marks=posix),
        pytest.param(loop, "“甲”是指向自己的链接", marks=posix),
        pytest.param(lambda _folder: Path("/dev/zero"), "“zero”不是文件，而是管道、设备之类", marks=posix),
        pytest.param(lambda _folder: Path("/dev/tty"), "“tty”不是文件，而是管道、设备之类", marks=posix),
    ],
)
def test_a_path_to_no_readable_file_is_refused_in_one_sentence(
    tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    path = make(tmp_path)
    assert says in refusal(path)
    assert not begins_with(path, b"%PDF-")


@posix
def test_a_pipe_put_in_the_place_of_a_file_after_it_was_looked_at_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check the opened file as well: the path may lead to another one by then."""
    regular = tmp_path / "年报.txt"
    regular.write_bytes(b"1")
    found = regular.stat()
    pipe = fifo(tmp_path)
    monkeypatch.setattr(Path, "stat", lambda _path: found)
    assert "不是文件，而是管道、设备之类" in refusal(pipe)


@symbolic_links
def test_a_regular_file_is_read_whole_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "年报").write_bytes(b"%PDF-1.7")
    (tmp_path / "链接").symlink_to(tmp_path / "年报")
    for path in (tmp_path / "年报", tmp_path / "链接"):
        assert read_input(path, 8) == b"%PDF-1.7"
        assert begins_with(path, b"%PDF-")
        assert input_size(path) == 8
        assert is_there(path)


@pytest.mark.parametrize("name", ["长" * 300, "a\0b", "a\ud800", "没有"])
def test_a_path_that_cannot_be_asked_is_not_there(tmp_path: Path, name: str) -> None:
    assert not is_there(tmp_path / name)
    assert not is_folder(tmp_path / name)
    assert is_folder(tmp_path)


def test_the_name_in_a_message_is_one_short_line() -> None:
    assert shown_name(Path("报\n告\udcff\u202e.txt")) == "报 告.txt"
    assert len(shown_name(Path("长" * 5000))) == 82
