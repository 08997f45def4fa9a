"""Finds the words that say what a number counts: before it, behind it, or in a list told by 分别为."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from model.claims.claim_sentence import ClaimSentence, Found
from model.form import rows_named
from model.prose import DELIMITERS, Amount, Rank

_MAX_LABEL = 40  # characters between a phrase and its number, fillers included
_EACH = re.compile(r"(?:分别|各|均)(?:为|是|有|达)?$")
_RESPECTIVELY = ("分别", "依次")
_OUT_OF = re.compile(r"(?:之中|当中|中|里)(?:的|有|仅|只|仅有|只有|又有|另有|已有)?$")  # 8件复议案件中有2件
_SHARED_OUT = re.compile(r"分别|各自")
_BY = re.compile(r"(?:是|系|均)?(?:由|来自|为|系)[^，。；、：（）\d]{1,6}")
_EXCEPT = re.compile(r"除[^，。；：]{0,4}$")
_NEXT_IN_LIST = re.compile(r"[、，和及与]|以及")


@dataclass(frozen=True, slots=True)
class Chain:
    """The combined meaning of the words beside one number, in one table.

    `rows` and `columns` are alternatives, the latter each a sum; `each` is True if every one of the alternatives is
    meant (各1件); `part` is True if the number counts a part of what the words name.
    """

    table: str
    rows: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rank: Rank
    start: int
    end: int
    behind: bool  # the words follow the number
    each: bool = False
    part: bool = False

    @property
    def generic(self) -> bool:
        """Tell whether the words name no single row and need a subject."""
        return self.rank is not Rank.ROW


def chain_of(sentence: ClaimSentence, place: int) -> Chain | None:
    """The words that belong to the number at `place` of the sentence; None if there are none."""
    if _in_list(sentence, place):
        return _listed(sentence, place)
    first = before(sentence, place)
    if first and not first.part:
        return first
    second = behind(sentence, place)
    return (_of_whole(first, second) or first) if first else second


def _of_whole(whole: Chain, part: Chain | None) -> Chain | None:
    """The part of a whole: 审结的复议案件中1件被撤销 is a column of the row that the whole names."""
    if not part or part.table != whole.table or not (part.columns or not part.generic):
        return None
    return replace(part, rows=part.rows or whole.rows)


def before(sentence: ClaimSentence, place: int) -> Chain | None:
    """The words before the number with only fillers between them and it."""
    text, amount = sentence.text, sentence.numbers[place]
    floor = sentence.numbers[place - 1].end if place else sentence.start
    in_bracket = text[amount.start - 1 : amount.start] == "（" and text[amount.end : amount.end + 1] in DELIMITERS
    end = amount.start - (in_bracket or text[amount.start - 1 : amount.start] == "：")
    start = _label_start(sentence, floor, end if in_bracket else amount.start) if place else floor
    start = max(start, *(text.rfind(sign, start, end) + 1 for sign in "，。；："), _open_bracket(text, start, end))
    terms = _without_brackets(text, [f for f in sentence.terms if start <= f.start and f.end <= amount.start])
    if not terms or not sentence.filled(terms[-1].end, end):
        return None
    chain = _chain(sentence, terms, behind=False, each=bool(_EACH.search(text, terms[-1].end, end)))
    beside = [f for f in terms if f.end <= chain.start and f.term.table == chain.table and not f.term.generic]
    part = bool(_OUT_OF.search(text, terms[-1].end, end)) or (chain.generic and bool(beside))
    return replace(chain, part=part)


def _without_brackets(text: str, terms: Sequence[Found]) -> Sequence[Found]:
    """The terms without those in a bracket that is closed before the last one."""
    closed = text.rfind("）", terms[0].start, terms[-1].start) if terms else -1
    opened = text.rfind("（", 0, closed) if closed >= 0 else -1
    return [found for found in terms if not opened <= found.start < closed] if closed >= 0 else terms


def _open_bracket(text: str, start: int, end: int) -> int:
    """The position behind the last bracket opened and not closed in [start, end); 0 if there is none."""
    opened = text.rfind("（", start, end)
    return opened + 1 if opened >= 0 and text.find("）", opened, end) < 0 else 0


def total_before(sentence: ClaimSentence, place: int) -> tuple[int, int] | None:
    """The stretch of a word for a sum (合计, 两项相加) with only fillers between it and the number."""
    amount = sentence.numbers[place]
    start, _ = sentence.clause(amount.start, amount.start)
    start = max(start, sentence.numbers[place - 1].end if place else start)
    found = sentence.small.total.fullmatch(sentence.text, start, amount.start)
    return (start, amount.start) if found else None


def _label_start(sentence: ClaimSentence, floor: int, end: int) -> int:
    """The start of the label: after the first delimiter behind the previous number, whose own words precede it."""
    places = [found for sign in DELIMITERS if (found := sentence.text.find(sign, floor, end)) >= 0]
    return min(places) + 1 if places else floor


def behind(sentence: ClaimSentence, place: int) -> Chain | None:
    """The words behind the number (11件办结, 2件结转下年度)."""
    amount = sentence.numbers[place]
    if not amount.unit or sentence.text.startswith(("中", "之中"), amount.end):
        return None
    limit = sentence.numbers[place + 1].start if place + 1 < len(sentence.numbers) else sentence.end
    end = min((f for s in DELIMITERS if (f := sentence.text.find(s, amount.end, limit)) >= 0), default=limit)
    if _EXCEPT.search(sentence.text, sentence.start, amount.start):  # 除1件撤回外均予维持
        end = next((f for s in ("之外", "以外", "外") if (f := sentence.text.find(s, amount.end, end)) >= 0), end)
    terms = _next_to(sentence, amount.end, end)
    if not terms or end - amount.end > _MAX_LABEL or _of_next_number(sentence, place, terms[0]):
        return None
    tail_end = end - (sentence.text[end - 1 : end] == "中")
    told = _told_with_more(sentence, terms[-1])
    if not told and not sentence.filled(terms[-1].end, max(tail_end, terms[-1].end)):
        return None
    chain = _chain(sentence, terms, behind=True)
    return replace(chain, part=chain.start > terms[0].start and terms[0].term.table == chain.table)


def _next_to(sentence: ClaimSentence, start: int, end: int) -> Sequence[Found]:
    """The terms of a stretch; only those with fillers in front of them if the first of these names a row or column."""
    terms = [found for found in sentence.terms if start <= found.start and found.end <= end]
    if not terms or not _reaches(sentence, start, terms[0]):
        return ()
    near = 1
    while (
        near < len(terms)
        and terms[near].term.table == terms[0].term.table
        and _joined_by_fillers(sentence, terms[near - 1], terms[near])
    ):
        near += 1
    told = terms[:near]
    telling = [f for f in told if not f.term.generic]
    more = [f for f in terms[near:] if f.term.table == terms[0].term.table and not f.term.generic]
    return told if telling and not more else terms


def _reaches(sentence: ClaimSentence, start: int, first: Found) -> bool:
    """Tell whether only fillers stand before a word, or what describes the applicants that it names: 由环保公益组织."""
    described = first.term.columns and _BY.fullmatch(sentence.text, start, first.start)
    return sentence.filled(start, first.start) or bool(described)


def _joined_by_fillers(sentence: ClaimSentence, one: Found, other: Found) -> bool:
    return bool(sentence.small.filler.fullmatch(sentence.small.joiner.sub("", sentence.text[one.end : other.start])))


def _of_next_number(sentence: ClaimSentence, place: int, first: Found) -> bool:
    """Tell whether the word belongs to a number in brackets behind it: 其余26件分别来自律师事务所（9件）."""
    start = sentence.numbers[place].end
    if _SHARED_OUT.search(sentence.text, start, first.start):
        return True
    following = sentence.numbers[place + 1] if place + 1 < len(sentence.numbers) else None
    return (
        following is not None and sentence.text[first.end : following.end + 1] == f"（{_typed(sentence, following)}）"
    )


def _typed(sentence: ClaimSentence, number: Amount) -> str:
    return sentence.text[number.start : number.end]


def _told_with_more(sentence: ClaimSentence, last: Found) -> bool:
    """Tell whether more may follow the word: 被复议机关撤销部分内容, 因第三方不同意且不影响公共利益."""
    if last.term.columns:
        return any(found.term.rows and found.term.table == last.term.table for found in sentence.terms)
    return last.term.rank is Rank.ROW and sentence.text.startswith(("且", "并", "而"), last.end)


def _chain(sentence: ClaimSentence, terms: Sequence[Found], *, behind: bool, each: bool = False) -> Chain:
    """The words next to the number that belong together: joined by 和 or 、, or with fillers between them."""
    last = terms[-1]
    chain = [last]
    for found in reversed(terms[:-1]):
        gap = sentence.small.joiner.sub("", sentence.text[found.end : chain[-1].start])
        own = found.start != chain[-1].start and found.term.table == last.term.table
        if own and sentence.small.filler.fullmatch(gap):
            chain.append(found)
    chain.reverse()
    rows, columns = [f for f in chain if f.term.rows], [f for f in chain if f.term.columns]
    rank = max((found.term.rank for found in rows), default=Rank.ROW)
    joined = _joined(sentence, [found for found in rows if found.term.rank is rank])
    named = _joined(sentence, columns)
    each_column = each and len(named) > 1
    names = tuple(one for f in named for one in f.term.columns) if each_column else _columns_added(named)
    told = _alternatives(joined) if each or rank is not Rank.ROW else _added(joined)
    alternatives = (*_reason(sentence, rows, joined), *told, *_with_verbs(sentence, rows, joined))
    several = each_column or (each and (len(joined) > 1 or any(" + " in row for row in alternatives)))
    return Chain(last.term.table, alternatives, names, rank, chain[0].start, last.end, behind, several)


def _with_verbs(sentence: ClaimSentence, rows: Sequence[Found], joined: Sequence[Found]) -> tuple[str, ...]:
    """The sum with a verb of one row: 新收申请与上年结转申请合计264件."""
    single = [f for f in rows if not f.term.generic or (f.term.rank is Rank.VERB and len(f.term.rows) == 1)]
    more = _joined(sentence, single)
    return _added(more) if len(more) > len(joined) and joined and not joined[-1].term.generic else ()


def _reason(sentence: ClaimSentence, rows: Sequence[Found], joined: Sequence[Found]) -> tuple[str, ...]:
    """The rows of a group that stand before its name: 因信息不存在无法提供4件 may count them or the whole group."""
    if len(joined) != 1 or joined[0].term.generic:
        return ()
    group = set(rows_named(sentence.words.form.table(joined[0].term.table), joined[0].term.rows[:1]))
    before = [f for f in rows if not f.term.generic and f.end <= joined[0].start and f.term.rows[0] in group]
    return _added(before)


def _joined(sentence: ClaimSentence, terms: Sequence[Found]) -> Sequence[Found]:
    """The last term and those joined to it."""
    kept = list(terms[-1:])
    for found in reversed(terms[:-1]):
        if not sentence.small.joiner.search(sentence.text, found.end, kept[0].start):
            break
        kept.insert(0, found)
    return kept


def _alternatives(terms: Sequence[Found]) -> tuple[str, ...]:
    """Every row that one of the terms may mean: 收到并答复 is either of them."""
    return tuple(dict.fromkeys(row for found in terms for row in found.term.rows))


def _added(terms: Sequence[Found]) -> tuple[str, ...]:
    """The rows of one term, or the sum of the rows of several: 予以公开和部分公开."""
    if len(terms) < 2:
        return terms[0].term.rows if terms else ()
    return (" + ".join(dict.fromkeys(found.term.rows[0] for found in terms)),)


def _columns_added(terms: Sequence[Found]) -> tuple[tuple[str, ...], ...]:
    """The alternatives of a sum of columns: 自然人和企业 adds both."""
    if not terms:
        return ()
    choices = product(*(found.term.columns for found in terms))
    return tuple(tuple(dict.fromkeys(name for columns in choice for name in columns)) for choice in choices)


# -- lists told by 分别 ----------------------------------------------------------------------------------------------


def _listed(sentence: ClaimSentence, place: int) -> Chain | None:
    """The term of a number in 予以公开、部分公开分别为8件、3件: the first number has the first term."""
    first, last = _run(sentence, place)
    told = _respectively(sentence, first)
    if told < 0:
        return None
    terms = [one for found in sentence.terms if found.end <= told for one in _one_by_one(sentence, found)]
    count = last - first + 1
    chosen = list(_joined(sentence, [f for f in terms if f.term.table == terms[-1].term.table])) if terms else []
    if len(chosen) != count or not sentence.filled(chosen[-1].end, told):
        return None
    own = chosen[place - first]
    return replace(_chain(sentence, [own], behind=False), start=own.start, end=own.end)


def _one_by_one(sentence: ClaimSentence, found: Found) -> Iterator[Found]:
    """Yield the rows of a word that lists several: 予以公开、部分公开."""
    words = sentence.text[found.start : found.end].split("、")
    rows = found.term.rows[0].split(" + ") if len(found.term.rows) == 1 else []
    if len(words) < 2 or len(words) != len(rows):
        yield found
        return
    start = found.start
    for word, row in zip(words, rows, strict=True):
        yield replace(found, start=start, end=start + len(word), term=replace(found.term, rows=(row,)))
        start += len(word) + 1


def _in_list(sentence: ClaimSentence, place: int) -> bool:
    """Tell whether a number is one of several told by 分别 or 依次."""
    first, last = _run(sentence, place)
    return first < last and _respectively(sentence, first) >= 0


def _respectively(sentence: ClaimSentence, first: int) -> int:
    """The position of 分别 or 依次 before the first number of a list, fillers between; -1 if there is none."""
    start = sentence.numbers[first].start
    floor = max(sentence.start, start - _MAX_LABEL // 4)
    word = max(sentence.text.rfind(sign, floor, start) for sign in _RESPECTIVELY)
    return word if word >= 0 and sentence.filled(word + 2, start - (sentence.text[start - 1] == "：")) else -1


def _run(sentence: ClaimSentence, place: int) -> tuple[int, int]:
    """The first and last place of the numbers that stand next to each other, with only 、 or 和 between them."""
    first = last = place
    while first and _follows(sentence, first - 1):
        first -= 1
    while last + 1 < len(sentence.numbers) and _follows(sentence, last):
        last += 1
    return first, last


def _follows(sentence: ClaimSentence, place: int) -> bool:
    gap = sentence.text[sentence.numbers[place].end : sentence.numbers[place + 1].start]
    return bool(_NEXT_IN_LIST.fullmatch(gap))
