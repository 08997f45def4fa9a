"""Corrects the claims of one sentence by each other: numbers that contain, add to, or share with another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from model.claims.claim_sentence import ClaimSentence
from model.prose import Amount, Meaning, Vocabulary

_INCLUDING = re.compile(r"（(?:含|其中|包括|包含|内含)")


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
    rows: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]  # alternatives, each a sum
    generic: bool
    meanings: tuple[Meaning, ...]
    strict: bool
    last_year: bool


def together(sentence: ClaimSentence, found: Sequence[Claim]) -> list[Claim]:
    """Return the claims of a sentence, in their order, each corrected by the others."""
    return _shared(sentence, _without_added(sentence, _with_parts(sentence, found)))


def meanings_of(
    words: Vocabulary, table: str, rows: tuple[str, ...], columns: Iterable[tuple[str, ...]], *, money: bool
) -> tuple[Meaning, ...]:
    """The cells that alternatives of rows and columns name; those the form does not have are left out."""
    found = (words.meaning(table, row, column, money=money) for column in columns for row in rows)
    return tuple(dict.fromkeys(meaning for meaning in found if meaning))


def _with_parts(sentence: ClaimSentence, found: Sequence[Claim]) -> list[Claim]:
    """Let a number followed by （含部分公开3件） mean its own row, or that row with the part's."""
    return [
        replace(claim, meanings=(*claim.meanings, *_with_part(sentence, claim, part)))
        if (part := next(iter(found[place + 1 : place + 2]), None)) and _includes(sentence, claim, part)
        else claim
        for place, claim in enumerate(found)
    ]


def _includes(sentence: ClaimSentence, claim: Claim, part: Claim) -> bool:
    place = max(claim.amount.end, claim.end)
    if not _INCLUDING.match(sentence.text, place) or claim.generic or part.generic or part.table != claim.table:
        return False
    return sentence.text.find("）", place) > part.amount.start


def _with_part(sentence: ClaimSentence, claim: Claim, part: Claim) -> tuple[Meaning, ...]:
    rows = tuple(f"{one} + {other}" for one in claim.rows for other in part.rows if other not in one.split(" + "))
    return meanings_of(sentence.words, claim.table, rows, claim.columns, money=claim.amount.money)


def _without_added(sentence: ClaimSentence, found: Sequence[Claim]) -> list[Claim]:
    """Leave out the sums that a number may mean if what they add is told as added: 收到84件，加上上年结转的3件."""
    return [
        replace(claim, meanings=_single_rows(sentence, claim) or claim.meanings)
        if claim.generic and any(_adds(sentence, claim, other) for other in found[place + 1 :])
        else claim
        for place, claim in enumerate(found)
    ]


def _adds(sentence: ClaimSentence, claim: Claim, other: Claim) -> bool:
    """Tell whether `other` counts a row that a sum of `claim` contains, behind a word for adding."""
    if claim.table != other.table or other.generic:
        return False
    between = sentence.text[claim.amount.end : other.start]
    parts = {part for row in claim.rows if " + " in row for part in row.split(" + ")}
    return bool(parts & {*other.rows}) and any(word in between for word in sentence.words.mentions.adders)


def _single_rows(sentence: ClaimSentence, claim: Claim) -> tuple[Meaning, ...]:
    rows = tuple(row for row in claim.rows if " + " not in row)
    return meanings_of(sentence.words, claim.table, rows, claim.columns, money=claim.amount.money)


def _shared(sentence: ClaimSentence, found: Sequence[Claim]) -> list[Claim]:
    """Let numbers that share one meaning contradict nothing: 4件中公开2件；其余5件中公开1件."""
    doubtful = {
        place
        for (first, one), (second, other) in combinations(enumerate(found), 2)
        if one.meanings and one.meanings == other.meanings and one.amount.value != other.amount.value
        if any(word in sentence.text[one.amount.end : other.amount.start] for word in sentence.words.mentions.rests)
        for place in (first, second)
    }
    return [replace(claim, strict=False) if place in doubtful else claim for place, claim in enumerate(found)]
