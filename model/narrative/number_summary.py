"""Counts the numbers in the texts that agree with the tables, differ from them, or could not be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from model.checks.paragraph_memo import Piece
from model.checks.rules import Span, State
from model.narrative.claims import Reading, Verdict, readings
from model.narrative.context import Ground, Passage


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase with a number that could not be judged, its span, and the reason."""

    span: Span
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of numbers that agree and differ; `open` are the phrases that could not be judged."""

    agrees: int = 0
    differs: int = 0
    open: tuple[Phrase, ...] = ()

    def line(self) -> str:
        """The line shown under a text, without the count of differences, which are findings; "" for no numbers."""
        parts = [(self.agrees, "个与表格一致"), (len(self.open), "个未能判断")]
        said = "，".join(f"{count} {what}" for count, what in parts if count)
        return f"文中数字：{said}" if said else ""

    def sentence(self) -> str:
        """The counts as a sentence, all three even if 0."""
        return f"与表格符合 {self.agrees} 个，不符合 {self.differs} 个，未能判断 {len(self.open)} 个"


def tally(ground: Ground, state: State, sections: Iterable[str]) -> Tally:
    """Count over the texts of some sections, in their order."""
    counted: Counter[Verdict] = Counter()
    phrases: list[Phrase] = []
    for section in sections:
        for start, (judged, unjudged) in _by_piece(ground, state, section):
            counted.update(judged)
            for phrase in unjudged:
                span = phrase.span
                phrases.append(replace(phrase, span=Span(section, start + span.start, span.length)))
    return Tally(counted[Verdict.AGREES], counted[Verdict.DIFFERS], tuple(phrases))


_Told = tuple[list[Verdict], list[Phrase]]


def _by_piece(ground: Ground, state: State, section: str) -> Iterator[tuple[int, _Told]]:
    """The start of each paragraph, with its verdicts and open phrases (positions relative to the paragraph)."""
    report, placed = state.report, state.pieces(section)

    def ask(piece: Piece) -> _Told:
        passage = Passage(ground, section, state, piece)
        return [reading.verdict for reading in readings(passage)], list(_open(passage))

    known = report.year, state.numbers
    told = state.memo.each(("tally", ground, section), known, [piece for _, piece in placed], ask)
    return zip((start for start, _ in placed), told, strict=True)


def _open(passage: Passage) -> Iterator[Phrase]:
    for reading in readings(passage):
        if reading.verdict is Verdict.UNDECIDED:
            span = passage.span(reading.claim.start, reading.claim.end)
            yield Phrase(span, passage.quoted(span), _why(passage, reading))


def _why(passage: Passage, reading: Reading) -> str:
    if reading.claim.last_year:
        return "没有上年的报告可以核对" if passage.ground.last_year is None else "说的是上年，与上年的报告对不上"
    if any(number is None for _, number in reading.numbers):
        return "有关的格还没有填完"
    return "可能只是其中一部分"
