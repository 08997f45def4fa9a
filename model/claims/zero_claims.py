"""Rules about wording that implies a 0 in other cells: 未收到, 未发生, 均已办结, 全部维持."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from model.checks import BEHIND, Finding
from model.claims.claim_check import said
from model.claims.claim_sentence import last_of
from model.form import Address
from model.prose import (
    AllWords,
    Meaning,
    Passage,
    Sentence,
    Vocabulary,
    clause_end,
    clause_start,
    mark_years,
    sentences,
)

_REACH = 45  # characters from the beginning of a negation to the end of its clause
_EXCEPT = re.compile(r"除[^。；]{1,40}外(?:，|均|都|其余|全部)")  # 除1件撤回外均予维持
_OTHER_YEAR = re.compile(r"(?<!\d)(20\d\d)年")


def find_zero(passage: Passage) -> Iterator[Finding]:
    """Report 未收到申请 and the like if the table holds more than 0."""
    text, words = passage.folded.text, passage.ground.words
    for sentence in sentences(text):
        for start, end in _denied(text, sentence, words):
            if not _of_another_time(passage, sentence, start):
                yield from _contradicted(passage, start, end, _denied_cells(text, start, end, words, passage))


def _denied(text: str, sentence: Sentence, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """The start and end of each negated stretch: from the negation to the end of its clause."""
    for match in _negation(words).finditer(text, sentence.start, sentence.end):
        end = clause_end(text, match.end(), sentence.end)
        if end - match.start() <= _REACH:
            yield match.start(), end


def _denied_cells(text: str, start: int, end: int, words: Vocabulary, passage: Passage) -> Iterator[Meaning]:
    """The cells that should hold 0, named by the last words of the clause; none if it ends with anything else."""
    noun = words.mentions.zero.nouns
    found = [
        (first, last, term)
        for first, last, terms in words.lexicon.find(mark_years(text, passage.state.report.year), start, end)
        for term in terms
        if not term.generic and not term.weak and term.table in words.mentions.zero.tables
    ]
    rows = [item for item in found if item[2].rows]
    columns = tuple(dict.fromkeys(name for *_, term in found for names in term.columns[:1] for name in names))
    last = max((item[1] for item in rows), default=-1)
    named = max((place + len(word) for word in noun if (place := text.rfind(word, start, end)) >= 0), default=-1)
    if not _tail(words).fullmatch(text, max(last, named), end) or max(last, named) < 0:
        return
    if rows:
        for _, _, term in rows:
            own = columns if any(t.table == term.table and t.columns for *_, t in found) else ()
            yield from filter(None, [words.meaning(term.table, term.rows[0], own, money=False)])
        return
    for phrase in words.mentions.phrases:
        if phrase.generic:
            own = columns if any(t.table == phrase.table and t.columns for *_, t in found) else ()
            yield from filter(None, [words.meaning(phrase.table, phrase.rows[0], own, money=False)])
            return


def _of_another_time(passage: Passage, sentence: Sentence, place: int) -> bool:
    text, report = passage.folded.text, passage.state.report
    mentions = passage.ground.words.mentions
    clause = text[clause_start(text, place, sentence.start) : place]
    years = _OTHER_YEAR.findall(text, sentence.start, place)
    scopes = (*mentions.other_times, *mentions.last_year, *mentions.offices, *mentions.channels)
    return any(word in clause for word in scopes) or bool(years and int(years[-1]) != report.year)


def _contradicted(passage: Passage, start: int, end: int, meanings: Iterable[Meaning]) -> Iterator[Finding]:
    """Yield one finding if any of the cells holds more than 0."""
    words = passage.ground.words
    numbers = [(meaning, meaning.value(passage.state.printed_values)) for meaning in meanings]
    over = tuple((m, n) for m, n in dict.fromkeys(numbers) if n)  # a blank beside it takes nothing back
    if over:
        code = "zero-words" if _negation(words).match(passage.folded.text, start) else "all-words"
        cells: tuple[Address, ...] = tuple(name for meaning, _ in over for name in meaning.linear.names())
        yield passage.found(code, [passage.span(start, end)], cells=cells, cells_said=said(over))


def find_all(passage: Passage) -> Iterator[Finding]:
    """Report 均已办结, 办结率100%, 全部维持 if other cells contradict them."""
    text, words = passage.folded.text, passage.ground.words
    for rule in words.mentions.alls:
        for sentence in sentences(text):
            for match in _universal(rule).finditer(text, sentence.start, sentence.end):
                place = match.start()
                if _judged(passage, sentence, match.end(), rule) and not _of_another_time(passage, sentence, place):
                    cells = _zero_cells(text, sentence, rule, words)
                    yield from _contradicted(passage, place, match.end(), cells)


def _judged(passage: Passage, sentence: Sentence, end: int, rule: AllWords) -> bool:
    """Return True if the sentence is about the subject of the rule's table and names no exception (`unless`)."""
    text, subject = passage.folded.text, passage.ground.words.subjects[rule.table]
    own = last_of(text, sentence.start, end, subject.words)
    other = last_of(text, sentence.start, end, subject.unknown)
    after = (text + passage.behind)[sentence.start : sentence.end + BEHIND]
    if _EXCEPT.search(text, sentence.start, end):
        return False
    return own > other and not any(word in after for word in rule.unless)


def _zero_cells(text: str, sentence: Sentence, rule: AllWords, words: Vocabulary) -> Iterator[Meaning]:
    """The cells of the rows named in the sentence, or of all rows of the rule if it names none."""
    terms = [term for *_, found in words.lexicon.find(text, sentence.start, sentence.end) for term in found]
    named = {name for term in terms if term.table == rule.table for row in term.rows for name in row.split(" + ")}
    pairs = [path.split("/") for path in rule.zero]
    spoken = [pair for pair in pairs if pair[0] in named] or pairs
    for row, column in spoken:
        yield from filter(None, [words.meaning(rule.table, row, (column,), money=False)])


@lru_cache(maxsize=8)
def _negation(words: Vocabulary) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words.mentions.zero.none), key=len, reverse=True)))


@lru_cache(maxsize=8)
def _tail(words: Vocabulary) -> re.Pattern[str]:
    tail = "|".join(sorted(map(re.escape, words.mentions.zero.tail), key=len, reverse=True))
    return re.compile(rf"(?:{tail}|[。、]){{0,6}}")


@lru_cache(maxsize=8)
def _universal(rule: AllWords) -> re.Pattern[str]:
    marks, words = "|".join(rule.marks), "|".join(rule.words)
    due = "".join(f"(?<!{word})" for word in rule.before_rates)
    rates = rf"|{due}(?:{'|'.join(rule.rates)})(?:为|达|达到|均为|均达|保持)?100%" if rule.rates else ""
    return re.compile(rf"(?:{marks})[^，。；：、（）\n]{{0,10}}?(?:{words}){rates}")
