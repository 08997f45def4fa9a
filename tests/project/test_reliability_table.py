"""Tests that the list of bad events in docs/reliability.md names an existing test for each."""

from __future__ import annotations

import re

import pytest

from tests.support.helpers import ROOT

TESTS = ROOT / "tests"
LINES = (ROOT / "docs" / "reliability.md").read_text("utf-8").splitlines()
ROWS = {int(row[1]): row[2] for line in LINES if (row := re.match(r"\| (\d+) \| [^|]+ \| (.+) \|$", line))}
MILLS = (TESTS / "model" / "recovery" / "test_kill_and_damage.py").read_text("utf-8")


def test_every_bad_event_has_a_row():
    assert list(ROWS) == list(range(1, 63))


@pytest.mark.parametrize("number", ROWS)
def test_the_tests_of_a_row_are_there(number: int):
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", ROWS[number])
    mills = re.findall(r"mill `(\w+)`", ROWS[number])
    assert named or mills
    assert [name for file, name in named if f"def {name}(" not in (TESTS / file).read_text("utf-8")] == []
    assert [mill for mill in mills if f'"{mill}"' not in MILLS] == []
