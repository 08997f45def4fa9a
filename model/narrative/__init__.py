"""Rules about the text of a report: numbers against tables, years, names, wording, personal data."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.narrative.all_rules import rule_context, rules_on

__all__ = ["rule_context", "rules_on"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(__name__, {"all_rules": ("rule_context rules_on")})
