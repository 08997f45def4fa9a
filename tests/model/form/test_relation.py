"""Tests of reading sums and equations in the notation of the form, and of computing them exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.form.cell import Address
from model.form.relation import Linear, Relation, evaluate, holds, parse, parse_linear
from tests.support.helpers import LAW

A, B, C = (Address("t", "r", name) for name in "abc")


@pytest.mark.parametrize(
    "text, terms, constant",
    [
        ("a", ((1, "a"),), 0),
        ("a + b - c", ((1, "a"), (1, "b"), (-1, "c")), 0),
        (" -a+b ", ((-1, "a"), (1, "b")), 0),
        ("a + 3 - 1", ((1, "a"),), 2),
        ("0", (), 0),
        ("requests/granted/total", ((1, "requests/granted/total"),), 0),
    ],
)
def test_a_sum_is_read(text, terms, constant):
    assert parse_linear(text) == Linear(terms, constant)


@pytest.mark.parametrize(
    "text", ["", " ", "a +", "+", "a b", "a + + b", "a - - b", "2a", "a * b", "A", "a, b", "（a）", "a/b/c/d"]
)
def test_a_sum_in_another_notation_is_refused(text):
    with pytest.raises(ValueError, match="算式“"):
        parse_linear(text)


@pytest.mark.parametrize("sign", ["=", ">=", "<="])
def test_a_relation_is_read(sign):
    assert parse(f"a + b {sign} c") == Relation(parse_linear("a + b"), sign, parse_linear("c"))


@pytest.mark.parametrize("text", ["a + b", "a < b", "a = b = c", "a >= b >= c", "= a", "a =", "a == b"])
def test_a_relation_has_exactly_one_sign_between_two_sums(text):
    with pytest.raises(ValueError, match=r"关系|算式"):
        parse(text)


@pytest.mark.parametrize(
    "text, kept",
    [("a + b = c", True), ("a = b", False), ("a <= b", True), ("a >= b", False), ("c >= 3", True), ("b - 1 = a", True)],
)
def test_a_relation_holds_or_not(text, kept):
    cells = {"a": A, "b": B, "c": C}
    assert holds(parse(text).bind(lambda name: [cells[name]]), {A: 1, B: 2, C: 3}) is kept


def test_a_blank_counts_as_nothing_in_a_sum():
    assert evaluate(Linear(((1, A), (1, B))), {A: None, B: 2}) == 2


def test_a_name_counts_as_often_as_it_stands_in_a_relation():
    relation = parse("a + b = a + a - c")
    assert [relation.coefficient(name) for name in ("a", "b", "c", "d")] == [-1, 1, 1, 0]


AMOUNTS = st.decimals(0, Decimal("999999999.999999"), places=6)


@LAW
@given(st.lists(st.tuples(st.sampled_from([1, -1]), st.one_of(st.integers(0, 10**15), AMOUNTS)), max_size=12))
def test_law_sums_are_exact(terms):
    cells = [Address("t", "r", f"c{number}") for number in range(len(terms))]
    linear = Linear(tuple((factor, cell) for (factor, _), cell in zip(terms, cells, strict=True)))
    values = dict(zip(cells, (number for _, number in terms), strict=True))
    assert Fraction(evaluate(linear, values)) == sum(factor * Fraction(number) for factor, number in terms)
