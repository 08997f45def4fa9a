"""The equations of a table over what was typed, and what may have been mixed up where they do not hold.

A printed total is a constant in them, so that it bears witness; a total that is only computed is resolved into the
cells it adds up.  An equation with a blank in it is none yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from model.form.binding import cases
from model.form.cell import Address, Number
from model.form.format import Every, Format, Severity, Table
from model.form.relation import Relation, Values, evaluate
from model.report.report import Report

MOST_BROKEN = 16  # more that do not hold are no single mistake, and no riddle for a keystroke
MOST_PAIRS = 3000
WITNESSES = 2  # equations that must agree before two cells are accused
SHORTEST_SHIFT = 3  # rows; two are two rows exchanged
Entered = Mapping[Address, Number]  # cells with the numbers they should hold


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ factor × cell is off by `gap`; `name` is the printed total it is about, or the check and its case.

    One over totals only (`follows`) is what the others add up to: it is no second witness.
    """

    name: Address | tuple[str, str]
    factors: Mapping[Address, int]
    gap: Number
    follows: bool


@dataclass(frozen=True)
class Mixup:
    """Cells whose numbers belong into one another, and the equations that hold when they are put right."""

    kind: str  # "cells", "rows", or where a stretch of rows has to go: "up", "down"
    entries: tuple[tuple[Address, Number], ...]  # in the order of the paper; what each should hold
    cured: frozenset[Address | tuple[str, str]]


def leaves_of(
    form: Format, factor: int, address: Address, stated: Mapping[Address, object]
) -> Iterator[tuple[int, Address]]:
    """The typed cells on which a cell rests, with their factors; a total that was printed rests on itself."""
    if address not in form.totals:
        yield factor, address
    elif address not in stated:
        for inner, name in form.totals[address].terms:
            yield from leaves_of(form, factor * inner, name, stated)


@lru_cache(maxsize=64)
def balances(table: Table) -> tuple[tuple[tuple[str, str], Relation[Address]], ...]:
    """The relations that always hold, as an equation, by check and case."""
    return tuple(
        ((check.code, case.item), case.holds)
        for check in table.checks
        if check.severity is Severity.ERROR and not check.unit_kinds and check.every is not Every.REPORT
        for case in cases(table, check)
        if case.holds.sign == "=" and case.when is None
    )


@lru_cache(maxsize=16)
def _typed_under(form: Format) -> dict[Address, dict[Address, int]]:
    """For every total the typed cells that it adds up, with their factors."""
    return {total: _summed(leaves_of(form, 1, total, {})) for total in form.totals}


def equations(form: Format, table: Table, report: Report, values: Values) -> tuple[Equation, ...]:
    """All equations of a table that are decided: its printed totals and its balances."""
    stated = report.stated
    believed = {**values, **stated}
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
        gap = evaluate(relation.left, believed) - evaluate(relation.right, believed)
        follows = all(cell in form.totals for cell in relation.names())
        found.append(Equation(name, _summed(terms), gap, follows))
    return tuple(e for e in found if e.factors and all(report.entry(cell).number is not None for cell in e.factors))


def _column_of(equation: Equation) -> str:
    """The column whose printed total an equation is about; "" for any other."""
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
    """What may have been mixed up, each of which settles at least two equations and breaks none.

    Where several explain the same equations, none is certain: then they stand side by side.
    """
    search = _Search(form, table, report, equations(form, table, report, values))
    return search.found() if WITNESSES <= len(search.broken) <= MOST_BROKEN else ()


class _Search:
    """Tries what hands mix up, against the equations of one table."""

    def __init__(self, form: Format, table: Table, report: Report, found: tuple[Equation, ...]) -> None:
        self.broken = [equation for equation in found if equation.gap]
        self._form, self._table = form, table
        self._equations = found
        self._numbers = {c: n for c in table.addresses() if (n := report.entry(c).number) is not None}
        self._of: dict[Address, dict[int, int]] = defaultdict(dict)  # a cell's factor in each equation it stands in
        for place, equation in enumerate(found):
            for cell, factor in equation.factors.items():
                self._of[cell][place] = factor

    def found(self) -> tuple[Mixup, ...]:
        """Each arrangement once, by what was tried first."""
        found: dict[frozenset[tuple[Address, Number]], Mixup] = {}
        for kind, entries in (*self._cells(), *self._rows(), *self._shifts()):
            if cured := self._cured(entries):
                found.setdefault(frozenset(entries.items()), Mixup(kind, tuple(entries.items()), cured))
        return tuple(found.values())

    def _cured(self, entries: Entered) -> frozenset[Address | tuple[str, str]]:
        """The equations that these numbers settle; none if they leave or make one wrong that they touch."""
        touched = {place: by for place, by in self._movement(entries).items() if by}
        witnesses = sum(not self._equations[place].follows for place in touched)
        if witnesses < WITNESSES or any(self._equations[place].gap + by for place, by in touched.items()):
            return frozenset()
        return frozenset(self._equations[place].name for place in touched)

    def _movement(self, entries: Entered) -> dict[int, Number]:
        """By how much these numbers move each equation."""
        moved: dict[int, Number] = defaultdict(int)
        for cell, number in entries.items():
            for place, factor in self._of[cell].items():
                moved[place] += factor * (number - self._numbers[cell])
        return moved

    def _cells(self) -> Iterator[tuple[str, Entered]]:
        """Two cells, one in the place of the other: they share every equation that holds."""
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
        """Two rows of numbers, one in the place of the other."""
        rows = self._broken_rows()
        for one, other in combinations(rows, 2):
            yield "rows", self._moved([one, other], [other, one])

    def _shifts(self) -> Iterator[tuple[str, Entered]]:
        """A stretch of rows that stands one line too high or too low; the row off its end is at the other, or lost."""
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
        """These numbers with those of a lost row, as the columns want them; nothing where they want less than 0."""
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
        """The rows whose printed total is off, in the order of the paper."""
        names = [e.name for e in self.broken if isinstance(e.name, Address)]
        off = {a.row for a in names if self._form.column(a).total}
        return [row.id for row in self._table.rows if row.id in off and row.total is None]

    def _moved(self, rows: list[str], sources: list[str]) -> dict[Address, Number]:
        """The cells of `rows` with the numbers of `sources`, where they differ."""
        found: dict[Address, Number] = {}
        for row, source in zip(rows, sources, strict=True):
            for column in self._table.columns(row):
                cell, origin = Address(self._table.id, row, column.id), Address(self._table.id, source, column.id)
                if cell in self._numbers and self._numbers.get(origin, self._numbers[cell]) != self._numbers[cell]:
                    found[cell] = self._numbers[origin]
        return found
