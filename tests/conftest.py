"""What every test shares: Qt draws into memory unless the caller of pytest said otherwise; the program's window."""

from __future__ import annotations

import os
import sys

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def open_window(qapp, qtbot, tmp_path):
    """Makes the program's window (`tests.support.ui_helpers.Hands`) as often as asked, on the drafts of one folder."""
    from tests.support.ui_helpers import windows  # noqa: PLC0415  # Qt, only for the tests of the screen

    yield from windows(qtbot, tmp_path)


@pytest.fixture
def hands(open_window):
    """The window on a small screen, without a draft."""
    return open_window()


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard():
    """Leave no Python object on the clipboard: the offscreen platform frees it after Python is gone, and crashes."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication  # noqa: PLC0415  # Qt, only where a test used it

        if QApplication.instance():
            QApplication.clipboard().clear()
