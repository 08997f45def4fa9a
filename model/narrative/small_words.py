"""Patterns for the small words around a number in prose: fillers, joiners, other times, other subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from model.narrative.rule_set import Mentions, Subject
from model.narrative.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class SmallWords:
    """Patterns for the words around a number; each is compiled on first use."""

    mentions: Mentions

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """The words allowed between a phrase and its number."""
        return re.compile(rf"(?:{_any(self.mentions.filler)}|[）]){{0,10}}")

    @cached_property
    def joiner(self) -> re.Pattern[str]:
        """The words that join two phrases."""
        return re.compile(_any(self.mentions.joiners))

    @cached_property
    def head(self) -> re.Pattern[str]:
        """The beginning of a sentence without a subject of its own."""
        return re.compile(rf"(?:{_any((*self.mentions.filler, *self.mentions.heads))}|度){{0,8}}")

    @cached_property
    def times(self) -> re.Pattern[str]:
        """The words for another time."""
        return re.compile(_any((*self.mentions.other_times, *self.mentions.last_year)))

    @cached_property
    def parts(self) -> re.Pattern[str]:
        """The words for a part only."""
        return re.compile(_any((*self.mentions.other_scopes, *self.mentions.other_parts)))

    @cached_property
    def _other_subjects(self) -> dict[str, re.Pattern[str]]:
        return {}

    def unknown(self, subject: Subject) -> re.Pattern[str]:
        """The words for other subjects than that of the table."""
        if subject.table not in self._other_subjects:
            self._other_subjects[subject.table] = re.compile(_any(subject.unknown))
        return self._other_subjects[subject.table]


@lru_cache(maxsize=8)
def small_words(vocabulary: Vocabulary) -> SmallWords:
    """Return the patterns of a vocabulary, compiled once."""
    return SmallWords(vocabulary.mentions)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
