"""Extracts claims about cells from prose: every amount with the cells that the phrase around it may mean.

Example: “受理95件（自然人89、法人6）；答复98件（含上年结转8件），结转5件”. The phrase before or after a number names
the row; whatever is missing is taken from earlier in the sentence. A doubtful case makes no claim: a missed mistake
costs less than a false alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from model.claims.claim_binding import Chain, behind, chain_of, total_before
from model.claims.claim_scope import about, counted, is_whole, of_this_time
from model.claims.claim_sentence import ClaimSentence
from model.claims.claims_together import Claim, meanings_of, together
from model.prose import Amount, Rank, Vocabulary, amounts, fold, mark_years, sentences, within

_PART = re.compile(r"其中|（")


@dataclass(frozen=True, slots=True)
class _Said:
    """An earlier claim of the same sentence."""

    place: int
    table: str
    rows: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    strict: bool


@lru_cache(maxsize=64)
def claims(text: str, vocabulary: Vocabulary, year: int, own: tuple[str, ...]) -> tuple[Claim, ...]:
    """All claims of a text as typed, in their order; `own`: the names of the report's own office."""
    folded = fold(text).text
    marked = mark_years(folded, year)
    numbers = amounts(folded)
    found: list[Claim] = []
    said: list[tuple[_Said, ...]] = []  # of the earlier sentences of the paragraph
    for sentence in sentences(folded):
        inside = within(numbers, sentence.start, sentence.end)
        if folded[sentence.start - 1 : sentence.start] == "\n":
            said = []
        if inside:
            topics = frozenset(one.table for one in said[-1]) if said else frozenset()
            reader = _Reader(ClaimSentence(folded, marked, sentence, inside, vocabulary, year, own, topics), said)
            found += together(reader.sentence, list(reader.claims()))
            said += [tuple(reader.said)] if reader.said else []
    return tuple(found)


class _Reader:
    """Extracts the claims of one sentence, from left to right."""

    def __init__(self, sentence: ClaimSentence, before: Sequence[Sequence[_Said]]) -> None:
        self.sentence, self._text, self._words = sentence, sentence.text, sentence.words
        self._before = before  # of the earlier sentences
        self.said: list[_Said] = []

    def claims(self) -> Iterator[Claim]:
        for place, amount in enumerate(self.sentence.numbers):
            chain = chain_of(self.sentence, place) or self._total(place) if amount.unit != "%" else None
            told = list(self._claims(place, amount, chain)) if chain else []
            yield from told or self._unplaced(amount)

    def _unplaced(self, amount: Amount) -> Iterator[Claim]:
        """A claim without meanings for a number that counts what a table counts, though no row was found."""
        for table, subject in self._words.subjects.items():
            if subject.column and counted(self.sentence, amount, subject):
                yield Claim(amount, amount.start, amount.end, table, (), (), False, (), False, False)
                return

    def _claims(self, place: int, amount: Amount, chain: Chain) -> Iterator[Claim]:
        """The claim of one number; several for 行政复议、行政诉讼各1件."""
        for one in _separate(chain):
            if claim := self._claim(place, amount, one):
                yield claim

    def _claim(self, place: int, amount: Amount, chain: Chain) -> Claim | None:
        rows = chain.rows or self._missing_rows(place, amount, chain)
        if not rows or not about(self.sentence, amount, chain) or not of_this_time(self.sentence, amount, chain):
            return None
        columns = self._column_choices(amount, chain)
        meanings = meanings_of(self._words, chain.table, rows, columns, money=amount.money)
        if not meanings:
            return None
        strict = self._strict(amount, chain)
        self.said.append(_Said(amount.start, chain.table, rows, chain.columns, strict))
        start, end = min(chain.start, amount.start), max(amount.end, chain.end)
        last_year = self.sentence.year_said(amount.start) == self.sentence.year - 1
        return Claim(amount, start, end, chain.table, rows, tuple(columns), chain.generic, meanings, strict, last_year)

    def _total(self, place: int) -> Chain | None:
        """The sum of what was told before: 新收28件，上年结转2件，共30件."""
        label = total_before(self.sentence, place)
        first = label and label[0] == self.sentence.start and not self.said
        told = [said for one in self._before for said in one] if first else self.said
        rows = _sums(told) if label else ()
        return Chain(told[-1].table, rows, (), Rank.VERB, *label, behind=False) if label and rows else None

    def _strict(self, amount: Amount, chain: Chain) -> bool:
        if not is_whole(self.sentence, amount, chain):
            return False
        if self._of_one_party(amount, chain):
            return False
        last = self._last_said(chain.table, amount.start)
        follows = last and (chain.generic or (not chain.rows and last.place > self._part(amount)))
        return not (last and follows and not last.strict)

    def _of_one_party(self, amount: Amount, chain: Chain) -> bool:
        """Tell whether the number counts one party's cases (以县政府为被告) where those of all were told before."""
        start, _ = self.sentence.clause(chain.start, chain.start)
        party = any(word in self._text[start : amount.start] for word in self._words.mentions.parties)
        told = [said for one in (*self._before, self.said) for said in one]
        return party and any(said.table == chain.table and {*said.rows} & {*chain.rows} for said in told)

    def _part(self, amount: Amount) -> int:
        """The position of the semicolon before a number; -1 if there is none in the sentence."""
        return self._text.rfind("；", self.sentence.start, amount.start)

    def _missing_rows(self, place: int, amount: Amount, chain: Chain) -> tuple[str, ...]:
        """The rows named last in the sentence, for words at the number that name only a column."""
        after = None if chain.behind else behind(self.sentence, place)
        if after and after.table == chain.table and after.rows:
            return after.rows
        if said := self._last_said(chain.table, amount.start):
            # 诉讼13件，其中直接起诉3件、复议后起诉10件，维持11件: 维持 is of the last rows or of the sentence's first
            part = self._part(amount)
            earlier = [row for one in self.said if one.table == chain.table and one.place > part for row in one.rows]
            return tuple(dict.fromkeys((*said.rows, *earlier)))
        earlier_terms = (f for f in self.sentence.terms if f.end <= chain.start and f.term.table == chain.table)
        if terms := [found for found in earlier_terms if found.term.rows]:
            return terms[-1].term.rows
        rows = [p.rows for p in self._words.mentions.phrases if p.table == chain.table and p.generic]
        return rows[0] if rows else self._rows_before(chain.table)

    def _rows_before(self, table: str) -> tuple[str, ...]:
        """The rows told in an earlier sentence, for one that names only results: 行政复议8宗。其中维持4宗."""
        for told in reversed(self._before):
            if rows := tuple(dict.fromkeys(row for said in told if said.table == table for row in said.rows)):
                return rows
        return ()

    def _column_choices(self, amount: Amount, chain: Chain) -> list[tuple[str, ...]]:
        """The column named; else the total and, inside a part of a sentence about one column, that column too."""
        if chain.columns:
            return [*chain.columns]
        last = self._last_said(chain.table, amount.start)
        said = last.columns if last else ()
        if self._words.form.table(chain.table).layout == "bands":
            spoken = [f for f in self.sentence.terms if f.end <= amount.start and f.term.table == chain.table]
            columns = [columns for f in spoken for columns in f.term.columns]
            return [(), *(dict.fromkeys(columns) if columns else _columns_of(self._words, chain))]
        floor = self.sentence.start
        part = max(self._text.rfind(sign, floor, amount.start) for sign in "；）")
        inside = _PART.search(self._text, max(part, floor), amount.start)
        return [(), *said] if said and inside else [()]

    def _last_said(self, table: str, place: int) -> _Said | None:
        """The last claim about a table, skipping those in a bracket that is already closed."""
        for said in reversed(self.said):
            bracket = self._text.find("）", said.place, place)
            if said.table == table and (bracket < 0 or self._text.find("（", said.place, bracket) >= 0):
                return said
        return None


def _sums(told: Sequence[_Said]) -> tuple[str, ...]:
    """The sums of the last rows told of one table, two or more of them, the shortest first."""
    rows = [said.rows[0] for said in told if said.table == told[-1].table and not said.columns]
    single = list(dict.fromkeys(row for row in rows if " + " not in row))
    return tuple(" + ".join(single[-count:]) for count in range(2, len(single) + 1))


def _separate(chain: Chain) -> list[Chain]:
    """The chain, or one for each of its rows if the number is said of each."""
    if not chain.each:
        return [chain]
    rows = [part for row in chain.rows for part in row.split(" + ")] or [""]
    return [
        replace(chain, rows=(row,) if row else (), columns=(column,) if column else ())
        for row in rows
        for column in chain.columns or [()]
    ]


def _columns_of(vocabulary: Vocabulary, chain: Chain) -> list[tuple[str, ...]]:
    """Every column of the first row meant: a row of a `bands` table without a verb may mean any of them."""
    table = vocabulary.form.table(chain.table)
    rows = [row.id for row in table.rows if chain.rows and row.id == chain.rows[0]]
    return [(column.id,) for row in rows for column in table.columns(row)]
