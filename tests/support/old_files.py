"""Reports of last year as files of other programs, with their true contents.

`old_files.zip` has a folder `files` (one or two of every kind) and a folder `traps` (files with one fault each); beside
each file, as `NAME.json`, the report that it contains, and in `traps/expected.json` what must be said about it. They
were written by LibreOffice, python-docx and openpyxl; all agencies and texts in them are invented. What the readers do
not need (fonts, thumbnails, styles) was taken out of the packed ones.
"""

from __future__ import annotations

import zipfile
from functools import cache
from pathlib import Path

ARCHIVE = Path(__file__).with_name("old_files.zip")


@cache
def members(folder: str) -> dict[str, bytes]:
    """Return the contents of a folder of the archive by their names."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        names = [name for name in archive.namelist() if name.startswith(f"{folder}/")]
        return {name.partition("/")[2]: archive.read(name) for name in names}


def unpack(folder: str, target: Path) -> Path:
    """Write a folder of the archive into another one and return that."""
    for name, content in members(folder).items():
        (target / name).write_bytes(content)
    return target
