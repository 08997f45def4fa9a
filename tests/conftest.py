"""Shared fixtures; sets Qt's platform to `offscreen` unless QT_QPA_PLATFORM is set."""

from __future__ import annotations

import os
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# Tests by path whose CPU time or means keep them out of `dev.py test --fast`; the rest takes under a minute.
MARKED = {
    "mill": ("tests/model/recovery/test_kill_and_damage.py", "tests/ui/window/test_random_operation.py"),
    "x11": ("tests/ui/app/test_input_method.py", "tests/ui/window/test_main_window.py"),
    "slow": (
        "tests/model/storage/test_store_machine.py",
        "tests/project/test_offline.py",
        "tests/project/test_packaging.py",
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their path, and those that open a window by their fixtures."""
    for item in items:
        path = item.nodeid.partition("::")[0]
        for mark in (mark for mark, paths in MARKED.items() if path in paths):
            item.add_marker(mark)
        if "qapp" in getattr(item, "fixturenames", ()):
            item.add_marker("window")


@pytest.fixture
def open_window(qapp, qtbot, tmp_path):
    """Return a function that opens the main window on the drafts of one folder and returns its `Hands`."""
    from tests.support.ui_helpers import windows  # noqa: PLC0415  # Qt, only for the tests of the screen

    yield from windows(qtbot, tmp_path)


@pytest.fixture
def hands(open_window):
    """Open the window on a small screen, without a draft."""
    return open_window()


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard():
    """Clear the clipboard at the end: the offscreen platform frees its objects after Python has ended, and crashes."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # Qt, only where a test used it

        if QApplication.instance():
            QApplication.clipboard().clear()
