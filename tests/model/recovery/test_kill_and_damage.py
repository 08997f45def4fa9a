"""Runs the fault tests of tests/mills with small numbers; their docstrings give the commands for large ones."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mills import full_disk, recording
from tests.support import real_display

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the mills fork and kill as POSIX does")
needs_display = pytest.mark.skipif(bool(real_display.missing()), reason="real keys need Xvfb and xdotool")
needs_mount = pytest.mark.skipif(not full_disk.available(), reason="a disk of its own needs Linux and root")
needs_recorder = pytest.mark.skipif(not recording.available(), reason="the recorder needs Linux and gcc")


@pytest.mark.parametrize(
    "mill, numbers",
    [
        ("kill9", ["--kills", "40"]),
        ("migration_kills", ["--kills", "20"]),
        ("recovery_kills", ["--kills", "20"]),
        ("two_windows", ["--saves", "400"]),
        ("damage", ["--files", "110"]),
        ("older_file", ["--cases", "50"]),
        ("header_and_side_files", ["--every", "5"]),
        ("hostile_side_files", ["--count", "60"]),
        pytest.param("typing_kills", ["--kills", "4"], marks=needs_display),
        pytest.param("full_disk", [], marks=needs_mount),
        pytest.param("powercut", ["--cuts", "150"], marks=needs_recorder),
        pytest.param("faults", ["--every", "97"], marks=needs_recorder),
    ],
)
def test_a_mill_finds_nothing_lost_and_nothing_untrue(mill, numbers):
    assert ground(mill, numbers) == (0, "")


@needs_recorder
def test_the_mill_of_power_cuts_sees_what_a_weaker_journal_loses():
    code, said = ground("powercut", ["--cuts", "150", "--journal-mode", "delete"])
    assert code == 1
    assert re.search(r"cut at \d+: \d+ of \d+", said)


def ground(mill: str, numbers: list[str]) -> tuple[int, str]:
    command = [sys.executable, "-m", f"tests.mills.{mill}", *numbers]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stderr
