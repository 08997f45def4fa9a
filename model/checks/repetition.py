"""Rule about 雷同: measures how much of a section repeats last year's text word for word, numbers aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from model.checks.finding import OWN_RULE, Finding, RuleInput, Span
from model.checks.rules import Rule
from model.form import Format, Section, Severity

SHORTEST = 12  # characters; shorter sentences are stock phrases of all reports
NOTICED, STRIKING = 50, 90  # percent of a section's sentences, by length
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_NUMBERS = re.compile(r"[0-9０-９][0-9０-９.,，%％]*|\s+")


@dataclass(frozen=True)
class Repetition:
    """Repeated part of a text: percent of its sentences by length, and their places."""

    percent: int
    places: tuple[tuple[int, int], ...]  # start, length


def _sentences(text: str, yearly: tuple[str, ...] = ()) -> Iterator[tuple[int, str]]:
    """Yield start and words of the sentences, without short ones and those that may be the same every year."""
    for match in _SENTENCE.finditer(text):
        if len(match.group().strip()) >= SHORTEST and not any(word in match.group() for word in yearly):
            yield match.start(), match.group()


def _bare(sentence: str) -> str:
    """Strip numbers, years and spaces from a sentence: one that was only updated counts as repeated."""
    return _NUMBERS.sub("", sentence).strip("。！？；")


def compare(text: str, before: str) -> Repetition:
    """Measure how much of `text` repeats sentences of `before`."""
    return _added_up([(0, _measured(text, _known(before)))])


def _known(before: str) -> frozenset[str]:
    return frozenset(_bare(sentence) for _, sentence in _sentences(before))


_Measured = tuple[int, tuple[tuple[int, int], ...]]  # length of all sentences; start and length of the known ones


def _measured(text: str, known: frozenset[str], yearly: tuple[str, ...] = ()) -> _Measured:
    found = list(_sentences(text, yearly))
    places = tuple((start, len(sentence)) for start, sentence in found if _bare(sentence) in known)
    return sum(len(sentence) for _, sentence in found), places


def _added_up(parts: Iterable[tuple[int, _Measured]]) -> Repetition:
    """Combine the results of the parts of a text, each with its start index."""
    whole, places = 0, []
    for begin, (length, found) in parts:
        whole += length
        places += [(begin + start, size) for start, size in found]
    return Repetition(round(100 * sum(length for _, length in places) / whole) if whole else 0, tuple(places))


def repetition_rules(form: Format, texts: dict[str, str], year: int) -> Iterator[Rule]:
    """Yield a rule for each section that had a text last year."""
    for section in form.sections:
        if before := texts.get(section.id, "").strip():
            yield Rule(f"repeats:{section.id}", frozenset({section.id}), partial(_find, section, _known(before), year))


def _find(section: Section, known: frozenset[str], year: int, state: RuleInput) -> tuple[Finding, ...]:
    placed = state.pieces(section.id)
    pieces = [piece for _, piece in placed]
    parts = state.memo.each(
        ("repeats", section.id), known, pieces, lambda piece: _measured(piece.text, known, section.yearly)
    )
    found = _added_up(zip((start for start, _ in placed), parts, strict=True))
    if found.percent < NOTICED:
        return ()
    severity = Severity.EXPLAIN if found.percent >= STRIKING else Severity.HINT
    message = f"与 {year} 年的报告相比，有 {len(found.places)} 句相同，约占 {found.percent}%"
    spans = tuple(Span(section.id, start, length) for start, length in found.places)
    advice = "请改写画线的句子，写出本年的情况；确属相同的，写明原因"
    return (Finding("text-repeats", severity, section.id, message, advice, OWN_RULE, spans=spans),)
