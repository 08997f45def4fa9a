"""Paths of the two folders that the program needs; `main.py` determines them and passes them on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """Root folders: `resources` is shipped and read-only, `data` belongs to the user and is created on first use."""

    resources: Path
    data: Path

    @property
    def formats(self) -> Path:
        """Folder of the formats prescribed by the State."""
        return self.resources / "formats"

    @property
    def rules(self) -> Path:
        """Folder of the rules about texts."""
        return self.resources / "rules"

    @property
    def extra_formats(self) -> Path:
        """Folder of formats added by the user."""
        return self.data / "formats"
