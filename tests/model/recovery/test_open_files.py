"""Tests of the watch itself: a file that is renamed or removed while it is open is noticed, a closed one is not."""

from __future__ import annotations

import pytest

from model.base import files
from tests.support import open_files

pytestmark = pytest.mark.skipif(not open_files.available, reason="open files are listed in /proc, which Linux has")


@pytest.mark.parametrize("which", ["source", "target"])
def test_a_data_file_renamed_while_open_is_noticed(tmp_path, which):
    source, target = tmp_path / "~reports.db.1.tmp", tmp_path / "reports.db"
    source.touch()
    target.touch()
    with open_files.watched() as found, {"source": source, "target": target}[which].open():
        files.rename_over(source, target)
    assert [words.split(" at ")[0] for words in found] == [
        f"os.rename {source.name if which == 'source' else target.name}"
    ]


def test_a_closed_one_and_a_call_of_a_test_are_not(tmp_path):
    source, target = tmp_path / "~reports.db.1.tmp", tmp_path / "reports.db"
    source.touch()
    with open_files.watched() as found:
        files.rename_over(source, target)
        with target.open():
            target.unlink()
    assert found == []
