"""What the window remembers: size, places, text size.  A broken file is put aside and the program starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

FILE = "settings.json"
ASIDE = "settings.broken.json"
MAX_BYTES = 100_000
SMALLEST, LARGEST = 8, 20  # points


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults; `pages` and `cells` say by draft number where the clerk was."""

    width: int = 1440  # on a large screen; a small one is filled
    height: int = 820
    maximized: bool = False
    splitter: tuple[int, ...] = ()
    text_size: int = 10  # points
    toured: bool = False  # the first-run tour was seen
    own_fonts: bool = False  # PDFs are set with the fonts of official documents that this computer has
    pages: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def at(self, number: int, page: str, cell: str) -> Settings:
        """Remember where the clerk was in a draft."""
        key = str(number)
        return replace(self, pages={**self.pages, key: page}, cells={**self.cells, key: cell})


class SettingsFile:
    """The settings on disk.  Losing them costs a click, so failing to write them stops nothing."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self.reset = False  # True when a broken file was put aside

    def read(self) -> Settings:
        """The settings; defaults where there is no file, or only a broken one."""
        try:
            raw = self._path.read_bytes()[:MAX_BYTES]
        except OSError:  # none yet, or not ours to read: the defaults serve
            return Settings()
        try:
            return _settings(json.loads(raw))
        except ValueError:  # not JSON, or not our settings: kept aside for whoever wants to look
            self.reset = self._put_aside()
            return Settings()

    def _put_aside(self) -> bool:
        try:
            self._path.replace(self._path.with_name(ASIDE))
        except OSError:  # a folder that cannot be written; the drafts say so
            return False
        return True

    def write(self, settings: Settings) -> bool:
        """Keep the settings; False when the folder cannot be written."""
        beside = self._path.with_suffix(".tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(asdict(settings), ensure_ascii=False, indent=1), "utf-8")
            beside.replace(self._path)
        except OSError:
            return False
        return True


def _settings(data: Any) -> Settings:
    """Settings from JSON; raises `ValueError` for anything of another shape, ignores what a newer version added."""
    if not isinstance(data, dict):
        raise ValueError("not an object")
    known = {f.name: f for f in fields(Settings)}
    values = {name: _value(name, value) for name, value in data.items() if name in known}
    made = Settings(**values)
    return replace(made, text_size=max(SMALLEST, min(LARGEST, made.text_size)))


def _value(name: str, value: Any) -> Any:
    default = getattr(Settings(), name)
    if isinstance(default, tuple):
        if isinstance(value, list) and all(type(v) is int for v in value):
            return tuple(value)
    elif isinstance(default, dict):
        if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
            return value
    elif type(value) is type(default):
        return value
    raise ValueError(name)
