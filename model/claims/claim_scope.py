"""Decides what a number is about: the subject of the table or another one, this year or another time, all or a part."""

from __future__ import annotations

import re
from collections.abc import Iterable

from model.claims.claim_binding import Chain
from model.claims.claim_sentence import ClaimSentence, last_of
from model.prose import Amount, Rank, Subject

_MONTHS = re.compile(r"\d{1,2}月(?!\d{1,2}[日号]|底|末)|\d{1,2}[-—至]\d{1,2}月")
_SHORT = 6  # characters of a clause that tells only the time, with its comma
_ROUGH_UNITS = "条项个"
_WAYS = "渠道|方式|途径|形式"
_ALL_WAYS = re.compile(rf"(?:通过|以)?[^，。；|]{{0,24}}等[^，。；|]{{0,6}}(?:{_WAYS}|平台)|多种(?:{_WAYS})")
_ALL_OF_US = re.compile(r"■+[^，。；：|]{0,14}?(?:部门|单位|镇街|乡镇|街道办|街道|机关)")  # 全区各部门、镇街
_DAY = re.compile(r"月\d{1,2}[日号](?!至)")
_UNTIL = re.compile(r"截[至止]|[至到]\d{1,2}月|止")
_COUNT = re.compile(r"[数量](?:共|总)?[计为是达]{0,2}：?$")


def about(sentence: ClaimSentence, amount: Amount, chain: Chain) -> bool:
    """Return True if the number counts what the table counts, not letters, permits or hot-line calls."""
    subject = sentence.words.subjects.get(chain.table)
    if not subject or not _unit_fits(sentence, amount, subject, chain):
        return False
    if not amount.unit and not _counts_without_unit(sentence, amount, chain):
        return False
    start, end = _wide_clause(sentence, min(chain.start, amount.start), max(chain.end, amount.end))
    if _of_other_thing(sentence, chain, amount, subject) or _of_outer_number(sentence, chain, amount, subject):
        return False
    if sentence.says(sentence.small.unknown(subject), start, end):
        clause = sentence.outside(start, end)
        stranger = last_of(clause, 0, len(clause), subject.unknown)
        if not any(clause.find(word, stranger + 1) >= 0 for word in ("信息公开申请", "依申请公开")):
            return False
    return not chain.generic or _on_subject(sentence, chain, start, end, subject)


def _wide_clause(sentence: ClaimSentence, start: int, end: int) -> tuple[int, int]:
    """The clause around a stretch; behind a closed bracket it begins where the clause before the bracket does."""
    start, end = sentence.clause(start, end)
    if sentence.text[start - 1 : start] == "）":
        opened = sentence.text.rfind("（", sentence.start, start)
        start = sentence.clause(opened, opened)[0] if opened >= 0 else start
    return start, end


def _of_other_thing(sentence: ClaimSentence, chain: Chain, amount: Amount, subject: Subject) -> bool:
    """Return True for 办理热线工单2117件，8件正在办理: the thing counted before in the sentence is another one."""
    place = min(chain.start, amount.start)
    strange = sentence.small.unknown(subject)
    if not subject.words or not strange.search(sentence.text, sentence.start, place):
        return False
    own = last_of(sentence.text, sentence.start, chain.end if chain.behind else amount.end, subject.words)
    since = max(own, sentence.text.rfind("；", sentence.start, place)) if own >= 0 else own
    told = [number for number in sentence.numbers if since < number.start and number.end <= place and number.unit]
    stretches = [_before_number(sentence, number) for number in told]
    return any(strange.search(sentence.outside(*s)) for s in stretches if not _has_term(sentence, chain.table, *s))


def _has_term(sentence: ClaimSentence, table: str, start: int, end: int) -> bool:
    terms = (f for f in sentence.terms if start <= f.start and f.end <= end and not f.term.generic)
    return any(found.term.table == table for found in terms)


def _before_number(sentence: ClaimSentence, number: Amount) -> tuple[int, int]:
    """The stretch of a clause in front of its number."""
    return sentence.clause(number.start, number.start)[0], number.start


def _of_outer_number(sentence: ClaimSentence, chain: Chain, amount: Amount, subject: Subject) -> bool:
    """Return True for 行政复议9件（含上一年度结转1件）: a number in a bracket behind one of another table."""
    opened = sentence.text.rfind("（", sentence.start, amount.start)
    if opened < 0 or sentence.text.find("）", opened, amount.start) >= 0:
        return False
    before = [f for f in sentence.terms if f.end <= opened and f.start >= sentence.clause(opened, opened)[0]]
    inside = last_of(sentence.text, opened, amount.end, subject.words)
    return bool(before) and inside < 0 and before[-1].term.table != chain.table


def counted(sentence: ClaimSentence, amount: Amount, subject: Subject) -> bool:
    """Return True if a number without a row counts what the table counts, in a clause about nothing else."""
    start, end = sentence.clause(amount.start, amount.end)
    if (
        not amount.unit
        or amount.unit not in subject.units
        or sentence.says(sentence.small.unknown(subject), start, end)
    ):
        return False
    if not _this_year(sentence, amount, start, end):
        return False
    return last_of(sentence.text, sentence.start, sentence.end, subject.words) >= 0 or subject.table in sentence.topics


def _counts_without_unit(sentence: ClaimSentence, amount: Amount, chain: Chain) -> bool:
    """Return True if a number without a unit has its row or column, or a word for a count, in front of it."""
    told = _COUNT.search(sentence.text, chain.start, amount.start)
    return not chain.behind and bool(chain.columns or not chain.generic or told)


def _unit_fits(sentence: ClaimSentence, amount: Amount, subject: Subject, chain: Chain) -> bool:
    return amount.money or amount.unit in subject.units or _named(sentence, amount, subject.words, chain)


def _named(sentence: ClaimSentence, amount: Amount, words: Iterable[str], chain: Chain) -> bool:
    """Return True for an unusual unit with the subject named, as in 收到2条政府信息公开申请.

    A word for one row may have the subject in the sentence before: 收到申请13条。其中13条无法提供.
    """
    if not amount.unit or amount.unit not in _ROUGH_UNITS:
        return False
    start, end = sentence.clause(amount.start, amount.end)
    if not chain.generic:
        start = sentence.before
    clause = sentence.text[start:end]
    return any(word in clause for word in words) and any(name in clause for name in sentence.words.mentions.named)


def _on_subject(sentence: ClaimSentence, chain: Chain, start: int, end: int, subject: Subject) -> bool:
    """Return True if a sentence with generic words (收到, 办理) is about the subject and no other one since."""
    text, words = sentence.text, subject.words
    strange = sentence.small.unknown(subject).search(text, 0, sentence.end)
    unknown = subject.unknown if strange else ()
    own = last_of(text, sentence.start, end, words)
    if own >= 0:
        return own > last_of(text, sentence.start, start, unknown)
    if last_of(sentence.outside(sentence.start, sentence.end), 0, sentence.end, unknown) >= 0:
        return False
    if chain.table in sentence.topics:
        return True
    telling = any(f.term.table == chain.table and not f.term.generic for f in sentence.terms)
    if telling or last_of(text, sentence.start, sentence.end, words) >= 0:
        return True
    own, other = (last_of(text, sentence.before, sentence.start, some) for some in (words, unknown))
    head = sentence.without_years(sentence.start, chain.start)
    return own > other or (other < 0 and bool(sentence.small.head.fullmatch(head)))


def of_this_time(sentence: ClaimSentence, amount: Amount, chain: Chain) -> bool:
    """Return False for a number of a month, of several years, or of a year before the last or after this one."""
    start, end = sentence.clause(min(chain.start, amount.start), amount.end)
    return _this_year(sentence, amount, start, end)


def _this_year(sentence: ClaimSentence, amount: Amount, start: int, end: int) -> bool:
    if last_of(sentence.text, start, end, sentence.words.mentions.cumulative) >= 0:
        start = sentence.start
    if sentence.says(sentence.small.times, start, end) or _months(sentence, start, end):
        return False
    if _last_year_before(sentence, start):
        return False
    return sentence.year_said(amount.start) in (sentence.year, sentence.year - 1)


def _last_year_before(sentence: ClaimSentence, start: int) -> bool:
    """Return True if the short clause before tells another time: 年初，尚有2件在办."""
    before, _ = sentence.clause(max(start - 1, sentence.start), start)
    told = sentence.text[before:start] if start - before <= _SHORT else ""
    return any(word in told for word in sentence.words.mentions.last_year)


def _months(sentence: ClaimSentence, start: int, end: int) -> bool:
    return sentence.text.find("月", start, end) >= 0 and bool(_MONTHS.search(sentence.outside(start, end)))


def is_whole(sentence: ClaimSentence, amount: Amount, chain: Chain) -> bool:
    """Return False if this clause or the one before may count only a part, or the number is approximate."""
    if (
        amount.about
        or chain.part
        or _apart(sentence, amount)
        or _of_one_day(sentence, chain, amount)
        or sentence.text.startswith("每", chain.start - 1)
        or (chain.behind and chain.generic and not chain.columns and _in_part(sentence, amount))
    ):
        return False
    start, end = sentence.clause(min(chain.start, amount.start), amount.end)
    if chain.rank is Rank.NOUN and not chain.behind and not chain.columns and not _bare(sentence, start, chain.start):
        return False
    if chain.generic:  # 县政府办公室高度重视，全年收到26件: the clause before may name whose they are
        start, _ = sentence.clause(max(start - 1, sentence.start), end)
    if _counts_a_part(sentence, start, end) or _of_other_office(sentence, start, chain.start):
        return False
    return not (_of_own_duty(sentence, chain) or _of_documents(sentence, amount, chain))


def _of_one_day(sentence: ClaimSentence, chain: Chain, amount: Amount) -> bool:
    """Return True for 12月30日收到的1件; 截至12月31日 tells of the whole year."""
    start, end = sentence.clause(min(chain.start, amount.start), amount.end)
    day = _DAY.search(sentence.text, start, min(chain.start, amount.start) + 1)
    return bool(day) and not _UNTIL.search(sentence.text, start, end)


def _apart(sentence: ClaimSentence, amount: Amount) -> bool:
    """Return True for a number behind words that set it apart from what the tables hold."""
    return bool(sentence.small.apart.search(sentence.text, sentence.start, amount.end))


def _of_documents(sentence: ClaimSentence, amount: Amount, chain: Chain) -> bool:
    """Return True for 主动公开7条，依申请公开59条: documents by kind, unless a verb tells of applications."""
    told = last_of(sentence.text, sentence.start, amount.start, sentence.words.subjects[chain.table].attributes)
    if told < 0 or not any(told < number.start < chain.start for number in sentence.numbers):
        return False
    verbs = (f for f in sentence.terms if f.term.rank is Rank.VERB and f.term.table == chain.table)
    return not any(found.start < amount.end for found in verbs)


def _of_own_duty(sentence: ClaimSentence, chain: Chain) -> bool:
    """Return True for 我局作为复议机构办理案件412件: cases that the office decides, unless about information."""
    subject = sentence.words.subjects[chain.table]
    before = sentence.text[sentence.before : chain.start]
    if any(word in sentence.text[sentence.start : chain.start] for word in subject.duties):
        return True
    decides = any(word in before for word in subject.duties)
    decides = decides or any(name.endswith(subject.duty_offices) for name in sentence.own)
    decides = decides and not any(word in before for word in sentence.words.mentions.parties)
    return decides and not any(name in before for name in sentence.words.mentions.named)


def _counts_a_part(sentence: ClaimSentence, start: int, end: int) -> bool:
    """Return True for words of a part or of one way among several; 通过线上、信函等渠道 names all of them."""
    parts = sentence.small.parts
    if not parts.search(sentence.text, start, end):
        return False
    return bool(parts.search(_ALL_WAYS.sub("", sentence.outside(start, end))))


def _bare(sentence: ClaimSentence, start: int, end: int) -> bool:
    """Tell whether nothing qualifies a noun that begins at `end` (申请 in 本年申请, not in 信函申请)."""
    words = _ALL_WAYS.sub("", sentence.outside(start, end, years=False)).replace("|", "")
    for name in sentence.own:
        words = words.replace(name, "")
    return bool(sentence.small.head.fullmatch(words))


def _of_other_office(sentence: ClaimSentence, start: int, end: int) -> bool:
    """Return True if another office is named and the report's own is not named after it."""
    if not sentence.small.offices.search(sentence.text, start, end):
        return False
    stretch = sentence.outside(start, end)
    for name in sentence.own:
        stretch = stretch.replace(name, "■" * len(name))
    stretch = _ALL_OF_US.sub("■", stretch)
    other = [match.end() for match in sentence.small.offices.finditer(stretch)]
    return bool(other) and stretch.rfind("■") < other[-1]


def _in_part(sentence: ClaimSentence, amount: Amount) -> bool:
    """Return True after 其中, unless what is left over is told behind: 其中298件办结，17件结转下年度."""
    rest = any(found.term.rest and found.start > amount.end for found in sentence.terms)
    return not rest and sentence.text.find("其中", sentence.start, amount.start) >= 0
