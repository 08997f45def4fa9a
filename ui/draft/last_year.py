"""Finds last year's report of the same agency among the drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.base import Trouble
from model.checks import LastYear
from model.form import Formats
from model.report import Report

if TYPE_CHECKING:  # the first window must not wait for SQLite
    from model.storage import Draft, Store


def last_year_of(store: Store, report: Report, formats: Formats) -> LastYear | None:
    """Return the last used draft of the same agency for the year before; None without one or if it is unreadable."""
    for draft in store.drafts():
        if draft.year == report.year - 1 and _same_agency(draft, report):
            return _loaded(store, draft, formats)
    return None


def _loaded(store: Store, draft: Draft, formats: Formats) -> LastYear | None:
    try:
        last = store.load(draft.number)
        return LastYear.of(last, formats.named(last.format))
    except Trouble:  # the list of drafts shows the fault; this year's report opens without it
        return None


def _same_agency(draft: Draft, report: Report) -> bool:
    """Return True for the same name, or the short form of a full one: 应急管理局 and 济源示范区应急管理局."""
    one, other = draft.agency.strip(), report.agency.strip()
    return bool(one) and bool(other) and (one.endswith(other) or other.endswith(one))
