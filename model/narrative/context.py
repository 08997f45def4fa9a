"""What every rule about a text stands on, and how it says what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeVar

from model.checks.paragraph_memo import Piece
from model.checks.rules import Finding, Fix, Span, State, TextEdit
from model.form.cell import Address, Number
from model.form.format import PREFACE, Format
from model.narrative.rule_set import RuleSet
from model.narrative.sentences import Folded, fold
from model.narrative.vocabulary import Meaning, Vocabulary

Told = TypeVar("Told")

_LONGEST = 40  # characters of the text that a message repeats


@dataclass(frozen=True, eq=False)
class Ground:
    """One format with its rules and words; `last_year` are last year's numbers, with totals, where they are known."""

    form: Format
    rules: RuleSet
    words: Vocabulary
    last_year: Mapping[Address, Number | None] | None = None

    @property
    def sections(self) -> tuple[str, ...]:
        """The ids of what is text: the preface and the sections without a table."""
        return (PREFACE, *(section.id for section in self.form.sections if not section.table))


@dataclass(frozen=True)
class Passage:
    """One text under its rules, or one paragraph of it (`piece`): then places are counted from its beginning."""

    ground: Ground
    section: str
    state: State
    piece: Piece | None = None

    @cached_property
    def typed(self) -> str:
        """The text as typed."""
        return self.state.report.text(self.section) if self.piece is None else self.piece.text

    @cached_property
    def before(self) -> str:
        """What stands close before a paragraph, as the rules read it."""
        return fold(self.piece.before).text if self.piece else ""

    @cached_property
    def behind(self) -> str:
        """What stands close behind a paragraph, as the rules read it."""
        return fold(self.piece.behind).text if self.piece else ""

    @cached_property
    def folded(self) -> Folded:
        """The text as the rules read it."""
        return fold(self.typed)

    def span(self, start: int, end: int) -> Span:
        """A stretch of the folded text, as it stands in the typed one."""
        return self.folded.span(self.section, start, end)

    def quoted(self, span: Span) -> str:
        """The words of a stretch, as a message repeats them."""
        words = "".join(self.typed[span.start : span.start + span.length].split())
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
        """What a rule says about stretches of this text; `words` fill its sentence, {phrase} is the first stretch."""
        rule, places = self.ground.rules.rules[code], tuple(spans)
        words = {"phrase": self.quoted(places[0]) if places else "", **words}
        message, todo = rule.says.format(**words), rule.todo.format(**words)
        return Finding(code, rule.severity, self.section, message, todo, rule.basis, cells, fix, places)


def of_pieces(ground: Ground, section: str, state: State, ask: Callable[[Passage], Told]) -> list[Told]:
    """What each paragraph of a section answers by its own words alone, in their order."""
    pieces = [piece for _, piece in state.pieces(section)]
    question = ground, section, ask
    return state.memo.each(question, None, pieces, lambda piece: ask(Passage(ground, section, state, piece)))


def moved(finding: Finding, by: int) -> Finding:
    """A finding about a paragraph, as one about the text in which it begins at character `by`."""
    if not by:
        return finding
    fix = finding.fix
    if fix and fix.texts:
        fix = replace(fix, texts=tuple(replace(edit, span=_moved(edit.span, by)) for edit in fix.texts))
    return replace(finding, spans=tuple(_moved(span, by) for span in finding.spans), fix=fix)


def _moved(span: Span, by: int) -> Span:
    return Span(span.section, span.start + by, span.length)


def mend(label: str, *edits: tuple[Span, str]) -> Fix:
    """One click that puts other words in the place of stretches."""
    return Fix(label, texts=tuple(TextEdit(span, words) for span, words in edits))


@lru_cache(maxsize=512)
def rows_under(vocabulary: Vocabulary, meaning: Meaning) -> frozenset[tuple[str, str]]:
    """The rows (table, row) whose typed cells a meaning rests on."""
    return frozenset((leaf.table, leaf.row) for name in meaning.linear.names() for leaf in _leaves(vocabulary, name))


def _leaves(vocabulary: Vocabulary, address: Address) -> Iterator[Address]:
    if address not in vocabulary.form.totals:
        yield address
    else:
        for name in vocabulary.form.totals[address].names():
            yield from _leaves(vocabulary, name)
