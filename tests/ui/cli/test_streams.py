"""Tests of the command line with closed, full and cut standard streams: one sentence and exit code 2, never 1."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.helpers import REPORTS, ROOT

SOUND = REPORTS / "suqian-2023.json"
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not Path("/dev/full").exists(), reason="Linux has a device that is always full"
)
COMMANDS = ("list", "check {file}", "check {file} --json", "check {folder}", "export {file} -o {out}", "import {file}",
            "--version", "--help", "check --help")  # fmt: skip
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    done = shell(folder, "import {file}", "")
    assert (done.returncode, done.stdout) == (0, "1\n")
    return folder


def shell(data: Path, words: str, streams: str, environment: dict[str, str] = BUFFERED):
    """Run a command with redirections of the shell."""
    (data.parent / "in").mkdir(exist_ok=True)
    (data.parent / "in" / "a.json").write_bytes(SOUND.read_bytes())
    given = words.format(file=SOUND, folder=data.parent / "in", out=data.parent / "out.pdf")
    line = f'exec "{sys.executable}" main.py --data "{data}" {given} {streams}'
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, env=environment, encoding="utf-8", capture_output=True, timeout=60, check=False
    )


def one_sentence(text: str) -> None:
    (line,) = text.splitlines()
    assert re.search(r"[\u4e00-\u9fff]", line)


@pytest.mark.parametrize("streams", [">&-", ">/dev/full"])
@pytest.mark.parametrize("words", COMMANDS)
def test_an_answer_that_cannot_be_written_ends_with_2(data: Path, words: str, streams: str):
    done = shell(data, words, streams)
    assert done.returncode == 2
    one_sentence(done.stderr)
    assert "标准输出" in done.stderr


def test_a_full_disk_is_noticed_without_a_buffer(data: Path):
    done = shell(data, "--help", ">/dev/full", {**BUFFERED, "PYTHONUNBUFFERED": "1"})
    assert done.returncode == 2
    one_sentence(done.stderr)


def test_nothing_is_read_in_without_an_answer(data: Path):
    before = shell(data, "list", "").stdout
    assert shell(data, "import {file}", ">&-").returncode == 2
    assert shell(data, "list", "").stdout == before


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", "<&- 2>&-"])
@pytest.mark.parametrize("words, code", [("list", 0), ("check {file}", 0), ("check 没有.txt", 2), ("frobnicate", 2)])
def test_a_message_that_cannot_be_written_changes_no_exit_code(data: Path, words: str, code: int, streams: str):
    done = shell(data, words, streams)
    assert done.returncode == code
    assert (done.stdout == "") == bool(code)  # no message among the answers


def test_all_streams_may_be_closed(data: Path):
    assert shell(data, "check {file}", "<&- >&- 2>&-").returncode == 2


def test_no_file_gets_the_number_of_a_closed_stream(data: Path):
    code = (
        "import os, sys; from ui.parts import console; console.prepare(); "
        "print(os.open('/dev/null', 0), file=open(sys.argv[1], 'w'))"
    )
    told = data.parent / "number"
    line = f'exec "{sys.executable}" -c "{code}" "{told}" <&- >&- 2>&-'
    subprocess.run(["bash", "-c", line], cwd=ROOT, timeout=60, check=True)
    assert int(told.read_text()) > 2


def test_a_reader_who_leaves_early_does_not_hide_the_errors(data: Path, tmp_path: Path):
    """Check a wrong report whose answer nobody reads: still exit code 1."""
    assert shell(data, f'export {{file}} -o "{tmp_path / "数据.json"}"', "").returncode == 0
    wrong = json.loads((tmp_path / "数据.json").read_text("utf-8"))
    wrong["cells"]["requests/new_received/natural_person"], wrong["stated"] = 3, {}
    (tmp_path / "错.json").write_text(json.dumps(wrong), "utf-8")
    expected = shell(data, f'check "{tmp_path / "错.json"}"', "").returncode
    with subprocess.Popen(
        [sys.executable, "main.py", "--data", str(data), "check", str(tmp_path / "错.json")],
        cwd=ROOT, env=BUFFERED, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == expected
    assert expected == 1
