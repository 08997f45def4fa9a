"""Reads the reports of a folder for the command `check`, and pairs them with last year's by agency."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from model.base import Trouble, in_quotes
from model.checks import LastYear
from model.form import Formats
from model.report import Report
from ui.cli.folder_files import files_of
from ui.cli.os_faults import os_sentence

Read = Callable[[str], Report]


def reports_of(folder: Path, read: Read) -> Iterator[tuple[str, Report | Trouble]]:
    """Yield each file of a folder by its name, with its report or the reason why there is none."""
    for path in files_of(folder):
        try:
            found: Report | Trouble = read(str(path))
        except Trouble as trouble:
            found = trouble
        except OSError as error:
            found = Trouble(os_sentence(error))
        yield path.name, found


class LastYears:
    """Last year's reports of several agencies; `where` names their source, `unread` counts files without a report."""

    def __init__(self, where: str, reports: Iterable[Report], known: Formats) -> None:
        self._where, self.reports, self._known = where, list(reports), known
        self.unread = 0

    def partner(self, report: Report) -> LastYear:
        """Return the report of the same agency for the year before; raises `Trouble` for none or several."""
        earlier = [last for last in self.reports if last.year == report.year - 1]
        name = normalised(report.agency)
        same = [last for last in earlier if normalised(last.agency) == name]
        found = same or [last for last in earlier if _short_form(normalised(last.agency), name)]
        if len(found) != 1:
            reason = f"里有 {len(found)} 份" if found else "里没有"
            raise Trouble(f"{in_quotes(self._where)}{reason}{in_quotes(report.agency)} {report.year - 1} 年的年度报告")
        return LastYear.of(found[0], self._known.named(found[0].format))


def normalised(agency: str) -> str:
    """Return an agency's name without blanks, full-width forms as ASCII, for comparison only."""
    return "".join(unicodedata.normalize("NFKC", agency).split())


def _short_form(one: str, other: str) -> bool:
    """Return True if one name is the end of the other: 应急管理局 and 济源示范区应急管理局."""
    return bool(one) and bool(other) and (one.endswith(other) or other.endswith(one))
