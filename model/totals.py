"""From the sums as a format writes them to sums over addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from model.cell import Address
from model.format import Band, Table
from model.relation import Linear


def rows_named(table: Table, names: Iterable[str]) -> Iterator[str]:
    """The rows meant by these names; a group means all rows within it, at any depth."""
    for name in names:
        if any(row.id == name for row in table.rows):
            yield name
            continue
        groups = _inner_groups(name, {group.id: group.within for group in table.row_groups})
        yield from (row.id for row in table.rows if row.within in groups)


def columns_named(table: Table, band: Band, names: Iterable[str]) -> Iterator[str]:
    """The columns meant by these names; a group means all columns within it, at any depth."""
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
    """Every computed cell with its sum over addresses.

    Where a total row meets a total column the row's own cells are added up; both ways give the same number.
    """
    return {address: linear for table in tables for address, linear in _of_table(table)}


def _of_table(table: Table) -> Iterator[tuple[Address, Linear[Address]]]:
    for band in table.bands:
        for row in band.rows:
            for column in band.columns:
                address = Address(table.id, row.id, column.id)
                if column.total:
                    yield address, along_row(table, band, row.id, column.total)
                elif row.total:
                    yield address, along_column(table, column.id, row.total)


def along_row(table: Table, band: Band, row: str, linear: Linear[str]) -> Linear[Address]:
    """A sum over columns, for one row."""
    return linear.bind(lambda name: (Address(table.id, row, c) for c in columns_named(table, band, [name])))


def along_column(table: Table, column: str, linear: Linear[str]) -> Linear[Address]:
    """A sum over rows, for one column."""
    return linear.bind(lambda name: (Address(table.id, r, column) for r in rows_named(table, [name])))
