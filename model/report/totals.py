"""Computes the totals of a report, all of them or those that an edit affects, and returns the changed cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from graphlib import TopologicalSorter

from model.form import Address, Entry, Format, Linear, Number, Values, alike, evaluate
from model.report.report import Report


@lru_cache(maxsize=16)
def engine_of(form: Format) -> Engine:
    """Return the engine of a format, shared by all its reports."""
    return Engine(form)


class Engine:
    """Computes the totals of one format; holds no report."""

    def __init__(self, form: Format) -> None:
        self._inputs = form.inputs
        self._totals = form.totals
        inner = {total: [n for n in linear.names() if n in form.totals] for total, linear in form.totals.items()}
        self._order = tuple(TopologicalSorter(inner).static_order())
        self._rank = {total: rank for rank, total in enumerate(self._order)}
        self._used_by: dict[Address, list[Address]] = defaultdict(list)
        for total, linear in form.totals.items():
            for name in linear.names():
                self._used_by[name].append(total)

    def values(self, report: Report) -> dict[Address, Number | None]:
        """Return the number of every cell of the form; None for a blank and for a total over nothing but blanks."""
        values: dict[Address, Number | None] = {address: report.entry(address).number for address in self._inputs}
        for total in self._order:
            values[total] = self._total(self._totals[total], values)
        return values

    def recompute(
        self, values: Mapping[Address, Number | None], entries: Mapping[Address, Entry]
    ) -> tuple[dict[Address, Number | None], tuple[Address, ...]]:
        """Put entries into `values` and recompute only the totals that depend on them.

        Returns the new values and the addresses whose number changed, in the order of computation.
        """
        new = dict(values)
        changed = [a for a, entry in entries.items() if _put(new, a, entry.number)]
        waiting = self._dependants(changed)
        while waiting:
            total = min(waiting, key=self._rank.__getitem__)
            waiting.discard(total)
            if _put(new, total, self._total(self._totals[total], new)):
                changed.append(total)
                waiting |= self._dependants([total])
        return new, tuple(changed)

    def _dependants(self, addresses: Iterable[Address]) -> set[Address]:
        return {total for address in addresses for total in self._used_by.get(address, ())}

    @staticmethod
    def _total(linear: Linear[Address], values: Values) -> Number | None:
        if all(values.get(name) is None for name in linear.names()):
            return None
        return evaluate(linear, values)


def _put(values: dict[Address, Number | None], address: Address, number: Number | None) -> bool:
    """Set one value; return True if it is written differently from before."""
    if alike(values.get(address), number):
        return False
    values[address] = number
    return True
