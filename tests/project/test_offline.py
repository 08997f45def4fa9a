"""Tests the security note: without a network, a whole session writes and connects to nothing else.

The system calls are recorded by strace. The allowed ones are read from the note itself, so that it stays up to date.
"""

from __future__ import annotations

import codecs
import fnmatch
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.helpers import REPORTS, ROOT

NOTE = (ROOT / "resources" / "help" / "security.md").read_text("utf-8")
CALLS = "trace=connect,bind,listen,socket,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink"
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
LINE = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")
NOWHERE = {"/dev/null", "/dev/tty"}


def works(*words: str) -> bool:
    return (
        shutil.which(words[0]) is not None and subprocess.run(words, capture_output=True, check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not works("strace", "-f", "unshare", "-n", "true"),
    reason="needs strace and the right to make a namespace without a network",
)


@dataclass
class Witness:
    """Runs the program in a folder of its own and records every file and connection."""

    place: Path
    platform: str = "offscreen"
    display: str = ""
    bus: str = ""

    @property
    def data(self) -> Path:
        return self.place / "home" / ".local" / "share" / "zwgk-annual-report"

    @property
    def environment(self) -> dict[str, str]:
        own = {"HOME": str(self.place / "home"), "XDG_RUNTIME_DIR": str(self.place / "run"), "LANG": "C.UTF-8"}
        shown = {"QT_QPA_PLATFORM": self.platform, "QT_IM_MODULE": "fcitx", "PYTHONDONTWRITEBYTECODE": "1"}
        desktop = {"DISPLAY": self.display, "DBUS_SESSION_BUS_ADDRESS": self.bus}
        return own | shown | {k: v for k, v in desktop.items() if v} | {"PATH": os.environ["PATH"]}

    def start(self, *words: str) -> subprocess.Popen[str]:
        record = ["strace", "-f", "-qq", "-y", "-A", "-o", str(self.place / "record"), "-e", CALLS]
        program = ["unshare", "-n", sys.executable, str(ROOT / "main.py"), *words]
        return subprocess.Popen(
            record + program, env=self.environment, cwd=self.place, stdout=subprocess.PIPE, text=True
        )

    def run(self, *words: str) -> str:
        with self.start(*words) as program:
            said = program.communicate(timeout=120)[0]
        assert program.returncode == 0
        return said

    def calls(self) -> Iterator[tuple[str, str, int]]:
        for line in (self.place / "record").read_text("utf-8").splitlines():
            if found := LINE.match(line):
                yield found[1], found[2], int(found[3])

    def written(self) -> set[str]:
        """Return every path that was created or opened for writing."""
        found = set()
        for name, words, result in self.calls():
            paths = [spelled(path) for path in re.findall(r'"((?:[^"\\]|\\.)*)"', words)]
            makes = name in {"creat", "mkdir", "mkdirat", "link", "linkat", "symlink"} or name.startswith("rename")
            if result >= 0 and (makes or (name.startswith("open") and WRITING.search(words))):
                found |= set(paths[-1:])
        return {os.path.join(self.place, path) for path in found} - NOWHERE  # noqa: PTH118 (as the program wrote it)

    def connections(self) -> set[str]:
        """Return every address that was connected or bound, even without success."""
        found = set()
        for name, words, _ in self.calls():
            if name in {"connect", "bind"}:
                path = re.search(r'sa_family=AF_UNIX, sun_path=(@?)"([^"]*)"', words)
                found.add((path[1] + path[2]) if path else words)
        return found

    def families(self) -> set[str]:
        return {words.partition(",")[0] for name, words, _ in self.calls() if name == "socket"}


def spelled(text: str) -> str:
    """Decode a path as strace writes it: bytes beyond ASCII in octal."""
    return codecs.escape_decode(text.encode())[0].decode()


# -- the note -----------------------------------------------------------------------------------------------------


def rows(heading: str) -> list[str]:
    part = NOTE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line.split(" | ")[0].lstrip("| ") for line in part.splitlines() if line.startswith("|")][2:]


def spans(row: str) -> list[str]:
    return re.findall(r"`([^`]+)`", row)


def allowed_files(witness: Witness, targets: Path) -> list[str]:
    """Return the patterns of the note, each with its folder."""
    bases = {"数据文件夹": witness.data, "运行文件夹": witness.place / "run", "您选定的导出文件": targets}
    found = [str(path) for path in (witness.data, *witness.data.parents) if witness.place in path.parents]
    for row in rows("写入的文件"):
        base = next((base for name, base in bases.items() if row.startswith(name)), None)
        for span in spans(row):
            found += (
                [str(base / span)]
                if base
                else [f"{span.replace('~', str(witness.place / 'home'))}{end}" for end in ("", "/*")]
            )
    return [*found, str(witness.data / "备份")]


def allowed_connections(witness: Witness) -> list[str]:
    found = [span for row in rows("网络") for span in spans(row) if span.startswith("/")]
    bus = [witness.bus.removeprefix("unix:path=")] if "DBUS_SESSION_BUS_ADDRESS" in NOTE else []
    return [*found, *bus, "@/tmp/.X11-unix/X*"]  # «或抽象名»


def judge(witness: Witness, targets: Path, exported: set[Path]) -> None:
    files = allowed_files(witness, targets)
    strange = {path for path in witness.written() if not any(fnmatch.fnmatch(path, one) for one in files)}
    assert strange == {str(path) for path in exported}
    addresses = allowed_connections(witness)
    assert [one for one in witness.connections() if not any(fnmatch.fnmatch(one, each) for each in addresses)] == []
    assert witness.families() <= {"AF_UNIX"}
    assert not any(name == "listen" for name, _, _ in witness.calls())


# -- the session --------------------------------------------------------------------------------------------------


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    made = Witness(tmp_path)
    for folder in (made.data, tmp_path / "run", tmp_path / "out"):
        folder.mkdir(parents=True)
    return made


def test_the_command_line_writes_and_connects_to_nothing_but_what_the_note_says(witness: Witness, tmp_path: Path):
    target = tmp_path / "out" / "年报.pdf"
    assert witness.run("import", str(REPORTS / "suqian-2023.json")) == "1\n"
    witness.run("export", "1", "-o", str(target))
    witness.run("export", "1", "-o", str(target.with_suffix(".json")))
    judge(witness, target.parent, {target, target.with_suffix(".json")})
    assert str(witness.data / "reports.db") in witness.written()  # strace does record


def test_an_old_draft_is_brought_up_to_date_after_a_backup(witness: Witness, tmp_path: Path):
    shutil.copy(ROOT / "tests" / "support" / "old_drafts" / "0001.db", witness.data / "reports.db")
    assert witness.run("list")
    judge(witness, tmp_path / "out", set())
    assert any("备份" in path for path in witness.written())


def window_job(witness: Witness) -> None:
    """Open the window on a file, start a second time, end the session."""
    with witness.start("open", str(REPORTS / "suqian-2023.json")) as first:
        wait_for(lambda: list((witness.place / "run").glob("*/lock")))
        wait_for((witness.data / "reports.db").exists)
        time.sleep(2)  # the file is read after the first paint
        witness.run("open", str(REPORTS / "jiyuan-emergency-2020.txt"))
        time.sleep(2)
        subprocess.run(["pkill", "-TERM", "-P", str(first.pid)], check=True)
        first.communicate(timeout=30)


def wait_for(fact: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture(params=["offscreen", "xcb"])
def screen(request: pytest.FixtureRequest, witness: Witness) -> Iterator[None]:
    """Set up no screen, or an X server with a session bus."""
    if request.param == "offscreen":
        yield
        return
    if not shutil.which("Xvfb") or not shutil.which("dbus-daemon"):
        pytest.skip("needs Xvfb and dbus-daemon")
    number = next(n for n in range(300, 400) if not Path(f"/tmp/.X11-unix/X{n}").exists())
    bus = f"unix:path={witness.place / 'bus'}"
    servers = (
        ["Xvfb", f":{number}", "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"],
        ["dbus-daemon", "--session", "--nofork", "--nosyslog", f"--address={bus}"],
    )
    running = [subprocess.Popen(words, stderr=subprocess.DEVNULL) for words in servers]
    wait_for(lambda: Path(f"/tmp/.X11-unix/X{number}").exists() and (witness.place / "bus").exists())
    witness.platform, witness.display, witness.bus = "xcb", f":{number}", bus
    yield
    for server in running:
        server.terminate()
        server.wait(10)


@pytest.mark.usefixtures("screen")
def test_the_window_writes_and_connects_to_nothing_but_what_the_note_says(witness: Witness, tmp_path: Path):
    window_job(witness)
    judge(witness, tmp_path / "out", set())
    assert any("X11" in one for one in witness.connections()) is (witness.platform == "xcb")
    assert len(witness.run("list").splitlines()) == 2
    assert list((tmp_path / "run").iterdir()) == []


def test_the_note_stands_in_the_program():
    assert "不访问网络" in NOTE
    assert rows("网络")
    assert len(rows("写入的文件")) > 5
