"""Rules about years in the text: last year's words left in, and the reporting period (统计期限)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from model.checks import Finding
from model.form import PREFACE
from model.prose import Passage, clause_end, clause_start, mend

_YEAR = re.compile(r"(?<!\d)(?P<year>20\d{2})年")
# A report's name after its year: 2024年度报告, 2024年政府信息公开工作年度报告.
_TITLE = re.compile(r"度?(?:[\u4e00-\u9fff]{0,12}信息公开(?:工作)?)?(?:年度报告|年报)|度报告")
# Words about last year's report.
_ISSUED = re.compile(r"发布|公布|公开|更新|完成|上传|报送|印发|制作|上年|去年|核查|检查|针对|提出|整改")
_LAST = re.compile(r"上年|去年|上一年")
_THIS_REPORT = re.compile(r"本报告|本年度报告|本年报|现公布|现将|现向社会|特向社会|向社会公布|现予公布|编制本|编制$")
# At the start of a sentence: 2024年，我局 / 2024年度，/ 2024年全年 / 2024年我局
_BODY = "局委厅办镇乡街市县区院省"
_OPENING = re.compile(rf"度?(?:，|全年|[我本][{_BODY}机]|全[{_BODY}])")
# Inside a sentence: 我局2024年共主动公开, 2024年收到
_WORK = re.compile(
    r"度?(?:全年|共|累计)?(?:主动公开|公开政府信息|收到|受理|新收|发布|未收到|答复|办结|制发|组织|召开|开展)"
)
_COMPARED = re.compile(r"[较比与同自从于至到向和及、]$|相较$|相比于$|结转至$|以来$")
_UNTIL = re.compile(r"截[至止][到至]?$")
_PLANS = re.compile(r"将|计划|拟|下一步|继续|进一步|力争|打算|接下来|新的一年")
_COUNTED = re.compile(r"\d+(?:条|件|次|篇|期|个)")
_OTHER = re.compile(r"结转|底前|决算|预算|修订|施行|成立|印发|规划|以来|立法")


def find(passage: Passage) -> Iterator[Finding]:
    """Report years that can only be left over: in the report's own name, or before the year's work."""
    text, year = passage.folded.text, passage.state.report.year
    for match in _YEAR.finditer(text):
        said = int(match["year"])
        own = passage.section == PREFACE
        if said != year and _left_over(text, match, said, year, own=own) and not _in_period(passage, match.start()):
            span = passage.span(match.start(), match.end())
            fix = mend(f"改为 {year}年", (passage.span(match.start("year"), match.end("year")), str(year)))
            yield passage.found("wrong-year", [span], fix=fix, year=str(year))


def _left_over(text: str, match: re.Match[str], said: int, year: int, *, own: bool) -> bool:
    """Tell whether a year is left over; `own`: in the preface, which presents this report and no other."""
    start, end = clause_start(text, match.start()), clause_end(text, match.end())
    before, behind = text[start : match.start()], text[match.end() : match.end() + 30]
    if before.rfind("《") > before.rfind("》") or not year - 6 <= said <= year + 1:
        return False  # in a document's title, or too far from the report's year to be left over
    if title := _TITLE.match(behind):
        listed = before.endswith("、") or behind[title.end() :][:1].isdigit()  # an item in a list of publications
        other = (_LAST if own else _ISSUED).search(before + behind[title.end() :])
        return bool(_THIS_REPORT.search(before)) or not (listed or other)
    if _UNTIL.search(before):
        return said < year
    if _COMPARED.search(before) or _OTHER.search(text, match.end(), end):
        return False
    return _ahead(text, match, end) if said > year else _behind(text, match, start, year)


def _ahead(text: str, match: re.Match[str], end: int) -> bool:
    """Return True for next year described as past: with counts and no word of a plan."""
    sentence = text[match.start() : _sentence_end(text, end)]
    told = _OPENING.match(text, match.end()) and _COUNTED.search(sentence)
    return bool(told) and not _PLANS.search(sentence)


def _behind(text: str, match: re.Match[str], start: int, year: int) -> bool:
    """Return True if an earlier year opens a sentence, or last year precedes work, without the right year after it."""
    opens = start == match.start() and (start == 0 or text[start - 1] in "。\n）：；")
    opening = opens and _OPENING.match(text, match.end())
    working = int(match["year"]) == year - 1 and _WORK.match(text, match.end())
    return bool(opening or working) and f"{year}年" not in text[match.end() : _sentence_end(text, match.end())]


def _sentence_end(text: str, place: int) -> int:
    return min((found for sign in "。\n" if (found := text.find(sign, place)) >= 0), default=len(text))


# -- 统计期限 --------------------------------------------------------------------------------------------------------

_RANGE = re.compile(
    r"(?P<from>20\d{2})年(?P<first>\d{1,2}月\d{1,2})日(?:起|开始)?，?(?:至|到|-|—|~|～|－){1,2}"
    r"(?:(?P<to>20\d{2})年)?(?P<last>\d{1,2}月\d{1,2})[日号]"
)
_OTHER_DATA = re.compile(r"决算|预算|财政|财务|审计|普查")
_DAYS = {"first": "1月1", "last": "12月31"}


def _in_period(passage: Passage, place: int) -> bool:
    return any(match.start() <= place < match.end() for match in _RANGE.finditer(passage.folded.text))


def find_period(passage: Passage) -> Iterator[Finding]:
    """Report a period other than the report's year."""
    report = passage.state.report
    period = passage.ground.form.period.format(year=report.year)
    for match in _RANGE.finditer(passage.folded.text):
        near = (passage.before + passage.folded.text)[: len(passage.before) + match.end() + 10]
        near = near[max(0, len(passage.before) + match.start() - 30) :]
        edits = [
            (passage.span(match.start(name), match.end(name)), right) for name, right in _wrong(passage, match, near)
        ]
        if edits:
            span = passage.span(match.start(), match.end())
            yield passage.found("period-wrong", [span], fix=mend("改正统计期限", *edits), period=period)


def _wrong(passage: Passage, match: re.Match[str], near: str) -> Iterator[tuple[str, str]]:
    """The parts of a period that are wrong, each with what it should be; nothing for another stretch of time."""
    year, words = str(passage.state.report.year), passage.ground.rules.period_words
    told = any(word in near for word in words)
    whole = all(match[name] == day for name, day in _DAYS.items())
    if _OTHER_DATA.search(near):
        return
    if told or (whole and any(word in near for word in ("数据", "统计", "期限"))):
        yield from ((name, year) for name in ("from", "to") if match[name] and match[name] != year)
    if told:
        yield from ((name, day) for name, day in _DAYS.items() if match[name] != day)


def tells_period(passage: Passage) -> bool:
    """Return True for a paragraph that mentions the period, right or wrong."""
    text = passage.folded.text
    return any(sign in text for sign in passage.ground.rules.period_words) or bool(_RANGE.search(text))


def find_no_period(passage: Passage, told: Sequence[bool]) -> Iterator[Finding]:
    """Report a preface without a period; `told`: `tells_period` of the paragraphs of preface and first section."""
    if passage.typed.strip() and not any(told):
        period = passage.ground.form.period.format(year=passage.state.report.year)
        yield passage.found("period-missing", [], period=period)
