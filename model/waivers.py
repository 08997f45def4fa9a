"""说明: a finding that is no 错误 may stay with a written reason, bound to the numbers it was given for.

Reasons are kept among the report's facts, so that saving, undo, copies and the data file carry them like everything
else.  A reason whose numbers have changed since counts as open again (请重新确认).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from model.checks import Finding
from model.format import Severity
from model.report import Report

PREFIX = "waiver/"
SILENCED = "silenced/"  # facts: codes of 提示 that this unit does not want to see
KINDS = ("口径不同", "上年报告更正", "机构改革、职责划转", "清理、废止或失效", "历史遗留、跨年办理", "其他")
SHORTEST = 6  # characters of own words; less explains nothing
_EMPTY_WORDS = re.compile(
    r"(?:经?(?:再次|反复|已|已经)?(?:核实|核对|确认|检查|复核)(?:无误|过|完毕|属实)?|无|没有|没问题|无问题|正确|无误|属实|情况属实|以此为准|同上|略)*"
)
_DIGITS = re.compile(r"[0-9][0-9,.，%％]*")


class State(StrEnum):
    """Whether a finding still asks for something."""

    OPEN = "open"
    EXPLAINED = "explained"
    RECONFIRM = "reconfirm"  # explained, but its numbers have changed since


@dataclass(frozen=True, slots=True)
class Waiver:
    """A written reason: its kind, the clerk's own words, what it was about, and the finding's fingerprint."""

    kind: str
    words: str
    about: str  # the finding's sentence when the reason was given
    bound: str


def key_of(finding: Finding) -> str:
    """The fact under which a reason for this finding is kept: the same while only numbers change."""
    cells = ",".join(map(str, finding.cells[:3]))
    identity = "|".join((finding.code, finding.section, cells, _DIGITS.sub("#", finding.message)))
    return PREFIX + hashlib.sha256(identity.encode()).hexdigest()[:20]


def fingerprint(finding: Finding) -> str:
    """Changes when a number of the finding's sentence changes."""
    return hashlib.sha256(finding.message.encode()).hexdigest()[:20]


def waiver_for(finding: Finding, kind: str, words: str) -> tuple[str, str]:
    """The fact (name, value) that keeps a reason; raises `ValueError` with the sentence to show for an empty one."""
    if finding.severity is Severity.ERROR and not finding.overrulable:
        raise ValueError("错误必须改正，不能以说明代替")
    if problem := objection(kind, words):
        raise ValueError(problem)
    waiver = Waiver(kind, words.strip(), finding.message, fingerprint(finding))
    return key_of(finding), json.dumps(asdict(waiver), ensure_ascii=False, sort_keys=True)


def objection(kind: str, words: str) -> str:
    """Why these words are no reason; "" when they are one."""
    bare = re.sub(r"[\s，。、；：！.,;:!]", "", words)
    if kind not in KINDS:
        return f"请选择原因：{'、'.join(KINDS)}"
    if _EMPTY_WORDS.fullmatch(bare):
        return "「核实无误」「无」之类的话没有说明原因，请写清楚为什么两个数不同"
    if len(bare) < SHORTEST:
        return f"说明太短，请用至少 {SHORTEST} 个字写清原因"
    return ""


def waiver_of(report: Report, finding: Finding) -> Waiver | None:
    """The reason given for a finding, whether it still holds or not."""
    return _read(report.facts.get(key_of(finding), ""))


def state_of(report: Report, finding: Finding) -> State:
    """Whether a finding is open, explained, or to be confirmed again."""
    waiver = waiver_of(report, finding)
    if waiver is None:
        return State.OPEN
    return State.EXPLAINED if waiver.bound == fingerprint(finding) else State.RECONFIRM


def all_waivers(report: Report) -> Iterator[Waiver]:
    """Every reason that was given, in the order it was given."""
    for name, value in report.facts.items():
        if name.startswith(PREFIX) and (waiver := _read(value)):
            yield waiver


def is_silenced(report: Report, finding: Finding) -> bool:
    """True for a 提示 whose rule this unit has silenced; nothing stronger can be silenced."""
    return finding.severity is Severity.HINT and SILENCED + finding.code in report.facts


def kept_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """The facts about rules that go on into next year's report."""
    return {name: value for name, value in facts.items() if name.startswith(SILENCED)}


def _read(value: str) -> Waiver | None:
    if not value:
        return None
    try:
        return Waiver(**json.loads(value))
    except (ValueError, TypeError):  # not written by us: then there is no reason, and the finding is open
        return None
