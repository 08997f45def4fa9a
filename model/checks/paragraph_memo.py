"""Splits a text into paragraphs and caches the results of rules by paragraph, so that only a changed one is checked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

BEFORE, BEHIND = 120, 60  # characters around a paragraph that a rule may look at

Answer = TypeVar("Answer")


class ParagraphText(NamedTuple):
    """A paragraph as typed, without its line end, with the text close before and behind it."""

    text: str
    before: str = ""
    behind: str = ""


class Placed(NamedTuple):
    """A paragraph with the index `start` of its first character in the text."""

    start: int
    piece: ParagraphText


def cut(text: str) -> tuple[Placed, ...]:
    """Split a text into its paragraphs, in order; blank lines are skipped."""
    found = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            found.append(
                Placed(start, ParagraphText(line, text[max(0, start - BEFORE) : start], text[end : end + BEHIND]))
            )
        start = end + 1
    return tuple(found)


class Memo:
    """Cache of the last results about the paragraphs of a text.

    A result is valid while its paragraph and its other inputs (`rests_on`) are equal; older results are dropped.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[object, dict[ParagraphText, Any]]] = {}

    def copy(self) -> Memo:
        """Return a cache with the same results, from now on independent of this one."""
        twin = Memo()
        twin._kept = dict(self._kept)  # the results of one question are replaced together, never changed
        return twin

    def each(
        self,
        question: Hashable,
        rests_on: object,
        pieces: Iterable[ParagraphText],
        make: Callable[[ParagraphText], Answer],
    ) -> list[Answer]:
        """Return the result for every piece, calling `make` only for those without a valid cached one."""
        known, before = self._kept.get(question, (rests_on, {}))
        if known != rests_on:
            before = {}
        wanted = list(pieces)
        answers = {piece: before[piece] if piece in before else make(piece) for piece in dict.fromkeys(wanted)}
        self._kept[question] = rests_on, answers
        return [answers[piece] for piece in wanted]
