"""Counts shown in the list of drafts, stored with each save so that the list runs no rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DraftCounts:
    """Open points of one draft: numbers of findings, of cells and sections not filled in, and the day it is due."""

    errors: int  # 错误 in what is filled in
    explain: int  # 须说明 in what is filled in, including reasons to be confirmed again
    cells: int
    texts: int
    filled: int  # percent of the cells and texts that are filled in
    deadline: date

    def phrases(self) -> list[str]:
        """Return what is left, in words: “2 处错误”“12 格未填”."""
        return open_phrases(self.errors, self.explain, 0, self.cells, self.texts)


@dataclass(frozen=True)
class CountsAfter:
    """Counts of a draft after step `step` of its journal, handed over with the change that makes this step.

    `edition` identifies what they were computed with: program, rules, format and last year's report.
    """

    counts: DraftCounts
    step: int
    edition: str


def open_phrases(errors: int, explain: int, again: int, cells: int, texts: int) -> list[str]:
    """Return the numbers that are not 0, in words; `again`: reasons to be confirmed again, not counted in `explain`."""
    counted = (
        (errors, "处错误"), (explain, "处须说明"), (again, "处说明请重新确认"), (cells, "格未填"),
        (texts, "个部分未写"),
    )  # fmt: skip
    return [f"{count} {what}" for count, what in counted if count]
