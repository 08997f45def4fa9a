"""Tests of the command line with paths that are no usable files or folders: one Chinese sentence and exit code 2."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import main
from model.base import Trouble
from model.base.crash_report import FOLDER
from tests.support.helpers import REPORTS, ROOT
from tests.support.platforms import posix_only
from ui.cli import commands

SOUND = REPORTS / "suqian-2023.json"
POSIX = os.name == "posix"


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Run a command in this process; return exit code, answer and messages."""
    capsys.readouterr()
    code = main.main([str(word) for word in words])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Run a command that must end with 2 and one Chinese sentence, which is returned."""
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, ""), (code, out, err)
    (line,) = err.splitlines()
    assert re.search(r"[\u4e00-\u9fff]", line)
    assert len(line) < 300
    return line


# -- places that are no file ------------------------------------------------------------------------------------------


def a_link_loop(place: Path) -> Path:
    place.symlink_to(place)
    return place


def a_dangling_link(place: Path) -> Path:
    place.symlink_to(place.with_name("没有"))
    return place


def a_socket(place: Path) -> Path:
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(place.parent)  # the name of a socket is short
    try:
        listener.bind(place.name)
    finally:
        os.chdir(here)
        listener.close()
    return place


def a_pipe(place: Path) -> Path:
    os.mkfifo(place)
    return place


def a_file(place: Path) -> Path:
    place.write_text("x")
    return place


PLACES: dict[str, Callable[[Path], Path | str]] = {
    "empty": lambda _place: "",
    "NUL": lambda place: f"{place}\0x",
    "name of 100 characters": lambda place: place.with_name("年" * 100 + place.suffix),
    "name of 300 letters": lambda place: place.with_name("a" * 300 + place.suffix),
    "path of 5,000 bytes": lambda place: place.parent.joinpath(*["b" * 200] * 25, place.name),
    "below a file": lambda place: a_file(place.with_name("文件")) / place.name,
    "link loop": a_link_loop,
    "below a link loop": lambda place: a_link_loop(place.with_name("圈")) / place.name,
    "socket": a_socket,
    "device": lambda _place: Path("/dev/null"),
}
INPUTS = {**PLACES, "dangling link": a_dangling_link, "missing": lambda place: place}
COMMANDS = {
    "check": "check PLACE", "import": "import PLACE", "export": "export PLACE -o OUT",
    "last year": "check SOUND --last-year PLACE", "last year of a folder": "check FOLDER --last-year PLACE",
}  # fmt: skip
OUTPUTS = {
    **PLACES,
    "folder": lambda place: (place.mkdir(), place)[1],
    "pipe": a_pipe,
    "in a missing folder": lambda place: place.parent / "没有" / place.name,
    "lone surrogate in a missing folder": lambda place: place.parent / "\udcff" / place.name,
}
WRITING = {"export": "export SOUND -o PLACE", "check": "check SOUND -o PLACE"}
DATA = {
    **{name: place for name, place in PLACES.items() if name != "missing"},
    "dangling link": a_dangling_link,
    "file": a_file,
    "pipe": a_pipe,
}


def words_of(words: str, place: Path | str, folder: Path) -> list[str]:
    (folder / "年报").mkdir(exist_ok=True)
    shutil.copy(SOUND, folder / "年报")
    names = {"SOUND": str(SOUND), "FOLDER": str(folder / "年报"), "OUT": str(folder / "out.pdf"), "PLACE": str(place)}
    return [names.get(word, word) for word in words.split()]


@pytest.mark.skipif(not POSIX, reason="links, sockets and devices of POSIX")
@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("make", INPUTS.values(), ids=INPUTS)
def test_an_input_that_is_no_file_is_refused(tmp_path: Path, capsys, words: str, make):
    place = make(tmp_path / "年报.txt")
    refused(capsys, "--data", tmp_path / "data", *words_of(words, place, tmp_path))
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(not POSIX, reason="links, pipes and devices of POSIX")
@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("make", OUTPUTS.values(), ids=OUTPUTS)
def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, capsys, words: str, make):
    place = make(tmp_path / "年报.pdf")
    refused(capsys, "--data", tmp_path / "data", *words_of(words, place, tmp_path))
    assert [path.name for path in tmp_path.rglob("*") if path.name.startswith("~")] == []


@pytest.mark.skipif(not POSIX, reason="links, pipes and devices of POSIX")
@pytest.mark.parametrize("words", ["list", "import SOUND", "check SOUND", "check 1", "export SOUND -o OUT"])
@pytest.mark.parametrize("make", DATA.values(), ids=DATA)
def test_a_data_folder_that_is_no_folder_is_refused(tmp_path: Path, capsys, words: str, make):
    place = make(tmp_path / "数据")
    refused(capsys, "--data", place, *words_of(words, "", tmp_path))


@posix_only("names are text on Windows")
def test_lone_surrogates_are_no_error(tmp_path: Path, capsys):
    data = tmp_path / "\udcff数据"
    assert run(capsys, "--data", data, "import", SOUND)[:2] == (0, "1\n")
    (tmp_path / "\udcfe.json").write_bytes(SOUND.read_bytes())
    assert run(capsys, "--data", data, "check", tmp_path / "\udcfe.json")[0] == 0
    assert run(capsys, "--data", data, "export", "1", "-o", tmp_path / "\udcfe.pdf")[0] == 0
    assert run(capsys, "--data", data, "check", tmp_path)[0] == 0
    assert "没有" in refused(capsys, "--data", data, "check", "\udcff没有")


@posix_only("Windows lets nobody remove the folder a program works in")
def test_a_working_folder_that_was_removed_is_said(tmp_path: Path):
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f'cd "{gone}" && rmdir "{gone}" && exec "{sys.executable}" "{ROOT / "main.py"}" --data d list'
    done = subprocess.run(["bash", "-c", line], encoding="utf-8", capture_output=True, timeout=60, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "当前所在的文件夹" in done.stderr


# -- folders of another user ------------------------------------------------------------------------------------------


class Nobody:
    """Run commands as a user without any rights, which needs root."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        line = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-B", "main.py"]
        return subprocess.run(
            [*line, *map(str, words)], cwd=ROOT, env={**os.environ, "HOME": str(self.folder)},
            encoding="utf-8", capture_output=True, timeout=60, check=False,
        )  # fmt: skip


@pytest.fixture
def nobody(tmp_path: Path) -> Nobody:
    if not POSIX or os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can run a command as another user")
    for folder in (tmp_path, *tmp_path.parents):  # pytest's folders are private
        if folder.stat().st_mode & 0o005 == 0:
            folder.chmod(folder.stat().st_mode | 0o005)
    (tmp_path / "年报.json").write_bytes(SOUND.read_bytes())
    able = Nobody(tmp_path)("--version")
    if able.returncode:
        pytest.skip("another user cannot read this checkout")
    return Nobody(tmp_path)


THEIRS = ["list", "import R", "check 1", "export R -o theirs/x.pdf", "check R -o theirs/x.pdf",
          "export R -o theirs/x.json", "check theirs", "check R --last-year theirs", "check theirs/a.txt",
          "import theirs/a.txt", "check R --last-year theirs/a.txt"]  # fmt: skip


@pytest.mark.parametrize("words", THEIRS)
def test_what_belongs_to_another_user_is_refused(nobody: Nobody, tmp_path: Path, words: str):
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o700)
    (theirs / "a.txt").write_text("x")
    given = [str(tmp_path / word) if "/" in word or word == "theirs" else word for word in words.split()]
    given = [str(tmp_path / "年报.json") if word == "R" else word for word in given]
    data = theirs if given[:1] in (["list"], ["import"]) or given[1:2] == ["1"] else tmp_path / "own"
    done = nobody("--data", data, *given)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "权限" in line


def test_formats_that_may_not_be_read_stop_no_check(nobody: Nobody, tmp_path: Path):
    (tmp_path / "data" / "formats").mkdir(parents=True)
    (tmp_path / "data").chmod(0o755)
    (tmp_path / "data" / "formats").chmod(0o700)
    done = nobody("--data", tmp_path / "data", "check", tmp_path / "年报.json")
    assert done.returncode == 0
    (line,) = done.stderr.splitlines()
    assert "formats" in line


# -- mistakes of the program --------------------------------------------------------------------------------------


def broken(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(commands, "_check", fail)


def test_a_mistake_of_the_program_is_one_sentence_and_a_report(tmp_path: Path, capsys, monkeypatch):
    run(capsys, "--data", tmp_path, "import", SOUND)
    broken(monkeypatch, KeyError("typed"))
    code, _, err = run(capsys, "--data", tmp_path, "check", SOUND)
    (report,) = (tmp_path / FOLDER).iterdir()
    assert code == commands.BROKEN == 3
    assert err == f"本软件内部出错，没有完成；错误记录在“{report}”，请交给维护人员\n"
    assert "typed" not in report.read_text("utf-8")
    if POSIX:
        assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0


def test_without_drafts_the_positions_are_in_the_sentence(tmp_path: Path, capsys, monkeypatch):
    broken(monkeypatch, KeyError("typed"))
    code, _, err = run(capsys, "--data", tmp_path / "没有", "check", SOUND)
    assert code == 3
    assert "commands.py:" in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "没有").exists()


@pytest.mark.parametrize(
    "error, code", [(OSError(5, "Input/output error", "甲"), 2), (KeyboardInterrupt(), 130), (Trouble("甲"), 2)]
)
def test_other_ends_have_their_codes(tmp_path: Path, capsys, monkeypatch, error: BaseException, code: int):
    broken(monkeypatch, error)
    assert run(capsys, "--data", tmp_path, "check", SOUND)[0] == code
