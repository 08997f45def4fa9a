"""Derives new reports from existing ones: next year's draft, the sum of sub-units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from model.base import Trouble
from model.form import Address, Entry, Format, Number, Values
from model.report import Report, inherited_facts


def next_year_report(report: Report, values: Values, new: Format) -> Report:
    """Create next year's draft: agency, unit kind, inherited facts and the numbers that carry over, no more.

    `values` are the old report's numbers with totals; `new` is the format of `report.year + 1`.
    """
    cells = {address: Entry(number) for address, number in carried(values, new)}
    facts = inherited_facts(report.facts)
    return Report(report.agency, report.year + 1, new.id, report.unit_kind, cells, facts=facts)


def carried(values: Values, new: Format) -> Iterator[tuple[Address, Number]]:
    """Yield the numbers of last year that carry over (结转): address in the new report, number."""
    for table in new.tables:
        for carry in table.carries:
            for column in table.columns(carry.row):
                target = Address(table.id, carry.row, column.id)
                number = values.get(Address(table.id, carry.source, column.id))
                if number is not None and target not in new.totals:
                    yield target, number


def consolidate(own: Report, units: Iterable[Report], form: Format) -> Report:
    """Add the numbers of the sub-units to the parent's report, cell by cell; its texts stay.

    A cell that is blank everywhere stays blank; one that could not be read in some report has no sum and keeps the
    text typed there. Raises `Trouble` when a unit is of another year or format.
    """
    reports = [own, *units]
    for report in reports:
        if (report.year, report.format) != (own.year, own.format):
            ours = f"{own.year} 年、格式“{own.format}”"
            raise Trouble(
                f"{report.agency}的年度报告是 {report.year} 年、格式“{report.format}”，应与汇总的 {ours}一致，请更换"
            )
    cells = {address: _together(address, reports) for address in form.inputs}
    return replace(own, cells=cells, stated={}, notes=())


def _together(address: Address, reports: Iterable[Report]) -> Entry:
    """Add up one cell over several reports."""
    total: Number | None = None
    for report in reports:
        entry = report.entry(address)
        if entry.unread:
            return replace(entry, problem=f"{report.agency}所填{entry.problem}")
        if entry.number is not None:
            total = (total or 0) + entry.number
    return Entry(total)
