"""Rules about dates: days that do not exist, years out of reach, work told of a time to come, plans for a past year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator

from model.checks import Finding
from model.prose import Passage, Sentence, clause_end, clause_start, mend, sentences

_DATE = re.compile(r"(?<![\d.])(?:(?P<year>\d{4})年(?:度)?)?(?P<month>\d{1,2})月(?:份|(?P<day>\d{1,2})[日号])?")
_YEAR = re.compile(r"(?<![\d.])(?P<year>\d{4})年")
_EARLIEST, _LATEST = 1840, 2100  # years that a report may name, the later ones only as those of an aim or a term
_AIM = re.compile("目标|远景|愿景|展望|规划|纲要|力争|争取|实现|建成|达到|达峰|中和|届|有效|期限|任期|将|拟|计划|《")
_TOLD = re.compile(r"度?(?:，|全年|[我本全][\u4e00-\u9fff]|共|累计|主动公开|收到|受理|发布)")
_WRITTEN_UNTIL = 3  # month of the next year in which the last reports are written
_PAST = re.compile(r"已|了|共|完成|召开|举办|组织|印发|开展|收到|发布|制定|获评|荣获")
_PLAN = re.compile(r"将|拟|计划|预计|争取|力争|确保|前|继续|规划|目标|下一步|截止|有效期|实施|施行")
_SINCE = re.compile(r"以来|已于|已自")
_NEXT_STEP = re.compile(r"下一?步|接下来|今后|新的一年|下一?阶段|下一?年度?[，将]")
_WILL = re.compile(
    r"(?<!\d)(?P<year>20\d\d)年度?，?(?:[我本全][\u4e00-\u9fff]{1,3})?"
    r"(?:将(?=进一步|继续|重点|着力|持续|不断|切实|从|围绕|以|紧|加|按|坚|深|认|严|积|强)|计划|拟|要(?=继续|进一步|重点|着力))"
)
# Plans with a verb in front of the year, unless they are told as made before: 计划于2019年上半年修订.
_AIMED = re.compile(
    r"(?<![原曾])(?:力争|争取|计划|拟|预计|打算)(?:[在于到]|今年)?(?P<year>20\d\d)年(?!度?[\u4e00-\u9fff]{0,8}(?:计划|要点|方案))"
)
_MADE_BEFORE = re.compile("原|曾|按照|根据|上年|去年|此前|当时|已|完成了|如期")


def find(passage: Passage) -> Iterator[Finding]:
    """Report days, months and years that cannot be, and dates after the report was written."""
    text, year = passage.folded.text, passage.state.report.year
    for match in _DATE.finditer(text):
        if not _exists(match) or _after_the_report(text, match, year):
            yield passage.found("impossible-date", [passage.span(match.start(), match.end())])
    for match in _YEAR.finditer(text):
        if not _EARLIEST <= int(match["year"]) <= _LATEST or _told_of_the_future(text, match, year):
            yield passage.found("impossible-date", [passage.span(match.start(), match.end())])


def _told_of_the_future(text: str, match: re.Match[str], year: int) -> bool:
    """Return True for a year after the next that opens a sentence about work and is no aim: 2052年，全县坚持….

    The next year is left to the rule about years left over.
    """
    start, end = clause_start(text, match.start()), clause_end(text, clause_end(text, match.end()) + 1)
    opens = start == match.start() and (start == 0 or text[start - 1] in "。\n）：；")
    late = int(match["year"]) > year + 1
    return late and opens and bool(_TOLD.match(text, match.end())) and not _AIM.search(text, start, end)


def _exists(match: re.Match[str]) -> bool:
    month, day = int(match["month"]), match["day"]
    if not 1 <= month <= 12:
        return False
    year = int(match["year"] or 0) or 2024  # without a year, 29 February may be right
    return not day or 1 <= int(day) <= calendar.monthrange(year, month)[1]


def _after_the_report(text: str, match: re.Match[str], year: int) -> bool:
    """Return True for work told as done in a month after the one in which reports are written."""
    late = match["year"] and (int(match["year"]), int(match["month"])) > (year + 1, _WRITTEN_UNTIL)
    if not late:
        return False
    clause = text[clause_start(text, match.start()) : clause_end(text, clause_end(text, match.end()) + 1)]
    if _SINCE.search(clause):
        return True
    return int(match["year"]) == year + 1 and bool(_PAST.search(clause)) and not _PLAN.search(clause)


def find_plans(passage: Passage) -> Iterator[Finding]:
    """Report a plan for the report's own year or an earlier one: 下一步，2024年我局将进一步……."""
    text, year = passage.folded.text, passage.state.report.year
    for sentence in sentences(text):
        if _NEXT_STEP.search(text, sentence.start, sentence.end):
            yield from _plans_for_the_past(passage, sentence, year)
        if not _MADE_BEFORE.search(text, sentence.start, sentence.end):
            for match in _AIMED.finditer(text, sentence.start, sentence.end):
                yield from _past_plan(passage, match, year)


def _plans_for_the_past(passage: Passage, sentence: Sentence, year: int) -> Iterator[Finding]:
    for match in _WILL.finditer(passage.folded.text, sentence.start, sentence.end):
        yield from _past_plan(passage, match, year)


def _past_plan(passage: Passage, match: re.Match[str], year: int) -> Iterator[Finding]:
    if int(match["year"]) <= year:
        span = passage.span(match.start("year"), match.end("year") + 1)
        fix = mend(f"改为 {year + 1}年", (span, f"{year + 1}年"))
        yield passage.found("plan-year", [span], fix=fix, year=str(year))
