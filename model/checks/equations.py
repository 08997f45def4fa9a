"""Equations of a table over its typed cells, and search for interchanged numbers where they do not hold.

A printed total is a constant in them, so that it can contradict its parts; a total that is only computed is resolved
into the cells it adds up. An equation with a blank in it is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from model.form import Address, Every, Format, Number, Relation, Severity, Table, Values, cases, evaluate
from model.report import Report

MOST_BROKEN = 16  # equations; more that fail are no single mistake, and take too long at every keystroke
MOST_PAIRS = 3000  # of cells to try; with more the search is left out
LEAST_EQUATIONS = 2  # independent equations that an interchange must settle to be reported
SHORTEST_SHIFT = 3  # rows; a shift of two is an exchange of two rows
Entered = Mapping[Address, Number]  # cells with the numbers they should hold


@dataclass(frozen=True, slots=True)
class Equation:
    """Relation of typed cells, Σ factor × cell, that is off by `gap`; `name`: its printed total, or its check and case.

    One over totals only (`follows`) is implied by the others and confirms nothing independently.
    """

    name: Address | tuple[str, str]
    factors: Mapping[Address, int]
    gap: Number
    follows: bool


@dataclass(frozen=True)
class Mixup:
    """Cells with interchanged numbers, and the equations that hold when they are put right."""

    kind: str  # "cells", "rows", or the direction in which a block of rows must move: "up", "down"
    entries: tuple[tuple[Address, Number], ...]  # in the order of the paper; what each should hold
    resolved: frozenset[Address | tuple[str, str]]


def leaves_of(
    form: Format, factor: int, address: Address, stated: Mapping[Address, object]
) -> Iterator[tuple[int, Address]]:
    """Yield (factor, typed cell) for all that a cell adds up; a total in `stated` is a constant and yields none."""
    if address not in form.totals:
        yield factor, address
    elif address not in stated:
        for inner, name in form.totals[address].terms:
            yield from leaves_of(form, factor * inner, name, stated)


@lru_cache(maxsize=64)
def balances(table: Table) -> tuple[tuple[tuple[str, str], Relation[Address]], ...]:
    """Return the equations that hold unconditionally for every unit, by (check code, case)."""
    return tuple(
        ((check.code, case.item), case.holds)
        for check in table.checks
        if check.severity is Severity.ERROR and not check.unit_kinds and check.every is not Every.REPORT
        for case in cases(table, check)
        if case.holds.sign == "=" and case.when is None
    )


@lru_cache(maxsize=16)
def _typed_under(form: Format) -> dict[Address, dict[Address, int]]:
    """Return for every total the typed cells that it adds up, with their factors."""
    return {total: _summed(leaves_of(form, 1, total, {})) for total in form.totals}


def equations(form: Format, table: Table, report: Report, values: Values) -> tuple[Equation, ...]:
    """Return all equations of a table without blank cells: its printed totals and its balances."""
    stated = report.stated
    printed_values = {**values, **stated}
    found = [
        Equation(
            total,
            _typed_under(form)[total],
            (values.get(total) or 0) - number,
            bool(table.row(total.row).total and form.column(total).total),
        )
        for total in table.addresses()
        if total in form.totals and (number := stated.get(total)) is not None
    ]
    for name, relation in balances(table):
        terms = (term for cell in dict.fromkeys(relation.names()) for term in _terms(form, relation, cell, stated))
        gap = evaluate(relation.left, printed_values) - evaluate(relation.right, printed_values)
        follows = all(cell in form.totals for cell in relation.names())
        found.append(Equation(name, _summed(terms), gap, follows))
    return tuple(e for e in found if e.factors and all(report.entry(cell).number is not None for cell in e.factors))


def _column_of(equation: Equation) -> str:
    """Return the column whose printed total an equation is about; "" for any other."""
    return equation.name.column if isinstance(equation.name, Address) else ""


def _terms(
    form: Format, relation: Relation[Address], name: Address, stated: Mapping[Address, object]
) -> Iterator[tuple[int, Address]]:
    return (t for t in leaves_of(form, relation.coefficient(name), name, stated) if t[1] not in form.totals)


def _summed(terms: Iterable[tuple[int, Address]]) -> dict[Address, int]:
    factors: dict[Address, int] = defaultdict(int)
    for factor, cell in terms:
        factors[cell] += factor
    return {cell: factor for cell, factor in factors.items() if factor}


def mixups(form: Format, table: Table, report: Report, values: Values) -> tuple[Mixup, ...]:
    """Find interchanges that each settle at least two independent equations and break none.

    Where several explain the same equations, none is certain, and all are returned.
    """
    search = _Search(form, table, report, equations(form, table, report, values))
    return search.found() if LEAST_EQUATIONS <= len(search.broken) <= MOST_BROKEN else ()


class _Search:
    """Tries the common mix-ups (two cells, two rows, shifted rows) against the equations of one table."""

    def __init__(self, form: Format, table: Table, report: Report, found: tuple[Equation, ...]) -> None:
        self.broken = [equation for equation in found if equation.gap]
        self._form, self._table = form, table
        self._equations = found
        self._numbers = {c: n for c in table.addresses() if (n := report.entry(c).number) is not None}
        self._of: dict[Address, dict[int, int]] = defaultdict(dict)  # the factors of a cell by index of the equation
        for place, equation in enumerate(found):
            for cell, factor in equation.factors.items():
                self._of[cell][place] = factor

    def found(self) -> tuple[Mixup, ...]:
        """Return each arrangement once, as the kind that was tried first."""
        found: dict[frozenset[tuple[Address, Number]], Mixup] = {}
        for kind, entries in (*self._cells(), *self._rows(), *self._shifts()):
            if resolved := self._resolved_by(entries):
                found.setdefault(frozenset(entries.items()), Mixup(kind, tuple(entries.items()), resolved))
        return tuple(found.values())

    def _resolved_by(self, entries: Entered) -> frozenset[Address | tuple[str, str]]:
        """Return the equations that these numbers settle; none if one that they change stays or becomes wrong."""
        touched = {place: by for place, by in self._movement(entries).items() if by}
        independent = sum(not self._equations[place].follows for place in touched)
        if independent < LEAST_EQUATIONS or any(self._equations[place].gap + by for place, by in touched.items()):
            return frozenset()
        return frozenset(self._equations[place].name for place in touched)

    def _movement(self, entries: Entered) -> dict[int, Number]:
        """Return by how much these numbers change the gap of each equation, by its index."""
        moved: dict[int, Number] = defaultdict(int)
        for cell, number in entries.items():
            for place, factor in self._of[cell].items():
                moved[place] += factor * (number - self._numbers[cell])
        return moved

    def _cells(self) -> Iterator[tuple[str, Entered]]:
        """Yield exchanges of two cells: those must share every equation that holds."""
        alike: dict[frozenset[tuple[int, int]], list[Address]] = defaultdict(list)
        for cell, factors in self._of.items():
            holding = frozenset((p, f) for p, f in factors.items() if not self._equations[p].gap)
            if len(holding) < len(factors):
                alike[holding].append(cell)
        pairs = [pair for cells in alike.values() for pair in combinations(cells, 2)]
        for one, other in pairs if len(pairs) <= MOST_PAIRS else ():
            if (
                self._numbers[one] != self._numbers[other]
                and self._form.column(one).kind is self._form.column(other).kind
            ):
                yield "cells", {one: self._numbers[other], other: self._numbers[one]}

    def _rows(self) -> Iterator[tuple[str, Entered]]:
        """Yield exchanges of two rows of numbers."""
        rows = self._broken_rows()
        for one, other in combinations(rows, 2):
            yield "rows", self._moved([one, other], [other, one])

    def _shifts(self) -> Iterator[tuple[str, Entered]]:
        """Yield shifts of a block of rows by one line; the row beyond its end is at the other end, or lost."""
        rows = self._broken_rows()
        if len(rows) < SHORTEST_SHIFT:
            return
        order = [row.id for row in self._table.rows if row.total is None]
        stretch = order[order.index(rows[0]) : order.index(rows[-1]) + 1]
        for kind, sources in (("up", [*stretch[1:], stretch[0]]), ("down", [stretch[-1], *stretch[:-1]])):
            yield kind, self._moved(stretch, sources)
        for kind, rows, sources in (("up", stretch[:-1], stretch[1:]), ("down", stretch[1:], stretch[:-1])):
            yield kind, self._completed(self._moved(rows, sources), stretch[-1] if kind == "up" else stretch[0])

    def _completed(self, entries: dict[Address, Number], row: str) -> Entered:
        """Add the numbers of a lost row that the column totals require; return nothing if one would be negative."""
        moved = self._movement(entries)
        for column in self._table.columns(row):
            cell = Address(self._table.id, row, column.id)
            across = [p for p, e in enumerate(self._equations) if cell in e.factors and _column_of(e) == column.id]
            if across:
                place = across[0]
                if gap := (self._equations[place].gap + moved[place]) * self._of[cell][place]:
                    entries[cell] = self._numbers[cell] - gap
        return entries if all(number >= 0 for number in entries.values()) else {}

    def _broken_rows(self) -> list[str]:
        """Return the rows whose printed total is off, in the order of the paper."""
        names = [e.name for e in self.broken if isinstance(e.name, Address)]
        off = {a.row for a in names if self._form.column(a).total}
        return [row.id for row in self._table.rows if row.id in off and row.total is None]

    def _moved(self, rows: list[str], sources: list[str]) -> dict[Address, Number]:
        """Return the cells of `rows` with the numbers of `sources`, where they differ."""
        found: dict[Address, Number] = {}
        for row, source in zip(rows, sources, strict=True):
            for column in self._table.columns(row):
                cell, origin = Address(self._table.id, row, column.id), Address(self._table.id, source, column.id)
                if cell in self._numbers and self._numbers.get(origin, self._numbers[cell]) != self._numbers[cell]:
                    found[cell] = self._numbers[origin]
        return found
