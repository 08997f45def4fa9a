"""Tests of the lock as Windows and Wine answer when another program holds it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from model.storage import lock
from model.storage.lock import Holder, Lock


@pytest.mark.parametrize("fault", [PermissionError(13, "Permission denied"), OSError(0, "Error")])
def test_a_lock_that_another_program_holds_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: OSError
):
    def refuse(_handle: int, _mode: int, _count: int) -> None:
        raise fault

    monkeypatch.setattr(lock, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(lock, "msvcrt", SimpleNamespace(locking=refuse, LK_NBLCK=2), raising=False)
    assert Lock.take(tmp_path, Holder()) is None
