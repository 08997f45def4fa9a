"""Extracts claims about cells from prose: every amount with the cells that the phrase around it may mean.

Example: “受理95件（自然人89、法人6）；答复98件（含上年结转8件），结转5件”. The phrase before or after a number names
the row; whatever is missing is taken from earlier in the sentence. A doubtful case makes no claim: a missed mistake
costs less than a false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from model.narrative.amounts import Amount, amounts, within
from model.narrative.rule_set import Subject
from model.narrative.sentences import DELIMITERS, Sentence, clause_end, clause_start, fold, sentences
from model.narrative.vocabulary import Meaning, Term, Vocabulary, small_words

_YEARS = re.compile(r"(?<![\d较比同与自])(20\d\d)年(?!度?结转|[至到]20)")
_MONTHS = re.compile(r"\d{1,2}月(?!\d{1,2}[日号]|底|末)|\d{1,2}[-—至]\d{1,2}月")
_PART = re.compile(r"其中|（")
_MAX_LABEL = 40  # characters between a phrase and its number, fillers included


@dataclass(frozen=True, slots=True)
class Claim:
    """One amount and the cells it may stand for; `start`, `end`: the phrase with its number in the folded text.

    `strict` is False if the sentence may count only a part of what the table counts; such a claim can agree with a
    cell but cannot contradict it. `last_year`: the claim is about the year before.
    """

    amount: Amount
    start: int
    end: int
    table: str
    meanings: tuple[Meaning, ...]
    strict: bool
    last_year: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A term with its position in the text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, slots=True)
class _Chain:
    """The combined meaning of the terms around one amount, in one table."""

    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    generic: bool
    start: int
    end: int
    behind: bool  # the terms follow the number


@dataclass(frozen=True, slots=True)
class _Said:
    """An earlier claim of the same sentence."""

    place: int
    table: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    strict: bool


@lru_cache(maxsize=64)
def claims(text: str, vocabulary: Vocabulary, year: int) -> tuple[Claim, ...]:
    """All claims of a text as typed, in their order."""
    folded = fold(text).text
    found: list[Claim] = []
    numbers = amounts(folded)
    for sentence in sentences(folded):
        inside = within(numbers, sentence.start, sentence.end)
        if inside:
            found += _Reader(folded, sentence, inside, vocabulary, year).claims()
    return tuple(found)


class _Reader:
    """Extracts the claims of one sentence, from left to right."""

    def __init__(
        self, text: str, sentence: Sentence, numbers: Sequence[Amount], vocabulary: Vocabulary, year: int
    ) -> None:
        self._text, self._sentence, self._numbers = text, sentence, numbers
        self._words, self._year = vocabulary, year
        self._words_of = small_words(vocabulary)
        self._terms = [
            _Found(match.start(), match.end(), term)
            for match in vocabulary.pattern.finditer(text, sentence.start, sentence.end)
            for term in vocabulary.lookup(match.group(), year)
        ]
        self._said: list[_Said] = []

    def claims(self) -> Iterable[Claim]:
        for place, amount in enumerate(self._numbers):
            if amount.unit == "%":
                continue
            chain = self._before(place, amount) or self._behind(place, amount)
            claim = self._claim(place, amount, chain) if chain else None
            if claim:
                yield claim

    # -- the words around a number -------------------------------------------------------------------------------

    def _before(self, place: int, amount: Amount) -> _Chain | None:
        """The terms before the number with only fillers between them and it; None if there are none."""
        floor = self._numbers[place - 1].end if place else self._sentence.start
        start = self._label_start(floor, amount.start) if place else floor
        end = amount.start - (self._text[amount.start - 1 : amount.start] == "：")
        start = max(start, *(self._text.rfind(sign, start, end) + 1 for sign in "，。；：（"))
        terms = [found for found in self._terms if start <= found.start and found.end <= amount.start]
        if not terms or not self._words_of.filler.fullmatch(self._text, terms[-1].end, end):
            return None
        return self._chain(terms, behind=False)

    def _label_start(self, floor: int, end: int) -> int:
        """The start of the label: after the first delimiter behind the previous number, whose own words precede it."""
        places = [found for sign in DELIMITERS if (found := self._text.find(sign, floor, end)) >= 0]
        return min(places) + 1 if places else floor

    def _behind(self, place: int, amount: Amount) -> _Chain | None:
        """The terms after the number (11件办结, 2件结转下年度); None if there are none."""
        if not amount.unit:
            return None
        limit = self._numbers[place + 1].start if place + 1 < len(self._numbers) else self._sentence.end
        end = min((f for s in DELIMITERS if (f := self._text.find(s, amount.end, limit)) >= 0), default=limit)
        terms = [found for found in self._terms if amount.end <= found.start and found.end <= end]
        if not terms or end - amount.end > _MAX_LABEL:
            return None
        if not self._words_of.filler.fullmatch(self._text, amount.end, terms[0].start):
            return None
        tail = self._text[terms[-1].end : end].removesuffix("中")
        if not self._words_of.filler.fullmatch(tail):
            return None
        return self._chain(terms, behind=True)

    def _chain(self, terms: Sequence[_Found], *, behind: bool) -> _Chain:
        """The terms next to the number that belong together: joined by 和 or 、, or with fillers between them."""
        last = terms[-1]
        chain = [last]
        for found in reversed(terms[:-1]):
            gap = self._text[found.end : chain[-1].start]
            if found.start == chain[-1].start or not self._words_of.filler.fullmatch(
                self._words_of.joiner.sub("", gap)
            ):
                continue
            if found.term.table == last.term.table:
                chain.append(found)
        chain.reverse()
        rows = [found for found in chain if found.term.rows]
        columns = [found for found in chain if found.term.columns]
        names = tuple(dict.fromkeys(name for found in self._joined(columns) for name in found.term.columns))
        generic = all(found.term.generic for found in rows)
        return _Chain(last.term.table, self._sum(rows), names, generic, chain[0].start, last.end, behind)

    def _joined(self, terms: Sequence[_Found]) -> Sequence[_Found]:
        """The last term and those joined to it."""
        kept = list(terms[-1:])
        for found in reversed(terms[:-1]):
            if not self._words_of.joiner.search(self._text, found.end, kept[0].start):
                break
            kept.insert(0, found)
        return kept

    def _sum(self, terms: Sequence[_Found]) -> tuple[str, ...]:
        """The combined rows of the terms: 予以公开和部分公开 is their sum, 收到并答复 either of them."""
        telling = [found for found in terms if not found.term.generic]
        if not telling:
            return tuple(dict.fromkeys(row for found in self._joined(terms) for row in found.term.rows))
        joined = self._joined(telling)
        if len(joined) == 1:
            return joined[0].term.rows
        return (" + ".join(dict.fromkeys(found.term.rows[0] for found in joined)),)

    # -- the claim -----------------------------------------------------------------------------------------------

    def _claim(self, place: int, amount: Amount, chain: _Chain) -> Claim | None:
        rows = chain.rows or self._missing_rows(place, amount, chain)
        if not rows or not self._about(amount, chain) or not self._of_this_time(amount, chain):
            return None
        columns = self._column_choices(amount, chain)
        meanings = tuple(
            dict.fromkeys(
                meaning
                for column in columns
                for row in rows
                if (meaning := self._words.meaning(chain.table, row, column, money=amount.money))
            )
        )
        if not meanings:
            return None
        strict = self._strict(amount, chain)
        self._said.append(_Said(amount.start, chain.table, rows, chain.columns, strict))
        start, end = min(chain.start, amount.start), max(amount.end, chain.end)
        return Claim(amount, start, end, chain.table, meanings, strict, self._year_said(amount.start) == self._year - 1)

    def _missing_rows(self, place: int, amount: Amount, chain: _Chain) -> tuple[str, ...]:
        """The rows named last in the sentence, for words at the number that name only a column."""
        if not chain.behind and (behind := self._behind(place, amount)) and behind.table == chain.table and behind.rows:
            return behind.rows
        if said := self._last_said(chain.table, amount.start):
            # 诉讼13件，其中直接起诉3件、复议后起诉10件，维持11件: 维持 is of the last rows or of the sentence's first
            before = [row for other in self._said if other.table == chain.table for row in other.rows]
            return tuple(dict.fromkeys((*said.rows, *before)))
        spoken = [f for f in self._terms if f.end <= chain.start and f.term.table == chain.table and f.term.rows]
        if spoken:
            return spoken[-1].term.rows
        rows = [p.rows for p in self._words.mentions.phrases if p.table == chain.table and p.generic]
        return rows[0] if rows else ()

    def _column_choices(self, amount: Amount, chain: _Chain) -> list[tuple[str, ...]]:
        """The column named; else the total and, inside a part of a sentence about one column, that column too."""
        if chain.columns:
            return [chain.columns]
        last = self._last_said(chain.table, amount.start)
        said = last.columns if last else ()
        if self._words.form.table(chain.table).layout == "bands":
            spoken = [f for f in self._terms if f.end <= amount.start and f.term.table == chain.table]
            columns = [f.term.columns for f in spoken if f.term.columns]
            return [(), *({*columns} if columns else _columns_of(self._words, chain))]
        part = max(self._text.rfind(sign, self._sentence.start, amount.start) for sign in "；）")
        inside = _PART.search(self._text, max(part, self._sentence.start), amount.start)
        return [(), said] if said and inside else [()]

    # -- doubtful cases ------------------------------------------------------------------------------------------

    def _about(self, amount: Amount, chain: _Chain) -> bool:
        """Return True if the number counts what the table counts, not letters, permits or hot-line calls."""
        subject = self._words.subjects.get(chain.table)
        if not subject or not (amount.money or amount.unit in subject.units or self._named(amount, subject.words)):
            return False
        if not amount.unit and (chain.behind or not (chain.columns or not chain.generic)):
            return False
        start = clause_start(self._text, min(chain.start, amount.start), self._sentence.start)
        end = clause_end(self._text, max(chain.end, amount.end), self._sentence.end)
        if self._says(self._words_of.unknown(subject), start, end):
            clause = self._outside(start, end)
            stranger = _last(clause, 0, len(clause), subject.unknown)
            if not any(clause.find(word, stranger + 1) >= 0 for word in ("信息公开申请", "依申请公开")):
                return False
        return not chain.generic or self._on_subject(chain, start, end, subject)

    def _named(self, amount: Amount, words: Iterable[str]) -> bool:
        """Return True for an unusual unit with the subject named, as in 收到2条政府信息公开申请."""
        if not amount.unit or amount.unit not in "条项个":
            return False
        end = clause_end(self._text, amount.end, self._sentence.end)
        start = clause_start(self._text, amount.start, self._sentence.start)
        return any(word in self._text[start:end] for word in words) and "信息公开" in self._text[start:end]

    def _on_subject(self, chain: _Chain, start: int, end: int, subject: Subject) -> bool:
        """Return True if a sentence with generic words (收到, 办理) is about the subject and no other one since."""
        text, sentence, words = self._text, self._sentence, subject.words
        strange = self._words_of.unknown(subject).search(text, 0, sentence.end)
        unknown = subject.unknown if strange else ()
        own = _last(text, sentence.start, end, words)
        if own >= 0:
            return own > _last(text, sentence.start, start, unknown)
        if _last(text, sentence.start, sentence.end, unknown) >= 0:
            return False
        telling = any(f.term.table == chain.table and not f.term.generic for f in self._terms)
        if telling or _last(text, sentence.start, sentence.end, words) >= 0:
            return True
        paragraph = text.rfind("\n", 0, sentence.start) + 1
        previous = max(paragraph, text.rfind("。", paragraph, max(paragraph, sentence.start - 1)) + 1)
        own, other = (_last(text, previous, sentence.start, some) for some in (words, unknown))
        head = _YEARS.sub("", text[sentence.start : chain.start])
        return own > other or (other < 0 and bool(self._words_of.head.fullmatch(head)))

    def _says(self, words: re.Pattern[str], start: int, end: int) -> bool:
        """Return True if one of `words` occurs in a stretch outside its terms."""
        return bool(words.search(self._text, start, end) and words.search(self._outside(start, end)))

    def _months(self, start: int, end: int) -> bool:
        return self._text.find("月", start, end) >= 0 and bool(_MONTHS.search(self._outside(start, end)))

    def _outside(self, start: int, end: int) -> str:
        """The stretch without its terms, whose characters (信访举报投诉类申请) are no sign of another subject."""
        pieces, place = [], start
        for found in self._terms:
            if place <= found.start and found.end <= end:
                pieces.append(self._text[place : found.start])
                place = found.end
        return "|".join([*pieces, self._text[place:end]])

    def _of_this_time(self, amount: Amount, chain: _Chain) -> bool:
        """Return False for a number of a month, of several years, or of a year before the last or after this one."""
        start = clause_start(self._text, min(chain.start, amount.start), self._sentence.start)
        end = clause_end(self._text, amount.end, self._sentence.end)
        if self._says(self._words_of.times, start, end) or self._months(start, end):
            return False
        return self._year_said(amount.start) in (self._year, self._year - 1)

    def _year_said(self, place: int) -> int:
        """The year named last before `place`, outside terms; the report's own if there is none."""
        said = self._year
        for end, year in self._years:
            if end <= place:
                said = year
        return said

    @cached_property
    def _years(self) -> list[tuple[int, int]]:
        """The years named in the sentence outside terms, as (end position, year)."""
        found = _YEARS.finditer(self._text, self._sentence.start, self._sentence.end)
        inside = [(f.start, f.end) for f in self._terms]
        return [
            (match.end(), int(match[1]))
            for match in found
            if not any(start <= match.start() < end for start, end in inside)
        ]

    def _strict(self, amount: Amount, chain: _Chain) -> bool:
        """Return False if this clause or the one before may count only a part, or the number is approximate."""
        if amount.about or (chain.behind and chain.generic and self._in_part(amount)):
            return False
        start = clause_start(self._text, min(chain.start, amount.start), self._sentence.start)
        start = clause_start(self._text, max(start - 1, self._sentence.start), self._sentence.start)
        if self._says(self._words_of.parts, start, clause_end(self._text, amount.end, self._sentence.end)):
            return False
        last = self._last_said(chain.table, amount.start)
        return not (chain.generic and last and not last.strict)

    def _last_said(self, table: str, place: int) -> _Said | None:
        """The last claim about a table, skipping those in a bracket that is already closed."""
        for said in reversed(self._said):
            bracket = self._text.find("）", said.place, place)
            if said.table == table and (bracket < 0 or self._text.find("（", said.place, bracket) >= 0):
                return said
        return None

    def _in_part(self, amount: Amount) -> bool:
        return self._text.find("其中", self._sentence.start, amount.start) >= 0


def _last(text: str, start: int, end: int, words: Iterable[str]) -> int:
    """The last position of any of the words; -1 if there is none."""
    return max((text.rfind(word, start, end) for word in words), default=-1)


def _columns_of(vocabulary: Vocabulary, chain: _Chain) -> list[tuple[str, ...]]:
    """Every column of the first row meant: a row of a `bands` table without a verb may mean any of them."""
    table = vocabulary.form.table(chain.table)
    rows = [row.id for row in table.rows if chain.rows and row.id == chain.rows[0]]
    return [(column.id,) for row in rows for column in table.columns(row)]
