"""The shared context of the rules about texts, and the construction of their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from model.base import nested
from model.checks import Finding, Fix, ParagraphText, RuleInput, Span, TextEdit
from model.form import PREFACE, Address, Format, Number
from model.prose.rule_set import RequiredStatement, RuleSet
from model.prose.sentence import Folded, fold
from model.prose.vocabulary import Meaning, Vocabulary

Told = TypeVar("Told")

_LONGEST = 40  # characters of the text quoted in a message


@dataclass(frozen=True, eq=False)
class RuleContext:
    """The format, rules and vocabulary; `last_year`: last year's numbers with totals, if known."""

    form: Format
    rules: RuleSet
    words: Vocabulary
    last_year: Mapping[Address, Number | None] | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """The ids of the texts: the preface and the sections without a table."""
        return (PREFACE, *(section.id for section in self.form.sections if not section.table))

    def role_of(self, section: str) -> str:
        """Return the role of a section in this form; the preface has its own name."""
        return next((role for role, name in self.form.roles.items() if name == section), section)

    def musts(self, section: str) -> tuple[RequiredStatement, ...]:
        """The statements that a section of this form must contain, by the section's role."""
        return tuple(must for must in self.rules.musts if self.form.roles.get(must.role) == section)


@dataclass(frozen=True)
class Passage:
    """A text with its context, or one paragraph of it (`piece`), with positions relative to the paragraph."""

    ground: RuleContext
    section: str
    state: RuleInput
    piece: ParagraphText | None = None

    @cached_property
    def typed(self) -> str:
        """The text as typed."""
        return self.state.report.text(self.section) if self.piece is None else self.piece.text

    @cached_property
    def before(self) -> str:
        """The folded text just before a paragraph (at most 120 characters); "" for a whole text."""
        return fold(self.piece.before).text if self.piece else ""

    @cached_property
    def behind(self) -> str:
        """The folded text just behind a paragraph (at most 60 characters); "" for a whole text."""
        return fold(self.piece.behind).text if self.piece else ""

    @cached_property
    def folded(self) -> Folded:
        """The text as searched by the rules."""
        return fold(self.typed)

    @property
    def role(self) -> str:
        """The role of the section; the preface has its own name."""
        return self.ground.role_of(self.section)

    def span(self, start: int, end: int) -> Span:
        """The stretch of the typed text for a stretch of the folded text."""
        return self.folded.span(self.section, start, end)

    def quoted(self, span: Span) -> str:
        """The text of a span as quoted in a message, in “ ”: without spaces, at most 40 characters."""
        words = nested("".join(self.typed[span.start : span.start + span.length].split()))
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"

    def found(
        self,
        code: str,
        spans: Iterable[Span],
        *,
        cells: tuple[Address, ...] = (),
        fix: Fix | None = None,
        **words: str,
    ) -> Finding:
        """Build a finding of rule `code`; `words` fill its sentences, {phrase} is the text of the first span."""
        rule, places = self.ground.rules.rules[code], tuple(spans)
        words = {"phrase": self.quoted(places[0]) if places else "", **words}
        message, advice = rule.says.format(**words), rule.advice.format(**words)
        return Finding(
            code, rule.severity, self.section, message, advice, self.ground.form.in_full(rule.basis), cells, fix, places
        )


def of_pieces(ground: RuleContext, section: str, state: RuleInput, ask: Callable[[Passage], Told]) -> list[Told]:
    """The answer of `ask` for each paragraph of a section, in order; it may depend on the paragraph's text only."""
    pieces = [piece for _, piece in state.pieces(section)]
    question = ground, section, ask
    return state.memo.each(question, None, pieces, lambda piece: ask(Passage(ground, section, state, piece)))


def moved(finding: Finding, by: int) -> Finding:
    """Shift the spans of a finding about a paragraph to its text, in which the paragraph begins at `by`."""
    if not by:
        return finding
    fix = finding.fix
    if fix and fix.texts:
        fix = replace(fix, texts=tuple(replace(edit, span=_moved(edit.span, by)) for edit in fix.texts))
    return replace(finding, spans=tuple(_moved(span, by) for span in finding.spans), fix=fix)


def _moved(span: Span, by: int) -> Span:
    return Span(span.section, span.start + by, span.length)


def mend(label: str, *edits: tuple[Span, str]) -> Fix:
    """Build a one-click fix that replaces stretches of text."""
    return Fix(label, texts=tuple(TextEdit(span, words) for span, words in edits))


@lru_cache(maxsize=512)
def rows_under(vocabulary: Vocabulary, meaning: Meaning) -> frozenset[tuple[str, str]]:
    """The rows (table, row) of the typed cells that a meaning is computed from."""
    return frozenset((leaf.table, leaf.row) for name in meaning.linear.names() for leaf in _leaves(vocabulary, name))


def _leaves(vocabulary: Vocabulary, address: Address) -> Iterator[Address]:
    if address not in vocabulary.form.totals:
        yield address
    else:
        for name in vocabulary.form.totals[address].names():
            yield from _leaves(vocabulary, name)
