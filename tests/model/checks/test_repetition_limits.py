"""Tests of the limits of 雷同: from which share a section is mentioned, and how long a sentence must be to count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from model.checks.last_year import LastYear
from model.checks.repetition import compare
from model.editing.session import Editing
from tests.support.helpers import FORM_2021, complete


def sentence(character: str, length: int) -> str:
    return character * (length - 1) + "。"


@pytest.mark.parametrize(
    "repeated, new, severities",
    [(49, 51, []), (50, 50, ["hint"]), (178, 22, ["hint"]), (180, 20, ["explain"]), (20, 0, ["explain"])],
)
def test_half_of_a_section_is_a_hint_and_nine_tenths_want_an_explanation(repeated, new, severities):
    text = sentence("旧", repeated) + (sentence("新", new) if new else "")
    last = replace(complete(FORM_2021), year=2024, texts={"overview": sentence("旧", repeated)})
    this = replace(complete(FORM_2021), year=2025, texts={"overview": text})
    found = [f for f in Editing(this, FORM_2021, LastYear.of(last, FORM_2021)).findings if f.code == "text-repeats"]
    assert [finding.severity.value for finding in found] == severities


@pytest.mark.parametrize("length, percent", [(11, 0), (12, 100), (13, 100)])
def test_a_sentence_counts_from_twelve_characters(length, percent):
    assert compare(sentence("旧", length), sentence("旧", length)).percent == percent
