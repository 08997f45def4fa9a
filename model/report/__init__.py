"""One report as a value, what can be computed from it, and its data file."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.report import diff, exchange
    from model.report.deadline import countdown, deadline_of, due_name, fact_for, statutory
    from model.report.diff import Comparison, DiffPart, TextDifference, compare, pieces
    from model.report.draft_counts import CountsAfter, DraftCounts, open_phrases
    from model.report.exchange import SCHEMA, dumps, loads
    from model.report.facts import (
        CONTACT_ADDRESS,
        CONTACT_EMAIL,
        CONTACT_FAX,
        CONTACT_OFFICE,
        CONTACT_PHONE,
        CONTACT_POSTCODE,
        CONTACTS,
        COVER,
        DEADLINE,
        EXPLAINED,
        FEES,
        FINAL,
        MADE,
        PROPOSED,
        QUOTE,
        SIGNED_ON,
        SILENCED,
        WITH_APPROVAL,
        WITH_REASONS,
        WITHDRAWN,
        fact_date,
        facts_under,
        inherited_facts,
        is_final,
    )
    from model.report.generated_text import fee_problem, fees, placed, preface
    from model.report.report import (
        MAX_AGENCY,
        YEARS,
        Change,
        ReadingNote,
        Report,
        applied,
        check_head,
        check_type,
        difference,
    )
    from model.report.totals import engine_of
    from model.report.undo import GOING_ON, History, Stacks, joined
    from model.report.unit_kind import is_doubtful, unit_kind_of

__all__ = [
    "CONTACTS",
    "CONTACT_ADDRESS",
    "CONTACT_EMAIL",
    "CONTACT_FAX",
    "CONTACT_OFFICE",
    "CONTACT_PHONE",
    "CONTACT_POSTCODE",
    "COVER",
    "DEADLINE",
    "EXPLAINED",
    "FEES",
    "FINAL",
    "GOING_ON",
    "MADE",
    "MAX_AGENCY",
    "PROPOSED",
    "QUOTE",
    "SCHEMA",
    "SIGNED_ON",
    "SILENCED",
    "WITHDRAWN",
    "WITH_APPROVAL",
    "WITH_REASONS",
    "YEARS",
    "Change",
    "Comparison",
    "CountsAfter",
    "DiffPart",
    "DraftCounts",
    "History",
    "ReadingNote",
    "Report",
    "Stacks",
    "TextDifference",
    "applied",
    "check_head",
    "check_type",
    "compare",
    "countdown",
    "deadline_of",
    "diff",
    "difference",
    "due_name",
    "dumps",
    "engine_of",
    "exchange",
    "fact_date",
    "fact_for",
    "facts_under",
    "fee_problem",
    "fees",
    "inherited_facts",
    "is_doubtful",
    "is_final",
    "joined",
    "loads",
    "open_phrases",
    "pieces",
    "placed",
    "preface",
    "statutory",
    "unit_kind_of",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "deadline": ("countdown deadline_of due_name fact_for statutory"),
            "diff": ("Comparison DiffPart TextDifference compare pieces"),
            "draft_counts": ("CountsAfter DraftCounts open_phrases"),
            "exchange": ("SCHEMA dumps loads"),
            "facts": (
                "CONTACTS CONTACT_ADDRESS CONTACT_EMAIL CONTACT_FAX CONTACT_OFFICE CONTACT_PHONE "
                "CONTACT_POSTCODE COVER DEADLINE EXPLAINED FEES FINAL MADE PROPOSED QUOTE SIGNED_ON "
                "SILENCED WITHDRAWN WITH_APPROVAL WITH_REASONS fact_date facts_under inherited_facts "
                "is_final"
            ),
            "generated_text": ("fee_problem fees placed preface"),
            "report": ("Change MAX_AGENCY ReadingNote Report YEARS applied check_head check_type difference"),
            "totals": ("engine_of"),
            "undo": ("GOING_ON History Stacks joined"),
            "unit_kind": ("is_doubtful unit_kind_of"),
        },
    )
