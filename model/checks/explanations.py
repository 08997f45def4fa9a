"""说明: written reasons for findings other than 错误 and for overrulable 错误, bound to the numbers they explain.

Reasons are facts of the report, so that saving, undo, copies and the data file include them.  A finding whose numbers
have changed since its reason was given counts as open again (请重新确认).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from itertools import chain, count

from model.checks.finding import Finding
from model.form import Severity
from model.report import EXPLAINED, SILENCED, Report, facts_under

KINDS = ("口径不同", "上年报告更正", "机构改革、职责划转", "清理、废止或失效", "历史遗留、跨年办理", "其他")
SHORTEST = 6  # characters that a reason must have at least
LEAST = 2  # characters that must remain when the words of `_LOOKED` are removed
FEWEST = 4  # different Chinese characters required, against 啊啊啊啊啊啊 and 123456
# Words that only say that the numbers were checked, in any order: 经核对数据准确无误, 已核实，与实际一致.
_LOOKED = (
    "经 再次 反复 已经 已 后 过 完毕 核实 核对 核查 确认 检查 复核 审核 校对 查看 数据 数字 数值 内容 情况 "
    "实际 事实 本表 报表 表格 填写 填报 均 都 全部 完全 是 为 的 和 与 准确 真实 属实 正确 无误 一致 相符 吻合 "
    "符合 没有 没 未发现 无 不存在 问题 错误 有误 差错 异常 误差 以此 以 按 要求 规定 准 请 予以 通过 审批 "
    "同上 略 不影响 无须 不须 无需 不需要 不需 说明 解释 本 此 该 项"
)
_EMPTY_WORDS = re.compile("|".join(sorted(_LOOKED.split(), key=len, reverse=True)))
_HAN = re.compile("[\u4e00-\u9fff]")
_FIRST_QUOTES = str.maketrans("“”‘’", "「」“”")
# Today's wording of messages for which reasons may be kept, with the one under which they were given.
_ORIGINAL = re.compile("，原文为“[^”]*”")
_FIRST_WORDS = (
    ("未见：", "好像没有写到："),
    ("前后可能漏了数字", "前后好像漏了数字"),
    ("年的年度报告", "年的年报"),
    ("编制机关“", "编制机关名称“"),
    ("国务院部门、具有行政管理职能的直属机构和省级", "国务院部门和省级"),
)
_DIGITS = re.compile(r"[0-9][0-9,.，%％]*")


class ExplanationState(StrEnum):
    """State of a finding with regard to its reason."""

    OPEN = "open"
    EXPLAINED = "explained"
    RECONFIRM = "reconfirm"  # explained, but its numbers have changed since


@dataclass(frozen=True, slots=True)
class Explanation:
    """A written reason: its kind, the user's own words, the finding's sentence and its fingerprint."""

    kind: str
    words: str
    about: str  # the finding's sentence when the reason was given
    bound: str
    cells: str = ""  # fingerprint of the contents of the finding's cells; reasons of earlier versions have none
    code: str = ""  # of the finding's rule; reasons of earlier versions have none


def key_of(finding: Finding) -> str:
    """Return the fact under which a reason for this finding is kept: the same while only numbers change.

    Findings that differ in a number only share it; the second reason is kept under `<key>.2`, and so on (`name_of`).
    """
    cells = ",".join(map(str, finding.cells[:3]))
    identity = "|".join((finding.code, finding.section, cells, _DIGITS.sub("#", _as_first_written(finding.message))))
    return EXPLAINED + hashlib.sha256(identity.encode()).hexdigest()[:20]


def _as_first_written(message: str) -> str:
    """Return a message with the marks 「」 and the words of the first messages: reasons given then keep their keys."""
    message = _ORIGINAL.sub("", message)
    for now, then in _FIRST_WORDS:
        message = message.replace(now, then)
    return message.translate(_FIRST_QUOTES)


def fingerprint(finding: Finding) -> str:
    """Return a hash of the finding's sentence, which changes with every number in it."""
    return hashlib.sha256(_as_first_written(finding.message).encode()).hexdigest()[:20]


def cells_of(report: Report, finding: Finding) -> str:
    """Return a hash of the finding's cells, which changes even if the sentence does not: 3＋5 and 4＋4 are both 8."""
    typed = [(str(address), report.entry(address).shown()) for address in finding.cells]
    return hashlib.sha256(repr(typed).encode()).hexdigest()[:20] if typed else ""


def base_of(name: str) -> str:
    """Return the key of the findings that a reason's fact is about."""
    return name.partition(".")[0]


def _kept(report: Report, finding: Finding) -> dict[str, Explanation]:
    """Return all reasons under a finding's key, by the names of their facts."""
    given = facts_under(report.facts, EXPLAINED)
    if not given:
        return {}
    key = key_of(finding)
    named = {name: _read(value) for name, value in given.items() if base_of(name) == key}
    return {name: explanation for name, explanation in named.items() if explanation}


def name_of(report: Report, finding: Finding, present: Iterable[Finding]) -> str:
    """Return the fact that keeps the reason of this finding and of no similar one; "" if there is none.

    It is the one given for the same sentence, or else one whose own sentence has gone.
    """
    kept, mine = _kept(report, finding), fingerprint(finding)
    taken = {fingerprint(other) for other in present}
    exact = [name for name, explanation in kept.items() if explanation.bound == mine]
    return next(iter([*exact, *(name for name, explanation in kept.items() if explanation.bound not in taken)]), "")


def _place_for(report: Report, finding: Finding, present: Sequence[Finding]) -> str:
    """Return the fact to keep a reason in: its own one, as long as there are more such findings than reasons."""
    key, kept, mine = key_of(finding), _kept(report, finding), fingerprint(finding)
    peers = {fingerprint(other) for other in present if key_of(other) == key} | {mine}
    exact = any(explanation.bound == mine for explanation in kept.values())
    if kept and (exact or len(kept) >= len(peers)) and (name := name_of(report, finding, present)):
        return name
    names = chain([key], (f"{key}.{number}" for number in count(2)))
    return next(name for name in names if name not in kept)


def explanation_for(
    report: Report, finding: Finding, kind: str, words: str, present: Sequence[Finding] = ()
) -> tuple[str, str]:
    """Return the fact (name, value) that keeps a reason; raises `ValueError` with a message to show if it is refused.

    `present`: all findings of the report, whose own reasons stay.
    """
    if finding.severity is Severity.ERROR and not finding.overrulable:
        raise ValueError("错误必须改正，不能以说明代替")
    if problem := objection(kind, words):
        raise ValueError(problem)
    content = kind, words.strip(), finding.message
    explanation = Explanation(*content, fingerprint(finding), cells_of(report, finding), finding.code)
    return _place_for(report, finding, present), json.dumps(asdict(explanation), ensure_ascii=False, sort_keys=True)


def objection(kind: str, words: str) -> str:
    """Return a message why these words are no reason; "" when they are one."""
    bare = re.sub(r"[\s，。、；：！.,;:!]", "", words)
    if kind not in KINDS:
        return f"请选择原因：{'、'.join(KINDS)}"
    if len(_EMPTY_WORDS.sub("", bare)) < LEAST:
        return "“核实无误”“无”之类的话没有说明原因，请写清楚为什么可以保留"
    if len(bare) < SHORTEST or len(set(_HAN.findall(bare))) < FEWEST:
        return f"说明太短，请用至少 {SHORTEST} 个字写清原因"
    return ""


def explanation_of(report: Report, finding: Finding) -> Explanation | None:
    """Return the reason given for a finding, valid or not; one for the same sentence before one with other numbers."""
    if not (kept := list(_kept(report, finding).values())):
        return None
    mine = fingerprint(finding)
    return next((explanation for explanation in kept if explanation.bound == mine), kept[0])


def state_of(report: Report, finding: Finding) -> ExplanationState:
    """Tell whether a finding is open, explained, or to be confirmed again."""
    explanation = explanation_of(report, finding)
    if explanation is None:
        return ExplanationState.OPEN
    holds = explanation.bound == fingerprint(finding) and explanation.cells in ("", cells_of(report, finding))
    return ExplanationState.EXPLAINED if holds else ExplanationState.RECONFIRM


def all_explanations(report: Report) -> Iterator[tuple[str, Explanation]]:
    """Yield every reason with the name of its fact, in the order given."""
    for name, value in facts_under(report.facts, EXPLAINED).items():
        if explanation := _read(value):
            yield name, explanation


def is_silenced(report: Report, finding: Finding) -> bool:
    """Return True for a 提示 whose rule this unit has hidden; nothing stronger can be hidden."""
    return finding.severity is Severity.HINT and SILENCED + finding.code in report.facts


def _read(value: str) -> Explanation | None:
    if not value:
        return None
    try:
        explanation = Explanation(**json.loads(value))
    except (ValueError, TypeError, RecursionError):  # not in our form: no reason, and the finding is open
        return None
    return explanation if all(isinstance(part, str) for part in astuple(explanation)) else None
