"""Binds the sums and relations of a format, which are written with ids of rows and columns, to cell addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from model.form.cell import Address, at
from model.form.format import Band, Check, Every, Table
from model.form.relation import Linear, Relation


@dataclass(frozen=True, slots=True)
class Case:
    """A check bound to one column, to one row or (with neither id nor label) to the report as a whole."""

    item: str
    label: str
    holds: Relation[Address]
    when: Relation[Address] | None


def cases(table: Table, check: Check) -> Iterator[Case]:
    """Yield all cases of a check; an item without a cell for one of the names (a row of another band, say) has none."""
    if check.every is Every.REPORT:
        yield _case(check, "", "", lambda name: [at(name)])
        return
    known = set(table.addresses())
    for band in table.bands:
        for item in band.columns if check.every is Every.COLUMN else band.rows:
            place = partial(cells_named, table, band, check.every, item.id)
            cells = [set(place(name)) for name in _names(check)]
            if (not check.only or item.id in check.only) and all(found and found <= known for found in cells):
                yield _case(check, item.id, item.label, place)


def _names(check: Check) -> tuple[str, ...]:
    return check.holds.names() + (check.when.names() if check.when else ())


def _case(check: Check, item: str, label: str, place: Callable[[str], Iterable[Address]]) -> Case:
    return Case(item, label, check.holds.bind(place), check.when.bind(place) if check.when else None)


def cells_named(table: Table, band: Band, every: Every, item: str, name: str) -> Iterator[Address]:
    """Yield the cells meant by a name, in the column (or row) `item`."""
    if every is Every.COLUMN:
        yield from (Address(table.id, row, item) for row in rows_named(table, [name]))
    else:
        yield from (Address(table.id, item, column) for column in columns_named(table, band, [name]))


def rows_named(table: Table, names: Iterable[str]) -> Iterator[str]:
    """Yield the rows meant by these names; a group means all rows within it, at any depth."""
    for name in names:
        if any(row.id == name for row in table.rows):
            yield name
            continue
        groups = _inner_groups(name, {group.id: group.within for group in table.row_groups})
        yield from (row.id for row in table.rows if row.within in groups)


def columns_named(table: Table, band: Band, names: Iterable[str]) -> Iterator[str]:
    """Yield the columns meant by these names; a group means all columns within it, at any depth."""
    for name in names:
        if any(column.id == name for column in band.columns):
            yield name
            continue
        groups = _inner_groups(name, {group.id: group.within for group in table.column_groups})
        yield from (column.id for column in band.columns if column.within in groups)


def _inner_groups(name: str, parents: dict[str, str]) -> set[str]:
    groups = {name}
    while inner := {group for group, parent in parents.items() if parent in groups} - groups:
        groups |= inner
    return groups


def expand_totals(tables: Iterable[Table]) -> dict[Address, Linear[Address]]:
    """Return every computed cell with its sum over addresses.

    Where a total row meets a total column the row's own cells are added up; both ways give the same number.
    """
    return {address: linear for table in tables for address, linear in _of_table(table)}


def _of_table(table: Table) -> Iterator[tuple[Address, Linear[Address]]]:
    for band in table.bands:
        for row in band.rows:
            for column in band.columns:
                address = Address(table.id, row.id, column.id)
                if column.total:
                    yield address, column.total.bind(partial(cells_named, table, band, Every.ROW, row.id))
                elif row.total:
                    yield address, row.total.bind(partial(cells_named, table, band, Every.COLUMN, column.id))
