"""Tests that there is one window per user and data folder, and that a second start passes its file to the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import main
from tests.support.helpers import REPORTS, ROOT
from ui.app import environment, single_instance
from ui.app.single_instance import Instance, meeting_place

SAMPLE = REPORTS / "suqian-2023.json"
PATIENCE = 10_000  # ms

# -- two starts ---------------------------------------------------------------------------------------------------


def second_start(place: Path, file: str) -> subprocess.Popen[str]:
    """Start another process that passes a file on; it prints whether it was first, and whether it was answered."""
    code = (
        "import sys; from pathlib import Path; from ui.app.single_instance import Instance;"
        "it = Instance(Path(sys.argv[1])); print(it.is_first(), it.hand_over(sys.argv[2]))"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(place), file], cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("file", ["", "年 报\n2025.json", str(SAMPLE)])
def test_a_second_start_hands_its_file_to_the_first_and_ends(qtbot: QtBot, tmp_path: Path, file: str):
    first = Instance(tmp_path / "place")
    assert first.is_first()
    first.listen()
    with qtbot.waitSignal(first.called, timeout=PATIENCE) as caught:
        second = second_start(tmp_path / "place", file)
    assert second.communicate(timeout=PATIENCE)[0] == "False True\n"
    assert caught.args == [str(ROOT / file) if file else ""]
    first.close()
    assert list(tmp_path.iterdir()) == []


def test_what_came_before_the_first_listens_is_not_lost(qtbot: QtBot, tmp_path: Path):
    first = Instance(tmp_path)
    assert first.is_first()
    (tmp_path / "1.open").write_text("/a", "utf-8")
    (tmp_path / "2.open").write_text("/b", "utf-8")
    heard: list[str] = []
    first.called.connect(heard.append)
    first.listen()
    assert heard == ["/a", "/b"]
    first.close()


def test_a_first_start_that_hangs_does_not_stop_the_second(qtbot: QtBot, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(single_instance, "PATIENCE", 0.1)
    first = Instance(tmp_path)
    assert first.is_first()
    second = Instance(tmp_path)
    assert not second.is_first()
    assert not second.hand_over("/a")
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
    first.close()


def test_a_first_start_that_was_killed_is_no_first(tmp_path: Path):
    code = "import os, sys; from pathlib import Path; from ui.app.single_instance import Instance;"
    code += "it = Instance(Path(os.environ['P'])); it.is_first(); os._exit(9)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "P": str(tmp_path)}, check=False)
    assert (tmp_path / "lock").exists()
    again = Instance(tmp_path)
    assert again.is_first()
    again.close()


def test_where_nobody_can_meet_everybody_is_first(tmp_path: Path):
    (tmp_path / "file").write_text("")
    for _ in range(2):
        alone = Instance(tmp_path / "file" / "place")
        assert alone.is_first()
        alone.listen()
        alone.close()


@pytest.mark.skipif(os.name == "nt", reason="on Windows the folder belongs to the user by its place")
def test_a_place_that_somebody_else_made_is_not_trusted(tmp_path: Path, monkeypatch):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    linked = Instance(tmp_path / "link")
    assert linked.is_first()
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    foreign = Instance(tmp_path / "theirs")
    assert foreign.is_first()
    assert list((tmp_path / "theirs").iterdir()) == []


def test_who_has_other_data_is_another():
    places = {meeting_place(Path(data), {"XDG_RUNTIME_DIR": "/run/user/1"}) for data in ("/a", "/b")}
    assert len(places) == 2
    if sys.platform == "linux":
        assert {place.parent for place in places} == {Path("/run/user/1")}
        assert str(os.getuid()) in meeting_place(Path("/a"), {}).name


# -- the program --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="ends the program with a signal")
def test_the_program_opens_the_file_of_a_second_start_and_closes_when_the_session_ends(tmp_path: Path):
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    (tmp_path / "run").mkdir()
    words = [sys.executable, "main.py", "--data", str(tmp_path / "data")]
    with subprocess.Popen(words, cwd=ROOT, env=environment) as first:
        wait_for(lambda: list((tmp_path / "run").glob("*/lock")))
        second = subprocess.run([*words, "open", str(SAMPLE)], cwd=ROOT, env=environment, timeout=60, check=False)
        wait_for(lambda: "宿迁" in drafts(tmp_path / "data"))
        assert second.returncode == 0
        assert first.poll() is None
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=30) == 0
    assert list((tmp_path / "run").iterdir()) == []


def drafts(data: Path) -> str:
    words = [sys.executable, "main.py", "--data", str(data), "list"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout


def wait_for(fact) -> None:
    end = time.monotonic() + 30
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.1)


# -- data folder --------------------------------------------------------------------------------------------------


def test_a_marker_beside_the_program_keeps_the_data_beside_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(main, "program_folder", lambda: tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "share"))
    assert main.data_folder(None) == tmp_path / "share" / "zwgk-annual-report"
    (tmp_path / "portable").write_text("")
    assert main.data_folder(None) == tmp_path / "data"
    assert main.data_folder("elsewhere") == Path("elsewhere").absolute()


@pytest.mark.skipif(sys.platform != "linux", reason="a variable of Linux")
def test_a_relative_data_home_does_not_count(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "share")
    assert main.data_folder(None) == Path.home() / ".local" / "share" / "zwgk-annual-report"


# -- the desktop's own Qt -----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="other systems set no platform")
@pytest.mark.parametrize(
    "asked, left",
    [("dxcb", None), ("dxcb;xcb", "dxcb;xcb"), ("offscreen", "offscreen"), ("wayland", None), ("xcb:a=b", "xcb:a=b")],
)
def test_a_platform_that_is_not_shipped_is_not_asked_for(asked: str, left: str | None):
    given = {"QT_QPA_PLATFORM": asked, "QT_PLUGIN_PATH": "/usr/lib/qt5/plugins", "QT_SCALE_FACTOR": "1.5"}
    environment.own_search_paths(given)
    assert given == {"QT_SCALE_FACTOR": "1.5"} | ({"QT_QPA_PLATFORM": left} if left else {})


@pytest.mark.parametrize(
    "before, after",
    [
        ({"LD_LIBRARY_PATH": "/app"}, {}),
        ({"LD_LIBRARY_PATH": "/app", "LD_LIBRARY_PATH_ORIG": "/o"}, {"LD_LIBRARY_PATH": "/o"}),
    ],
)
def test_programs_we_start_find_their_own_libraries(before: dict[str, str], after: dict[str, str]):
    environment.release_libraries(before)
    assert before == after
