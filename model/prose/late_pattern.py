"""Regular expressions that are compiled late: in the first text that has a word without which they cannot match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

Words = frozenset[str] | None  # None: nothing is known
_MANY = 1_000_000  # times that a part may stand
_MOST = 64  # words that are looked for: more take longer than the expression
_TOKENS = re.compile(
    r"(?P<letters>[^\\\[\](){}|*+?.^$]+(?![*+?{])|[^\\\[(){}|*+?.^$])|(?P<escape>\\(?:u[0-9a-fA-F]{4}|.))"
    r"|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<look>\(\?<?[=!])|(?P<open>\((?:\?:|\?P<\w+>|(?!\?)))|(?P<close>\))"
    r"|(?P<bar>\|)|(?P<times>[*+?]\??|\{(?P<least>\d+)(?P<more>,\d*)?\}\??)|(?P<sign>[.^$])|(?P<strange>.)",
    re.DOTALL,
)


class LatePattern:
    """A regular expression; `search` and `finditer` answer as those of a compiled one.

    For an expression that is none, the first use raises what `error_of` makes of the error; if it is seen at once
    (brackets that do not fit), `__init__` raises that.
    """

    def __init__(self, text: str, error_of: Callable[[re.error], Exception]) -> None:
        self.text, self._error_of = text, error_of
        reader = _Reader(text)
        self._words = reader.alternatives().needed
        if not reader.ended:
            self._words = None
            self.compiled  # noqa: B018  # to see whether it is wrong or only not understood

    def search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text) if self._may_match(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text) if self._may_match(text) else iter(())

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression."""
        try:
            return re.compile(self.text)
        except re.error as error:
            raise self._error_of(error) from error

    def _may_match(self, text: str) -> bool:
        return self._words is None or any(word in text for word in self._words)


class _Part(NamedTuple):
    """A part of an expression: all that it can match (`exact`), words of which each of its matches contains one."""

    exact: Words
    needed: Words


_NOTHING = _Part(None, None)
_EMPTY = frozenset({""})
_ENDS = frozenset({"", "bar", "close", "strange", "times"})


class _Reader:
    """Reads an expression for the words that it needs, from left to right."""

    def __init__(self, expression: str) -> None:
        self._tokens = list(_TOKENS.finditer(expression))
        self._kinds = [match.lastgroup or "" for match in self._tokens] + [""]  # "": the end
        self._place, self._open = 0, False  # `_open`: a bracket that is not closed

    @property
    def ended(self) -> bool:
        """Tell whether the expression was understood, exactly to its end."""
        return self._place == len(self._tokens) and not self._open

    def alternatives(self) -> _Part:
        """Read up to a closing bracket or the end."""
        found = [self._alternative()]
        while self._kinds[self._place] == "bar":
            self._place += 1
            found.append(self._alternative())
        if len(found) == 1:
            return found[0]
        return _Part(_union([one.exact for one in found]), _union([one.needed for one in found]))

    def _alternative(self) -> _Part:
        """Read parts that follow one another; words of parts without anything between them are joined."""
        run, needed, whole = _EMPTY, list[Words](), True
        while self._kinds[self._place] not in _ENDS:
            ahead = self._tokens[self._place].group() == "(?="
            part = self._part()
            least, most = self._times()
            joined = _joined(run, part.exact, least, most)
            if joined is None:
                needed += [run, part.needed if least else None]
            if joined is None or ahead or most > max(least, 1):  # what follows does not follow these words
                needed, run, whole = [*needed, joined], _EMPTY, False
            else:
                run = joined
        known = [words for words in (*needed, run) if words and "" not in words]
        best = max(known, key=lambda words: (min(map(len, words)), -len(words)), default=None)
        return _Part(run if whole else None, best)

    def _part(self) -> _Part:
        """Read letters, a set of letters or a group."""
        kind, text = self._kinds[self._place], self._tokens[self._place].group()
        self._place += 1
        if kind in {"open", "look"}:
            inner = self.alternatives()
            self._open |= self._kinds[self._place] != "close"
            self._place += not self._open
            return inner if kind == "open" or text == "(?=" else _NOTHING
        if kind == "letters":
            words: Words = frozenset({text})
        else:
            words = frozenset(_letters_of(text) if kind == "set" else _escaped(text) if kind == "escape" else "")
        return _Part(words, words) if words else _NOTHING

    def _times(self) -> tuple[int, int]:
        """Read how often a part stands at least and at most; `_MANY` if it may stand more often."""
        if self._kinds[self._place] != "times":
            return 1, 1
        match = self._tokens[self._place]
        text = match.group()
        self._place += 1
        if match["least"]:
            least = int(match["least"])
            return least, _MANY if match["more"] else least
        return int(text[0] == "+"), 1 if text[0] == "?" else _MANY


def _joined(run: frozenset[str], part: Words, least: int, most: int) -> Words:
    """Return the words with a part behind them, as often as it stands at least; None if that cannot be told."""
    if part is None or most == 0:
        return None
    if least == 0:
        part, least = part | _EMPTY, int(most == 1)
    if not least or least > _MOST or len(run) * len(part) ** least > _MOST:
        return None
    for _ in range(least):
        run = frozenset([one + other for one in run for other in part])
    return run


def _union(found: list[Words]) -> Words:
    known = [words for words in found if words is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _letters_of(text: str) -> str:
    """Return the letters of a set that lists them; "" for one with ranges, classes or exceptions."""
    inner = text[1:-1]
    return "" if inner.startswith("^") or set(inner) & {"-", "\\"} else inner


def _escaped(text: str) -> str:
    """Return the letter that an escape means; "" for a class, as of digits."""
    if text.startswith("\\u") and len(text) > 2:
        return chr(int(text[2:], 16))
    return "" if text[1].isalnum() else text[1]
