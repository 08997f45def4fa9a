"""Conditions for finalising a report (定稿), and the facts that record it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from model.checks.explanations import ExplanationState, is_silenced, state_of
from model.checks.finding import Finding
from model.checks.rules import CELL_OPEN, TEXT_EMPTY
from model.form import Severity
from model.report import FINAL, WITHDRAWN, Report, open_phrases


@dataclass(frozen=True)
class Readiness:
    """The findings of a report by what they still require before 定稿."""

    errors: tuple[Finding, ...] = ()
    unexplained: tuple[Finding, ...] = ()
    reconfirm: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    explained: tuple[Finding, ...] = ()

    @property
    def ready(self) -> bool:
        """Tell whether the report may be finalised."""
        return not (self.errors or self.unexplained or self.reconfirm)

    @property
    def open(self) -> dict[Severity, tuple[Finding, ...]]:
        """The findings that still require action, by severity: the basis of all counts shown."""
        explain = self.unexplained + self.reconfirm
        return {Severity.ERROR: self.errors, Severity.EXPLAIN: explain, Severity.HINT: self.hints}

    @property
    def blank(self) -> tuple[Finding, ...]:
        """The findings on what is only not filled in yet: 错误 or 须说明 at 定稿, but no mistake in the data."""
        return tuple(finding for finding in (*self.errors, *self.unexplained) if is_blank(finding))

    @property
    def open_cells(self) -> int:
        """The number of cells that are not filled in."""
        return sum(len(finding.cells) for finding in self.blank if finding.code == CELL_OPEN)

    @property
    def empty_texts(self) -> int:
        """The number of sections that are not written."""
        return sum(finding.code == TEXT_EMPTY for finding in self.blank)

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """The 错误 in what is filled in."""
        return tuple(finding for finding in self.errors if not is_blank(finding))

    @property
    def unresolved(self) -> tuple[Finding, ...]:
        """The 须说明 about what is filled in, not explained or not confirmed again."""
        return tuple(finding for finding in (*self.unexplained, *self.reconfirm) if not is_blank(finding))

    def within(self, section: str) -> Readiness:
        """Return the findings of one section."""
        return self._only(lambda finding: finding.section == section)

    def beside(self, sections: Collection[str]) -> Readiness:
        """Return the findings of none of these sections: about the title and the preface."""
        return self._only(lambda finding: finding.section not in sections)

    def _only(self, wanted: Callable[[Finding], bool]) -> Readiness:
        parts = (getattr(self, field.name) for field in fields(self))
        return Readiness(*(tuple(finding for finding in part if wanted(finding)) for part in parts))

    def phrases(self, *, apart: bool = False) -> list[str]:
        """Return what is left, in words: “2 处错误”“12 格未填”; empty if the report may be finalised.

        A reason that must be confirmed again counts as 须说明, or separately if `apart` is set.
        """
        again = len(self.reconfirm) if apart else 0
        return open_phrases(len(self.wrong), len(self.unresolved) - again, again, self.open_cells, self.empty_texts)

    def sentence(self) -> str:
        """Return the verdict in one sentence: 可以定稿, or what is left."""
        return "还有 " + "、".join(self.phrases(apart=True)) if not self.ready else "可以定稿"


def is_blank(finding: Finding) -> bool:
    """Return True for a finding on what is only not filled in yet."""
    return finding.code in (CELL_OPEN, TEXT_EMPTY)


def readiness(report: Report, findings: Sequence[Finding]) -> Readiness:
    """Sort the findings by what they still require, without silenced ones."""
    sorted_: dict[str, list[Finding]] = {
        name: [] for name in ("errors", "unexplained", "reconfirm", "hints", "explained")
    }
    for finding in findings:
        if not is_silenced(report, finding):
            sorted_[_bin(report, finding)].append(finding)
    return Readiness(**{name: tuple(found) for name, found in sorted_.items()})


def _bin(report: Report, finding: Finding) -> str:
    if finding.severity is Severity.HINT:
        return "hints"
    if finding.severity is Severity.ERROR and not finding.overrulable:
        return "errors"
    state = state_of(report, finding)
    if state is ExplanationState.OPEN:
        return "errors" if finding.severity is Severity.ERROR else "unexplained"
    return "explained" if state is ExplanationState.EXPLAINED else "reconfirm"


def final_fact(at: datetime) -> tuple[str, str]:
    """Return the fact (name, value) that makes a report final."""
    return FINAL, at.isoformat(timespec="seconds")


def withdrawal(report: Report, at: datetime, reason: str) -> str:
    """Return the value of `WITHDRAWN` after one more withdrawal: all earlier lines and a new one."""
    line = f"{at:%Y-%m-%d %H:%M:%S} 撤回定稿（定稿于 {report.facts.get(FINAL, '')}）：{reason.strip() or '未写原因'}"
    return "\n".join(filter(None, (report.facts.get(WITHDRAWN, ""), line)))
