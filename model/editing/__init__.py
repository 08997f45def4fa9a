"""The open report with undo and findings, and what is derived from it."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.editing.next_year import next_year_report
    from model.editing.opener import Opener
    from model.editing.reasons import Reason, reasons_given
    from model.editing.reviewed import Reviewed, unchecked
    from model.editing.rule_descriptions import page_of, relation_words, relations_at
    from model.editing.rule_results import RuleResult, results
    from model.editing.session import Editing, Effect

__all__ = [
    "Editing",
    "Effect",
    "Opener",
    "Reason",
    "Reviewed",
    "RuleResult",
    "next_year_report",
    "page_of",
    "reasons_given",
    "relation_words",
    "relations_at",
    "results",
    "unchecked",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "next_year": ("next_year_report"),
            "opener": ("Opener"),
            "reasons": ("Reason reasons_given"),
            "reviewed": ("Reviewed unchecked"),
            "rule_descriptions": ("page_of relation_words relations_at"),
            "rule_results": ("RuleResult results"),
            "session": ("Editing Effect"),
        },
    )
