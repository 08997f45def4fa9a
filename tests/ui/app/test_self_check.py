"""Tests that the self-check passes if nothing is missing, and names missing parts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from model.form.loader import load_all
from model.importing.read import read_file
from model.report.report import Report
from ui.app import self_check
from ui.draft.save_queue import SaveQueue
from ui.home.draft_actions import DraftActions
from ui.parts.folders import Folders

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


@pytest.fixture
def places(tmp_path: Path) -> Folders:
    """Copy what is shipped, beside a user's folder that does not exist yet."""
    shipped = tmp_path / "程序 文件" / "resources"
    shutil.copytree(RESOURCES, shipped)
    return Folders(shipped, tmp_path / "user")


def test_a_whole_program_passes_and_leaves_the_pdf(
    qapp: QApplication, places: Folders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "年 报.pdf"
    assert self_check.run_self_check(places.resources, str(output)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("：")[0] for line in lines[1:-1]] == [
        f"{number:2}. {name}" for number, (name, _) in enumerate(self_check.CHECKS, 1)
    ]
    assert read_file(output, load_all([places.formats])).report.agency == "示例市应急管理局"


def test_nothing_of_the_user_is_touched_and_nothing_left(
    qapp: QApplication, places: Folders, tmp_path: Path, monkeypatch
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert self_check.run_self_check(places.resources, "") == 0
    assert not places.data.exists()
    assert list(temporary.iterdir()) == []


def cleared(path: str) -> Callable[[Path], None]:
    return lambda resources: (resources / path).unlink()


def spoiled(path: str) -> Callable[[Path], None]:
    def spoil(resources: Path) -> None:
        content = bytearray((resources / path).read_bytes())
        content[len(content) // 2] ^= 1
        (resources / path).write_bytes(content)

    return spoil


def rewritten(path: str, old: str, new: str) -> Callable[[Path], None]:
    def rewrite(resources: Path) -> None:
        text = (resources / path).read_text("utf-8")
        assert old in text
        (resources / path).write_text(text.replace(old, new, 1), "utf-8")

    return rewrite


@pytest.mark.parametrize(
    "harm, where, reason",
    [
        (cleared("formats/2019.toml"), "年度报告格式", "2019 年没有对应的年度报告格式"),
        (cleared("formats/2021.toml"), "年度报告格式", "2021 年没有对应的年度报告格式"),
        (rewritten("formats/2021.toml", "first_year = 2021", "first_year ="), "年度报告格式", "2021.toml"),
        (cleared("fonts/fonts.toml"), "字体", "fonts.toml"),
        (cleared("fonts/ZwgkKai.ttf"), "字体", "ZwgkKai.ttf"),
        (spoiled("fonts/ZwgkSong.ttf"), "字体", "ZwgkSong.ttf"),
        (cleared("sample/report.txt"), "读入样本", "report.txt"),
        (rewritten("sample/report.txt", "行政处罚\t41", "行政处罚\t"), "读入样本", "行政处罚"),
        (rewritten("sample/report.txt", "\t12\t2\t", "\t13\t2\t"), "读入样本", "相差 1"),
        (cleared("styles/gbt9704.toml"), "导出 PDF", "gbt9704.toml"),
        (cleared("icc/srgb.icc"), "导出 PDF", "srgb.icc"),
    ],
)
def test_what_is_missing_or_damaged_is_named(
    qapp: QApplication,
    places: Folders,
    capsys: pytest.CaptureFixture[str],
    harm: Callable[[Path], None],
    where: str,
    reason: str,
):
    harm(places.resources)
    assert self_check.run_self_check(places.resources, "") == 1
    printed = capsys.readouterr()
    assert f"自检未通过，问题在“{where}”：" in printed.err
    assert reason in printed.err
    assert "自检通过" not in printed.out


def test_a_pdf_that_cannot_be_written_is_named(qapp: QApplication, places: Folders, tmp_path: Path, capsys):
    assert self_check.run_self_check(places.resources, str(tmp_path / "没有这个文件夹" / "年报.pdf")) == 1
    assert "没有这个文件夹" in capsys.readouterr().err


def test_an_edit_that_is_not_saved_is_noticed(qapp: QApplication, places: Folders, monkeypatch, capsys):
    monkeypatch.setattr(SaveQueue, "submit", lambda self, number, change, counted: None)
    assert self_check.run_self_check(places.resources, "") == 1
    assert "“重新打开”：重新打开的草稿与保存前不一致" in capsys.readouterr().err


def test_a_mistake_of_the_program_is_not_swallowed(qapp: QApplication, places: Folders, monkeypatch):
    def wrong(self: DraftActions, path: Path, report: Report) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(DraftActions, "_imported", wrong)
    with pytest.raises(ZeroDivisionError):
        self_check.run_self_check(places.resources, "")
