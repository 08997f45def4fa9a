"""From files and clipboards of other programs to reports and cells."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.importing import clipboard
    from model.importing.pasting import Proposal, fitting, propose
    from model.importing.read import as_draft, is_database, read_file
    from model.importing.reading_result import Reading
    from model.importing.several_reports import SeveralReports

__all__ = [
    "Proposal",
    "Reading",
    "SeveralReports",
    "as_draft",
    "clipboard",
    "fitting",
    "is_database",
    "propose",
    "read_file",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "pasting": ("Proposal fitting propose"),
            "read": ("as_draft is_database read_file"),
            "reading_result": ("Reading"),
            "several_reports": ("SeveralReports"),
        },
    )
