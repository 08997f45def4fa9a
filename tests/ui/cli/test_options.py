"""Tests that every option of every command has an effect or is refused; the table is made from the parser."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import main
from model.base import VERSION, Trouble
from tests.support.helpers import REPORTS
from tests.support.old_files import members
from ui.cli.arguments import parser, wants_window
from ui.cli.folder_check import normalised

SOUND = REPORTS / "suqian-2023.json"


class Program:
    """Runs the program in this process on drafts of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.data = folder / "data"

    def __call__(self, *words: str | Path) -> tuple[int, str, str]:
        code = main.main([str(word) for word in words])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def report(self, name: str, **changed: object) -> Path:
        """Write the sound report with other values of its head."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(json.loads(SOUND.read_text("utf-8")) | changed), "utf-8")
        return path


@pytest.fixture
def program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(tmp_path, capsys)


def options() -> Iterator[tuple[str, str]]:
    """Yield each command ("" for none) with each of its options, except `--help`."""
    whole = parser()
    (found,) = [action for action in whole._actions if isinstance(action, argparse._SubParsersAction)]
    for name, command in {"": whole, **found.choices}.items():
        for action in command._actions:
            if action.option_strings and "--help" not in action.option_strings:
                yield name, action.option_strings[-1]


# -- effects ------------------------------------------------------------------------------------------------------


def data_of_a_command(command: str) -> Callable[[Program], bool]:
    def has_effect(program: Program) -> bool:
        program("--data", program.data, "import", SOUND)
        out = str(program.folder / "o.pdf")
        words: dict[str, list[str]] = {
            "list": [], "import": [str(SOUND)], "check": ["1"], "export": ["1", "-o", out],
        }  # fmt: skip
        elsewhere = program(command, *words[command], "--data", program.folder / "other")
        return program(command, *words[command], "--data", program.data) != elsewhere

    return has_effect


def data_of_the_window(_program: Program) -> bool:
    given = parser().parse_args(["open", "年报.txt", "--data", "D"])
    return given.data == "D" and wants_window(given)


def version(program: Program) -> bool:
    return program("--version") == (0, f"政府信息公开工作年度报告编制程序 {VERSION}\n", "")


def self_check(_program: Program) -> bool:
    given = [parser().parse_args(words.split()).self_check for words in ("--self-check", "--self-check a.pdf")]
    return given == ["", "a.pdf"]


def data_before(program: Program) -> bool:
    program("--data", program.data, "import", SOUND)
    return program("--data", program.data, "list")[1].startswith("1\t")


def as_json(program: Program) -> bool:
    return bool(json.loads(program("check", SOUND, "--json")[1])["agency"] == "宿迁市")


def verdict(program: Program) -> bool:
    program("check", SOUND, "-o", program.folder / "a.pdf")
    return (program.folder / "a.pdf").read_bytes().startswith(b"%PDF")


def last_year(program: Program) -> bool:
    last = program.report("last.json", year=2022)
    return bool(json.loads(program("check", SOUND, "--json", "--last-year", last)[1])["last_year"] == 2022)


def output(program: Program) -> bool:
    program("export", SOUND, "-o", program.folder / "a.json")
    return (program.folder / "a.json").exists()


def box_missing(program: Program) -> bool:
    strange = program.report("a.json", agency="宿迁\U000e01f0\U00010380市")
    refused = program("export", strange, "-o", program.folder / "a.pdf")[0]
    return (refused, program("export", strange, "-o", program.folder / "a.pdf", "--box-missing")[0]) == (2, 0)


def year_of(name: str, *more: str) -> Callable[[Program], bool]:
    """Return a check that a command with `--year` takes that report out of a file with two."""

    def chosen(program: Program) -> bool:
        file = program.folder / "两份.docx"
        file.write_bytes(members("traps")["two-reports.docx"])
        given = [str(program.folder / word) if word == "a.json" else word for word in more]
        refused = program(name, file, *given)[0]
        return (refused, program(name, file, *given, "--year", "2024")[0] in (0, 1)) == (2, True)

    return chosen


EFFECTS = {
    ("", "--data"): data_before,
    ("", "--version"): version,
    ("", "--self-check"): self_check,
    ("open", "--data"): data_of_the_window,
    **{(name, "--data"): data_of_a_command(name) for name in ("import", "list", "check", "export")},
    ("check", "--json"): as_json,
    ("check", "-o"): verdict,
    ("check", "--last-year"): last_year,
    **{(name, "--year"): year_of(name, *more) for name, *more in (("check",), ("import",), ("export", "-o", "a.json"))},
    ("export", "-o"): output,
    ("export", "--box-missing"): box_missing,
}


NO_PATHS = ("--version", "--json", "--box-missing", "--year")


@pytest.mark.parametrize("year", ["", "24", "２０２４", "二〇二四", "-2024"])
def test_a_year_is_four_digits(year: str):
    with pytest.raises(Trouble, match="--year：应是四位的年份"):
        parser().parse_args(["check", "1", f"--year={year}"])


def test_every_option_is_in_the_table():
    assert {*options()} == EFFECTS.keys()


@pytest.mark.parametrize("option", EFFECTS, ids=" ".join)
def test_an_option_has_an_effect(program: Program, option: tuple[str, str]):
    assert EFFECTS[option](program)


# -- refusals -----------------------------------------------------------------------------------------------------

WHERE_IT_HAS_NONE = [
    "--version list", "--version --self-check", "--self-check list", "--self-check a.pdf check 1",
    "--version open a.txt",
    "--data A --self-check", "--data A list --data B", "--data A --data B list", "list --data A --data B",
    "check FOLDER -o a.pdf", "check FOLDER -o a.pdf --last-year FOLDER", "check FOLDER -o a.pdf --json",
    "check SOUND -o a.pdf -o b.pdf", "check SOUND --last-year SOUND --last-year SOUND",
    "export SOUND -o a.pdf -o b.pdf",
    "export SOUND -o a.json --box-missing", "export SOUND -o a.zwgk --box-missing",
    "list --json", "import SOUND --json", "export SOUND -o a.pdf --last-year SOUND",
    "check COPY -o COPY", "check SOUND --last-year COPY -o COPY", "export COPY -o COPY",
]  # fmt: skip


@pytest.mark.parametrize("words", WHERE_IT_HAS_NONE)
def test_an_option_without_effect_is_refused(program: Program, monkeypatch: pytest.MonkeyPatch, words: str):
    monkeypatch.chdir(program.folder)
    copy = program.report("年报/copy.pdf")
    names = {"FOLDER": str(copy.parent), "SOUND": str(SOUND), "COPY": str(copy)}
    code, out, err = program(*[names.get(word, word) for word in words.split()])
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert sorted(path.name for path in program.folder.iterdir()) == ["年报"]


@pytest.mark.parametrize("option", [option for option in EFFECTS if option[1] not in NO_PATHS], ids=" ".join)
def test_no_option_takes_an_empty_path(option: tuple[str, str]):
    command, name = option
    first = {"": [], "list": [], "export": ["export", "1", "-o", "a.pdf"]}.get(command, [command, "1"])
    first = ["list"] if command == "list" else ["export", "1"] if option == ("export", "-o") else first
    with pytest.raises(Trouble, match=f"{name}：是空的"):
        parser().parse_args([*first, name, ""])


# -- a folder beside last year's ----------------------------------------------------------------------------------


def lines(err: str) -> list[str]:
    return err.splitlines()


def test_a_folder_is_paired_by_agency(program: Program):
    for agency, name in (("甲局", "a"), ("乙 局", "b"), ("丙局", "c"), ("丁局", "d")):
        program.report(f"今年/{name}.json", agency=agency)
    for number, (agency, year) in enumerate(
        [("乙局", 2022), ("某市甲局", 2022), ("丙局", 2021), ("丁局", 2022), ("丁局", 2022)]
    ):
        program.report(f"上年/{number}.json", agency=agency, year=year)
    this, last = program.folder / "今年", program.folder / "上年"
    code, out, err = program("check", this, "--json", "--last-year", last)
    found = {entry["file"]: entry["last_year"] for entry in json.loads(out)}
    assert found == {"a.json": 2022, "b.json": 2022, "c.json": None, "d.json": None}
    assert lines(err) == [
        "“c.json”没有与上年核对：“上年”里没有“丙局” 2022 年的年度报告",
        "“d.json”没有与上年核对：“上年”里有 2 份“丁局” 2022 年的年度报告",
    ]
    assert code in (0, 1)


def test_one_report_of_last_year_is_compared_with_its_agency_only(program: Program):
    program.report("今年/a.json")
    program.report("今年/b.json", agency="乙局")
    last = program.report("last.json", year=2022)
    _, out, err = program("check", program.folder / "今年", "--json", "--last-year", last)
    assert [entry["last_year"] for entry in json.loads(out)] == [2022, None]
    assert len(lines(err)) == 1
    assert "“b.json”没有与上年核对" in err


def test_both_years_may_lie_in_one_folder(program: Program):
    program.report("全部/a.json")
    program.report("全部/b.json", year=2022)
    folder = program.folder / "全部"
    _, out, err = program("check", folder, "--json", "--last-year", folder)
    assert [entry["last_year"] for entry in json.loads(out)] == [2022, None]
    assert len(lines(err)) == 1


def test_a_comparison_that_matches_nothing_is_no_success(program: Program):
    program.report("今年/a.json")
    code, out, err = program(
        "check", program.folder / "今年", "--last-year", program.report("last.json", agency="乙局", year=2022)
    )
    assert code == 2
    assert out.startswith("a.json\t宿迁市\t2023\t")
    assert len(lines(err)) == 1


def test_an_unreadable_report_of_last_year_is_named(program: Program):
    program.report("今年/a.json")
    program.report("上年/a.json", year=2022)
    (program.folder / "上年" / "b.txt").write_bytes(b"")
    code, out, err = program("check", program.folder / "今年", "--json", "--last-year", program.folder / "上年")
    assert json.loads(out)[0]["last_year"] == 2022
    assert [line.startswith("上年的“b.txt”没有读入：") for line in lines(err)] == [True]
    assert code == 2


def test_one_file_takes_its_partner_from_a_folder(program: Program):
    program.report("上年/a.json", agency="乙局", year=2022)
    program.report("上年/b.json", year=2022)
    _, out, _ = program("check", SOUND, "--json", "--last-year", program.folder / "上年")
    assert json.loads(out)["last_year"] == 2022
    (program.folder / "上年" / "b.json").unlink()
    assert program("check", SOUND, "--last-year", program.folder / "上年")[0] == 2


@pytest.mark.parametrize("agency, same", [("乙 局", "乙局"), ("乙局（甲）", "乙局(甲)"), ("　乙局\t", "乙局")])
def test_names_are_compared_without_blanks_and_width(agency: str, same: str):
    assert normalised(agency) == normalised(same)
