"""Fixtures of all tests of this folder: no waiting, and no file removed or renamed while the program has it open."""

from __future__ import annotations

import pytest

from model.recovery import open_database
from tests.support import open_files


@pytest.fixture(autouse=True)
def no_wait(monkeypatch):
    """Take a journal for one left by a crash at once, without waiting for a program that writes it."""
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def no_file_is_removed_while_open():
    """Fail a test in which the program removes, renames or links a data file that it still has open."""
    with open_files.watched() as found:
        yield
    assert found == []
