"""The result of reading a file."""

from __future__ import annotations

from dataclasses import dataclass

from model.report import Report


@dataclass(frozen=True)
class Reading:
    """The report read, fuller agency names proposed from its text (best first), and the file name.

    `left_over` are the lines of the file with numbers that are not in the report.
    """

    report: Report
    agencies: tuple[str, ...]
    source: str
    left_over: tuple[str, ...] = ()
