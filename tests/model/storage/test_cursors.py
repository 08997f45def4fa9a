"""Tests of closing: when a connection is closed the file is closed, whatever cursors somebody still holds."""

from __future__ import annotations

import pytest

from model.storage.store import Store
from tests.model.storage.test_database_file import REPORT
from tests.support import open_files

pytestmark = pytest.mark.skipif(not open_files.available, reason="open files are listed in /proc, which Linux has")


def begun(rows):
    """Read one row, and leave the generator suspended."""
    next(rows)
    return rows


@pytest.mark.parametrize(
    "hold",
    [
        lambda store: begun(store.database.table("journal").rows),
        lambda store: store.database.table("journal").rows_where("1"),
        lambda store: store.database.execute("SELECT * FROM journal"),
        lambda store: store.database.conn.cursor().execute("SELECT * FROM journal"),
        lambda store: store.database.query("SELECT * FROM journal"),
    ],
    ids=["a generator read in part", "one not read", "execute", "a cursor", "a query"],
)
def test_a_closed_store_has_its_file_closed(tmp_path, hold):
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    held = [hold(store)]  # stays alive until the end of the test
    store.close()
    assert not open_files.is_open(str(store.path))
    held.clear()
