"""One sentence as the claim reader sees it: its numbers, the words of the form in it, and the years named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from model.prose import Amount, Sentence, SmallWords, Term, Vocabulary, clause_end, clause_start, small_words

_YEARS = re.compile(r"(?<![\d较比同与自])(20\d\d)年(?!度?结转|[至到]20)")

_NEGATIONS = frozenset("未不没无")


@dataclass(frozen=True, slots=True)
class Found:
    """A term with its position in the text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, eq=False)
class ClaimSentence:
    """A sentence [start, end) of a folded text; `numbers` are its amounts, `own` the own names of the office."""

    text: str
    marked: str  # the text with its years marked for the lexicon
    place: Sentence
    numbers: Sequence[Amount]
    words: Vocabulary
    year: int
    own: tuple[str, ...]
    topics: frozenset[str] = frozenset()  # the tables of the claims in the sentence before, of the same paragraph

    @property
    def start(self) -> int:
        """The start of the sentence in the text."""
        return self.place.start

    @property
    def end(self) -> int:
        """The end of the sentence in the text."""
        return self.place.end

    @cached_property
    def small(self) -> SmallWords:
        """The patterns for the words around a number."""
        return small_words(self.words)

    @cached_property
    def terms(self) -> tuple[Found, ...]:
        """The words of the form; a weak one only beside another number of the same table told by a row or column."""
        found = tuple(self._all_terms())
        telling = {f.term.table for f in found if not f.term.generic and not f.term.weak}
        return tuple(f for f in found if not f.term.weak or f.term.table in telling)

    def _all_terms(self) -> Iterator[Found]:
        last = None
        for start, end, terms in self.words.lexicon.find(self.marked, self.start, self.end):
            if terms and not self._denied(terms, start):
                last = Found(start, end, self._meant(terms, start, last))
                yield last

    def _denied(self, terms: Sequence[Term], start: int) -> bool:
        """Tell whether a weak word has a negation in front of it: 未提供 is no 提供."""
        return all(term.weak for term in terms) and self.text[max(0, start - 1) : start] in _NEGATIONS

    def _meant(self, terms: Sequence[Term], start: int, last: Found | None) -> Term:
        """The meaning of a word with several: of the table spoken of, a column (其他) in a list of columns."""
        if len(terms) == 1:
            return terms[0]
        tables = {term.table for term in terms}
        table = last.term.table if last and last.term.table in tables else self._topic(tables, start)
        own = [term for term in terms if term.table == table] or terms
        in_columns = last is not None and last.term.table == table and bool(last.term.columns)
        return next((term for term in own if bool(term.columns) == in_columns), own[0])

    def _topic(self, tables: Iterable[str], place: int) -> str:
        """The table whose subject is named last before a place of the sentence or in the sentence before it."""
        named = {table: self._named_last(table, place) for table in self.words.subjects if table in tables}
        return max(named, key=lambda table: named[table], default="")

    def _named_last(self, table: str, place: int) -> int:
        subject = self.words.subjects.get(table)
        return last_of(self.text, self.before, place, subject.words) if subject else -1

    @cached_property
    def before(self) -> int:
        """The start of the sentence before this one in the same paragraph, or of this one."""
        paragraph = self.text.rfind("\n", 0, self.start) + 1
        return max(paragraph, self.text.rfind("。", paragraph, max(paragraph, self.start - 1)) + 1)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause or clauses around [start, end), within the sentence."""
        return clause_start(self.text, start, self.start), clause_end(self.text, end, self.end)

    def filled(self, start: int, end: int) -> bool:
        """Tell whether only words without a meaning of their own stand in [start, end)."""
        return bool(self.small.filler.fullmatch(self.text, start, end))

    def outside(self, start: int, end: int, *, years: bool = True) -> str:
        """The stretch without its terms, whose characters (信访举报投诉类申请) are no sign of another subject.

        Without `years`, the years named in it are left out, too.
        """
        pieces, place = [], start
        for found in self.terms:
            if place <= found.start and found.end <= end:
                pieces.append(self.text[place : found.start])
                place = found.end
        words = "|".join([*pieces, self.text[place:end]])
        return words if years else _YEARS.sub("", words)

    def says(self, words: re.Pattern[str], start: int, end: int) -> bool:
        """Return True if one of `words` occurs in a stretch outside its terms."""
        return bool(words.search(self.text, start, end) and words.search(self.outside(start, end)))

    def year_said(self, place: int) -> int:
        """The year named last before `place`, outside terms; the report's own if there is none."""
        said = self.year
        for end, year in self._years:
            if end <= place:
                said = year
        return said

    @cached_property
    def _years(self) -> list[tuple[int, int]]:
        """The years named outside terms, as (end position, year)."""
        inside = [(found.start, found.end) for found in self.terms]
        return [
            (match.end(), int(match[1]))
            for match in _YEARS.finditer(self.text, self.start, self.end)
            if not any(start <= match.start() < end for start, end in inside)
        ]

    def without_years(self, start: int, end: int) -> str:
        """The stretch without the years named in it."""
        return _YEARS.sub("", self.text[start:end])


def last_of(text: str, start: int, end: int, words: Iterable[str]) -> int:
    """The last position of any of the words; -1 if there is none."""
    return max((text.rfind(word, start, end) for word in words), default=-1)
