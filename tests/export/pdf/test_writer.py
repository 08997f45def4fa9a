"""Tests of the written PDF: text, fonts, embedded data, conformance to PDF/A and atomic writing."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pikepdf import pdfa

from export.document.document import Block, Document, DocumentTitle, Heading, Paragraph, PrintedTable, Run, TableNote
from export.fonts.font_set import FontFile, FontSet
from export.pdf import writer
from model.base.files import write_atomic
from model.base.trouble import Trouble
from tests.support.helpers import ROOT
from tests.support.platforms import posix_only
from tests.support.printing import RESOURCES, STYLE, TORTURE, document, form, grid, paragraph, press, whole

DATA = json.dumps({"agency": "应急管理局", "cells": {"a/b/c": 12}}, ensure_ascii=False).encode()


@pytest.fixture(scope="module")
def report() -> bytes:
    return writer.render(whole(data=DATA), press())


@pytest.fixture(scope="module")
def opened(report: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(report)


def text_of(content: bytes) -> str:
    """Return all text of a PDF as copied from a reader, without spaces and line ends."""
    pages = pypdfium2.PdfDocument(content)
    return "".join(re.sub(r"\s|\ufffe", "", page.get_textpage().get_text_range()) for page in pages)


def rendered(*blocks: Block) -> bytes:
    return writer.render(document(*blocks), press())


def test_a_pdf_is_the_same_whatever_was_exported_before() -> None:
    fonts = FontSet.load(RESOURCES)
    report, other = whole(("7", "-0", "3511")), whole(("8", "12", "9"), draft=True)
    first = writer.render(report, fonts)
    assert [writer.render(other, fonts) == first, writer.render(report, fonts) == first] == [False, True]
    assert writer.render(report, FontSet.load(RESOURCES)) == first


# -- text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [0, 5, 11])
def test_the_text_of_a_paragraph_comes_back(shift: int) -> None:
    text = "政" * shift + TORTURE
    assert text in text_of(rendered(paragraph(text)))


@pytest.mark.parametrize("text", ["𬭎𫖯𫟹", "<b", "A&B", "&lt;已脱敏&gt;&#20013;", "<img src='/etc/hostname'>", "(\\)"])
def test_hard_and_hostile_text_comes_back_as_typed(text: str) -> None:
    assert text.replace(" ", "") in text_of(rendered(paragraph(f"见{text}。")))


def test_every_cell_comes_back_in_reading_order() -> None:
    numbers = tuple(str(1000 + n) for n in range(175))
    content = rendered(PrintedTable(grid("requests", numbers), "requests"))
    words = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range().split()
    assert [word for word in words if word in numbers] == list(numbers)
    found = text_of(content)
    assert found.index("自然人") < found.index("一、本年新收政府信息公开申请数量") < found.index("1000")


def test_28_cells_and_22_baselines_stand_on_the_grid_of_the_produced_page() -> None:
    page = pypdfium2.PdfDocument(rendered(paragraph("政" * 2000)))[1].get_textpage()
    boxes = [page.get_charbox(n) for n in range(page.count_chars()) if page.get_text_range(n, 1) == "政"]
    across = sorted({round(left, 1) for left, *_ in boxes})
    down = sorted({round(bottom, 1) for _, bottom, *_ in boxes})
    assert (len(across), len(down)) == (28, 22)
    assert all(abs(b - a - STYLE.page.pitch) < 0.2 for a, b in pairwise(across))
    assert all(abs(b - a - STYLE.page.leading) < 0.2 for a, b in pairwise(down))


@pytest.mark.parametrize("number", range(6))
def test_every_character_of_the_common_list_is_found(number: int) -> None:
    characters = [c for c in (RESOURCES / "fonts" / "tgh8105.txt").read_text(encoding="utf-8") if not c.isspace()]
    for role in ("title", "body", "hei", "kai", "song"):
        glyphs = press().glyphs(role)
        assert [c for c in characters[number::6] if not glyphs[c].found] == []


# -- missing characters ---------------------------------------------------------------------------------------------


def blocks_with(character: str) -> tuple[Block, ...]:
    return (
        Heading("五、存在的主要问题及改进情况", "problems"),
        Paragraph((Run("政"),), "problems", 1),
        Paragraph((Run("某" + character),), "problems", 2),
    )


@pytest.mark.parametrize(
    "character, named",
    [
        ("😀", "第五部分第2段“😀”字库中没有，将无法印出，请改写或选择以□代替"),
        ("\u0f40", "第五部分第2段“ཀ”字库中没有"),
        ("\u05d0", "第五部分第2段“א”字库中没有"),
        ("\x07", "第五部分第2段一个不可显示的字符（U+0007）字库中没有"),
        ("\ud800", "第五部分第2段一个不可显示的字符（U+D800）字库中没有"),
    ],
)
def test_a_character_without_a_glyph_is_named_before_anything_is_written(
    tmp_path: Path, character: str, named: str
) -> None:
    with pytest.raises(Trouble, match=re.escape(named)):
        writer.write(document(*blocks_with(character)), tmp_path / "a.pdf", press())
    assert list(tmp_path.iterdir()) == []


def test_it_is_printed_as_a_box_when_asked(tmp_path: Path) -> None:
    made = writer.write(document(*blocks_with("😀")), tmp_path / "a.pdf", press(), on_missing="box")
    assert [str(each) for each in made.missing] == ["第五部分第2段“😀”"]
    assert "某□" in text_of((tmp_path / "a.pdf").read_bytes())


@pytest.mark.parametrize(
    "block, place",
    [
        (DocumentTitle(("某😀局", "年度报告")), "标题"),
        (paragraph("😀", "preface"), "前言第1段"),
        (TableNote("😀", "overview"), "前言说明"),
        (PrintedTable(grid("proactive", ("😀",)), "proactive"), "前言表格第3行第2列"),
    ],
)
def test_the_place_of_a_missing_character(block: Block, place: str) -> None:
    assert str(writer.missing_characters(document(block), press())[0]) == f"{place}“😀”"


def test_a_whole_report_misses_nothing() -> None:
    assert writer.missing_characters(whole(), press()) == ()


# -- the file -------------------------------------------------------------------------------------------------------


def test_the_same_report_gives_the_same_bytes(report: bytes) -> None:
    again = FontSet.load(RESOURCES)
    assert writer.render(whole(data=DATA), again) == report
    assert writer.render(whole(data=DATA), press()) == report


@pytest.mark.parametrize("data, flavour", [(b"", "2b"), (DATA, "3b")])
@pytest.mark.parametrize("draft", [True, False])
def test_the_file_is_fit_for_the_archive(tmp_path: Path, data: bytes, flavour: str, draft: bool) -> None:
    target = tmp_path / "a.pdf"
    writer.write(whole(data=data, draft=draft), target, press())
    checked = pdfa.validate_written(target, flavour)
    assert [str(finding) for finding in checked.findings] == []
    assert checked.verdict == "pass"


def test_title_agency_language_and_labels_stand_in_the_file(report: bytes) -> None:
    with pikepdf.open(io.BytesIO(report)) as file:
        info = file.docinfo
        assert str(info.Title) == whole().title
        assert {str(info.Author), str(info.Creator)} == {whole().agency}
        assert str(info.CreationDate) == str(info.ModDate) == "D:20210120000000+08'00'"
        root = file.Root
        assert (str(root.Lang), bool(root.ViewerPreferences.DisplayDocTitle)) == ("zh-CN", True)
        assert str(root.PageLabels.Nums[1].S) == "/D"
        assert "/JavaScript" not in root
        assert "/Helvetica" not in str(report)


def test_the_sections_are_the_outline(report: bytes, opened: pypdfium2.PdfDocument) -> None:
    assert [item.get_title() for item in opened.get_toc()] == [section.title for section in form().sections]


def test_a_draft_says_so_on_every_page_and_the_final_report_on_none() -> None:
    for draft in (True, False):
        pages = pypdfium2.PdfDocument(writer.render(whole(draft=draft), press()))
        marked = ["草稿" in re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages]
        assert marked == [draft] * len(pages)


def test_a_subset_has_the_outlines_of_its_font() -> None:
    face = press().face("ZwgkFang")
    glyphs = [0, *(face.glyph(c) for c in "政府信息公开é１")]
    subset, full = TTFont(io.BytesIO(face.subset(glyphs))), TTFont(face.path)
    names = full.getGlyphOrder()
    for new, old in zip(subset.getGlyphOrder(), glyphs, strict=False):
        ours, theirs = subset["glyf"][new], full["glyf"][names[old]]
        assert ours.getCoordinates(subset["glyf"])[0] == theirs.getCoordinates(full["glyf"])[0]
        assert subset["hmtx"][new] == full["hmtx"][names[old]]


def test_a_chosen_font_goes_before_the_bundled_one(tmp_path: Path) -> None:
    path = Path(shutil.copy(RESOURCES / "fonts" / "ZwgkKai.ttf", tmp_path / "kai.ttf"))
    chosen = FontSet.load(RESOURCES, {"body": FontFile(path)})
    made = writer.write(document(paragraph("政府信息公开")), tmp_path / "a.pdf", chosen)
    assert made.fonts == ("宋体（ZwgkSong）", "Zwgk Kai")


def test_a_press_keeps_a_bounded_number_of_font_programs() -> None:
    fresh = FontSet.load(RESOURCES)
    for start in range(0x4E00, 0x4E00 + 40):
        writer.render(document(paragraph(chr(start))), fresh)
    assert len(fresh._programs) < 20


@pytest.mark.parametrize("damage", [lambda content: content[:2000], lambda content: b"\0" * len(content)])
def test_a_damaged_font_is_trouble(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    (fonts / "fonts.toml").write_text('[chain]\nbody = ["a.ttf"]\nsong = ["a.ttf"]', encoding="utf-8")
    (fonts / "a.ttf").write_bytes(damage((RESOURCES / "fonts" / "ZwgkRest.ttf").read_bytes()))
    with pytest.raises(Trouble, match=r"a\.ttf"):
        FontSet.load(tmp_path).glyphs("body")["政"]


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "字体清单 fonts.toml：chain：缺少这一项"),
        ("chain = 1", "字体清单 fonts.toml：chain：应是一张表（键 = 值），现为 1"),
        ("[chain]\nbody = []", "字体清单 fonts.toml：chain.body：至少要有一项"),
        ("[chain]\nbody = [1]", "字体清单 fonts.toml：chain.body[1]：应是文字，现为 1"),
        ("[chain", "字体清单 fonts.toml 不符合 TOML 语法：文件末尾（Expected"),
    ],
)
def test_a_mistake_in_the_font_manifest_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "fonts.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=f"^{re.escape(sentence)}"):
        FontSet.load(tmp_path)


def test_an_incomplete_installation_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="安装不完整"):
        FontSet.load(tmp_path)


# -- writing safely -------------------------------------------------------------------------------------------------

OLD = b"the old report"


def fails_with(number: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    "call, number, sentence",
    [
        ("fsync", errno.ENOSPC, "磁盘空间不足"),
        ("fsync", errno.EIO, "磁盘读写出错"),
        ("fsync", errno.ENODEV, "目标磁盘已断开，请重新插入后再导出"),
        ("open", errno.EROFS, "只读磁盘"),
        ("open", errno.EACCES, "没有写入"),
    ],
)
def test_the_old_file_survives_a_failing_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, sentence: str
) -> None:
    target = tmp_path / "报告.pdf"
    target.write_bytes(OLD)
    monkeypatch.setattr(os, call, fails_with(number))
    with pytest.raises(Trouble, match=sentence):
        writer.write(document(paragraph("政")), target, press())
    monkeypatch.undo()
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (OLD, [target])


def test_the_old_file_survives_when_it_cannot_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "报告.pdf"
    target.write_bytes(OLD)
    monkeypatch.setattr(Path, "replace", fails_with(errno.EPERM))
    with pytest.raises(Trouble, match="没有写入"):
        writer.write(document(paragraph("政")), target, press())
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (OLD, [target])


@posix_only("kills as POSIX does")
def test_a_program_killed_while_it_writes_leaves_the_old_file_and_the_next_export_removes_the_rest(
    tmp_path: Path,
) -> None:
    target = tmp_path / "报告.pdf"
    target.write_bytes(OLD)
    code = "import os, signal, sys; from pathlib import Path; from model.base.files import write_atomic;"
    code += "write_atomic(Path(sys.argv[1]), b'new' * 9999, lambda _: os.kill(os.getpid(), signal.SIGKILL))"
    subprocess.run([sys.executable, "-c", code, str(target)], check=False, cwd=ROOT)
    (left,) = tmp_path.glob("~*.tmp")
    assert target.read_bytes() == OLD
    write_atomic(target, b"one")
    assert left.exists()  # another process may still be writing it
    os.utime(left, (time.time() - 90_000,) * 2)
    (tmp_path / "~别的.12345678.tmp").touch()
    os.utime(tmp_path / "~别的.12345678.tmp", (time.time() - 90_000,) * 2)
    write_atomic(target, b"two")
    assert {path.name for path in tmp_path.iterdir()} == {"报告.pdf", "~别的.12345678.tmp"}


def test_a_file_held_for_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    target = tmp_path / "报告.pdf"
    replace_file = Path.replace

    def held_twice(self: Path, other: Path) -> Path:
        if len(waits) < 2:
            error = OSError(errno.EACCES, "held")
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise error
        return replace_file(self, other)

    monkeypatch.setattr(Path, "replace", held_twice)
    monkeypatch.setattr(time, "sleep", waits.append)
    writer.write(document(paragraph("政")), target, press())
    assert waits == [0.05, 0.1]
    assert target.read_bytes().startswith(b"%PDF")


def test_a_file_held_for_good_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: object) -> None:
        error = OSError(errno.EACCES, "held")
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
        raise error

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with pytest.raises(Trouble, match="正被其他程序占用"):
        writer.write(document(paragraph("政")), tmp_path / "报告.pdf", press())


def test_what_is_read_back_differently_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "报告.pdf"
    target.write_bytes(OLD)
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"\0")
    with pytest.raises(Trouble, match="读回的内容不一致"):
        writer.write(document(paragraph("政")), target, press())
    monkeypatch.undo()
    assert (target.read_bytes(), list(tmp_path.iterdir())) == (OLD, [target])


@pytest.mark.parametrize(
    "place, sentence", [("folder.pdf", "是一个文件夹"), ("none/a.pdf", "找不到文件夹"), ("f/a.pdf", "不是文件夹")]
)
def test_an_impossible_target_is_named(tmp_path: Path, place: str, sentence: str) -> None:
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "f").write_bytes(b"")
    with pytest.raises(Trouble, match=sentence):
        writer.write(document(paragraph("政")), tmp_path / place, press())


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n3\n%%EOF\n"])
def test_a_torn_pdf_is_noticed(content: bytes) -> None:
    with pytest.raises(Trouble, match="不完整"):
        writer.page_count(content)


def test_the_summary_says_what_was_written(tmp_path: Path) -> None:
    made = writer.write(whole(), tmp_path / "a.pdf", press())
    content = (tmp_path / "a.pdf").read_bytes()
    assert (made.pages, made.size) == (len(pypdfium2.PdfDocument(content)), len(content))
    assert set(made.fonts) == {
        "仿宋（ZwgkFang）",
        "黑体（ZwgkHei）",
        "楷体（ZwgkKai）",
        "宋体（ZwgkSong）",
        "小标宋（ZwgkTitle）",
    }


HOSTILE: list[Callable[[], Document]] = [
    lambda: document(paragraph("政" * 40000)),
    lambda: document(*[paragraph(TORTURE, number=n) for n in range(1000)]),
    lambda: document(paragraph("<b" * 5000)),
    lambda: document(paragraph("\x00\x01\ud800\udfff\ufffe" * 20)),
    lambda: document(paragraph("\u202eשלום\u200b")),
    lambda: replace(whole(), title="标题\x00\ud800<&>", agency="<&>\udfff"),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_content_is_printed(number: int) -> None:
    content = writer.render(HOSTILE[number](), press())
    assert len(pypdfium2.PdfDocument(content)) == writer.page_count(content)
