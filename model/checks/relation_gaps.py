"""Gaps between the two sides of a relation, and whether blank cells could still close them."""

from __future__ import annotations

from collections.abc import Iterable

from model.checks.equations import leaves_of
from model.checks.finding import RuleInput
from model.form import Address, Case, CellKind, Format, Number, Relation, Values, evaluate, holds, shown
from model.report import Report

MOST_NAMES = 3  # that a message lists


def is_undecided(form: Format, report: Report, gap: Number, leaves: Iterable[tuple[int, Address]]) -> bool:
    """Return True if filling a cell that has no number yet could still close the gap (numbers only grow from 0)."""
    blank = [(factor, address) for factor, address in leaves if report.entry(address).number is None]
    return any(factor * gap < 0 or form.column(address).kind is CellKind.CHANGE for factor, address in blank)


def gap_of(relation: Relation[Address], values: Values) -> Number:
    """Return left side minus right side."""
    return evaluate(relation.left, values) - evaluate(relation.right, values)


def gap_size(gap: Number) -> str:
    """Return the size of a gap as written."""
    return shown(gap if gap > 0 else -gap)


def also_off(names: Iterable[str]) -> str:
    """Return the remark that other places are off by the same cause; of more than three, three and their number."""
    found = list(names)
    if len(found) > MOST_NAMES:
        return f"（{'、'.join(found[:MOST_NAMES])}等 {len(found)} 处随之不符）"
    return "".join(f"（{name}随之不符）" for name in found)


def is_broken(form: Format, case: Case, state: RuleInput) -> bool:
    """Return True if a relation cannot hold any more, neither with the totals as printed nor as computed.

    Where the two differ, the total itself has a finding, and a second one for its consequence would mislead.
    """
    printed_values, stated = state.printed_values, state.report.stated
    if case.when and not holds(case.when, printed_values):
        return False
    if holds(case.holds, printed_values) or holds(case.holds, state.values):
        return False
    terms = (*case.holds.left.terms, *((-factor, name) for factor, name in case.holds.right.terms))
    leaves = [leaf for factor, name in terms for leaf in leaves_of(form, factor, name, stated)]
    return not is_undecided(form, state.report, gap_of(case.holds, printed_values), leaves)
