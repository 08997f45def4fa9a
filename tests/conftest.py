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
        "tests/export/fonts/test_bundled.py",
        "tests/model/editing/test_renamed_ids.py",
        "tests/model/editing/test_reviewed.py",
        "tests/model/importing/test_own_pdf.py",
        "tests/model/importing/test_printed_is_read.py",
        "tests/model/importing/test_source_file.py",
        "tests/model/recovery/test_open_database.py",
        "tests/model/storage/test_store_laws.py",
        "tests/model/storage/test_store_machine.py",
        "tests/export/layout/test_pages.py",
        "tests/export/pdf/test_writer.py",
        "tests/project/test_build_spec.py",
        "tests/project/test_facts_table.py",
        "tests/project/test_language.py",
        "tests/ui/window/test_screens.py",
        "tests/model/recovery/test_other_windows.py",
        "tests/project/test_offline.py",
        "tests/project/test_packaging.py",
        "tests/ui/app/test_self_check.py",
        "tests/ui/app/test_single_instance.py",
        "tests/ui/cli/test_command_line.py",
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their path, property tests as slow, and those that need a QApplication as `window`."""
    for item in items:
        path = item.nodeid.partition("::")[0]
        for mark in (mark for mark, paths in MARKED.items() if path in paths):
            item.add_marker(mark)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("slow")
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
