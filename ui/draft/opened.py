"""Opens a draft with last year's report, and identifies what its counts depend on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.report import CountsAfter
from ui.draft.drafts import Drafts
from ui.draft.find_last_year import last_year_draft, with_totals

if TYPE_CHECKING:
    from model.editing import Editing, Opener
    from model.storage import Draft


@dataclass(frozen=True)
class OpenedDraft:
    """A draft opened at the state `draft`; `edition` is "" if its counts must not be stored."""

    draft: Draft
    editing: Editing
    edition: str

    def counted(self, steps: int) -> CountsAfter | None:
        """Return the present counts, to be saved with the change that is `steps` steps after the opening."""
        step = self.draft.steps + steps
        return CountsAfter(self.editing.counts, step, self.edition) if self.edition else None


def open_draft(drafts: Drafts, opener: Opener, number: int) -> OpenedDraft:
    """Open a draft; raises `Trouble` if it cannot be read or its format is not installed."""
    loaded = drafts.load_to_edit(number)
    last = with_totals(loaded.last_report, opener.formats) if loaded.last_report else None
    unreadable = loaded.last is not None and loaded.last_report is None
    edition = "" if unreadable else _edition(opener, loaded.draft, loaded.last)
    return OpenedDraft(loaded.draft, opener.open(loaded.report, last), edition)


def edition_of(opener: Opener, draft: Draft, active: Iterable[Draft]) -> str:
    """Identify what the counts of a draft depend on besides itself: program, rules, formats, last year's report."""
    return _edition(opener, draft, last_year_draft(active, draft.agency, draft.year))


def _edition(opener: Opener, draft: Draft, last: Draft | None) -> str:
    past = f" {last.chain} {opener.edition(last.format)}" if last else ""
    return f"{opener.edition(draft.format)}{past}"
