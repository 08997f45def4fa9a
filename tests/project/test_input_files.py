"""Tests that files are opened for reading in one place; every other place has its reason here.

A file that a user names may be a pipe or a device, far too large, or gone: `model/base/input_file.py` knows these.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.project.test_architecture import Module, parsed, product

OPENER = "model/base/input_file.py"
READING_METHODS = {"read_bytes", "read_text"}
READING_FUNCTIONS = {("os", "open"), ("os", "fdopen"), ("io", "open"), ("codecs", "open"), ("shutil", "copyfile")}

# Files of the program itself and of its data folder, never one that a user names.
ALLOWED = {
    "export/fonts/": "the fonts and the colour profile of the installation, and fonts of the system",
    "model/base/files.py": "writes files, and reads back what it has written",
    "model/base/held_files.py": "asks whether a file can be opened, before SQLite does",
    "model/base/location.py": "the list of mounts of the system",
    "model/base/own_files.py": "small files of the data folder, which `open_own` opens without following a link",
    "model/base/toml.py": "formats, rules and styles; those of the user are read by their own reader",
    "model/recovery/salvage.py": "a private copy of the drafts",
    "model/recovery/side_files.py": "the header of the drafts' file, and what lies beside it",
    "model/recovery/whole_copy.py": "the header of the drafts' file",
    "model/storage/": "the drafts, their lock and what is beside them",
    "ui/app/self_check.py": "files of the installation, and the PDF that it has just written",
    "ui/app/single_instance.py": "notes between two starts of the program, in a private folder",
    "ui/parts/console.py": "the null device",
    "ui/docks/": "manual, licence and security note of the installation",
}


def opened_files(module: Module) -> Iterator[str]:
    """Calls that open a file: `open(…)`, `path.open("rb")`, `path.read_bytes()`, `os.open(…)` and the like."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _opens(node):
            yield f"{module.path}:{node.lineno}: opens a file; call read_input of {OPENER}"


def _opens(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == "open"
    if not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value.id if isinstance(call.func.value, ast.Name) else ""
    return (
        call.func.attr in READING_METHODS
        or (owner, call.func.attr) in READING_FUNCTIONS
        or (call.func.attr == "open" and _has_mode(call))
    )


def _has_mode(call: ast.Call) -> bool:
    """Tell whether `x.open(…)` is given what only the opening of a file takes: a mode as a text, or nothing."""
    first = call.args[0] if call.args else next((word.value for word in call.keywords if word.arg == "mode"), None)
    return isinstance(first, ast.Constant) and isinstance(first.value, str)


def test_files_named_by_a_user_are_opened_in_one_place() -> None:
    others = [module for module in product() if module.path != OPENER and not module.path.startswith(tuple(ALLOWED))]
    assert [problem for module in others for problem in opened_files(module)] == []


def test_every_reason_is_still_needed() -> None:
    opening = {module.path for module in product() if list(opened_files(module))}
    assert [place for place in ALLOWED if not any(path.startswith(place) for path in opening)] == []


@pytest.mark.parametrize(
    "source, found",
    [
        ("open(path)", 1),
        ("path.open('rb')", 1),
        ("path.open(mode='r')", 1),
        ("Path(name).read_bytes()", 1),
        ("path.read_text('utf-8')", 1),
        ("os.open(path, os.O_RDONLY)", 1),
        ("shutil.copyfile(a, b)", 1),
        ("store.open(folder)", 0),
        ("read_input(path, 5)", 0),
        ("file.read(5)", 0),
    ],
)
def test_an_opened_file_is_seen(source: str, found: int) -> None:
    assert len(list(opened_files(parsed("ui/a.py", source)))) == found
