"""Tests that without a usable display the program ends with one Chinese sentence that names the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.helpers import ROOT
from ui.app import display

pytestmark = pytest.mark.skipif(not display.WITH_DISPLAYS, reason="this system always has a screen")
NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


# A display that no X server has: others may run on this machine.
NO_DISPLAY = next(f":{number}" for number in range(77, 1000) if f"X{number}" not in files_in(Path("/tmp/.X11-unix")))


def start(data: Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, "main.py", "--data", str(data)], cwd=ROOT, env=environment | given, encoding="utf-8",
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "given, words",
    [
        ({}, "当前没有图形界面"),
        ({"DISPLAY": ""}, "当前没有图形界面"),
        ({"DISPLAY": NO_DISPLAY}, f"连不上图形界面“{NO_DISPLAY}”"),
        ({"DISPLAY": "不对"}, "连不上图形界面"),
        ({"DISPLAY": f"localhost{NO_DISPLAY}"}, "连不上图形界面"),
        ({"QT_QPA_PLATFORM": "xcb"}, "当前没有图形界面"),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": NO_DISPLAY}, "连不上图形界面"),
        ({"QT_QPA_PLATFORM": "没有"}, "当前没有图形界面"),
        ({"QT_QPA_PLATFORM": "xcb;没有", "DISPLAY": NO_DISPLAY}, "连不上图形界面"),
        ({"WAYLAND_DISPLAY": "wayland-77"}, "连不上图形界面“wayland-77”"),
        ({"WAYLAND_DISPLAY": "wayland-77", "XDG_SESSION_TYPE": "wayland"}, "连不上图形界面“wayland-77”"),
    ],
)
def test_without_a_display_one_sentence_names_the_command_line(tmp_path: Path, given: dict[str, str], words: str):
    done = start(tmp_path / "data", **given)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert words in line
    assert all(command in line for command in ("list", "check", "export", "--help"))
    assert not (tmp_path / "data").exists()


def test_a_missing_library_is_named(tmp_path: Path):
    """Put an empty library in the place of one that Qt's plugin needs: the loader refuses it."""
    (tmp_path / "libxcb-cursor.so.0").touch()
    done = start(tmp_path / "data", DISPLAY=NO_DISPLAY, LD_LIBRARY_PATH=str(tmp_path))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "libxcb-cursor0" in line
    assert f"图形界面“{NO_DISPLAY}”" not in line


def test_messages_of_a_start_that_works_are_passed_on(capsys: pytest.CaptureFixture[str]):
    from PySide6.QtCore import qWarning  # noqa: PLC0415

    with display.failure_in_chinese():
        qWarning("a font is missing")
        assert capsys.readouterr().err == ""
    assert capsys.readouterr().err == "a font is missing\n"
