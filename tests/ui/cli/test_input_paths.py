"""Tests of what the commands answer for a path to no readable file: one sentence and exit code 2, at once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import main
from tests.support.helpers import REPORTS
from tests.support.platforms import posix_only
from ui.cli.commands import UNUSABLE

SOUND = REPORTS / "suqian-2023.json"


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Make a folder with a file of each kind that cannot be read."""
    folder = tmp_path / "各种"
    folder.mkdir()
    os.mkfifo(folder / "fifo")
    (folder / "dangling").symlink_to(folder / "nothing")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "empty").write_bytes(b"")
    return folder


NAMES = ["fifo", "dangling", "loop", "empty", "missing", "empty/below", "长" * 200, "9" * 400, "a\udcffb"]
COMMANDS = [("check",), ("check", "--json"), ("import",), ("export", "-o", "out.json")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", [*NAMES, "/dev/zero", "/dev/tty"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_path_to_no_readable_file_is_refused_by_every_command(
    places: Path, capsys: pytest.CaptureFixture[str], name: str, words: tuple[str, ...]
) -> None:
    answer(places, capsys, words[0], str(places / name), *words[1:])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["fifo", "loop", "长" * 200, "/dev/zero"])
def test_the_report_of_last_year_is_read_as_carefully(
    places: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    answer(places, capsys, "check", str(SOUND), "--last-year", str(places / name))


def answer(places: Path, capsys: pytest.CaptureFixture[str], *words: str) -> None:
    assert main.main(["--data", str(places / "data"), *words]) == UNUSABLE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert any("\u4e00" <= character <= "\u9fff" for character in said.err)


def test_a_hostile_file_of_a_folder_is_named_and_the_others_are_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "年报"
    folder.mkdir()
    shutil.copy(SOUND, folder / "b.json")
    (folder / "a.json").write_bytes(
        b'{"agency":"\\ud800","year":2023,"table2":{"\\ud800":{}},"texts":{"overview":"\\ud800"}}'
    )
    (folder / "c.json").write_bytes(
        b'{"agency":"a","year":2023,"table2":{"' + b'":{},"'.join(b"%d" % n for n in range(90_000)) + b'":{}}}'
    )
    main.main(["--data", str(tmp_path / "data"), "check", str(folder)])
    said = capsys.readouterr()
    assert [line.split("\t")[0] for line in said.out.splitlines()] == ["a.json", "b.json"]
    assert "“c.json”里的内容过多" in said.err


@posix_only("names are text on Windows")
def test_a_file_name_that_is_no_unicode_is_imported_under_what_is_left_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / os.fsdecode(b"a\xff.json")
    try:
        shutil.copy(SOUND, os.fsdecode(path))
    except OSError:
        pytest.skip("the file system takes only Unicode")
    assert main.main(["--data", str(tmp_path / "data"), "import", str(path)]) == 0
    assert capsys.readouterr().out == "1\n"
