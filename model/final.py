"""定稿: when a report may be called final, and the fact that it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from model.checks import Finding
from model.format import Severity
from model.report import Report
from model.waivers import State, is_silenced, state_of

FINAL = "final_at"  # fact: when it was finalised, ISO 8601; absent while it is a draft
WITHDRAWN = "withdrawn"  # fact: one line for each time it was taken back, when and why


@dataclass(frozen=True)
class Standing:
    """What still stands between a report and 定稿."""

    errors: tuple[Finding, ...] = ()
    unexplained: tuple[Finding, ...] = ()
    reconfirm: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    explained: tuple[Finding, ...] = ()

    @property
    def ready(self) -> bool:
        """True when the report may be finalised."""
        return not (self.errors or self.unexplained or self.reconfirm)

    @property
    def open(self) -> dict[Severity, tuple[Finding, ...]]:
        """What still asks for something, by strength: the counts that every place shows alike."""
        explain = self.unexplained + self.reconfirm
        return {Severity.ERROR: self.errors, Severity.EXPLAIN: explain, Severity.HINT: self.hints}

    def within(self, section: str) -> Standing:
        """What stands in one section."""
        parts = (getattr(self, field.name) for field in fields(self))
        return Standing(*(tuple(finding for finding in part if finding.section == section) for part in parts))

    def sentence(self) -> str:
        """The verdict: may it be finalised, and if not, what is left."""
        parts = [
            f"{len(found)} 处{name}"
            for found, name in (
                (self.errors, "错误"), (self.unexplained, "须说明"), (self.reconfirm, "说明请重新确认"),
            )
            if found
        ]  # fmt: skip
        return "还有 " + "、".join(parts) if parts else "可以定稿"


def standing(report: Report, findings: Sequence[Finding]) -> Standing:
    """Sort the findings by what they still ask for."""
    sorted_: dict[str, list[Finding]] = {
        name: [] for name in ("errors", "unexplained", "reconfirm", "hints", "explained")
    }
    for finding in findings:
        if not is_silenced(report, finding):
            sorted_[_bin(report, finding)].append(finding)
    return Standing(**{name: tuple(found) for name, found in sorted_.items()})


def _bin(report: Report, finding: Finding) -> str:
    if finding.severity is Severity.HINT:
        return "hints"
    if finding.severity is Severity.ERROR and not finding.overrulable:
        return "errors"
    state = state_of(report, finding)
    if state is State.OPEN:
        return "errors" if finding.severity is Severity.ERROR else "unexplained"
    return "explained" if state is State.EXPLAINED else "reconfirm"


def is_final(report: Report) -> bool:
    """True from 定稿 until it is taken back."""
    return FINAL in report.facts


def final_fact(at: datetime) -> tuple[str, str]:
    """The fact that makes a report final."""
    return FINAL, at.isoformat(timespec="seconds")


def withdrawal(report: Report, at: datetime, reason: str) -> str:
    """The trace that taking back leaves: all earlier lines and a new one."""
    line = f"{at:%Y-%m-%d %H:%M:%S} 撤回定稿（定稿于 {report.facts.get(FINAL, '')}）：{reason.strip() or '未写原因'}"
    return "\n".join(filter(None, (report.facts.get(WITHDRAWN, ""), line)))
