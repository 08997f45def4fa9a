"""The reports of drafts with changes that are not in the drafts' file yet, and what of them was saved elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from model.base import safe_name, unused
from model.report import Report


def proposed_name(report: Report, mark: str = "") -> str:
    """Return the name proposed for a copy of a report elsewhere, with its ending; `mark` says what copy it is."""
    return f"{safe_name(f'{report.agency}{report.year}年度报告')}{mark}.json"


def copy_elsewhere(report: Report, path: Path) -> None:
    """Write a report as a data file to a new path; raises `Trouble`."""
    from model.recovery import save_elsewhere

    save_elsewhere(report, path)


class UnsavedWork:
    """Knows each report as last shown while a change of it waits; a copy elsewhere counts until the next change."""

    def __init__(self, waiting: Callable[[], Mapping[int, int]]) -> None:
        self._waiting = waiting  # returns the number of waiting changes by draft
        self._shown: dict[int, Report] = {}
        self._elsewhere: dict[int, Report] = {}

    def note(self, number: int, report: Report) -> None:
        """Keep the report of a draft that was just changed; reports that are saved by now are released."""
        waiting = self._waiting()
        self._shown = {one: kept for one, kept in {**self._shown, number: report}.items() if one in waiting}
        self._elsewhere = {one: kept for one, kept in self._elsewhere.items() if one in waiting}

    def release_saved(self) -> None:
        """Release the reports of which nothing waits any more."""
        waiting = self._waiting()
        for kept in (self._shown, self._elsewhere):
            for number in kept.keys() - waiting.keys():
                del kept[number]

    def changes(self) -> int:
        """Return the number of changes that are neither in the file nor in a copy elsewhere."""
        return sum(count for number, count in self._waiting().items() if not self._is_elsewhere(number))

    def left(self) -> dict[int, Report]:
        """Return the reports whose last state is neither in the drafts' file nor saved elsewhere, by draft."""
        shown = self._shown
        return {one: shown[one] for one in self._waiting() if one in shown and not self._is_elsewhere(one)}

    def _is_elsewhere(self, number: int) -> bool:
        return number in self._elsewhere and self._elsewhere[number] == self._shown.get(number)

    def save_elsewhere(self, path: Path) -> tuple[Path, ...]:
        """Write what is left as data files: the first to `path`, others beside it; return the paths.

        Never replaces a file; raises `Trouble`, after which the reports not yet written are still left.
        """
        written: list[Path] = []
        for number, report in self.left().items():
            target = unused(path.with_name(proposed_name(report))) if written else path
            copy_elsewhere(report, target)
            self._elsewhere[number] = report
            written.append(target)
        return tuple(written)
