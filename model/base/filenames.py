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
_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
_DEVICES |= {f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³"}


def names_for(path: Path) -> Iterator[Path]:
    """Yield `path`, then `path` with -2, -3 … before its ending: for several files of one second."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def unused(path: Path) -> Path:
    """Return the first of `names_for` that no file has, nor a link that leads nowhere."""
    return next(name for name in names_for(path) if not os.path.lexists(name))


def why_unusable(name: str) -> str:
    """Return why Windows takes no file of this name, as the end of a sentence; "" for a good name."""
    if found := _FORBIDDEN.search(name):
        return f"文件名不能含“{found.group()}”，请另起一个文件名"
    if name != name.rstrip(" ."):
        return "文件名不能以空格或句点结尾，请另起一个文件名"
    if _is_device(name):
        return f"“{name}”是 Windows 保留给设备的名称，请另起一个文件名"
    return ""


def _is_device(name: str) -> bool:
    """Tell whether a name is a device's, whatever ending it has: aux.pdf, con.tar.gz."""
    return name.split(".", maxsplit=1)[0].strip(" ").upper() in _DEVICES


def safe_name(name: str) -> str:
    """Return `name` without what Windows, Linux or a USB stick refuse; never empty, at most 180 bytes of UTF-8."""
    plain = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C")
    kept = _FORBIDDEN.sub("_", plain).strip(" .")
    while len(kept.encode()) > MAX_BYTES:
        kept = kept[:-1].rstrip(" .")
    if not kept or _is_device(kept):
        return f"_{kept}"
    return kept
