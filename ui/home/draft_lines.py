"""Builds the lines of the list of drafts from stored counts; counts drafts whose stored counts are missing or stale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from model.base import Trouble
from model.form import Formats
from model.report import DraftCounts
from ui.draft import Drafts, edition_of, open_draft
from ui.home.draft_list import DraftLine

if TYPE_CHECKING:
    from model.editing import Opener
    from model.storage import Draft, StoredCounts


class DraftLines:
    """Reads lines in a background thread; `listed` runs no rule, `counted` runs all of them."""

    def __init__(self, drafts: Drafts, formats: Formats, opener: Callable[[], Opener]) -> None:
        self._drafts, self._formats, self._opener = drafts, formats, opener
        self._computed: dict[int, StoredCounts] = {}  # not asked for again where the file is read-only

    def listed(self, *, deleted: bool = False) -> list[DraftLine]:
        """Return a line of each draft, without counts where those stored are of another state or edition."""
        listing, opener = self._drafts.listing(deleted=deleted), self._opener()
        lines = []
        for draft in listing.drafts:
            edition = edition_of(opener, draft, listing.active)
            known = [found.get(draft.number) for found in (listing.counts, self._computed)]
            counts = [one.counts for one in known if one and (one.chain, one.edition) == (draft.chain, edition)]
            lines.append(self._line(draft, counts[0] if counts else None))
        return lines

    def counted(self, lines: Sequence[DraftLine]) -> list[DraftLine]:
        """Check the drafts of these lines with all rules, store the counts and return the lines with them."""
        found = [self._counted(line) for line in lines]
        computed = {line.number: stored for line, stored in found if stored}
        self._computed |= computed
        with suppress(Trouble):  # the counts are right nevertheless, and computed again after the next start
            self._drafts.set_counts(computed)
        return [line for line, _ in found]

    def _counted(self, line: DraftLine) -> tuple[DraftLine, StoredCounts | None]:
        """Check one draft; None: it cannot be read, or last year's report cannot."""
        from model.storage import StoredCounts

        try:
            opened = open_draft(self._drafts, self._opener(), line.number)
        except Trouble as trouble:
            return replace(line, trouble=str(trouble)), None
        counts = opened.editing.counts
        stored = StoredCounts(counts, opened.draft.chain, opened.edition) if opened.edition else None
        return self._line(opened.draft, counts), stored

    def _line(self, draft: Draft, counts: DraftCounts | None) -> DraftLine:
        """Build a line; one with the error if the format is not installed."""
        form = trouble = ""
        try:
            form = self._formats.named(draft.format).document
        except Trouble as error:
            trouble = str(error)
        return DraftLine(draft.number, draft.agency, draft.year, form, draft.saved, counts, trouble, draft.deleted)
