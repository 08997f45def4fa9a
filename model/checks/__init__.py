"""Rules that read a report and return findings: relations, carry-over, explanations, readiness for 定稿."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.checks.equations import leaves_of
    from model.checks.explanations import (
        KINDS,
        Explanation,
        ExplanationState,
        all_explanations,
        base_of,
        explanation_for,
        explanation_of,
        is_silenced,
        key_of,
        name_of,
        objection,
        state_of,
    )
    from model.checks.finalising import Readiness, final_fact, is_blank, readiness, withdrawal
    from model.checks.finding import CellOrField, Finding, Fix, RuleInput, Span, TextEdit, ground_of
    from model.checks.last_year import LAST, LastYear, carried_from, changes, year_rules
    from model.checks.paragraph_memo import BEFORE, BEHIND, Memo, ParagraphText
    from model.checks.quoted_numbers import quote_fact, quote_rules
    from model.checks.rules import CELL_OPEN, Rule, find_all, flat, rules_of

__all__ = [
    "BEFORE",
    "BEHIND",
    "CELL_OPEN",
    "KINDS",
    "LAST",
    "CellOrField",
    "Explanation",
    "ExplanationState",
    "Finding",
    "Fix",
    "LastYear",
    "Memo",
    "ParagraphText",
    "Readiness",
    "Rule",
    "RuleInput",
    "Span",
    "TextEdit",
    "all_explanations",
    "base_of",
    "carried_from",
    "changes",
    "explanation_for",
    "explanation_of",
    "final_fact",
    "find_all",
    "flat",
    "ground_of",
    "is_blank",
    "is_silenced",
    "key_of",
    "leaves_of",
    "name_of",
    "objection",
    "quote_fact",
    "quote_rules",
    "readiness",
    "rules_of",
    "state_of",
    "withdrawal",
    "year_rules",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "equations": ("leaves_of"),
            "explanations": (
                "Explanation ExplanationState KINDS all_explanations base_of explanation_for explanation_of "
                "is_silenced key_of name_of objection state_of"
            ),
            "finalising": ("Readiness final_fact is_blank readiness withdrawal"),
            "finding": ("CellOrField Finding Fix RuleInput Span TextEdit ground_of"),
            "last_year": ("LAST LastYear carried_from changes year_rules"),
            "paragraph_memo": ("BEFORE BEHIND Memo ParagraphText"),
            "quoted_numbers": ("quote_fact quote_rules"),
            "rules": ("CELL_OPEN Rule find_all flat rules_of"),
        },
    )
