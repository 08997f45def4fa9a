"""Findings about two cells, two rows or a stretch of rows whose numbers were entered in the wrong place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from model.base import in_quotes
from model.checks.equations import Mixup
from model.checks.finding import OWN_RULE, Finding, Fix
from model.form import Address, Entry, Format, Section, Severity, shown
from model.report import Report

MOST_ALTERNATIVES = 4  # alternative explanations of the same equations; when there are more, none is reported
_CODES = {"cells": "cells-swapped", "rows": "rows-swapped", "up": "rows-shifted", "down": "rows-shifted"}


def settled_by(mixed: Sequence[Mixup]) -> frozenset[Address | tuple[str, str]]:
    """Return the equations that a reported mix-up explains, which therefore get no finding of their own."""
    return frozenset(name for group in _alternatives(mixed) for name in group[0].resolved)


def mixed_findings(form: Format, section: Section, report: Report, mixed: Sequence[Mixup]) -> Iterator[Finding]:
    """Yield one finding for the mix-ups that explain the same equations, with a fix if there is only one mix-up."""
    for group in _alternatives(mixed):
        cells = tuple(dict.fromkeys(address for mixup in group for address, _ in mixup.entries))
        code = _CODES[group[0].kind]
        if len(group) > 1:
            either = "；或".join(_name(form, mixup) for mixup in group)
            message, advice = f"有数字可能填反：{either}", "请逐一核对；改正其中一处后全部相符"
            yield Finding(code, Severity.ERROR, section.id, message, advice, OWN_RULE, cells)
        else:
            yield _certain(form, section, report, group[0], code, cells)


def _alternatives(mixed: Sequence[Mixup]) -> list[list[Mixup]]:
    """Group mix-ups by the equations they explain, most first; drop groups that are too large or overlap one kept."""
    by_equations: dict[frozenset[Address | tuple[str, str]], list[Mixup]] = defaultdict(list)
    for mixup in mixed:
        by_equations[mixup.resolved].append(mixup)
    kept: list[list[Mixup]] = []
    for resolved, group in sorted(by_equations.items(), key=lambda item: -len(item[0])):
        if len(group) <= MOST_ALTERNATIVES and not any(resolved & other[0].resolved for other in kept):
            kept.append(group)
    return kept


def _certain(
    form: Format, section: Section, report: Report, mixup: Mixup, code: str, cells: tuple[Address, ...]
) -> Finding:
    fix = Fix(_LABELS[mixup.kind], cells=tuple((address, Entry(number)) for address, number in mixup.entries))
    message = _MESSAGES[mixup.kind].format(name=_name(form, mixup, report))
    return Finding(code, Severity.ERROR, section.id, message, _TODO[mixup.kind], OWN_RULE, cells, fix)


_LABELS = {"cells": "互换这两格的数", "rows": "互换这两行的数", "up": "整体上移一行", "down": "整体下移一行"}
_MESSAGES = {
    "cells": "{name}可能填反，互换后全部相符",
    "rows": "{name}的数可能填反，互换后全部相符",
    "up": "{name}各行可能错行，整体上移一行后全部相符",
    "down": "{name}各行可能错行，整体下移一行后全部相符",
}
_TODO = {
    "cells": "请核对这两格；确是填反的，请互换",
    "rows": "请核对这两行；确是填反的，请互换",
    "up": "请与原始数据逐行核对；确是错行的，请移回",
    "down": "请与原始数据逐行核对；确是错行的，请移回",
}


def _name(form: Format, mixup: Mixup, report: Report | None = None) -> str:
    """Name the two cells with their numbers, or the first and the last row."""
    first, last = mixup.entries[0][0], mixup.entries[-1][0]
    if mixup.kind == "cells":
        now = [f"（现为 {shown(report.entry(cell).number)}）" if report else "" for cell in (first, last)]
        return f"{form.cell_name(first)}{now[0]}与{form.cell_name(last)}{now[1]}"
    rows = sorted({address.row for address, _ in mixup.entries}, key=_order(form, first.table).index)
    return f"{_row(form, first, rows[0])}{'与' if mixup.kind == 'rows' else '至'}{_row(form, first, rows[-1])}"


def _order(form: Format, table: str) -> list[str]:
    return [row.id for row in form.table(table).rows]


def _row(form: Format, cell: Address, row: str) -> str:
    return in_quotes(form.row_name(cell._replace(row=row)))
