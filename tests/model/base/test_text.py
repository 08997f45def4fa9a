"""Tests of messages that are put together from sentences and of quotation marks in quotation marks."""

import pytest

from model.base.text import as_message, in_quotes, nested


@pytest.mark.parametrize(
    "sentences, message",
    [
        ((), ""),
        (("可以定稿",), "可以定稿"),
        (("可以定稿", ""), "可以定稿"),
        (("", "有 1 处错误", "不能定稿"), "有 1 处错误。不能定稿。"),
        (("这是副本", "少 2 处修改。文件中有 1 份草稿。"), "这是副本。少 2 处修改。文件中有 1 份草稿。"),
    ],
)
def test_only_a_message_of_several_sentences_has_full_stops(sentences: tuple[str, ...], message: str):
    assert as_message(*sentences) == message


def test_quotation_marks_in_a_quotation_are_single():
    assert in_quotes("3.危及“三安全一稳定”") == "“3.危及‘三安全一稳定’”"
    assert nested("自然人") == "自然人"
