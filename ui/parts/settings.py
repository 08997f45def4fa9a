"""Settings kept between sessions: window size, positions, text size.  A broken file is renamed, defaults are used."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from model.base import files

FILE = "settings.json"
ASIDE = "settings.broken.json"
PLACES = 200  # drafts whose place is remembered, the ones used last: about 20 KB
MAX_BYTES = 1_000_000  # earlier versions kept the places of all drafts
WIDEST = 100_000  # pixels; Qt takes no number from 2**31 on
SMALLEST, LARGEST = 8, 20  # points


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
        self.reset = False  # True after a broken file was renamed

    def read(self) -> Settings:
        """Read the settings; returns defaults if the file is missing or broken."""
        try:
            with self._path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except OSError:  # none yet, or not ours to read: the defaults serve
            return Settings()
        try:
            return _settings(_parsed(raw))
        except ValueError:  # not JSON, or not our settings: renamed, so that it can be examined
            self.reset = self._put_aside()
            return Settings()

    def _put_aside(self) -> bool:
        try:
            files.rename_over(self._path, self._path.with_name(ASIDE))
        except OSError:  # folder not writable; reported when the drafts are opened
            return False
        return True

    def write(self, settings: Settings) -> bool:
        """Write the settings; returns False if the folder cannot be written."""
        content = json.dumps(asdict(settings), ensure_ascii=False, indent=1).encode()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            files.put(self._path, content, durable=False)  # called at every change of draft, so without fsync
        except OSError:
            return False
        return True


def _parsed(raw: bytes) -> Any:
    """Return the JSON; raises `ValueError` if it is invalid, too large or nested too deeply."""
    if len(raw) > MAX_BYTES:
        raise ValueError("too large")
    try:
        return json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


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
