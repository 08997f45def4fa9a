"""雷同: how much of a section stands word for word, numbers aside, in last year's report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from model.checks import Finding, Rule, Span, State
from model.format import Format, Section, Severity

SHORTEST = 12  # characters; shorter sentences are the common stock of all reports
NOTICED, STRIKING = 50, 90  # percent of a section's sentences, by length
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_NUMBERS = re.compile(r"[0-9０-９][0-9０-９.,，%％]*|\s+")


@dataclass(frozen=True)
class Repetition:
    """What a text repeats: percent of its sentences by length, and where they stand."""

    percent: int
    places: tuple[tuple[int, int], ...]  # start, length


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        if len(match.group().strip()) >= SHORTEST:
            yield match.start(), match.group()


def _bare(sentence: str) -> str:
    """A sentence without its numbers, years and spaces: what was only brought up to date is still the same."""
    return _NUMBERS.sub("", sentence).strip("。！？；")


def compare(text: str, before: str) -> Repetition:
    """How much of `text` stands in `before`."""
    known = {_bare(sentence) for _, sentence in _sentences(before)}
    found = list(_sentences(text))
    places = tuple((start, len(sentence)) for start, sentence in found if _bare(sentence) in known)
    whole = sum(len(sentence) for _, sentence in found)
    return Repetition(round(100 * sum(length for _, length in places) / whole) if whole else 0, places)


def repetition_rules(form: Format, texts: dict[str, str], year: int) -> Iterator[Rule]:
    """A rule for each section of text that was written last year, too."""
    for section in form.sections:
        if before := texts.get(section.id, "").strip():
            yield Rule(f"repeats:{section.id}", frozenset({section.id}), partial(_find, section, before, year))


def _find(section: Section, before: str, year: int, state: State) -> tuple[Finding, ...]:
    found = compare(state.report.text(section.id), before)
    if found.percent < NOTICED:
        return ()
    severity = Severity.EXPLAIN if found.percent >= STRIKING else Severity.HINT
    message = f"与 {year} 年的报告相比，有 {len(found.places)} 句相同，约占 {found.percent}%"
    spans = tuple(Span(section.id, start, length) for start, length in found.places)
    todo = "请改写画线的句子，写出本年的情况；确属相同的，写明原因"
    return (Finding("text-repeats", severity, section.id, message, todo, "本软件的提醒", spans=spans),)
