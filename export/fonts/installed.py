"""Finds installed fonts (of Windows, WPS or the agency) by name; they are used in place and not copied.

Accepted are TrueType outlines whose licence permits embedding (OS/2 fsType).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from export.fonts.font_set import FontFile
from export.fonts.truetype import faces, names
from model.base import Trouble

# Role → names of the font prescribed for official documents, best first.
WANTED: Mapping[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "body": ("仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong"),
    "hei": ("黑体", "SimHei"),
    "kai": ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi"),
    "song": ("宋体", "SimSun"),
}
_SUFFIXES = {".ttf", ".ttc"}


def folders() -> list[Path]:
    """The folders of installed fonts: for all users and, since Windows 10, for one."""
    places = [Path(root) / "Fonts" for variable in ("SystemRoot",) if (root := os.environ.get(variable))]
    if local := os.environ.get("LOCALAPPDATA"):
        places.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
    places += [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    if home := os.environ.get("HOME"):
        places.append(Path(home) / ".local" / "share" / "fonts")
    return places


def find(places: Iterable[Path]) -> dict[str, FontFile]:
    """Map each role to the best installed font; a role without one is left out."""
    known: dict[str, FontFile] = {}
    for file, name in _named(places):
        known.setdefault(name, file)
    found = {role: next((known[name] for name in wanted if name in known), None) for role, wanted in WANTED.items()}
    return {role: file for role, file in found.items() if file}


def _named(places: Iterable[Path]) -> Iterator[tuple[FontFile, str]]:
    """Every usable installed face with each of its names."""
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else ():
            if path.suffix.lower() in _SUFFIXES:
                yield from _names_in(path)


def _names_in(path: Path) -> Iterator[tuple[FontFile, str]]:
    try:
        for index in range(faces(path)):
            for name in names(path, index):
                yield FontFile(path, index), name
    except (Trouble, OSError, ValueError, struct.error):
        return  # a damaged or unsupported font counts as not installed
