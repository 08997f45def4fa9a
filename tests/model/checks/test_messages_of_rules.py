"""Tests of what messages of rules leave out: repeated sums, long lists."""

from __future__ import annotations

import pytest

from model.checks.relation_gaps import also_off
from model.claims.claim_check import said
from model.form.cell import at
from model.form.relation import Linear
from model.prose import Meaning


@pytest.mark.parametrize(
    "names, remark",
    [
        ([], ""),
        (["甲"], "（甲随之不符）"),
        (["甲", "乙", "丙"], "（甲随之不符）（乙随之不符）（丙随之不符）"),
        (["甲", "乙", "丙", "丁", *"戊己庚辛"], "（甲、乙、丙等 8 处随之不符）"),
    ],
)
def test_a_long_list_becomes_three_names_and_a_count(names: list[str], remark: str):
    assert also_off(names) == remark


def meaning(name: str) -> Meaning:
    return Meaning(name, Linear(((1, at("t/r/c")),)), money=False)


@pytest.mark.parametrize(
    "numbers, words",
    [
        ([("甲", 3), ("乙", 4)], "表中甲为 3；表中乙为 4"),
        ([("甲", 3), ("乙", 3)], "表中甲为 3"),
        ([("甲", None), ("乙", None)], "表中甲为 空白；表中乙为 空白"),
    ],
)
def test_sums_of_one_value_are_said_once(numbers: list[tuple[str, int | None]], words: str):
    assert said(tuple((meaning(name), number) for name, number in numbers)) == words
