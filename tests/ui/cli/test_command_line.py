"""Tests of the command line in a process of its own: output and exit codes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import main
from bootstrap.loading import MAY_LOAD, SLOW
from model.base.version import VERSION
from model.importing.own_pdf import read_data
from model.recovery.open_database import open_drafts
from model.report.exchange import loads
from tests.support.helpers import REPORTS, ROOT
from ui.app import self_check
from ui.cli import commands
from ui.cli.commands import DONE

SAMPLE = REPORTS / "jiyuan-emergency-2020.txt"
SOUND = REPORTS / "suqian-2023.json"
NO_QT = """
import sys
sys.argv[0] = "main.py"
import main
code = main.main(sys.argv[1:])
loaded = sorted(name for name in sys.modules if name.partition(".")[0] in ("PySide6", "shiboken6"))
print(f"Qt: {loaded}", file=sys.stderr)
sys.exit(code)
"""


def run(data: Path, *words: str | Path, program: tuple[str, ...] = ("main.py",)) -> subprocess.CompletedProcess[str]:
    """Run the program with its drafts in `data`, without display and locale."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, *program, "--data", str(data), *map(str, words)],
        cwd=ROOT, env=environment | {"LC_ALL": "C"}, encoding="utf-8", capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip


def answer(data: Path, *words: str | Path, code: int = 0) -> str:
    """Return the program's output; fails on another exit code or any output on stderr."""
    done = run(data, *words)
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "草稿"


@pytest.fixture(scope="module")
def two_drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a data folder with the sample as draft 1 and a report without errors as draft 2."""
    data = tmp_path_factory.mktemp("data")
    assert run(data, "import", SAMPLE).stdout == "1\n"
    assert run(data, "import", SOUND).stdout == "2\n"
    return data


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} if folder.exists() else {}


# -- answers ------------------------------------------------------------------------------------------------------


def test_import_prints_the_number_of_the_draft_and_names_what_is_to_be_checked(data: Path):
    done = run(data, "import", SAMPLE)
    assert (done.returncode, done.stdout) == (0, "1\n")
    assert done.stderr.startswith("须说明：")
    assert "16 个数" in done.stderr
    assert answer(data, "import", SOUND) == "2\n"


def test_list_gives_one_line_of_five_fields_for_each_draft(two_drafts: Path):
    lines = [line.split("\t") for line in answer(two_drafts, "list").splitlines()]
    assert [line[:4] for line in lines] == [["2", "宿迁市", "2023", "2021"], ["1", "应急管理局", "2020", "2019"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", line[4]) for line in lines)


@pytest.mark.parametrize("report", ["1", SAMPLE], ids=["draft", "file"])
def test_check_says_what_is_wrong_where_and_what_to_do(two_drafts: Path, report: str | Path):
    head, finding, advice, *_ = answer(two_drafts, "check", report).splitlines()
    assert head == "应急管理局 2020 年（国办公开办函〔2019〕60号）：错误 0，须说明 1，提示 1"
    assert finding.startswith("须说明　四、")
    assert advice.strip() == "请与原文件核对"


def test_check_ends_with_1_when_there_is_a_mistake(data: Path, tmp_path: Path):
    broken = json.loads(exported(data, SAMPLE, tmp_path / "数据.json").read_text("utf-8"))
    broken["cells"]["requests/new_received/natural_person"], broken["stated"] = 3, {}
    (tmp_path / "错.json").write_text(json.dumps(broken), "utf-8")
    said = answer(data, "check", tmp_path / "错.json", code=1)
    assert "错误　三、" in said
    assert "“自然人”列" in said
    (balance, *_) = json.loads(answer(data, "check", tmp_path / "错.json", "--json", code=1))["findings"]
    assert balance["code"] == "requests-balance"
    assert balance["values"]["requests/new_received/natural_person"] == "3"


def test_check_as_json_has_keys_that_stay(two_drafts: Path):
    said = json.loads(answer(two_drafts, "check", "1", "--json"))
    assert list(said) == ["schema", "agency", "year", "format", "last_year", "rules", "errors", "numbers", "findings"]
    assert (said["schema"], said["agency"], said["year"], said["errors"]) == ("zwgk-check/1", "应急管理局", 2020, 0)
    assert {tuple(finding) for finding in said["findings"]} == {
        ("code", "severity", "section", "cells", "spans", "values", "message", "todo", "basis", "fix", "reason")
    }


def test_check_compares_with_last_years_report(data: Path):
    last, this = REPORTS / "suqian-2023.json", REPORTS / "suqian-2024.json"
    assert json.loads(answer(data, "check", this, "--last-year", last, "--json"))["last_year"] == 2023
    wrong = json.loads(answer(data, "check", last, "--last-year", this, "--json", code=1))
    assert "year-carry" in [finding["code"] for finding in wrong["findings"]]


def test_check_of_a_folder_answers_for_every_file(data: Path, tmp_path: Path):
    folder = tmp_path / "各单位"
    folder.mkdir()
    for name in ("suqian-2023.json", "shuyang-2025.json"):
        (folder / name).write_bytes((REPORTS / name).read_bytes())
    said = json.loads(answer(data, "check", folder, "--json"))
    assert [(one["file"], one["agency"]) for one in said] == [
        ("shuyang-2025.json", "沭阳县"),
        ("suqian-2023.json", "宿迁市"),
    ]
    lines = answer(data, "check", folder).splitlines()
    assert [line.split("\t")[:3] for line in lines] == [
        ["shuyang-2025.json", "沭阳县", "2025"], ["suqian-2023.json", "宿迁市", "2023"],
    ]  # fmt: skip


def test_a_bad_file_of_a_folder_is_named_and_the_others_are_checked(data: Path, tmp_path: Path):
    folder = tmp_path / "各单位"
    folder.mkdir()
    (folder / "好.json").write_bytes((REPORTS / "shuyang-2025.json").read_bytes())
    (folder / "坏.json").write_bytes(b"{")
    done = run(data, "check", folder, "--json")
    assert done.returncode == 2
    assert [list(one)[:3] for one in json.loads(done.stdout)] == [
        ["schema", "file", "trouble"],
        ["file", "schema", "agency"],
    ]
    assert done.stderr.count("\n") == 1


def exported(data: Path, report: str | Path, target: Path) -> Path:
    assert answer(data, "export", report, "-o", target) == f"{target}\n"
    return target


@pytest.mark.parametrize("report", ["2", SOUND], ids=["draft", "file"])
def test_export_writes_a_pdf_that_carries_the_report(two_drafts: Path, tmp_path: Path, report: str | Path):
    pdf = exported(two_drafts, report, tmp_path / "年报.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    carried = read_data(pdf)
    assert carried is not None
    assert (loads(carried).agency, loads(carried).year) == ("宿迁市", 2023)


def test_export_and_import_lose_nothing(two_drafts: Path, data: Path, tmp_path: Path):
    first = exported(two_drafts, "1", tmp_path / "一.json")
    run(data, "import", first)
    assert exported(data, "1", tmp_path / "二.json").read_bytes() == first.read_bytes()
    run(data, "import", exported(two_drafts, "1", tmp_path / "一.PDF"))
    assert exported(data, "2", tmp_path / "三.json").read_bytes() == first.read_bytes()


def test_version_is_one_line(data: Path):
    assert answer(data, "--version") == f"政府信息公开工作年度报告编制程序 {VERSION}\n"


@pytest.mark.parametrize("command", ["", "import", "list", "check", "export", "open"])
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], command: str):
    with pytest.raises(SystemExit) as ended:
        main.main([*filter(None, [command]), "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("用法：main.py")
    assert not re.search(r"\b(usage|options|arguments|show)\b", said)


def test_the_answer_may_be_cut_short_by_a_pipe(two_drafts: Path):
    program = [sys.executable, "main.py", "--data", str(two_drafts), "check", "1", "--json"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.close()
        assert done.stderr.read() == b""


# -- independent of Qt --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--version"], ["list"], ["check", "2"], ["export", "2", "-o"]], ids=" ".join)
def test_no_command_loads_qt(two_drafts: Path, tmp_path: Path, words: list[str]):
    target = [str(tmp_path / "年报.pdf")] if words[-1] == "-o" else []
    done = run(two_drafts, *words, *target, program=("-c", NO_QT))
    assert (done.returncode, done.stderr) == (0, "Qt: []\n")


LOADED = "import main, sys; main.main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"


@pytest.mark.parametrize("words", MAY_LOAD, ids=lambda words: words.split()[0])
def test_a_command_loads_only_what_it_needs(two_drafts: Path, tmp_path: Path, words: str):
    files = {"FILE": REPORTS / "suqian-2023.json", "NONE": tmp_path / "没有"}
    files |= {"JSON": tmp_path / "年报.json", "PDF": tmp_path / "年报.pdf"}
    done = run(two_drafts, *(str(files.get(word, word)) for word in words.split()), program=("-c", LOADED))
    loaded = set(done.stderr.split())
    rooms = {".".join(name.split(".")[:2]) for name in loaded if name.startswith(("model.", "export.", "ui."))}
    assert "model.base" in rooms
    assert rooms - MAY_LOAD[words].rooms == set()
    assert (SLOW & loaded) - MAY_LOAD[words].libraries == set()


def test_a_finding_about_words_shows_the_words_around_it(two_drafts: Path, tmp_path: Path):
    text = (
        (REPORTS / "suqian-2023.json").read_text("utf-8").replace("共收办政府信息公开申请3607件", "共收到 申请9999件")
    )
    (tmp_path / "年报.json").write_text(text, "utf-8")
    said = answer(two_drafts, "check", tmp_path / "年报.json", code=0).splitlines()
    assert [line for line in said if "9999" in line][
        -1
    ] == "　　　原文：2023年，全市共【收到 申请9999件】，其中自然人3493件，…"


# -- unusable input -----------------------------------------------------------------------------------------------


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """Create a folder with files that are no reports."""
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "空.txt").touch()
    (folder / "二进制.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "别的.txt").write_text("今天天气很好。\n" * 50, "utf-8")
    (folder / "别的.json").write_text('{"a": 1}', "utf-8")
    (folder / "残.json").write_text('{"schema": ', "utf-8")
    (folder / "别的.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    return folder


BAD = [
    ("check", "没有.txt"), ("check", "空.txt"), ("check", "二进制.txt"), ("check", "别的.txt"), ("check", "别的.json"),
    ("check", "残.json"), ("check", "别的.pdf"), ("import", "空.txt"), ("import", "没有.txt"),
    ("import", "."), ("export", "没有.txt", "-o", "年报.pdf"),
    ("check", "#99"), ("check", "#0"), ("check", "#99999999999999999999"), ("export", "#99", "-o", "年报.pdf"),
    ("#check",), ("#export", "#1"), ("#export", "#1", "#-o"), ("#check", "#1", "#2"), ("#frobnicate",),
    ("#check", "#1", "#--jso"), ("#check", "#1", "#--json=5"), ("#list", "#--data"), ("#--nonsense",),
]  # fmt: skip


class Here:
    """Run the program in this process, which is quicker: `main.main` instead of `main.py`."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, data: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        code = main.main(["--data", str(data), *map(str, words)])
        said = self._capsys.readouterr()
        return subprocess.CompletedProcess([], code, said.out, said.err)


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(capsys)


def spelled(words: tuple[str, ...], folder: Path) -> list[str | Path]:
    """Return the arguments: #word as it is, names of files in `folder`."""
    plain = ("check", "import", "export", "-o")
    return [word[1:] if word[0] == "#" else word if word in plain else folder / word for word in words]


@pytest.mark.parametrize("words", BAD[:3] + BAD[-2:], ids=" ".join)
def test_the_process_ends_with_2(data: Path, unusable: Path, words: tuple[str, ...]):
    refused(run(data, *spelled(words, unusable)))


@pytest.mark.parametrize("words", BAD, ids=" ".join)
@pytest.mark.parametrize("drafts", ["no drafts", "two drafts"])
def test_unusable_input_ends_with_2_and_one_chinese_line(
    two_drafts: Path, unusable: Path, data: Path, here: Here, words: tuple[str, ...], drafts: str
):
    where = two_drafts if drafts == "two drafts" else data
    before = files(where), files(unusable)
    refused(here(where, *spelled(words, unusable)))
    assert (files(where), files(unusable)) == before


@pytest.mark.parametrize("target", ["年报.docx", "年报", "没有/年报.pdf", "没有/年报.json", "文件夹.pdf"])
def test_a_target_that_cannot_be_written_is_refused(two_drafts: Path, tmp_path: Path, here: Here, target: str):
    (tmp_path / "文件夹.pdf").mkdir()
    refused(here(two_drafts, "export", "2", "-o", tmp_path / target))
    assert [path.name for path in tmp_path.rglob("*")] == ["文件夹.pdf"]


def test_the_report_that_is_read_is_never_overwritten(data: Path, tmp_path: Path, here: Here):
    source = tmp_path / "年报.json"
    source.write_bytes(SOUND.read_bytes())
    refused(here(data, "export", source, "-o", source))
    assert source.read_bytes() == SOUND.read_bytes()


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path, here: Here):
    (tmp_path / "数据").write_text("x")
    for words in (["list"], ["check", "1"], ["import", str(SOUND)]):
        refused(here(tmp_path / "数据", *words))
    assert (tmp_path / "数据").read_text() == "x"


def test_who_has_no_home_names_a_folder_and_the_self_check_needs_none(monkeypatch: pytest.MonkeyPatch, capsys):
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(self_check, "run_self_check", lambda _resources, output: 70 + len(output))
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    assert main.main(["list"]) == commands.UNUSABLE
    assert "--data" in capsys.readouterr().err
    assert main.main(["--self-check", "a.pdf"]) == 75


def test_a_damaged_database_is_said_and_left_alone(data: Path):
    data.mkdir()
    (data / "reports.db").write_bytes(b"not a database" * 1000)
    refused(run(data, "list"))
    assert (data / "reports.db").exists()


def refused(done: subprocess.CompletedProcess[str]) -> None:
    """Check for exit code 2, nothing on stdout, one Chinese line on stderr, no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert re.search(r"[\u4e00-\u9fff]", line)
    assert "Traceback" not in line


# -- beside a window, and after a crash ---------------------------------------------------------------------------


@pytest.fixture
def held(two_drafts: Path, data: Path) -> Iterator[Path]:
    """Create the two drafts, with a window open on them."""
    shutil.copytree(two_drafts, data)
    opened = open_drafts(data)
    yield data
    opened.store.close()


def test_drafts_are_read_beside_an_open_window_without_a_trace(held: Path, tmp_path: Path):
    before = files(held)
    assert len(answer(held, "list").splitlines()) == 2
    assert answer(held, "check", "2", code=DONE)
    answer(held, "export", "2", "-o", tmp_path / "年报.json")
    assert files(held) == before


def test_nothing_is_read_in_beside_an_open_window(held: Path, here: Here, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.1)
    before = files(held)
    done = here(held, "import", SOUND)
    refused(done)
    assert re.match(r"没有读入“suqian-2023.json”：“.*”于 \d\d:\d\d 在“.*”打开了数据", done.stderr)
    assert files(held) == before


def test_two_files_may_be_read_in_at_the_same_time(data: Path):
    words = [sys.executable, "main.py", "--data", str(data), "import"]
    both = [subprocess.Popen([*words, str(path)], cwd=ROOT, stdout=subprocess.PIPE) for path in (SAMPLE, SOUND)]
    assert sorted(process.communicate(timeout=60)[0].split() for process in both) == [[b"1"], [b"2"]]
    assert answer(data, "list").count("\n") == 2


@pytest.mark.parametrize(
    "damage, words, sentence",
    [
        (lambda path: path.unlink(), ["list"], "草稿库不见了，已从 .* 的备份恢复"),
        (lambda path: path.write_bytes(b""), ["check", "2"], "草稿库是空的，已从 .* 的备份恢复"),
        (lambda path: path.write_bytes(bytes(9000)), ["import", SOUND], "草稿库损坏，已从 .* 的备份恢复"),
    ],
    ids=["missing", "empty", "zeros"],
)
def test_a_command_recovers_what_is_damaged_and_says_so(
    two_drafts: Path, data: Path, here: Here, damage, words, sentence
):
    shutil.copytree(two_drafts, data)
    opened = open_drafts(data)
    opened.store.backup()
    opened.store.close()
    damage(data / "reports.db")
    done = here(data, *words)
    assert done.returncode == DONE
    assert re.match(sentence, done.stderr)
    assert answer(data, "list").count("\n") == 2 + (words[0] == "import")


def test_a_data_file_from_elsewhere_is_read_in_draft_by_draft(two_drafts: Path, data: Path):
    assert answer(data, "import", two_drafts / "reports.db") == "1\n2\n"
    assert answer(data, "list").count("\n") == 2
