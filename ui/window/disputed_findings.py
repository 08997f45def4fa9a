"""Feedback “反馈：这一条不应出现”: a local JSON file for the maintainers of the rules; nothing is sent."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from model.base import VERSION, files, safe_name
from model.checks import Finding
from ui.parts import Banner

if TYPE_CHECKING:
    from ui.draft import Desk

FOLDER = "提示反馈"


class Feedback(QObject):
    """Writes the findings that the user disputes and says where."""

    def __init__(self, data: Path, banner: Banner) -> None:
        super().__init__(banner)
        self._data, self._banner = data, banner
        self._desk: Desk | None = None

    def on_draft_changed(self, desk: Desk | None) -> None:
        """Expect findings of this draft from now on."""
        self._desk = desk

    def on_disputed(self, finding: Finding) -> None:
        """Write a disputed finding of the open draft."""
        if self._desk:
            self._banner.attempt(partial(self._write, finding, self._desk.editing.form.id))

    def _write(self, finding: Finding, form: str) -> None:
        path = write_feedback(self._data, finding, form, datetime.now())
        self._banner.say(f"已记下：{path}。没有发送到任何地方。")


def write_feedback(data: Path, finding: Finding, form: str, at: datetime) -> Path:
    """Write the finding and its rule to a file and return the path; raises `Trouble` if that is impossible."""
    folder = data / FOLDER
    said = {
        "rule": finding.code,
        "severity": finding.severity.value,
        "section": finding.section,
        "message": finding.message,
        "format": form,
        "version": VERSION,
    }
    path = folder / f"{at:%Y%m%d-%H%M%S}-{safe_name(finding.code)}.json"
    content = json.dumps(said, ensure_ascii=False, indent=1).encode()
    return files.write_new(path, content, purpose=files.FEEDBACK)
