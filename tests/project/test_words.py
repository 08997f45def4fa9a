"""Tests that one thing has one word: in messages, rule files, manual, packages and documents.

Each old word stands with the word that took its place. An entry is a regular expression; what it must not match has its
reason beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.project.test_messages import messages, package_lines, paths

DOCUMENTS = (
    "README.md", "SECURITY.md", "CONTRIBUTING.md", "resources/help/*.md",
    "docs/command-line.md", "docs/features.md", "docs/report-json.md", "docs/check-json.md",
)  # fmt: skip

# Old word → the one that holds.
WORDS = {
    r"校验(?![码位])": "检查 (by the software) or 核对 (by a person); 校验码 and 校验位 are terms",
    r"审核与": "检查与导出",
    r"(?<![上本《])年报(?!告)": "年度报告",
    r"报送期限": "公布期限 (a government), 报送和公布期限 (the others)",
    r"机关名称(?!的错字)|单位名称": "编制机关",
    r"单位类型": "单位类别",
    r"开头说明": "前言",
    r"插入表中的数": "插入表格中的数",
    r"通知金额|实收金额": "通知总金额、实收总金额",
    r"读取(?!权限)": "读入; 读取权限 is a term of the system",
    r"数据库(?!结构不完整)": "草稿库",
    r"强度": "类别",
    r"脱敏": "隐去部分数字",
    r"好像": "可能",
    r"知道了": "已核对",
    r"就用这个": "仍用此文件",
    r"接管": "改在本机编辑",
    r"切换区域": "上一区域、下一区域",
    r"写入说明|取消说明|确认说明": "保存说明、删除说明、重新确认",
    r"第\s?\S{1,12}\s?步(?!骤)|不限步数": "处修改",
    r"与您的不同|也改过": "不一致, 也修改了",
    r"与司法行政部门": "会同本级司法行政主管部门",
    r"本软件的提醒": "性质：本软件提醒",
    r"第（[一二三四五六七八九十]）项": "第…项 in running text; brackets only in the band rows of the form",
    r"「|」|『|』": "“ ”, as GB/T 15834 has it",
    r"按下面的按钮": "the change itself: the sentence is printed, too",
    r"猴子|乱按": "随机操作",
}
# Texts in which a word means something else.
OTHERS = {
    r"(\d{4}-\d\d-\d\d \d{4}) 第(\d+)步\.bak": "name of a backup, which older versions read, too",
    "{} 第{}步.bak": "as above",
    "年的年报": "a message of an earlier version, under which reasons are kept",
    "编制机关名称“": "as above",
    "好像没有写到：": "as above",
    "前后好像漏了数字": "as above",
}
# Files whose texts are not messages: patterns over what reports say, and labels of the State's form.
PATTERNS = (
    "model/narrative/",
    "model/claims/",
    "model/prose/",
    "model/importing/",
    "model/form/cell.py",
    "export/lines/",
)
LAWFUL = {  # the form prints these
    "第二十条第（一）项", "第二十条第（五）项", "第二十条第（六）项", "第二十条第（八）项", "第二十条第（九）项",
}  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """Place and text of everything that users read, and of the documents."""
    for message in [*messages(), *package_lines()]:
        if not message.place.startswith(PATTERNS) and message.text not in LAWFUL | OTHERS.keys():
            yield message
    for path, source in paths(DOCUMENTS):
        yield from ((f"{path}:{number}", line) for number, line in enumerate(source.splitlines(), 1))


@pytest.mark.parametrize("old", WORDS)
def test_one_thing_has_one_word(old: str):
    found = [f"{place}: {text[:80]}" for place, text in texts() if re.search(old, text)]
    assert found == [], f"say instead: {WORDS[old]}"


def test_the_list_reaches_every_kind_of_text():
    places = {place.split("/")[0].split(":")[0] for place, _ in texts()}
    assert {"ui", "model", "export", "main.py", "resources", "packaging", "README.md", "docs"} <= places


@pytest.mark.parametrize("text", ["校验报告", "这份草稿第 3 步", "年报.pdf", "第五十条第（四）项", "按「确定」"])
def test_an_old_word_is_found(text: str):
    assert any(re.search(old, text) for old in WORDS)


@pytest.mark.parametrize("text", ["校验码相符", "上年报告", "开放读取权限", "第五十条第四项", "下一步", "操作步骤"])
def test_a_term_is_not_taken_for_an_old_word(text: str):
    assert not any(re.search(old, text) for old in WORDS)
