"""The printed document by role: headings, paragraphs, tables; no sizes and no places."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from export.document.check_report import compose_verdict
    from export.document.comparison_table import compose_comparison
    from export.document.document import (
        Approval,
        Block,
        Document,
        DocumentTitle,
        Heading,
        Paragraph,
        PrintedTable,
        Run,
        Signature,
        TableNote,
        Voice,
    )
    from export.document.report_document import compose, paragraphs

__all__ = [
    "Approval",
    "Block",
    "Document",
    "DocumentTitle",
    "Heading",
    "Paragraph",
    "PrintedTable",
    "Run",
    "Signature",
    "TableNote",
    "Voice",
    "compose",
    "compose_comparison",
    "compose_verdict",
    "paragraphs",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "check_report": ("compose_verdict"),
            "comparison_table": ("compose_comparison"),
            "document": (
                "Approval Block Document DocumentTitle Heading Paragraph PrintedTable Run Signature TableNote Voice"
            ),
            "report_document": ("compose paragraphs"),
        },
    )
