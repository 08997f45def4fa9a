"""Makes file names that are valid on every operating system."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from itertools import count
from pathlib import Path

MAX_BYTES = 180  # of 255, so that a folder, a number in brackets and a temporary ending still fit
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


def names_for(path: Path) -> Iterator[Path]:
    """Yield `path`, then `path` with -2, -3 … before its ending: for several files of one second."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def unused(path: Path) -> Path:
    """Return the first of `names_for` that no file has, nor a link that leads nowhere."""
    return next(name for name in names_for(path) if not os.path.lexists(name))


def safe_name(name: str) -> str:
    """Return `name` without what Windows, Linux or a USB stick refuse; never empty, at most 180 bytes of UTF-8."""
    plain = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    kept = _FORBIDDEN.sub("_", plain).strip(" .")
    while len(kept.encode()) > MAX_BYTES:
        kept = kept[:-1].rstrip(" .")
    if not kept or kept.split(".")[0].upper() in _DEVICES:
        return f"_{kept}"
    return kept
