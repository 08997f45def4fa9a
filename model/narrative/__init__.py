"""The rules about the text of a report: words against numbers, wording, form, personal data.

`text_rules` gives them as rules of `model.checks`; `Verdict` and `readings` tell what agreed and what stayed open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from model.cell import Address, Number
from model.checks import Finding, Place, Rule, State
from model.format import PREFACE, Format
from model.narrative import absolutes, derived, figures, names, privacy, wording, years
from model.narrative.figures import Reading, Verdict, readings
from model.narrative.ground import Ground, Passage
from model.narrative.rulefiles import load_rules
from model.narrative.ruleset import RuleSet
from model.narrative.vocabulary import Vocabulary

__all__ = ["Ground", "Passage", "Reading", "RuleSet", "Verdict", "ground", "load_rules", "readings", "text_rules"]

_Find = Callable[[Passage], Iterator[Finding]]
_NUMBERS: tuple[tuple[str, _Find], ...] = (
    ("figures", figures.find),
    ("zero", absolutes.find_zero),
    ("all", absolutes.find_all),
    ("growth", derived.find_growth),
    ("shares", derived.find_shares),
    ("parts", derived.find_parts),
    ("fees", derived.find_fees),
)
_WORDS: tuple[tuple[str, _Find], ...] = (
    ("years", years.find),
    ("period", years.find_period),
    ("wording", wording.find_patterns),
    ("places", names.find_places),
    ("agencies", names.find_agencies),
    ("missing", wording.find_missing),
    ("privacy", privacy.find),
)
# What a rule reads besides the head and its own section: where an agency is may stand on the cover only.
_BESIDES: dict[str, frozenset[Place]] = {"places": frozenset({"contact_office", "contact_address"})}


def ground(form: Format, rules: RuleSet, last_year: Mapping[Address, Number | None] | None = None) -> Ground:
    """What the rules of one format stand on; `last_year` are last year's numbers with totals, where known."""
    return Ground(form, rules, Vocabulary(form, rules.mentions), last_year)


def text_rules(
    form: Format, rules: RuleSet, last_year: Mapping[Address, Number | None] | None = None
) -> tuple[Rule, ...]:
    """All rules about texts, section by section; those about numbers read every cell of the form, the others none."""
    return rules_on(ground(form, rules, last_year))


def rules_on(base: Ground) -> tuple[Rule, ...]:
    """The same on a ground that is there already."""
    form = base.form
    cells: frozenset[Place] = frozenset(form.addresses)
    found: list[Rule] = []
    for section in base.sections:
        head: frozenset[Place] = frozenset({section, "year", "agency", "unit_kind"})
        found += [_rule(base, name, section, find, head | cells) for name, find in _NUMBERS]
        found += [_rule(base, name, section, find, head | _BESIDES.get(name, frozenset())) for name, find in _WORDS]
    both: frozenset[Place] = frozenset({PREFACE, *base.sections, "year"})
    found.append(_rule(base, "no-period", PREFACE, years.find_no_period, both))
    found.append(_rule(base, "title", PREFACE, wording.find_title, frozenset({"agency"})))
    return tuple(found)


def _rule(base: Ground, name: str, section: str, find: _Find, reads: frozenset[Place]) -> Rule:
    return Rule(f"{name}:{section}", reads, partial(_found, base, section, find))


def _found(base: Ground, section: str, find: _Find, state: State) -> tuple[Finding, ...]:
    return tuple(find(Passage(base, section, state)))
