"""Shared fixtures; sets Qt's platform to `offscreen` unless QT_QPA_PLATFORM is set."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # speed is measured in tests/bench, not on busy machines
settings.load_profile("untimed")
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


# pytest puts the id of the running test into an environment variable, in which a Chinese character is written \\uXXXX;
# Windows refuses a long one.
MAX_ID = 200
MAX_PART = 36  # of one parameter


def pytest_make_parametrize_id(val: object) -> str | None:
    """Cut the id of a long text; pytest itself numbers ids that become equal."""
    if not isinstance(val, (str, bytes)):
        return None
    text = val if isinstance(val, str) else val.decode("latin-1")
    return None if len(_escaped(text)) <= MAX_PART else _cut(text)


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def _cut(text: str) -> str:
    """The beginning of a text whose escaped form has at most MAX_PART characters, the last three being dots."""
    length = 0
    while len(_escaped(text[: length + 1])) <= MAX_PART - 3:
        length += 1
    return text[:length] + "..."


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their path, property tests as slow, and those that need a QApplication as `window`."""
    if long := [item.nodeid for item in items if len(item.nodeid) >= MAX_ID]:
        raise pytest.UsageError(f"{len(long)} test ids are longer than {MAX_ID} characters: {long[0][:MAX_ID]}…")
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
