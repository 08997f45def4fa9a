"""Tests of `export` with several reports or a folder: one PDF each, nothing overwritten, a bad file stops no other."""

from __future__ import annotations

from pathlib import Path

import pytest

import main
from tests.support.helpers import REPORTS

A, B = REPORTS / "suqian-2023.json", REPORTS / "suqian-2024.json"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def read_in(data: Path, *reports: Path) -> None:
    for report in reports:
        assert main.main(["--data", str(data), "import", str(report)]) == 0


def run(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], list[str]]:
    """Return the exit code, the names of the files told on stdout, and the lines on stderr."""
    capsys.readouterr()
    code = main.main(["--data", str(data), "export", *words])
    told = capsys.readouterr()
    return code, [Path(line).name for line in told.out.splitlines()], told.err.splitlines()


@pytest.fixture
def sources(data: Path, tmp_path: Path) -> Path:
    """Return a folder with two reports as data files."""
    read_in(data, A, B)
    folder = tmp_path / "年报"
    folder.mkdir()
    for number in ("1", "2"):
        assert main.main(["--data", str(data), "export", number, "-o", str(folder / f"{number}.json")]) == 0
    return folder


NAMES = [f"宿迁市{year}年政府信息公开工作年度报告.pdf" for year in (2023, 2024)]


@pytest.mark.parametrize("out", ["新文件夹/", "已有的"])
def test_several_drafts_and_files_become_one_pdf_each(data: Path, sources: Path, tmp_path: Path, capsys, out: str):
    (tmp_path / "已有的").mkdir()
    code, names, said = run(data, capsys, "1", str(sources / "2.json"), "-o", f"{tmp_path}/{out}")
    assert (code, names, said) == (0, NAMES, [])
    assert all((tmp_path / out / name).read_bytes().startswith(b"%PDF") for name in NAMES)


def test_a_folder_is_exported_whole_and_the_bad_file_is_named(data: Path, sources: Path, tmp_path: Path, capsys):
    (sources / "3.txt").write_text("不是年报", encoding="utf-8")
    code, names, said = run(data, capsys, str(sources), "-o", str(tmp_path / "out"))
    assert (code, names) == (2, NAMES)
    assert [line.startswith("“3.txt”没有导出：") for line in said] == [True]


def test_nothing_is_overwritten(data: Path, sources: Path, tmp_path: Path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAMES[0]).write_bytes(b"mine")
    code, names, _ = run(data, capsys, "1", "1", "-o", str(tmp_path / "out"))
    stem = NAMES[0].removesuffix(".pdf")
    assert (code, names) == (0, [f"{stem}-2.pdf", f"{stem}-3.pdf"])
    assert (tmp_path / "out" / NAMES[0]).read_bytes() == b"mine"


@pytest.mark.parametrize(
    "words, reason",
    [
        (["1", "2", "-o", "{tmp}/a.pdf"], "-o 应是文件夹"),
        (["1", "2", "-o", "{tmp}/file"], "是文件，不是文件夹"),
        (["{tmp}/empty", "-o", "{tmp}/out"], "文件夹“empty”里没有文件"),
        (["1", "2", "-o", "{tmp}/missing/out"], "找不到"),
    ],
)
def test_a_wrong_target_is_refused_in_one_sentence(data: Path, sources: Path, tmp_path: Path, capsys, words, reason):
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    code, names, said = run(data, capsys, *(word.format(tmp=tmp_path) for word in words))
    assert (code, names) == (2, [])
    (line,) = said
    assert reason in line


def test_one_report_may_go_into_a_folder(data: Path, sources: Path, tmp_path: Path, capsys):
    (tmp_path / "out").mkdir()
    assert run(data, capsys, "2", "-o", str(tmp_path / "out")) == (0, NAMES[1:], [])
