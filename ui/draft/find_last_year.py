"""Finds last year's report of the same agency among the drafts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from model.base import Trouble
from model.checks import LastYear
from model.form import Formats
from model.report import Report

if TYPE_CHECKING:  # the first window must not wait for SQLite
    from model.storage import Draft, Store


def last_year_of(store: Store, report: Report, formats: Formats) -> LastYear | None:
    """Return the last used draft of the same agency for the year before; None without one or if it is unreadable."""
    draft = last_year_draft(store.drafts(year=report.year - 1), report.agency, report.year)
    last = readable_report(store, draft) if draft else None
    return with_totals(last, formats) if last else None


def last_year_draft(drafts: Iterable[Draft], agency: str, year: int) -> Draft | None:
    """Return the first of these drafts that is of the same agency and the year before."""
    return next((d for d in drafts if d.year == year - 1 and _same_agency(d.agency.strip(), agency.strip())), None)


def readable_report(store: Store, draft: Draft) -> Report | None:
    """Return the report of a draft; None if it cannot be read."""
    try:
        return store.load(draft.number)
    except Trouble:  # the list of drafts shows the fault; this year's report opens without it
        return None


def with_totals(last: Report, formats: Formats) -> LastYear | None:
    """Return last year's report with its totals; None if its format is not installed."""
    try:
        return LastYear.of(last, formats.named(last.format))
    except Trouble:
        return None


def _same_agency(one: str, other: str) -> bool:
    """Return True for the same name, or the short form of a full one: 应急管理局 and 济源示范区应急管理局."""
    return bool(one) and bool(other) and (one.endswith(other) or other.endswith(one))
