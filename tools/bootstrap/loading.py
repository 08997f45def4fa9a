"""The rooms and slow libraries that each command may load; tests and the check of the frozen program use this table.

Loading costs more than most commands do themselves: 400 ms for everything, 60 ms for `--version`.
"""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = "model.base ui.cli ui.parts"
_DRAFTS = f"{_BASIC} model.form model.report model.storage model.recovery"
_FORM = f"{_BASIC} model.form model.report model.importing model.checks model.editing"
_PAPER = f"{_FORM} export.document export.fonts export.lines export.outputs"
# Libraries that take long; a command loads none of them unless it is named.
_LIBRARIES = "PySide6 reportlab sqlite3 sqlite_utils tomllib pypdfium2 PIL ctypes asyncio ssl"
SLOW = frozenset(_LIBRARIES.split(" "))


@dataclass(frozen=True)
class Loading:
    """Rooms (`model.base`) and libraries among `SLOW` that a command may load."""

    rooms: frozenset[str]
    libraries: frozenset[str]


def _loading(rooms: str, libraries: str = "") -> Loading:
    return Loading(frozenset(rooms.split()), frozenset(libraries.split()))


# FILE is a report, PDF and JSON are files to be written, NONE is a folder that does not exist.
MAY_LOAD = {
    "--version": _loading(_BASIC),
    "list --data NONE": _loading(f"{_BASIC} model.storage"),
    "list": _loading(f"{_DRAFTS} model.checks", "sqlite3 sqlite_utils ctypes"),
    "export FILE -o JSON": _loading(_PAPER, "tomllib"),
    "export FILE -o PDF": _loading(f"{_PAPER} export.layout export.pdf", "tomllib reportlab"),
    "check FILE": _loading(f"{_FORM} model.prose model.claims model.narrative", "tomllib"),
}
