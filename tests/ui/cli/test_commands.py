"""Tests of parsing the arguments, and of the messages on invalid ones."""

from __future__ import annotations

import re

import pytest

from model.base.trouble import Trouble
from ui.cli.arguments import parser, wants_window


@pytest.mark.parametrize(
    "words, window",
    [
        ("", True),
        ("open 年报.txt", True),
        ("--data 文件夹", True),
        ("--data 文件夹 open 年报.txt", True),
        ("--version", False),
        ("--self-check", False),
        ("--self-check 试.pdf", False),
        ("list", False),
        ("import 年报.txt", False),
        ("check 1", False),
        ("export 1 -o 年报.pdf", False),
    ],
)
def test_a_window_opens_only_when_one_is_wanted(words: str, window: bool):
    assert wants_window(parser().parse_args(words.split())) == window


@pytest.mark.parametrize("words", ["--data D list", "list --data D", "check 1 --data D --json"])
def test_the_data_folder_is_named_before_or_after_the_command(words: str):
    assert parser().parse_args(words.split()).data == "D"


@pytest.mark.parametrize(
    "words, said",
    [
        ("check", "缺少 文件|编号|文件夹"),
        ("import", "缺少 文件"),
        ("export 1 -o", "-o：后面缺少内容"),
        ("list --data", "--data：后面缺少内容"),
        ("check 1 --fast", "不认识 --fast"),
        ("list 1", "不认识 1"),
        ("check 1 --json=5", "--json：后面不应有 '5'"),
    ],
)
def test_wrong_arguments_are_named_in_chinese(words: str, said: str):
    with pytest.raises(Trouble) as refused:
        parser().parse_args(words.split())
    assert str(refused.value).startswith(f"参数不对：{said}；详见 main.py ")
    assert str(refused.value).endswith(" --help")


def test_an_unknown_command_is_answered_with_those_there_are():
    with pytest.raises(Trouble) as refused:
        parser().parse_args(["chek"])
    assert str(refused.value) == "没有“chek”这个命令；可用：open、import、list、check、export"


def test_an_export_without_a_target_says_what_to_add():
    with pytest.raises(Trouble) as refused:
        parser().parse_args(["export", "1"])
    assert str(refused.value) == "缺少输出文件，请加“-o 文件名.pdf”；详见 main.py export --help"


@pytest.mark.parametrize("words", ["--help", "check --help", "export --help"])
def test_the_help_has_no_half_width_colon_behind_chinese(words: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parser(words.split()).parse_args(words.split())
    said = capsys.readouterr().out
    assert "用法：" in said
    assert not re.search("[\u4e00-\u9fff]:", said)
