"""Feedback 「这条提示不对」: a local JSON file for the maintainers of the rules; nothing is sent."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from model.base import VERSION, files, safe_name
from model.checks import Finding

FOLDER = "提示反馈"


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
