"""What reading a file answers."""

from __future__ import annotations

from dataclasses import dataclass

from model.report.report import Report


@dataclass(frozen=True)
class Reading:
    """What was read: the report, fuller agency names proposed from its text (best first), and the file's name."""

    report: Report
    agencies: tuple[str, ...]
    source: str
