"""Tests that files which are unreadable or no report are refused at once with one sentence."""

from __future__ import annotations

import errno
import io
import os
import tracemalloc
from pathlib import Path

import pytest

from model.base.trouble import Trouble
from model.form.cell import at
from model.importing.containers.decoding import MAX_CHARACTERS
from model.importing.read import MAX_BYTES, read_bytes, read_report
from tests.support.importing_cases import FORMATS, REPORTS, SAMPLE, changed, filled, outcome, printed

JSON = (REPORTS / "suqian-2024.json").read_bytes()
NOVEL = "第一回　甄士隐梦幻识通灵，贾雨村风尘怀闺秀。\n此开卷第一回也。作者自云：因曾历过一番梦幻之后。\n" * 40
PAYROLL = "姓名\t工资\t其他\t总计\n" + "".join(f"张三{n}\t5000\t{n}\t{5000 + n}\n" for n in range(30))
FORM = FORMATS.named("2021")
TWO = printed(filled(FORM), FORM) + printed(filled(FORM), FORM).replace("2021年", "2022年")

REFUSED = {
    "empty": (b"", "是空的（0 字节）"),
    "a novel": (NOVEL.encode(), "没有找到年度报告的表格"),
    "a payroll": (PAYROLL.encode(), "没有找到年度报告的表格"),
    "spaces": (b" \n\t\n", "没有找到年度报告的表格"),
    "a list as JSON": (b"[1, 2, 3]", "没有找到年度报告的表格"),
    "two reports": (TWO.encode(), "里有 2 份报告（某某县应急管理局 2021 年、某某县应急管理局 2022 年），请分别"),
    "Word": (b"PK\x03\x04" + bytes(50), "不完整或已损坏"),
    "old Word": (b"\xd0\xcf\x11\xe0" + bytes(50), "不完整或已损坏"),
    "PDF": (b"%PDF-1.7\n", "不完整或已损坏"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "是图片"),
    "a link": (b"L\0\0\0\x01\x14\x02\0" + bytes(50), "是快捷方式"),
    "binary": (bytes(range(256)) * 40, "文字编码无法确定"),
    "zeros": (bytes(1000), "文字编码无法确定"),
    "Latin": (("Übergröße äöü" * 30).encode("latin-1"), "文字编码无法确定"),
    "half of it lost": (SAMPLE.replace("政", "\ufffd").encode(), "文字编码无法确定"),
    "private use": (SAMPLE.replace("政", "\ue000").encode(), "文字编码无法确定"),
    "too long": ((SAMPLE * 90).encode(), "个字，超过 60000 字"),
    "far too long": (b"0" * 5_000_000, "的文字超过 4 MB"),
    "too large": (bytes(MAX_BYTES + 1), "太大（20 MB，最大 20 MB）"),
    "too many rows": (b"1\t2\n" * 4000, "的表格超过 3000 行"),
    "other JSON": (b'{"name": "x", "version": 3}', "是 JSON 文件，但不是年度报告的数据"),
    "torn JSON": (JSON[: len(JSON) // 2], "不完整或已损坏（JSON 第"),
    "deep JSON": (b'{"a":' * 100_000, "层次过深"),
    "a key twice": (JSON.replace(b'"coercion"', b'"penalty"'), "“penalty”出现了两次"),
    "a year of ten digits": (JSON.replace(b"2024,", b'"0000020245",', 1), "year 应是四位的年份"),
    "a year of words": (JSON.replace(b"2024,", b'"now",', 1), "year 应是四位的年份"),
    "an unknown format": (JSON.replace(b'"2021"', b'"2099"'), "本机没有格式“2099”"),
    "another section": (JSON.replace(b'"overview"', b'"summary"'), "texts 里的“summary”不是"),
    "other columns": (JSON.replace(b'"total"],', b'"sum"],', 1), "table3_columns 与表中的列不符"),
    "a cell in a cell": (JSON.replace(b'"upheld": 88', b'"upheld": [88]'), "表中的数应是数字或文字"),
    "newer": (b'{"schema":"zwgk-annual-report/2","pages":[]}', "由本软件的新版本生成（数据版本 2，本软件能读到 1）"),
    "exchange saved by Notepad": (b'\xef\xbb\xbf{"schema":"zwgk-annual-report/1"}', "被其他程序（如记事本）另存过"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_report_is_refused_in_one_sentence(case):
    data, says = REFUSED[case]
    with pytest.raises(Trouble) as refused:
        read_bytes("年报.txt", data, FORMATS)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_is_read(encoding, line_end):
    text = SAMPLE.replace("\n", line_end)
    marked = b"\xfe\xff" if encoding == "utf-16-be" and line_end == "\r" else b""
    reading = read_bytes("年报.txt", marked + text.encode(encoding), FORMATS)
    assert reading.report == read_bytes("年报.txt", SAMPLE.encode(), FORMATS).report


def test_a_few_lost_characters_stay_visible():
    data = changed("刚刚过去", "刚刚过").encode().replace("极不平凡".encode(), b"\xe6\x9e\xff\xe5")
    assert "\ufffd" in read_bytes("年报.txt", data, FORMATS).report.text("overview")


def test_text_is_cleaned_on_the_way_in():
    dirty = changed("极不平凡", "极\u200b不\u202e平\ue000凡\x07".replace("\ue000", "\uf0b7")).encode()
    assert "极不平●凡的一年" in read_bytes("年报.txt", dirty, FORMATS).report.text("overview")


def test_the_contents_tell_the_kind_of_file_and_the_extension_does_not():
    assert read_bytes("年报.docx", SAMPLE.encode(), FORMATS).report.year == 2020
    assert read_bytes("年报.txt", JSON, FORMATS).report.year == 2024
    assert read_bytes("年报.txt", b"\xef\xbb\xbf" + JSON, FORMATS).report.year == 2024


def test_a_name_cannot_spoil_the_sentence():
    with pytest.raises(Trouble) as refused:
        read_bytes("a\nb\u202etxt\udcff" + "长" * 300, b"", FORMATS)
    assert str(refused.value).startswith("文件“a btxt长长")
    assert len(str(refused.value)) < 140


def test_two_numbers_alike_do_not_make_two_reports():
    text = printed(filled(FORM), FORM)
    assert read_bytes("年报.txt", f"{text}\n{NOVEL}".encode(), FORMATS).report.year == 2021


# -- paths --------------------------------------------------------------------------------------------------------


def refusal(path: Path) -> str:
    with pytest.raises(Trouble) as refused:
        read_report(path, FORMATS)
    return str(refused.value)


def test_a_path_that_leads_nowhere_is_refused(tmp_path):
    assert "找不到文件“年报.txt”" in refusal(tmp_path / "年报.txt")
    assert "是文件夹，不是文件" in refusal(tmp_path)
    assert "的路径过长" in refusal(tmp_path / ("长" * 300))
    assert "文件名里有不能使用的字符" in refusal(tmp_path / "a\0b")
    assert "是空的" in refusal(made(tmp_path / "空.txt", b""))


def made(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_huge_file_is_refused_without_being_read(tmp_path):
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert "太大（100 MB，最大 20 MB）" in refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "管道")
    assert "不是文件" in refusal(tmp_path / "管道")


@pytest.mark.parametrize(
    "code, says",
    [
        (errno.EACCES, "没有权限读入"),
        (errno.EBUSY, "正被其他程序占用（如 Word），请关闭后再读入"),
        (errno.EIO, "读入中断"),
        (errno.ENODEV, "磁盘已断开，请重新插入"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path, monkeypatch, code, says):
    path = made(tmp_path / "年报.txt", SAMPLE.encode())

    def fail(*_: object) -> io.BytesIO:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", fail)
    assert says in refusal(path)


def test_a_file_is_read_from_its_path(tmp_path):
    path = made(tmp_path / "年报.txt", SAMPLE.encode("gbk"))
    assert read_report(path, FORMATS).report.cells[at("proactive/penalty/items_change")].number == -17


# -- patterns that would take long --------------------------------------------------------------------------------

LONG = MAX_CHARACTERS - 5_000  # the sample and these characters are within the size that is read


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "1",
            "1,",
            "(",
            "（一）",
            "。（一）",
            "1 ",
            "1\t",
            "规章\t",
            "规章 ",
            "|",
            "# ",
            "-",
            '"',
            "　",
            "{",
            '{"a":',
        ),
        *("a\u0323\u0301", "\u0301", "二〇二〇年", "2020年\n", "应急管理局", "一、总体情况\n"),
        *("六、其他需要报告事项\n甲\n", "规章\t0\t0\t0\n" * 3 + "x" * 300, "\t\n" + "x" * 90),
        *("信息内容\t本年\n" + "x" * 80, "1.属于国家\t1\n" + "甲" * 90),
    ],
)
def test_no_pattern_takes_long(unit):
    """Check that each takes well under a second; quadratic time would be minutes."""
    many = (unit * (LONG // len(unit) + 1))[:LONG]
    for text in (many, SAMPLE.replace("规章\t0\t0\t0", f"规章\t{many}"), SAMPLE.replace("极不平凡", many)):
        assert outcome(text.encode())
