"""Finds the words of a vocabulary in a text: at each place the longest, without overlap.

Years are part of the words (2024年结转): they are written {last}, {year} and {next}, around the report's own year.  A
word with any other year is found, too, so that no shorter word is found inside it, and has no meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

Value = TypeVar("Value")
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
# Each year is four characters long in a text and in a word, so that positions stay valid.
_OTHER = "\ue000" * 4
_NAMED = {"{last}": "\ue001" * 4, "{year}": "\ue002" * 4, "{next}": "\ue003" * 4}
_MARKED = re.compile("\ue001{4}|\ue002{4}|\ue003{4}")


@lru_cache(maxsize=64)
def mark_years(text: str, year: int) -> str:
    """Replace the years of a text, relative to `year`, by the signs under which the words are kept."""
    signs = dict(zip((str(year - 1), str(year), str(year + 1)), _NAMED.values(), strict=True))
    return _YEAR.sub(lambda match: signs.get(match.group(), _OTHER), text)


@dataclass(frozen=True, eq=False)
class Lexicon(Generic[Value]):
    """Words with their meanings; not a regular expression, which would take 0.1 s to compile for 2,000 words."""

    words: Mapping[str, tuple[Value, ...]]

    def find(self, marked: str, start: int, end: int) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
        """Start, end and meanings of each word in [start, end) of a text with marked years."""
        place = start
        while place < end:
            for length in self._lengths.get(marked[place], ()):
                word = marked[place : place + length]
                if place + length <= end and word in self._marked:
                    yield place, place + length, self._marked[word]
                    place += length
                    break
            else:
                place += 1

    @cached_property
    def _marked(self) -> dict[str, tuple[Value, ...]]:
        marked = {_with_signs(word): meanings for word, meanings in self.words.items()}
        others = {_MARKED.sub(_OTHER, word): () for word in marked}
        return {**{word: () for word in others if word not in marked}, **marked}

    @cached_property
    def _lengths(self) -> dict[str, tuple[int, ...]]:
        """The lengths of the words that begin with a character, the longest first."""
        return _lengths_by_first(self._marked)


def _with_signs(word: str) -> str:
    for name, sign in _NAMED.items():
        word = word.replace(name, sign)
    return word


def _lengths_by_first(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
