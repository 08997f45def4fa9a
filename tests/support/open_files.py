"""Watch over removing and renaming: Windows refuses both for a file that the program itself still has open.

Linux allows it, so it is noticed here: at each call of the program that removes, replaces, renames or links a data
file, no descriptor of this process may point at the source or the target.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import walk_stack

ROOT = Path(__file__).resolve().parents[2]
EVENTS = {"os.remove": 1, "os.rename": 2, "os.link": 2}  # paths among the arguments; os.replace is os.rename, too
NAMES = ("reports.db", "~reports.db", "state.json", "~state.json", "unsure.json", "~unsure.json")
DESCRIPTORS = Path("/proc/self/fd")
available = sys.platform == "linux" and DESCRIPTORS.is_dir()  # Wine shows it, too

_watching: list[list[str]] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in EVENTS and (caller := _caller()):
        for path in arguments[: EVENTS[event]]:
            if isinstance(path, (str, bytes, Path)) and _is_data(name := os.fsdecode(path)) and is_open(name):
                _watching[-1].append(f"{event} {Path(name).name} at {caller}")


def _caller() -> str:
    """The line of the program that the call comes from; "" for a call of a test or of a library."""
    for frame, line in walk_stack(sys._getframe(2)):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and (inside := path.relative_to(ROOT)).parts[0] != ".venv":
            return "" if inside.parts[0] == "tests" else f"{inside}:{line}"
    return ""


def _is_data(name: str) -> bool:
    base = Path(name).name
    return base.startswith(NAMES) or base.endswith(".bak")


def is_open(name: str) -> bool:
    """Tell whether this process has a descriptor of the file."""
    real = Path(name).resolve()
    for descriptor in DESCRIPTORS.iterdir():
        try:
            if descriptor.readlink() == real:
                return True
        except OSError:  # closed meanwhile, for one the descriptor of this very listing
            continue
    return False


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Collect what is removed, renamed or linked while it is open, until the context ends."""
    found: list[str] = []
    if available:
        _watching.append(found)
    try:
        yield found
    finally:
        if available:
            _watching.remove(found)
