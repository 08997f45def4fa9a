"""Linear sums and relations over names or cell addresses.

`parse` reads the notation of the format files (`new_received + carried_over = results_total + carried_forward`);
`bind` replaces each name by addresses; `evaluate` and `holds` compute with cell values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from model.form.cell import Address, Number

Name = TypeVar("Name", str, Address)
Other = TypeVar("Other", str, Address)
Values = Mapping[Address, Number | None]

# A name is a row, a column or a group of the current table, or a whole address: requests/new_received/total; in a
# year check `last.` before a name means last year's cell.
_TOKEN = re.compile(
    r"\s*(?:(?P<sign>[+-])|(?P<name>(?:last\.)?[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*){0,2})|(?P<number>\d+))"
)
LONGEST = 2_000  # characters of one side
_COMPARISONS = (">=", "<=", "=")  # the longer signs first: "=" is part of both


@dataclass(frozen=True, slots=True)
class Linear(Generic[Name]):
    """Sum `constant` + Σ coefficient × name."""

    terms: tuple[tuple[int, Name], ...]
    constant: int = 0

    def names(self) -> tuple[Name, ...]:
        """Return the names in the order they are written."""
        return tuple(name for _, name in self.terms)

    def bind(self, place: Callable[[Name], Iterable[Other]]) -> Linear[Other]:
        """Replace each name by the names (or addresses) that `place` returns for it."""
        return Linear(tuple((factor, other) for factor, name in self.terms for other in place(name)), self.constant)

    def coefficient(self, name: Name) -> int:
        """Return the coefficient of `name` in the sum; 0 if it does not occur."""
        return sum(factor for factor, other in self.terms if other == name)


@dataclass(frozen=True, slots=True)
class Relation(Generic[Name]):
    """Comparison of `left` with `right`; `sign` is one of `=`, `>=`, `<=`."""

    left: Linear[Name]
    sign: str
    right: Linear[Name]

    def names(self) -> tuple[Name, ...]:
        """Return all names, left side first."""
        return self.left.names() + self.right.names()

    def bind(self, place: Callable[[Name], Iterable[Other]]) -> Relation[Other]:
        """Replace each name on both sides, as `Linear.bind` does."""
        return Relation(self.left.bind(place), self.sign, self.right.bind(place))

    def coefficient(self, name: Name) -> int:
        """Return the coefficient of `name` in `left - right`."""
        return self.left.coefficient(name) - self.right.coefficient(name)


def evaluate(linear: Linear[Address], values: Values) -> Number:
    """Compute the sum; a blank cell counts as 0 here and is reported as open elsewhere."""
    total: Number = linear.constant
    for factor, address in linear.terms:
        total += factor * (values.get(address) or 0)
    return total


def holds(relation: Relation[Address], values: Values) -> bool:
    """Return True if the relation holds, blank cells counted as 0."""
    gap = evaluate(relation.left, values) - evaluate(relation.right, values)
    return {"=": gap == 0, ">=": gap >= 0, "<=": gap <= 0}[relation.sign]


def parse_linear(text: str) -> Linear[str]:
    """Read `a + b - 3`; raise `ValueError` with a Chinese reason for anything else."""
    if len(text) > LONGEST:
        raise ValueError(f"算式“{text[:40]}…”过长，最多 {LONGEST} 个字符")
    terms: list[tuple[int, str]] = []
    constant, factor, place = 0, 1, 0
    wants_term = True
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if not match or (bool(match["sign"]) == wants_term and place > 0) or not (match["sign"] or wants_term):
            raise ValueError(f"算式“{text.strip()[:80]}”第 {place + 1} 个字符处写法不对")
        place = match.end()
        if match["sign"]:
            factor, wants_term = (-1 if match["sign"] == "-" else 1), True
            continue
        if match["name"]:
            terms.append((factor, match["name"]))
        else:
            constant += factor * int(match["number"])
        wants_term = False
    if wants_term:
        raise ValueError(f"算式“{text.strip()[:80]}”不完整")
    return Linear(tuple(terms), constant)


def parse(text: str) -> Relation[str]:
    """Read a relation with exactly one of `=`, `>=`, `<=`; raise `ValueError` with a Chinese reason."""
    for sign in _COMPARISONS:
        left, found, right = text.partition(sign)
        if found:
            return Relation(parse_linear(left), sign, parse_linear(right))
    raise ValueError(f"关系“{text[:40]}”缺少 =、>= 或 <=，应写作 a + b = c")
