"""Tests of breaking Chinese lines: forbidden characters at line ends, unbreakable expressions, justification."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.lines.breaking import BrokenLine, break_lines, longest_token
from export.lines.placing import place_line, squeezed
from export.lines.tokens import NO_END, NO_START, Atom, AtomCache, atoms, width_of
from tests.support.printing import STYLE, TORTURE, Squares

PAGE = STYLE.page
SIZE = STYLE.body.size
WIDTH = PAGE.area_width
FIRST = WIDTH - 2 * PAGE.pitch
WHOLE = re.compile(
    r"https?://[!-~]+|[\w.+-]+@[\w.-]+|\d{3,4}-\d{7,8}|\d{4}年\d{1,2}月\d{1,2}日|\d+(?:\.\d+)?[%‰]?|[A-Za-z]+|——|……|〔\d{4}〕\d+号",
    re.ASCII,
)


def book() -> AtomCache:
    return AtomCache(Squares(), "body", SIZE, PAGE.pitch)


def broken(text: str) -> tuple[list[Atom], list[BrokenLine]]:
    found = atoms([(book(), text)], longest_token(FIRST, WIDTH))
    return found, break_lines(found, FIRST, WIDTH)


def shown(found: list[Atom], line: BrokenLine) -> str:
    return "".join(atom.text for atom in found[line.start : line.stop])


def lines(text: str) -> list[str]:
    found, made = broken(text)
    return [shown(found, line) for line in made]


def right_edge(found: list[Atom], line: BrokenLine) -> float:
    """Return the right edge of the last character's cell in a placed line, measured from the line's start."""
    last = place_line(found, line, 0.0, 0.0, SIZE)[-1]
    cells = 1.0 if last.text[-1] >= "\u2010" else 0.5
    inner = (len(last.text) - 1) * (cells * SIZE * last.stretch + last.spacing)
    pitch = PAGE.pitch if cells == 1.0 else SIZE / 2
    return last.x + inner + pitch


def cut(text: str, made: list[str]) -> list[str]:
    """Return the unbreakable expressions in `text` that a line end divides."""
    ends, place = set(), 0
    for line in made[:-1]:
        place += len(line)
        ends.add(place)
    return [m.group() for m in WHOLE.finditer(text) if any(m.start() < end < m.end() for end in ends)]


@pytest.mark.parametrize("shift", range(28))
def test_the_torture_sentence_breaks_well_at_every_shift(shift: int) -> None:
    text = "政" * shift + TORTURE * 2
    found, made = broken(text)
    texts = [shown(found, line) for line in made]
    assert "".join(texts) == text
    assert [t for t in texts if t[0] in NO_START or t[-1] in NO_END] == []
    assert cut(text, texts) == []


@pytest.mark.parametrize("shift", range(28))
def test_every_full_line_ends_at_the_margin(shift: int) -> None:
    found, made = broken("政" * shift + TORTURE * 2)
    assert all(abs(right_edge(found, line) - line.width) < 0.3 for line in made[:-1])


def test_twenty_eight_characters_stand_on_a_line() -> None:
    assert [len(line) for line in lines("政" * 100)] == [26, 28, 28, 18]


def test_latin_runs_are_not_letter_spaced() -> None:
    found, made = broken(TORTURE * 3)
    texts = [text for line in made for text in place_line(found, line, 0.0, 0.0, SIZE)]
    latin = [text for text in texts if text.text[0] < "\u2010"]
    assert latin
    assert all(text.spacing == 0 and text.stretch == 1 for text in latin)


@pytest.mark.parametrize(
    "text, start",
    [
        ("政" * 26 + "，公开", "政，"),  # two cells too long, nothing to compress: the character moves with its comma
        ("政" * 10 + "“公开”、" + "政" * 11 + "，公开", "公开"),  # punctuation is compressed: the comma stays
        ("政" * 25 + "（公开）", "（公"),  # an opening bracket stays with the character after it
        ("政" * 24 + "12.5%的", "12.5%"),
        ("政" * 24 + "2020年12月31日", "2020年12月31日"),
        ("政" * 25 + "——公开", "政——公"),
        ("政" * 22 + "国办〔2020〕12号", "〔2020〕12号"),
        ("政" * 25 + '"公开"', '"公'),
    ],
)
def test_what_the_second_line_begins_with(text: str, start: str) -> None:
    assert lines(text)[1].startswith(start)


def test_a_line_before_a_long_address_shares_its_gap_with_the_lines_before() -> None:
    _, made = broken("政" * 74 + "zwgk-office@jiyuan.gov.cn" + "政" * 30)
    slacks = [line.slack for line in made[:3]]
    assert max(slacks) - min(slacks) < 1.1 * PAGE.pitch
    assert min(slacks) > 0


@pytest.mark.parametrize(
    "token", ["a" * 300, "https://www.gov.cn/" + "path/" * 60, "x@" + "mail." * 50 + "cn", "1" * 200]
)
def test_a_token_longer_than_a_line_never_leaves_the_type_area(token: str) -> None:
    found, made = broken("见" + token + "。")
    assert "".join(shown(found, line) for line in made) == "见" + token + "。"
    assert all(width_of(found[line.start : line.stop]) < line.width + 0.3 for line in made if line.slack >= 0)


def test_an_address_longer_than_a_line_breaks_at_its_signs() -> None:
    made = lines("https://www.example.gov.cn/" + "zwgk/zfxxgkzl/" * 8)
    assert all(line[-1] in "/.@-_?&=#" for line in made[:-1])


@pytest.mark.parametrize("blank", [" ", "　", "\t", " " * 400, "　 " * 200])
def test_spaces_collapse(blank: str) -> None:
    assert lines(f"{blank}政府{blank}信息{blank}") == ["政府 信息"]


def test_a_space_at_the_end_of_a_line_hangs_over_the_margin() -> None:
    assert lines("政" * 26 + " 公开") == ["政" * 26, "公开"]


def test_nothing_is_broken_into_no_lines() -> None:
    assert lines("") == lines("   ") == []


def test_a_hundred_forbidden_marks_still_end() -> None:
    found, made = broken("！" * 100)
    assert "".join(shown(found, line) for line in made) == "！" * 100
    assert all(width_of(found[line.start : line.stop]) + line.slack * 0 <= line.width + 60 for line in made)


# fmt: off
WORDS = st.sampled_from([
    "政府", "信息公开", "，", "。", "、", "；", "（", "）", "？", "：", "……", "——", "“公开”", "《条例》",
    "12.5%", "100", "万元", "3511件", "2024年1月31日", "〔2021〕30号", "0391-6633878", " ",
    "zwgk@gov.cn", "https://www.gov.cn/zwgk/", "Windows",
])
# fmt: on
THINGS = WORDS.filter(lambda word: word not in "，。、；（）？： ……——")
TEXTS = st.lists(WORDS, max_size=120).map("".join)


@given(TEXTS)
def test_nothing_is_lost_and_nothing_overflows(text: str) -> None:
    found, made = broken(text)
    kept = "".join(shown(found, line) for line in made)
    assert kept.replace(" ", "") == text.replace(" ", "")
    assert all(right_edge(found, line) < line.width + 0.3 for line in made)


@given(st.lists(THINGS, max_size=120))
def test_generated_text_is_broken_by_the_rules(words: list[str]) -> None:
    text = "".join(word + "，的"[number % 2] * (number % 3 != 1 or word[-1] < "~") for number, word in enumerate(words))
    made = lines(text)
    assert [line for line in made if line[0] in NO_START or line[-1] in NO_END] == []
    assert [thing for thing in cut(text, made) if len(thing) <= 50] == []


@given(TEXTS)
def test_punctuation_gives_no_more_than_its_blank_half(text: str) -> None:
    found, made = broken(text)
    for line in made:
        part = found[line.start : line.stop]
        if line.slack < 0:
            assert all(
                0 <= cut <= atom.room + 1e-9 for cut, atom in zip(squeezed(part, -line.slack), part, strict=True)
            )
