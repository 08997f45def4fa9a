"""Saves a report as a file elsewhere when the drafts database cannot be written (另存到其他位置)."""

from __future__ import annotations

from pathlib import Path

from model.base import files
from model.report import Report, exchange


def save_elsewhere(report: Report, path: Path) -> None:
    """Write the report as an exchange file and read it back to verify it.

    An existing file is never overwritten. Raises `Trouble`, leaving no new file, when this place fails as well.
    """
    content = exchange.dumps(report)
    files.write_atomic(path, content, purpose=files.EMERGENCY_COPY, private=True, overwrite=False)
