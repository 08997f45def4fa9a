"""The two folders that the program needs to know; `main.py` finds them and hands them down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """`resources` is shipped and read only; `data` belongs to the user and is made when first needed."""

    resources: Path
    data: Path

    @property
    def formats(self) -> Path:
        """The State's formats."""
        return self.resources / "formats"

    @property
    def rules(self) -> Path:
        """The rules about texts."""
        return self.resources / "rules"

    @property
    def extra_formats(self) -> Path:
        """Formats that the user has added."""
        return self.data / "formats"
