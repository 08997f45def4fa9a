"""Counts the numbers in the texts that agree with the tables, differ from them, or could not be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from model.checks import ParagraphText, RuleInput, Span
from model.claims.claim_check import ClaimReading, Verdict, claim_readings
from model.prose import Passage, RuleContext


@dataclass(frozen=True, slots=True)
class UndecidedPhrase:
    """A phrase with a number that could not be judged, its span, and the reason."""

    span: Span
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class NumberSummary:
    """The counts of numbers that agree and differ; `open` are the phrases that could not be judged."""

    agrees: int = 0
    differs: int = 0
    open: tuple[UndecidedPhrase, ...] = ()

    def line(self) -> str:
        """The line shown under a text, without the count of differences, which are findings; "" for no numbers."""
        parts = [(self.agrees, "个与表格一致"), (len(self.open), "个未能判断")]
        said = "，".join(f"{count} {what}" for count, what in parts if count)
        return f"文中数字：{said}" if said else ""

    def sentence(self) -> str:
        """The counts as a sentence, all three even if 0."""
        return f"与表格符合 {self.agrees} 个，不符合 {self.differs} 个，未能判断 {len(self.open)} 个"


def summarise_numbers(ground: RuleContext | None, state: RuleInput, section: str = "") -> NumberSummary:
    """Count over all texts or one section's; nothing where the texts were not checked (no context)."""
    if ground is None:
        return NumberSummary()
    counted: Counter[Verdict] = Counter()
    phrases: list[UndecidedPhrase] = []
    for one in (section,) if section else ground.sections:
        for start, (judged, unjudged) in _by_piece(ground, state, one):
            counted.update(judged)
            for phrase in unjudged:
                span = phrase.span
                phrases.append(replace(phrase, span=Span(one, start + span.start, span.length)))
    return NumberSummary(counted[Verdict.AGREES], counted[Verdict.DIFFERS], tuple(phrases))


_Told = tuple[list[Verdict], list[UndecidedPhrase]]


def _by_piece(ground: RuleContext, state: RuleInput, section: str) -> Iterator[tuple[int, _Told]]:
    """The start of each paragraph, with its verdicts and open phrases (positions relative to the paragraph)."""
    report, placed = state.report, state.pieces(section)

    def ask(piece: ParagraphText) -> _Told:
        passage = Passage(ground, section, state, piece)
        return [reading.verdict for reading in claim_readings(passage)], list(_open(passage))

    known = report.year, state.numbers
    told = state.memo.each(("tally", ground, section), known, [piece for _, piece in placed], ask)
    return zip((start for start, _ in placed), told, strict=True)


def _open(passage: Passage) -> Iterator[UndecidedPhrase]:
    for reading in claim_readings(passage):
        if reading.verdict is Verdict.UNDECIDED:
            span = passage.span(reading.claim.start, reading.claim.end)
            yield UndecidedPhrase(span, passage.quoted(span), _why(passage, reading))


def _why(passage: Passage, reading: ClaimReading) -> str:
    if not reading.claim.meanings:
        return "没有认出说的是表中哪一格"
    if reading.claim.last_year:
        return "没有上年的报告可以核对" if passage.ground.last_year is None else "说的是上年，与上年的报告对不上"
    if any(number is None for _, number in reading.numbers):
        return "有关的格还没有填完"
    return "可能只是其中一部分"
