"""Runs the random-operation test of `tests.mills.monkey` briefly in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.helpers import ROOT


@pytest.mark.parametrize("seed", [20, 101])  # seed 20 once crashed the program
def test_the_program_goes_on_whatever_the_hands_do(seed: int):
    words = [
        sys.executable,
        "-X",
        "utf8",
        "-X",
        "faulthandler",
        "-m",
        "tests.mills.monkey",
        "--steps",
        "300",
        "--seed",
        str(seed),
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    assert "300 steps, nothing wrong" in done.stdout
