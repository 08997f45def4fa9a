"""A text in its paragraphs, and what was answered about each: typing changes one, and only that is asked again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

BEFORE, BEHIND = 120, 60  # characters around a paragraph that a rule may look at

Answer = TypeVar("Answer")


class Piece(NamedTuple):
    """A paragraph as typed, without its line end, with what stands close before and behind it."""

    text: str
    before: str = ""
    behind: str = ""


class Placed(NamedTuple):
    """A paragraph where it stands: it begins at character `start` of its text."""

    start: int
    piece: Piece


def cut(text: str) -> tuple[Placed, ...]:
    """The paragraphs of a text in their order; an empty line is none."""
    found = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            found.append(Placed(start, Piece(line, text[max(0, start - BEFORE) : start], text[end : end + BEHIND])))
        start = end + 1
    return tuple(found)


class Memo:
    """The last answers about the pieces of a text.

    An answer holds as long as its piece is the same, and what else it rests on; nothing older is kept.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[object, dict[Piece, Any]]] = {}

    def each(
        self, question: Hashable, rests_on: object, pieces: Iterable[Piece], make: Callable[[Piece], Answer]
    ) -> list[Answer]:
        """The answer about every piece, made by `make` where it was not given before on the same grounds."""
        known, before = self._kept.get(question, (rests_on, {}))
        if known != rests_on:
            before = {}
        asked = list(pieces)
        answers = {piece: before[piece] if piece in before else make(piece) for piece in dict.fromkeys(asked)}
        self._kept[question] = rests_on, answers
        return [answers[piece] for piece in asked]
