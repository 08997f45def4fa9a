"""One sentence as the claim reader sees it: its numbers, the words of the form in it, and the years named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from model.prose import Amount, Sentence, SmallWords, Term, Vocabulary, clause_end, clause_start, small_words

_YEARS = re.compile(r"(?<![\d较比同与自])(20\d\d)年(?!度?结转|[至到]20)")


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
        for start, end, terms in self.words.lexicon.find(self.marked, self.start, self.end):
            yield from (Found(start, end, term) for term in terms)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause or clauses around [start, end), within the sentence."""
        return clause_start(self.text, start, self.start), clause_end(self.text, end, self.end)

    def filled(self, start: int, end: int) -> bool:
        """Tell whether only words without a meaning of their own stand in [start, end)."""
        return bool(self.small.filler.fullmatch(self.text, start, end))

    def outside(self, start: int, end: int) -> str:
        """The stretch without its terms, whose characters (信访举报投诉类申请) are no sign of another subject."""
        pieces, place = [], start
        for found in self.terms:
            if place <= found.start and found.end <= end:
                pieces.append(self.text[place : found.start])
                place = found.end
        return "|".join([*pieces, self.text[place:end]])

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
