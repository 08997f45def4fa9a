"""Tests of the expressions that are compiled late: they answer as compiled ones, and no text is passed over."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.prose.late_pattern import LatePattern
from tests.support.narratives import RULES


def late(text: str) -> LatePattern:
    return LatePattern(text, lambda error: LookupError(str(error)))


@pytest.mark.parametrize(
    "expression, words",
    [
        ("布署", {"布署"}),
        ("公开|公布|发布栏", {"公开", "公布", "发布栏"}),
        ("(?:收到|办结)[一-龥]{0,9}申请人?", {"收到", "办结"}),
        ("(?P<it>国务院)(?:令)?第", {"国务院第", "国务院令第"}),
        ("报告(?=年度格式)(?<!不是的)", {"报告年度格式"}),
        ("占比?总%", {"占总%", "占比总%"}),
        ("(?:自|至)年[月日]", {"自年月", "自年日", "至年月", "至年日"}),
        ("公开渠(?=[，。])道?", {"公开渠，", "公开渠。"}),
        ("增+减", {"增"}),
        ("公开[^，]{0,9}条例", {"公开"}),
        ("了{2}的{0,3}", {"了了"}),
        ("0{3,8}元", {"000"}),
        ("[报年]{7}", {"报", "年"}),
        (r"\u516c\u5f00\.\d件", {"公开."}),
        ("[）（]年", {"）年", "（年"}),
        ("年|[月日]", {"年", "月", "日"}),
        ("年|[一-九]", None),
        ("年|(?:报告)?", None),
        (r"(.)\1", None),
        ("", None),
    ],
)
def test_the_words_that_every_match_needs(expression: str, words: set[str] | None):
    assert late(expression)._words == words


EXPRESSIONS = [one.find.text for one in RULES.patterns] + [one.find.text for one in RULES.facts]
EXPRESSIONS += [one.unless.text for one in RULES.patterns if one.unless]
EXPRESSIONS += [one.match.text for one in RULES.musts if one.match]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_rule_answers_as_the_compiled_expression(expression: str):
    compiled, pattern = re.compile(expression), late(expression)

    @given(st.from_regex(compiled))
    def answers_alike(text: str) -> None:
        assert str(pattern.search(text)) == str(compiled.search(text))
        assert list(map(str, pattern.finditer(text))) == list(map(str, compiled.finditer(text)))

    answers_alike()


PARTS = st.sampled_from(["年", "月", "报告", "[一二]", "[^一]", ".", "\\d", "^", "$", "\\.", "\\u5e74"])


def longer(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    groups = st.builds(str.format, st.sampled_from(["(?:{})", "({})", "(?={})", "(?!{})", "(?P<it>{})"]), parts)
    times = st.builds(str.__add__, groups | PARTS, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "{1,}", "+?"]))
    return st.lists(parts | groups | times, max_size=4).map("".join) | st.lists(parts, min_size=1, max_size=3).map(
        "|".join
    )


@given(st.recursive(PARTS, longer, max_leaves=8), st.text("年月报告一二.3", max_size=8))
@example("(?:报|告)?年", "年")
@example("报告+年", "报告告年")
@example("报{0}年", "年")
@example("(?:年|){2}月", "月")
@example("年(?=月)报?", "年月")
@example("年(?=月)告|", "报")
def test_no_text_is_passed_over(expression: str, text: str):
    try:
        compiled = re.compile(expression)
    except re.error:  # two groups of one name
        return
    assert str(late(expression).search(text)) == str(compiled.search(text))


@pytest.mark.parametrize("expression", ["布署(", "布署)", "[一", "*年", "(?<!布|署", "(?z)年"])
def test_an_expression_that_is_none_is_seen_at_once(expression: str):
    with pytest.raises(LookupError):
        late(expression)


def test_a_mistake_seen_late_is_named_at_the_first_text_with_its_words():
    pattern = late(r"年\z")
    assert pattern.search("月") is None
    with pytest.raises(LookupError, match="bad escape"):
        pattern.search("年")
