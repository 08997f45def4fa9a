"""Tests of dev.py and tools/bootstrap, without a network, without apt-get and without touching the real .venv."""

from __future__ import annotations

import ast
import contextlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import dev
import lock
from bootstrap import ROOT, environment, process, system

LOCKS = [ROOT / name for name in environment.RELEASER]

# -- Python version and packages ------------------------------------------------------------------------------------


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
    trouble = environment.python_trouble(version, largest_int)
    assert trouble is None if says is None else trouble is not None and says in trouble and "。" not in trouble


BEFORE_SET_UP = [ROOT / "dev.py", *(ROOT / "tools" / "bootstrap").glob("*.py")]


@pytest.mark.parametrize("path", BEFORE_SET_UP, ids=lambda path: path.name)
def test_what_runs_before_the_set_up_needs_no_packages_and_no_new_python(path: Path):
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 7))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= {"bootstrap", *sys.stdlib_module_names}


def test_an_older_python_is_told_which_one_is_needed():
    code = "import runpy, sys; sys.version_info = (3, 8); runpy.run_path('dev.py', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code, "test"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [environment.python_trouble((3, 8), sys.maxsize)]


def test_dev_stays_a_bootstrap():
    assert len((ROOT / "dev.py").read_text("utf-8").splitlines()) <= 200


def test_pyproject_and_dev_accept_the_same_pythons():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">=3.{environment.OLDEST[1]},<3.{environment.NEWEST[1] + 1}"


@pytest.mark.parametrize(
    "text, version, same",
    [
        (b"a==1\n", (3, 11), True),
        (b"a==1\r\n", (3, 11), True),
        (b"a==2\n", (3, 11), False),
        (b"a==1\n", (3, 12), False),
    ],
)
def test_the_digest_follows_content_and_python_but_not_line_ends(text: bytes, version: tuple[int, int], same: bool):
    assert (environment.digest(text, version) == environment.digest(b"a==1\n", (3, 11))) is same


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
    assert lock.strange_lock_lines(line) == ([line] if strange else [])


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_the_lock_files_pin_every_package_asked_for(path: Path):
    text = path.read_text(encoding="utf-8")
    asked = re.findall(r"^[\w-]+", path.with_suffix(".in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert lock.strange_lock_lines(text) == []
    assert {name.lower() for name in asked} <= set(pinned)


def test_both_lock_files_agree():
    run, develop = (dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE)) for path in LOCKS[:2])
    shared = run.keys() & develop.keys()
    assert shared
    assert {name: run[name] for name in shared} == {name: develop[name] for name in shared}


# -- The set-up -----------------------------------------------------------------------------------------------------


class Bench:
    """Set-up of an empty folder, with a pip that only records its arguments."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.log = folder, list[str]()
        for name, place in {
            "ROOT": ".",
            "PLACE": ".",
            "STAMP": ".venv/installed",
            "PYTHON": ".venv/bin/python",
        }.items():
            monkeypatch.setattr(environment, name, folder / place)
        monkeypatch.setattr(environment, "make_venv", self.make_venv)
        monkeypatch.setattr(environment, "install", self.install)
        self.interrupted = False
        for name in environment.DEVELOPER:
            (folder / name).write_text(f"{name} 1")

    def make_venv(self) -> None:
        self.log.append("venv")
        environment.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        environment.PYTHON.touch()

    def install(self, locks: tuple[str, ...]) -> None:
        if self.interrupted:
            raise KeyboardInterrupt
        self.log += locks

    def set_up(self, locks: tuple[str, ...]) -> list[str]:
        """Return the actions of this one call."""
        self.log.clear()
        environment.set_up(locks)
        return list(self.log)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def test_a_second_set_up_does_nothing(bench: Bench):
    assert bench.set_up(environment.RUNTIME) == ["venv", "requirements.txt"]
    assert bench.set_up(environment.RUNTIME) == []


def test_running_needs_no_developer_packages_and_testing_adds_only_those(bench: Bench):
    bench.set_up(environment.RUNTIME)
    assert bench.set_up(environment.DEVELOPER) == ["requirements-dev.txt"]
    assert bench.set_up(environment.RUNTIME) == []


def test_who_waited_for_another_set_up_has_nothing_left_to_do(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    @contextlib.contextmanager
    def wait_for_another() -> Iterator[None]:
        bench.make_venv()
        environment.STAMP.write_text(environment.digest(b"requirements.txt 1", sys.version_info[:2]))
        bench.log.clear()
        yield

    monkeypatch.setattr(environment, "one_at_a_time", wait_for_another)
    assert bench.set_up(environment.RUNTIME) == []


def test_an_interrupted_set_up_begins_anew(bench: Bench):
    bench.set_up(environment.RUNTIME)
    bench.interrupted = True
    with pytest.raises(KeyboardInterrupt):
        bench.set_up(environment.DEVELOPER)
    bench.interrupted = False
    assert bench.set_up(environment.RUNTIME) == ["venv", "requirements.txt"]


def test_a_changed_lock_file_is_installed_into_an_empty_venv(bench: Bench):
    bench.set_up(environment.DEVELOPER)
    (bench.folder / "requirements.txt").write_text("2")
    assert bench.set_up(environment.DEVELOPER) == ["venv", *environment.DEVELOPER]


def test_a_venv_whose_python_is_gone_is_made_anew(bench: Bench):
    bench.set_up(environment.RUNTIME)
    environment.PYTHON.unlink()
    assert bench.set_up(environment.RUNTIME) == ["venv", "requirements.txt"]


@pytest.mark.parametrize(
    "there, wanted, done",
    [
        ("", "run", "venv run"),
        ("run", "run", ""),
        ("run old", "run", ""),
        ("old", "run", "venv run"),
        ("run", "run dev", "dev"),
        ("run dev", "run dev", ""),
        ("run old", "run dev", "venv run dev"),
        ("old dev", "run dev", "venv run dev"),
    ],
)
def test_only_what_is_missing_is_installed(bench: Bench, there: str, wanted: str, done: str):
    version = sys.version_info[:2]
    for name in ("run", "dev"):
        (bench.folder / name).write_text(name)
    if there:
        bench.make_venv()
        environment.STAMP.write_text(" ".join(environment.digest(name.encode(), version) for name in there.split()))
    assert bench.set_up(tuple(wanted.split())) == done.split()


def test_packages_come_from_the_wheelhouse_if_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(environment, "WHEELHOUSE", tmp_path / "wheelhouse")
    assert "--no-index" not in environment.locked(["a.txt"])
    (tmp_path / "wheelhouse").mkdir()
    options = environment.locked(["a.txt", "b.txt"])
    assert options[:2] == ["--no-deps", "--require-hashes"]
    assert options[2:5] == ["--no-index", "--find-links", str(tmp_path / "wheelhouse")]
    assert options[5:] == [f"--requirement={ROOT / name}" for name in ("a.txt", "b.txt")]


# -- required system packages ---------------------------------------------------------------------------------------


def test_the_line_to_type_names_the_packages():
    assert system.apt_line(["xvfb", "xdotool"]) == "apt-get install -y --no-install-recommends xvfb xdotool"


def test_who_may_not_install_is_told_the_line_to_type(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(system, "may_apt", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(
        process.Stop, match=r"缺少甲，.*\n    sudo apt-get update && sudo apt-get install -y .* libegl1"
    ):
        system.need_packages(["libegl1"], "缺少甲")


def test_a_system_without_apt_is_told_the_names(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(process.Stop, match=r"缺少甲，.*libegl1"):
        system.need_packages(["libegl1"], "缺少甲")


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
    assert system.has_display(environment, platform) is display


# -- The commands ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="其他系统总有图形界面")
def test_a_window_without_a_display_is_refused_with_the_way_around(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert dev.main(["run", "open"]) == 2
    assert "python3 dev.py run export 文件 -o 年度报告.pdf" in capsys.readouterr().err


def test_arguments_and_exit_code_pass_through(monkeypatch: pytest.MonkeyPatch):
    started: list[object] = []

    def hand_over(*command: str | Path) -> int:
        started.append(list(command))
        return 7

    monkeypatch.setattr(dev, "set_up", started.append)
    monkeypatch.setattr(dev, "hand_over", hand_over)
    assert dev.main(["run", "check", "年报.docx", "--strict"]) == 7
    assert started == [environment.RUNTIME, [environment.PYTHON, ROOT / "main.py", "check", "年报.docx", "--strict"]]


def test_ctrl_c_leaves_no_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def interrupted(locks: tuple[str, ...]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(dev, "set_up", interrupted)
    assert dev.main(["run", "--version"]) == 130
    assert capsys.readouterr().err == "已中断，再次执行同一命令即可继续\n"


@pytest.mark.parametrize("arguments, code", [([], 2), (["walk"], 2), (["help"], 0), (["--help"], 0)])
def test_a_wrong_call_shows_the_commands(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]):
    assert dev.main(arguments) == code
    shown = capsys.readouterr()
    listed = re.findall(r"^  (\w+) +\S", shown.out + shown.err, re.MULTILINE)
    assert listed == [*(command.__name__ for command in dev.COMMANDS), *sorted(SCRIPTS)]
    assert listed[:6] == ["run", "test", "lint", "bench", "build", "setup"]


SCRIPTS = [path.stem for path in (ROOT / "tools").glob("*.py")]


def test_every_script_of_tools_is_a_command_and_hides_no_other(monkeypatch: pytest.MonkeyPatch):
    assert {"package", "release", "lock"} <= set(SCRIPTS)
    started: list[object] = []

    def hand_over(*command: str | Path) -> int:
        started.append(command)
        return 0

    monkeypatch.setattr(dev, "set_up", lambda locks: None)
    monkeypatch.setattr(dev, "require_qt", lambda python: None)
    monkeypatch.setattr(dev, "hand_over", hand_over)
    monkeypatch.setenv("PYTHONIOENCODING", "")
    assert [dev.main([name, "--to", "dist"]) for name in SCRIPTS] == [0] * len(SCRIPTS)
    assert started == [(environment.PYTHON, ROOT / "tools" / f"{name}.py", "--to", "dist") for name in SCRIPTS]
    assert not {command.__name__ for command in dev.COMMANDS} & set(SCRIPTS)


def test_a_command_is_no_path(capsys: pytest.CaptureFixture[str]):
    assert [dev.main([name]) for name in ("../dev", "bootstrap/system", "tools/lock", "")] == [2] * 4


def test_the_set_up_alone_starts_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    done: list[object] = []
    monkeypatch.setattr(dev, "set_up", done.append)
    monkeypatch.setattr(dev, "require_qt", done.append)
    monkeypatch.setattr(dev, "offer_test_tools", lambda: done.append("tools"))
    assert dev.main(["setup"]) == 0
    assert done == [environment.DEVELOPER, environment.PYTHON, "tools"]
    assert capsys.readouterr().err == "准备完成\n"


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_every_check_speaks_and_any_failure_counts(failing: int, monkeypatch: pytest.MonkeyPatch):
    codes = [0, 0, 0]
    codes[failing] = -11  # killed by a signal
    answers = iter(codes)
    monkeypatch.setattr(dev, "set_up", lambda locks: None)
    monkeypatch.setattr(dev, "call", lambda *command: next(answers))
    assert dev.main(["lint"]) == 1
    assert list(answers) == []
