"""Tests of the Chinese that users read: full stops, quotation marks, the name of the program.

The messages are the string literals of the product that contain Chinese (f-strings with {} for their values), the texts
of the TOML files that are shown on the screen, and the lines of the packages.  Each rule is a function from a message
to True if the message breaks it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("main.py", "dev.py", "model/**/*.py", "export/**/*.py", "ui/**/*.py", "tools/bootstrap/*.py")
TOML = ("resources/formats/*.toml", "resources/rules/*.toml")
PACKAGES = ("packaging/portable.txt", "packaging/linux/*", "packaging/windows/*")

# Keys of the TOML files that users read.  Not here: labels of the State's form, `preface` and `contact`, which are
# printed in the report, and the patterns and words of the rules.
KEYS = {"name", "group", "help", "says", "todo", "basis", "ref", "sample", "fires", "quiet"}
PRINTED = {"fee"}  # tables of a format whose sentences are printed in the report
REPORT_SAMPLES = ("resources/rules/text.toml", {"fires", "quiet"})  # sentences of a report, not descriptions of a case

HAN = re.compile("[\u4e00-\u9fff]")
INNER_STOP = re.compile("[。！？](?=.)|\n\n", re.DOTALL)
OPENING = {"”": "“", "’": "‘"}
WITHIN = {"‘": "“"}  # single marks stand in double ones only
CORNERS = re.compile("[「」『』]")
STRAIGHT = re.compile("[\"'](?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[\"']")

# Literals that are not messages; the reason stands behind each.
DATA = {
    "（〔《“": "signs that open",
    "、，；。：）〕》” ": "signs that close",
    "[的和与及、，）》”]|政府信息公开(?!工作)": "pattern of places where a title may be broken",
    "(?=[（《“])": "pattern of places where a title may be broken",
    "（[^（）]{1,10}）|“[^“”]{1,10}”|《[^《》]{1,12}》": "pattern of phrases that are kept together",
    "“”‘’《》（）〔〕【】「」": "marks that stand in pairs",
    "！），．：；？］｝、。〉》」』】〕〗’”…—·％‰℃°%)]},.:;?!～々〃": "signs that no line begins with",
    "（［｛〈《「『【〔〖‘“([{￥＄№": "signs that no line ends with",
    "，。、．：；）］｝〉》」』】〕〗”’": "signs with an empty right half",
    "（［｛〈《「『【〔〖“‘": "signs with an empty left half",
    "“": "searched for in a text",
    "”": "searched for in a text",
    "“”": "replaced by the marks of a quotation in a quotation",
    "‘’": "marks of a quotation in a quotation",
    "“”‘’": "the marks of today's messages",
    "，原文为“[^”]*”": "pattern of a part of a message",
    "编制机关“": "a part of a message that quotes a name",
    "编制机关名称“": "the same in an earlier version",
    "「」“”": "the marks of the first messages, under which reasons are kept",
}
DATA_PARTS = {"(?:系|为|：|“)?": "pattern of a name, in which a mark may open"}
PRINTED_SENTENCES = {"有关的数改过，说明请重新确认。": "follows other sentences in the printed 附：检查说明"}

# Words with 程序 or 软件 that do not mean the product without naming it.
OTHER_PROGRAMS = {
    "政府信息公开工作年度报告编制程序": "the product's full name",
    "本软件": "the product",
    "其他程序": "programs of others",
    "另一个程序": "the process that holds a file, of whatever program",
    "那个程序": "as above, mentioned again",
    "原程序": "the program that wrote a file, such as Word",
    "正在使用它的程序": "any process with an open file",
    "安装程序": "the installer",
    "软件版本": "label of the version in 检查报告",
    "软件包": "packages of Python or of the system",
    "软件管理工具": "package manager of the system",
    "第三方软件": "libraries of others",
}


class Message(NamedTuple):
    """A text and its place: path and line or key."""

    place: str
    text: str


# -- collecting -----------------------------------------------------------------------------------------------------


@cache
def literals(source: str) -> tuple[tuple[int, str], ...]:
    """Line and text of each string literal but docstrings; an f-string is one text with {} for its values."""
    tree = ast.parse(source)
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped.update(map(id, node.values))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.expr) and id(node) not in skipped]
    return tuple((node.lineno, text) for node in nodes if (text := text_of(node)))


def text_of(node: ast.expr) -> str:
    """The text of a literal; "" for any other expression."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def toml_texts(path: str, tree: object, place: str = "") -> Iterator[Message]:
    """The texts under `KEYS`, also in lists."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key in PRINTED or (path == REPORT_SAMPLES[0] and key in REPORT_SAMPLES[1]):
                continue
            if key in KEYS or not isinstance(value[0] if isinstance(value, list) and value else value, str):
                yield from toml_texts(path, value, f"{place}/{key}")
    elif isinstance(tree, list):
        for number, item in enumerate(tree):
            yield from toml_texts(path, item, f"{place}/{number}")
    elif isinstance(tree, str):
        yield Message(f"{path}:{place}", tree)


def paths(patterns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Relative path and content of the files."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


@cache
def messages() -> list[Message]:
    """Everything of the product that users may read on the screen, in a terminal or in a package."""
    found = [Message(f"{path}:{line}", text) for path, source in paths(PRODUCT) for line, text in literals(source)]
    for path, source in paths(TOML):
        found += toml_texts(path, tomllib.loads(source))
    return [message for message in found if message.text not in DATA]


@cache
def package_lines() -> list[Message]:
    """The lines with Chinese of the files that come with the packages; straight marks belong to their syntax."""
    return [
        Message(f"{path}:{number}", line.replace('"', ""))
        for path, source in paths(PACKAGES)
        for number, line in enumerate(source.splitlines(), 1)
        if HAN.search(line)
    ]


# -- rules ----------------------------------------------------------------------------------------------------------


def stops_one_sentence(text: str) -> bool:
    """Return True for a message of one sentence with a final full stop, also within quotation marks."""
    text = text.strip().rstrip("”’")
    if not HAN.search(text) or text in PRINTED_SENTENCES:
        return False
    return text.endswith("。") and not INNER_STOP.search(text[:-1])


def leaves_the_last_open(text: str) -> bool:
    """Return True for a message of several sentences whose last has no full stop.

    A value at the end ({}, a path or another message) is not judged; nor is a pattern, which has the sign in brackets.
    """
    *before, last = re.split("。(?=[^”’）)\\]|])", text.strip())
    return bool(before) and bool(HAN.search(last)) and last[-1] not in "。！？：}）])"


def quotes_wrongly(text: str) -> bool:
    """Return True for other quotation marks than “ ” and ‘ ’, for unpaired ones, and for ones of one kind nested."""
    open_marks: list[str] = []
    for sign in re.sub("|".join(map(re.escape, DATA_PARTS)), "", text):
        around = open_marks[-1] if open_marks else ""
        if sign in OPENING.values():
            if around != WITHIN.get(sign, ""):
                return True
            open_marks.append(sign)
        elif sign in OPENING and (not open_marks or open_marks.pop() != OPENING[sign]):
            return True
    return bool(open_marks) or bool(CORNERS.search(text)) or bool(STRAIGHT.search(text))


def names_the_program_otherwise(text: str) -> bool:
    """Return True if the product is called 程序, 本程序 or 软件 instead of 本软件."""
    return bool(re.search("程序|软件", re.sub("|".join(OTHER_PROGRAMS), "", text)))


RULES = (stops_one_sentence, leaves_the_last_open, quotes_wrongly, names_the_program_otherwise)
LINE_RULES = (quotes_wrongly, names_the_program_otherwise)  # a line of a file may be a part of a sentence


@pytest.mark.parametrize("breaks", RULES)
def test_every_message_keeps_the_rule(breaks: Callable[[str], bool]):
    assert [message for message in messages() if breaks(message.text)] == []


@pytest.mark.parametrize("breaks", LINE_RULES)
def test_every_line_of_the_packages_keeps_the_rule(breaks: Callable[[str], bool]):
    assert [message for message in package_lines() if breaks(message.text)] == []


# -- the rules see what they forbid ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "breaks, offending, allowed",
    [
        (stops_one_sentence, "已加入 {} 份草稿。", "已加入 {} 份草稿"),
        (stops_one_sentence, "请按“数据正确。”", "请按“数据正确”"),
        (stops_one_sentence, "内容相同。\n", "没有找到。\n\n请换一个年度。"),
        (stops_one_sentence, "检查了 1 份备份，全部完好。", "还有修改未能保存。仍要关闭吗？"),
        (leaves_the_last_open, "尚未保存：{}。本软件会一直重试", "尚未保存：{}。本软件会一直重试。"),
        (leaves_the_last_open, "带正负号。这里填件数", "带正负号；这里填件数"),
        (leaves_the_last_open, "已定稿。版本已保存", "已定稿，版本已保存。PDF：{}"),
        (quotes_wrongly, "请按「已核对」", "请按“已核对”"),
        (quotes_wrongly, "请按『已核对』", "请按“已核对”再继续"),
        (quotes_wrongly, "文件“{}损坏", "文件“{}”损坏"),
        (quotes_wrongly, "文件”{}“损坏", "文件“{}”损坏，“{}”完好"),
        (quotes_wrongly, "“3.危及“三安全一稳定””", "“3.危及‘三安全一稳定’”"),
        (quotes_wrongly, "属于‘国家秘密’", "属于“国家秘密”"),
        (quotes_wrongly, '文件"年报"损坏', 'id = "{}"'),
        (names_the_program_otherwise, "请重新安装本程序", "请重新安装本软件"),
        (names_the_program_otherwise, "程序出现错误", "正被其他程序占用"),
        (names_the_program_otherwise, "软件会一直重试", "本软件会一直重试"),
        (names_the_program_otherwise, "启动程序", "政府信息公开工作年度报告编制程序 {}"),
    ],
)
def test_a_rule_sees_what_it_forbids_and_nothing_else(breaks: Callable[[str], bool], offending: str, allowed: str):
    assert breaks(offending)
    assert not any(rule(allowed) for rule in RULES)


def test_literals_are_read_whole_and_without_docstrings():
    source = '"""说明。"""\ndef f(n):\n    """说明。"""\n    return f"有 {n} 份" "草稿", "“" + n\n'
    assert [text for _, text in literals(source)] == ["有 {} 份草稿", "“"]


def test_texts_of_toml_files_are_those_on_the_screen():
    tree = {"help": "甲", "label": "乙", "preface": ["丙"], "rows": [{"help": "丁"}], "fee": {"says": "戊"}}
    assert [text for _, text in toml_texts("resources/formats/x.toml", tree)] == ["甲", "丁"]
    case = {"rule": [{"help": "甲", "fires": ["general", "乙。"]}]}
    assert [text for _, text in toml_texts("resources/rules/text.toml", case)] == ["甲"]
    assert [text for _, text in toml_texts("resources/rules/others.toml", case)] == ["甲", "general", "乙。"]


def test_the_messages_of_all_parts_are_collected():
    places = [message.place for message in messages() if HAN.search(message.text)]
    for part in ("dev.py", "model/", "export/", "ui/", "tools/", "resources/formats/", "resources/rules/"):
        assert any(place.startswith(part) for place in places), part
    assert len(places) > 1500
    assert {message.place.partition(":")[0] for message in package_lines()} >= {"packaging/portable.txt"}


@pytest.mark.parametrize("allowed", [*DATA, *PRINTED_SENTENCES])
def test_every_exempt_literal_is_still_in_the_product(allowed: str):
    assert any(text == allowed for _, source in paths(PRODUCT) for _, text in literals(source))


@pytest.mark.parametrize("part", [*DATA_PARTS, *OTHER_PROGRAMS])
def test_every_exempt_word_is_still_in_the_product(part: str):
    assert any(part in message.text for message in (*messages(), *package_lines()))
