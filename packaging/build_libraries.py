"""Selects the libraries that the frozen program needs and makes them smaller (Linux), without folders of the builder.

An `Entry` is PyInstaller's: path in the program's folder, path of the source file, kind.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import icu_data
from build_files import is_plugin

Entry = tuple[str, str, str]

# Loaded by path at run time, so that no other file names them as needed.
ROOTS = ("libpython", "python3", "vcruntime", "msvcp", "libpdfium", "pdfium")

# Python and PDFium contain debug symbols, up to three times the size of the rest (Qt comes without). Only libraries
# that the self-check loads are listed: it notices one that `strip` has damaged.
WITH_SYMBOLS = ("libpython", "libpdfium")

# ICU's data of all languages is a quarter of the program.
ICU_DATA = "libicudata"


def needed(entries: Iterable[Entry], asks: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Drop every library that no kept file needs; `asks` returns the names of the libraries needed by a file.

    Otherwise the libraries of a plugin that is left out would remain.
    """
    entries = list(entries)
    libraries = {name_of(entry): entry for entry in entries if is_library(entry) and entry[2] == "BINARY"}
    waiting = [entry for entry in entries if not is_library(entry) and entry[2] in {"BINARY", "EXTENSION"}]
    wanted: set[str] = set()
    while waiting:
        found = {PurePosixPath(name).name.lower() for name in asks(waiting.pop()[1])}
        waiting += [libraries[name] for name in found & libraries.keys() - wanted]
        wanted |= found
    return [entry for entry in entries if not is_library(entry) or name_of(entry) in wanted]


def is_library(entry: Entry) -> bool:
    """Tell whether a file is of use only if another file needs it by name."""
    place, _, kind = entry
    path = PurePosixPath(place.replace("\\", "/"))
    return kind in {"BINARY", "SYMLINK"} and not is_plugin(path) and not path.name.lower().startswith(ROOTS)


def name_of(entry: Entry) -> str:
    """Return the name by which other files need a library, in lower case because Windows ignores case."""
    return PurePosixPath(entry[0].replace("\\", "/")).name.lower()


def named_in(path: str) -> list[str]:
    """Return the libraries that a program file itself needs.

    PyInstaller's own answer for Linux comes from `ldd`, which adds indirectly needed ones.
    """
    if sys.platform != "linux":
        from PyInstaller.depend import bindepend  # noqa: PLC0415 (not needed by the tests)

        return [name for name, _ in bindepend.get_imports(path)]
    head = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True)
    return re.findall(r"^ +NEEDED +(\S+)", head.stdout, re.MULTILINE)


def slimmed(entries: list[Entry], work: Path) -> list[Entry]:
    """Replace files by smaller copies under `work` that do the same and contain no path of the builder's home."""
    python, home = sys.base_prefix, str(Path.home())

    def smaller(entry: Entry) -> Entry:
        if entry[2] == "BINARY" and name_of(entry).startswith(ICU_DATA):
            return with_less_data(entry, work / "data")
        if not has_symbols(entry):
            return entry
        cut = without_symbols(entry, work / "stripped")
        return without_home(cut, work / "homeless", python, home) if python.startswith(home + "/") else cut

    return [smaller(entry) for entry in entries]


def has_symbols(entry: Entry) -> bool:
    """Tell whether to strip a file: Python itself, extension modules but those of Qt, PDFium."""
    path = PurePosixPath(entry[0])
    if entry[2] == "EXTENSION":
        return path.parts[0] not in {"PySide6", "shiboken6"}
    # Modules that PyInstaller's start code imports, such as zlib, are of kind BINARY.
    return entry[2] == "BINARY" and (path.name.startswith(WITH_SYMBOLS) or "lib-dynload" in path.parts)


def without_symbols(entry: Entry, folder: Path) -> Entry:
    """Strip a copy of the file, made under `folder`."""
    copy = folder / entry[0]
    copy.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["strip", "--strip-unneeded", "-o", copy, entry[1]], check=True)
    return entry[0], str(copy), entry[2]


def without_home(entry: Entry, folder: Path, python: str, home: str) -> Entry:
    """Overwrite the user's home with dashes wherever a copy of the file contains the folder of Python.

    The path tells who built the program, and files in lib-dynload even search it for libraries (RUNPATH): on another
    computer whoever may write to that folder could run code in this program. The rest of the path stays, because
    linkers let other strings, such as the version of Python, begin in the middle of it.
    """
    content = Path(entry[1]).read_bytes()
    if python.encode() not in content:
        return entry
    copy = folder / entry[0]
    copy.parent.mkdir(parents=True, exist_ok=True)
    nowhere = "/".ljust(len(home.encode()), "-") + python.removeprefix(home)
    copy.write_bytes(content.replace(python.encode(), nowhere.encode()))
    return entry[0], str(copy), entry[2]


def with_less_data(entry: Entry, folder: Path) -> Entry:
    """Make a copy of ICU's data library with less data, under `folder`."""
    copy = folder / entry[0]
    icu_data.write_library(Path(entry[1]), copy)
    return entry[0], str(copy), entry[2]
