"""Watches each test of this folder for files that are removed or renamed while the program has them open."""

from __future__ import annotations

import pytest

from tests.support import open_files


@pytest.fixture(autouse=True)
def no_file_is_removed_while_open():
    """Fail a test in which the program removes, renames or links a data file that it still has open."""
    with open_files.watched() as found:
        yield
    assert found == []
