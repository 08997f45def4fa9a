"""Finds lists whose ordinals jump or repeat: 一是……三是, （一）……（三）."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from model.checks import Finding, Span
from model.prose import Passage

_NUMERAL = "[一二三四五六七八九十]{1,2}"
# Each kind of ordinal, at the start of a clause.
_KINDS = (
    re.compile(rf"(?:^|(?<=[，。；：\n（）]))(?P<n>{_NUMERAL})(?:是|要)(?!级|审|流|来)"),
    re.compile(rf"(?:^|(?<=[。；：\n]))（(?P<n>{_NUMERAL})）"),
    re.compile(rf"(?:^|(?<=[，。；：\n]))第(?P<n>{_NUMERAL})(?=[，、是])"),
    re.compile(r"(?:^|(?<=[。；：\n]))(?P<n>\d{1,2})[.、．](?!\d)"),
)
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """An ordinal with its place in its paragraph; `anew` if a sentence ended since the one before it there."""

    value: int
    span: Span
    anew: bool


Listed = tuple[tuple[Ordinal, ...], ...]  # for each kind of ordinal


def listed(passage: Passage) -> Listed:
    """The ordinals of a paragraph."""
    return tuple(tuple(_ordinals(kind, passage)) for kind in _KINDS)


def _ordinals(kind: re.Pattern[str], passage: Passage) -> Iterator[Ordinal]:
    text, last = passage.folded.text, 0
    for match in kind.finditer(text):
        if value := _value(match["n"]):
            anew = not last or "。" in text[last : match.start()]
            yield Ordinal(value, passage.span(match.start(), match.end()), anew)
            last = match.end()


def _value(numeral: str) -> int:
    """The value of 1–99 in digits, or of 一 to 十九; 0 for anything else."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if tens or (not ten and len(ones) > 1):
        return 0
    return (10 if ten else 0) + _DIGITS.get(ones, 0)


def find(passage: Passage, told: Sequence[Listed], starts: Sequence[int]) -> Iterator[Finding]:
    """Report each ordinal of a text that is neither the first of a list nor the next one.

    `told` is what `listed` found in the paragraphs, which begin at `starts` in the text as typed.
    """
    for kind in range(len(_KINDS)):
        last = 0
        for start, found in zip(starts, told, strict=True):
            for ordinal in found[kind]:
                if not _follows(last, ordinal):
                    span = Span(passage.section, start + ordinal.span.start, ordinal.span.length)
                    yield passage.found("ordinals", [span], expected=f"第 {last + 1} 项")
                last = ordinal.value


def _follows(last: int, ordinal: Ordinal) -> bool:
    """Tell whether the ordinal is the next one, begins a new list in a new sentence, or is the first of the text."""
    return last in (0, ordinal.value - 1) or (ordinal.value == 1 and ordinal.anew)
