"""Tests of cleaning an imported text: characters that are removed and that are kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.base.text import MAX_MARKS, clean


@pytest.mark.parametrize(
    "text, cleaned",
    [
        ("一、总体情况", "一、总体情况"),
        ("第一段\n第二段\t甲", "第一段\n第二段\t甲"),
        ("甲\r\n乙\r丙\v丁\f戊\x85己\u2028庚\u2029辛", "甲\n乙\n丙\n丁\n戊\n己\n庚\n辛"),
        ("甲\x00\x07\x1b\x7f\x9f乙", "甲乙"),
        ("\ufeff甲\u200b\u200d\u2060乙\u00ad", "甲乙"),
        ("\u202e甲\u202c\u2066乙\u2069\u200f", "甲乙"),
        ("甲\ud800乙\udfff", "甲乙"),
        ("\uf0b7 要点", "● 要点"),
        ("ＡＢ（１）　全角", "ＡＢ（１）　全角"),  # NFC, not NFKC, which would change full-width characters
        ("e\u0301", "é"),
        ("𠮷野家 👍", "𠮷野家 👍"),
        ("葛\U000e0100城", "葛\U000e0100城"),  # the variation selector of a character in a name
    ],
)
def test_only_what_cannot_be_seen_goes(text, cleaned):
    assert clean(text) == cleaned


@given(text=st.text())
@example(text="a" + "\u0344" * 40)
@example(text="\u0301" * 100)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


@given(text=st.text())
def test_what_is_clean_can_be_written_anywhere(text):
    seen = clean(text)
    assert seen.encode().decode() == seen
    assert unicodedata.is_normalized("NFC", seen)
    assert not [c for c in seen if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t"]


def test_heaps_of_marks_are_cut_and_take_no_time():
    assert len(clean("a" + "\u0323\u0301" * 100_000)) <= MAX_MARKS + 1
