"""The rules about the text of a report: numbers, wording, form, personal data.

`text_rules` returns them as `Rule`s; `claim_readings` compares each number with the tables (`Verdict`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from model.checks import CellOrField, Finding, ParagraphText, Rule, RuleInput
from model.claims import claim_check, ratios, share_sums, zero_claims
from model.form import PREFACE, Address, Format, Number
from model.narrative import (
    dates,
    leftover_names,
    named_authors,
    near_names,
    ordinals,
    pairs,
    privacy,
    wording,
    year_words,
)
from model.prose import Passage, RuleContext, RuleSet, Vocabulary, moved, of_pieces
from model.report import CONTACT_ADDRESS, CONTACT_OFFICE

_Find = Callable[[Passage], Iterator[Finding]]
_NUMBERS: tuple[_Find, ...] = (
    claim_check.find,
    zero_claims.find_zero,
    zero_claims.find_all,
    ratios.find_growth,
    ratios.find_shares,
    share_sums.find,
    ratios.find_parts,
    ratios.find_fees,
)
_WORDS: tuple[_Find, ...] = (
    year_words.find,
    year_words.find_period,
    dates.find,
    dates.find_plans,
    wording.find_patterns,
    wording.find_typos,
    wording.find_facts,
    pairs.find,
    near_names.find,
    leftover_names.find_agencies,
    named_authors.find,
    privacy.find,
)


def rule_context(form: Format, rules: RuleSet, last_year: Mapping[Address, Number | None] | None = None) -> RuleContext:
    """Build the shared context of the rules of one format; `last_year`: last year's numbers with totals, if known."""
    return RuleContext(form, rules, Vocabulary(form, rules.mentions.bound_to(form)), last_year)


def text_rules(
    form: Format, rules: RuleSet, last_year: Mapping[Address, Number | None] | None = None
) -> tuple[Rule, ...]:
    """All rules about texts, section by section; the `numbers:` rules read every cell of the form, the others none."""
    return rules_on(rule_context(form, rules, last_year))


def rules_on(base: RuleContext) -> tuple[Rule, ...]:
    """The rules of `text_rules` for an existing context."""
    cells: frozenset[CellOrField] = frozenset(base.form.addresses)
    # The agency's location may be on the cover only, or must be inferred from all texts.
    around: frozenset[CellOrField] = frozenset({CONTACT_OFFICE, CONTACT_ADDRESS, *base.sections})
    found: list[Rule] = []
    for section in base.sections:
        head: frozenset[CellOrField] = frozenset({section, "year", "agency", "unit_kind"})
        found.append(Rule(f"numbers:{section}", head | cells, partial(_numbers, base, section)))
        found.append(Rule(f"words:{section}", head, partial(_words, base, section)))
        found.append(Rule(f"places:{section}", head | around, partial(_places, base, section)))
        found.append(Rule(f"missing:{section}", head, partial(_missing, base, section)))
        found.append(Rule(f"ordinals:{section}", frozenset({section}), partial(_ordinals, base, section)))
    both: frozenset[CellOrField] = frozenset({PREFACE, *base.sections, "year"})
    found.append(Rule("no-period:preface", both, partial(_no_period, base)))
    found.append(Rule("title:preface", frozenset({"agency"}), partial(_title, base)))
    return tuple(found)


def _numbers(base: RuleContext, section: str, state: RuleInput) -> tuple[Finding, ...]:
    return tuple(_in_pieces(base, section, state, _NUMBERS, state.numbers))


def _words(base: RuleContext, section: str, state: RuleInput) -> tuple[Finding, ...]:
    found = list(_in_pieces(base, section, state, _WORDS, None))
    return tuple(wording.gathered(Passage(base, section, state), found))


def _places(base: RuleContext, section: str, state: RuleInput) -> tuple[Finding, ...]:
    return tuple(
        _in_pieces(
            base, section, state, (leftover_names.find_places,), leftover_names.homes_needed(base, section, state)
        )
    )


def _in_pieces(
    base: RuleContext, section: str, state: RuleInput, finds: tuple[_Find, ...], rests_on: object
) -> Iterator[Finding]:
    """The findings of each paragraph in turn; answers for unchanged paragraphs come from the memo."""
    report, placed = state.report, state.pieces(section)

    def ask(piece: ParagraphText) -> tuple[Finding, ...]:
        passage = Passage(base, section, state, piece)
        return tuple(finding for find in finds for finding in find(passage))

    known = report.year, report.agency, report.unit_kind, rests_on
    answers = state.memo.each((base, section, finds), known, [piece for _, piece in placed], ask)
    for (start, _), found in zip(placed, answers, strict=True):
        yield from (moved(finding, start) for finding in found)


def _missing(base: RuleContext, section: str, state: RuleInput) -> tuple[Finding, ...]:
    told = of_pieces(base, section, state, wording.says)
    return tuple(wording.find_missing(Passage(base, section, state), told))


def _ordinals(base: RuleContext, section: str, state: RuleInput) -> tuple[Finding, ...]:
    told = of_pieces(base, section, state, ordinals.listed)
    starts = [start for start, _ in state.pieces(section)]
    return tuple(ordinals.find(Passage(base, section, state), told, starts))


def _no_period(base: RuleContext, state: RuleInput) -> tuple[Finding, ...]:
    told = [said for section in base.sections[:2] for said in of_pieces(base, section, state, year_words.tells_period)]
    return tuple(year_words.find_no_period(Passage(base, PREFACE, state), told))


def _title(base: RuleContext, state: RuleInput) -> tuple[Finding, ...]:
    return tuple(wording.find_title(Passage(base, PREFACE, state)))
