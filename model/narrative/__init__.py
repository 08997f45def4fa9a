"""Rules about the text of a report: numbers against tables, years, names, wording, personal data."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.narrative.all_rules import rule_context, rules_on
    from model.narrative.context import RuleContext
    from model.narrative.number_summary import NumberSummary, summarise_numbers
    from model.narrative.rule_loader import load_rules
    from model.narrative.rule_set import RequiredStatement, RulePage, RuleSet, TextRule

__all__ = [
    "NumberSummary",
    "RequiredStatement",
    "RuleContext",
    "RulePage",
    "RuleSet",
    "TextRule",
    "load_rules",
    "rule_context",
    "rules_on",
    "summarise_numbers",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "all_rules": ("rule_context rules_on"),
            "context": ("RuleContext"),
            "number_summary": ("NumberSummary summarise_numbers"),
            "rule_loader": ("load_rules"),
            "rule_set": ("RequiredStatement RulePage RuleSet TextRule"),
        },
    )
