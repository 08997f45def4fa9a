"""Settings kept between sessions: window size, positions, text size.  A damaged file is renamed, defaults are used."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from model.base import files, own_files

FILE = "settings.json"
PLACES = 200  # drafts whose place is remembered, the ones used last: about 20 KB
MAX_BYTES = 1_000_000  # earlier versions kept the places of all drafts
WIDEST = 100_000  # pixels; Qt takes no number from 2**31 on
SMALLEST, LARGEST = 8, 20  # points
_KIND = own_files.OwnFile("设置文件", "界面恢复为默认设置，草稿不受影响", MAX_BYTES)


@dataclass(frozen=True)
class Settings:
    """Settings with defaults; `pages` and `cells` map a draft's number to its last step and cursor position."""

    width: int = 1440  # on a large screen; a small one is filled
    height: int = 820
    maximized: bool = False
    splitter: tuple[int, ...] = ()
    text_size: int = 10  # points
    toured: bool = False  # the first-run tour was seen
    own_fonts: bool = False  # PDFs use the official-document fonts installed on this computer
    pages: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def at(self, number: int, page: str, cell: str) -> Settings:
        """Return settings with the last page and cell of a draft, as the last used of the `PLACES` that are kept."""
        key = str(number)
        return replace(self, pages=_with(self.pages, key, page), cells=_with(self.cells, key, cell))


def _with(places: dict[str, str], key: str, place: str) -> dict[str, str]:
    return _last({**{other: places[other] for other in places if other != key}, key: place})


def _last(places: dict[str, str]) -> dict[str, str]:
    return dict(list(places.items())[-PLACES:])


class SettingsFile:
    """Reads and writes the settings file; a failure is never fatal, since settings are quickly made again."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE

    def read(self) -> Settings:
        """Read the settings; returns defaults if the file is missing or damaged."""
        return own_files.read_json(self._path, _KIND, _settings, Settings())

    def write(self, settings: Settings) -> bool:
        """Write the settings; returns False if the folder cannot be written or is not there."""
        content = json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode()
        try:
            files.put(
                self._path, content, durable=False, private=True
            )  # called at every change of draft, so without fsync
        except OSError:
            return False
        return True


def _settings(data: Any) -> Settings:
    """Build settings from JSON; raises `ValueError` for another shape, ignores keys of a newer version."""
    if not isinstance(data, dict):
        raise ValueError("not an object")
    known = {f.name: f for f in fields(Settings)}
    values = {name: _value(name, value) for name, value in data.items() if name in known}
    made = Settings(**values)
    size = max(SMALLEST, min(LARGEST, made.text_size))
    return replace(made, text_size=size, pages=_last(made.pages), cells=_last(made.cells))


def _value(name: str, value: Any) -> Any:
    default = getattr(Settings(), name)
    if isinstance(default, tuple):
        if isinstance(value, list) and all(type(v) is int and 0 <= v <= WIDEST for v in value):
            return tuple(value)
    elif isinstance(default, dict):
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
    elif type(value) is type(default) and (type(value) is not int or 0 <= value <= WIDEST):
        return value
    raise ValueError(name)
