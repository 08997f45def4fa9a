"""What dev.py decides, without a network, without apt-get and without touching the real .venv."""

from __future__ import annotations

import contextlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import dev

LOCKS = [dev.ROOT / name for name in dev.RELEASER]


# -- Which Python, which packages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "version, largest_int, says",
    [
        ((3, 11), 2**63 - 1, None),
        ((3, 13), 2**63 - 1, None),
        ((3, 10), 2**63 - 1, "3.10"),
        ((3, 14), 2**63 - 1, "3.14"),
        ((2, 7), 2**63 - 1, "2.7"),
        ((3, 11), 2**31 - 1, "64 位"),
    ],
)
def test_an_unfit_python_is_named_in_one_sentence(version: tuple[int, int], largest_int: int, says: str | None):
    trouble = dev.python_trouble(version, largest_int)
    assert trouble is None if says is None else trouble is not None and says in trouble and trouble.count("。") == 1


def test_pyproject_and_dev_accept_the_same_pythons():
    project = tomllib.loads((dev.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">=3.{dev.OLDEST[1]},<3.{dev.NEWEST[1] + 1}"


@pytest.mark.parametrize(
    "lock, version, same",
    [
        (b"a==1\n", (3, 11), True),
        (b"a==1\r\n", (3, 11), True),
        (b"a==2\n", (3, 11), False),
        (b"a==1\n", (3, 12), False),
    ],
)
def test_the_digest_follows_content_and_python_but_not_line_ends(lock: bytes, version: tuple[int, int], same: bool):
    assert (dev.digest(lock, version) == dev.digest(b"a==1\n", (3, 11))) is same


@pytest.mark.parametrize(
    "wanted, there, first",
    [
        (["run"], [], None),
        (["run"], ["run"], 1),
        (["run"], ["run", "old"], 1),
        (["run"], ["old"], None),
        (["run", "dev"], ["run"], 1),
        (["run", "dev"], ["run", "dev"], 2),
        (["run", "dev"], ["run", "old"], None),
        (["run", "dev"], ["old", "dev"], None),
    ],
)
def test_only_what_is_missing_is_installed(wanted: list[str], there: list[str], first: int | None):
    assert dev.still_to_install(wanted, there) == first


@pytest.mark.parametrize(
    "line, strange",
    [
        ("pillow==13.0.0 \\", False),
        ("colorama==0.4.6 ; sys_platform == 'win32' \\", False),
        ("    --hash=sha256:" + "0a" * 32 + " \\", False),
        ("    --hash=sha256:" + "0a" * 32, False),
        ("--index-url https:/" + "/mirror.somewhere.net/simple", True),
        ("pillow @ https:/" + "/mirror.somewhere.net/pillow.whl \\", True),
        ("pillow==13.0.0", True),
        ("    # via reportlab", True),
    ],
)
def test_a_lock_file_holds_nothing_but_pins_and_hashes(line: str, strange: bool):
    assert dev.strange_lock_lines(line) == ([line] if strange else [])


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_the_lock_files_pin_every_package_asked_for(lock: Path):
    text = lock.read_text(encoding="utf-8")
    asked = re.findall(r"^[\w-]+", lock.with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert dev.strange_lock_lines(text) == []
    assert {name.lower() for name in asked} <= set(pinned)


def test_both_lock_files_agree():
    run, develop = (dict(re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS[:2])
    shared = run.keys() & develop.keys()
    assert shared
    assert {name: run[name] for name in shared} == {name: develop[name] for name in shared}


# -- The set-up -----------------------------------------------------------------------------------------------------


class Bench:
    """dev.py over an empty folder, with a pip that only writes down what it was asked for."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.log = folder, list[str]()
        for name, place in {
            "ROOT": ".",
            "PLACE": ".",
            "STAMP": ".venv/installed",
            "PYTHON": ".venv/bin/python",
        }.items():
            monkeypatch.setattr(dev, name, folder / place)
        monkeypatch.setattr(dev, "make_venv", self.make_venv)
        monkeypatch.setattr(dev, "install", self.install)
        self.interrupted = False
        for name in dev.DEVELOPER:
            (folder / name).write_text(f"{name} 1")

    def make_venv(self) -> None:
        self.log.append("venv")
        dev.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        dev.PYTHON.touch()

    def install(self, locks: tuple[str, ...]) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.log += locks

    def set_up(self, locks: tuple[str, ...]) -> list[str]:
        """What this one call did."""
        self.log.clear()
        dev.set_up(locks)
        return list(self.log)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_a_second_set_up_does_nothing(bench: Bench):
    assert bench.set_up(dev.RUNTIME) == ["venv", "requirements.txt"]
    assert bench.set_up(dev.RUNTIME) == []


def test_running_needs_no_developer_packages_and_testing_adds_only_those(bench: Bench):
    bench.set_up(dev.RUNTIME)
    assert bench.set_up(dev.DEVELOPER) == ["requirements-dev.txt"]
    assert bench.set_up(dev.RUNTIME) == []


def test_who_waited_for_another_set_up_has_nothing_left_to_do(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    @contextlib.contextmanager
    def wait_for_another() -> Iterator[None]:
        bench.make_venv()
        dev.STAMP.write_text(dev.digest(b"requirements.txt 1", sys.version_info[:2]))
        bench.log.clear()
        yield

    monkeypatch.setattr(dev, "one_at_a_time", wait_for_another)
    assert bench.set_up(dev.RUNTIME) == []


def test_an_interrupted_set_up_begins_anew(bench: Bench):
    bench.set_up(dev.RUNTIME)
    bench.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        bench.set_up(dev.DEVELOPER)
    bench.interrupted = False
    assert bench.set_up(dev.RUNTIME) == ["venv", "requirements.txt"]


def test_a_changed_lock_file_is_installed_into_an_empty_venv(bench: Bench):
    bench.set_up(dev.DEVELOPER)
    (bench.folder / "requirements.txt").write_text("2")
    assert bench.set_up(dev.DEVELOPER) == ["venv", *dev.DEVELOPER]


def test_a_venv_whose_python_is_gone_is_made_anew(bench: Bench):
    bench.set_up(dev.RUNTIME)
    dev.PYTHON.unlink()
    assert bench.set_up(dev.RUNTIME) == ["venv", "requirements.txt"]


# -- What the system has to bring -----------------------------------------------------------------------------------


def test_the_line_to_type_names_the_packages():
    assert dev.apt_line(["xvfb", "xdotool"]) == "apt-get install -y --no-install-recommends xvfb xdotool"


def test_who_may_not_install_is_told_the_line_to_type(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dev, "may_apt", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(dev.Stop, match=r"缺少甲，.*\n    sudo apt-get update && sudo apt-get install -y .* libegl1"):
        dev.need_packages(["libegl1"], "缺少甲")


def test_a_system_without_apt_is_told_the_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(dev.Stop, match=r"缺少甲，.*libegl1"):
        dev.need_packages(["libegl1"], "缺少甲")


@pytest.mark.parametrize(
    "line, window, qt",
    [
        ("", True, True),
        ("open", True, True),
        ("open check", True, True),
        ("--data folder", True, True),
        ("--data=folder open", True, True),
        ("--data folder list", False, False),
        ("--self-check out.pdf", False, True),
        ("check open", False, False),
        *[(word, False, False) for word in ("import", "list", "check", "export", "--version", "--help")],
    ],
)
def test_only_a_window_needs_a_display_and_only_what_draws_needs_qt(line: str, window: bool, qt: bool):
    assert (dev.wants_window(line.split()), dev.wants_qt(line.split())) == (window, qt)


@pytest.mark.parametrize(
    "environment, platform, display",
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_display_is_found_where_there_is_one(environment: dict[str, str], platform: str, display: bool):
    assert dev.has_display(environment, platform) is display


# -- The commands ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="其他系统总有图形界面")
def test_a_window_without_a_display_is_refused_with_the_way_around(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.main(["run", "open"]) == 2
    assert "python3 dev.py run export 文件 -o 年报.pdf" in capsys.readouterr().err


def test_arguments_and_exit_code_pass_through(monkeypatch: pytest.MonkeyPatch):
    started: list[object] = []

    def hand_over(command: list[str | Path]) -> int:
        started.append(command)
        return 7

    monkeypatch.setattr(dev, "set_up", started.append)
    monkeypatch.setattr(dev, "hand_over", hand_over)
    assert dev.main(["run", "check", "年报.docx", "--strict"]) == 7
    assert started == [dev.RUNTIME, [dev.PYTHON, dev.ROOT / "main.py", "check", "年报.docx", "--strict"]]


def test_ctrl_c_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def interrupted(locks: tuple[str, ...]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "set_up", interrupted)
    assert dev.main(["run", "--version"]) == 130
    assert capsys.readouterr().err == "已中断，再次执行同一命令即可继续。\n"


@pytest.mark.parametrize("arguments, code", [([], 2), (["walk"], 2), (["help"], 0), (["--help"], 0)])
def test_a_wrong_call_shows_the_commands(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]):
    assert dev.main(arguments) == code
    shown = capsys.readouterr()
    assert all(f"\n  {name} " in shown.out + shown.err for name in dev.COMMANDS)


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_every_check_speaks_and_any_failure_counts(failing: int, monkeypatch: pytest.MonkeyPatch):
    codes = [0, 0, 0]
    codes[failing] = -11  # killed by a signal
    answers = iter(codes)
    monkeypatch.setattr(dev, "set_up", lambda locks: None)
    monkeypatch.setattr(dev, "call", lambda *command: next(answers))
    assert dev.main(["lint"]) == 1
    assert list(answers) == []
