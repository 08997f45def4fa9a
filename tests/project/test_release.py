"""Tests of a release for old systems: its sources, the options of its compiler, the order of its steps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import glibc_check
import package
import release
import release_python
from bootstrap.environment import OLD_LINUX
from bootstrap.process import Stop

ROOT = Path(__file__).resolve().parents[2]

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a release for Linux is made on Linux")

# -- sources ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, given, asked",
    [
        ("a.sources", "Types: deb\nURIs: x\n", "Types: deb-src\nURIs: x\n"),
        ("a.sources", "Types: deb deb-src\nSuites: deb\n", "Types: deb-src\nSuites: deb\n"),
        ("a.sources", "# Types: deb\nTypes: deb-src\n", "# Types: deb\nTypes: deb-src\n"),
        (
            "a.list",
            "deb [signed-by=/k] x bookworm main\n# deb y\n",
            "deb-src [signed-by=/k] x bookworm main\n# deb y\n",
        ),
        ("a.list.save", "deb x\n", None),
    ],
)
def test_the_systems_own_mirrors_are_asked_for_source_code(tmp_path: Path, name: str, given: str, asked: str | None):
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / name).write_text(given, "utf-8")
    assert release_python.with_sources(tmp_path) == ({} if asked is None else {name: asked})


@pytest.mark.parametrize(
    "release, name", [("ID=debian\nVERSION_CODENAME=bookworm\n", "bookworm"), ("ID=x\n", "stable")]
)
def test_the_last_point_release_is_known_by_its_name(release: str, name: str):
    assert release_python.codename(release) == name


def test_what_it_was_made_of_is_read_from_debians_descriptions():
    files = ["sqlite3_3.40.1-2+deb12u2.dsc", "zlib_1.2.13.dfsg-1.dsc"]
    assert [release_python.version_of(name, files) for name in ("zlib", "sqlite3")] == [
        "1.2.13.dfsg-1",
        "3.40.1-2+deb12u2",
    ]


def test_a_source_that_is_missing_is_named(tmp_path: Path):
    with pytest.raises(release_python.Failed, match="应有一个 zlib-"):
        release_python.source(tmp_path, "zlib")


# -- compiling ----------------------------------------------------------------------------------------------------


@pytest.fixture
def work(tmp_path: Path) -> release_python.Workshop:
    made = release_python.Workshop(tmp_path / "工 场", "2.28")
    made.__dict__["made_at"] = "1"
    return made


@LINUX
@pytest.mark.parametrize(
    "given, passed",
    [
        (["-O2", "-c", "a b.c"], ["-O2", "-c", "a b.c"]),
        (["-I/usr/include", "-L/usr/lib", "-Iown"], ["-Iown"]),
        (["-Wl,-hlibpython3.11.so.1.0"], ["-Wl,-soname,libpython3.11.so.1.0"]),
    ],
)
def test_the_compiler_knows_no_folder_of_this_computer(
    work: release_python.Workshop, monkeypatch: pytest.MonkeyPatch, given: list[str], passed: list[str]
):
    echo = work.folder / "echo"
    work.folder.mkdir()
    echo.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    echo.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(echo))
    release_python.make_tools(work)
    said = subprocess.run([work.tools / "cc", *given], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[:5] == ["-m", "ziglang", "cc", "-target", f"{os.uname().machine}-linux-gnu.2.28"]
    assert said[-len(passed) :] == passed


@LINUX
def test_a_step_that_fails_says_which_and_why(work: release_python.Workshop):
    with pytest.raises(release_python.Failed, match=r"(?s)kaputt.*“sh -c echo kaputt; exit 3”没有成功"):
        work.do(work.folder, "sh", "-c", "echo kaputt; exit 3")


@LINUX
def test_nothing_of_the_builders_environment_reaches_a_step(
    work: release_python.Workshop, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert {"PYTHONPATH", "LC_ALL"}.isdisjoint(work.environment)
    assert work.environment["SOURCE_DATE_EPOCH"] == "1"


def test_modules_that_need_this_computers_libraries_are_left_out(tmp_path: Path):
    (tmp_path / "Modules").mkdir()
    (tmp_path / "Makefile.pre").write_text("A=1\nMODULE_PYEXPAT_CFLAGS=-I$(srcdir)\n")
    release_python.adjust(tmp_path)
    assert "_ssl" in (tmp_path / "Modules" / "Setup.local").read_text()
    assert (tmp_path / "Makefile.pre").read_text() == (
        "A=1\nMODULE_PYEXPAT_CFLAGS=-DPy_BUILD_CORE_MODULE -I$(srcdir)\n"
    )


@LINUX
@pytest.mark.parametrize("code, says", [(0, None), (1, "不完整")])
def test_a_python_without_what_is_needed_is_not_used(tmp_path: Path, code: int, says: str | None):
    program = tmp_path / "bin" / release_python.PYTHON
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexit {code}\n")
    program.chmod(0o755)
    if says is None:
        release_python.prove(tmp_path, "2.28")
        return
    with pytest.raises(release_python.Failed, match=says):
        release_python.prove(tmp_path, "2.28")


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="reads a library of this computer")
def test_a_python_of_this_computer_is_too_new(tmp_path: Path):
    program = tmp_path / "bin" / release_python.PYTHON
    program.parent.mkdir()
    program.symlink_to(sys.executable)
    shutil.copy(Path("/bin/true"), tmp_path / "true")
    with pytest.raises(release_python.Failed, match=r"需要比 2\.2 更新的 glibc"):
        release_python.prove(tmp_path, "2.2")


# -- the command --------------------------------------------------------------------------------------------------


@dataclass
class Steps:
    """Records the steps of `dev.py release` without running them; one of them may fail."""

    python: Path
    failing: str = ""
    done: list[str] = field(default_factory=list)

    def take(self, name: str, *words: object) -> int:
        self.done.append(" ".join([name, *map(str, words)]))
        return int(name == self.failing)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Steps:
    folder = tmp_path / ".release"
    folder.mkdir()
    taken = Steps(folder / "python" / "bin" / "python3.11")
    monkeypatch.setattr(release, "OLD_LINUX", folder)
    monkeypatch.setattr(release, "OWN_PYTHON", taken.python)
    monkeypatch.setattr(release, "set_up", lambda locks: taken.take("set up", *locks))
    monkeypatch.setattr(release, "need_commands", lambda _packages, _why: None)
    monkeypatch.setattr(release_python, "main", lambda _words: taken.take("compile"))
    monkeypatch.setattr(release, "pip", lambda command, *_options: taken.take(command))
    monkeypatch.setattr(release, "call", lambda python, *words: taken.take("run", python.name, *words))
    monkeypatch.setattr(glibc_check, "main", lambda _words: taken.take("check"))
    monkeypatch.setattr(package, "make_packages", lambda _tree, _target: taken.take("package"))
    return taken


@LINUX
@pytest.mark.parametrize("made_before", [False, True])
def test_python_is_compiled_once_then_the_program_is_built_checked_and_wrapped_up(steps: Steps, made_before: bool):
    if made_before:
        steps.python.parent.mkdir(parents=True)
        steps.python.touch()
    assert release.release(["--clean"]) == 0
    prepared = "set up requirements.txt requirements-dev.txt requirements-release.txt"
    compiled = [] if made_before else ["compile"]
    build = "run python3.11 dev.py build --clean"
    assert steps.done == [prepared, *compiled, "download", build, "check", "package"]


@LINUX
@pytest.mark.parametrize(
    "fails, says", [("compile", "没有做成"), ("download", "下载"), ("run", "打包失败"), ("check", "不可发布")]
)
def test_what_fails_stops_the_release(steps: Steps, fails: str, says: str):
    steps.failing = fails
    with pytest.raises(Stop, match=says):
        release.release([])
    assert steps.done[-1].split()[0] == fails


def test_other_systems_are_told_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Stop, match="请执行 package"):
        release.release([])


def test_our_own_python_keeps_its_packages_apart(tmp_path: Path):
    code = "import sys; sys.base_prefix = sys.argv[1]; import dev; print(dev.PYTHON.relative_to(dev.ROOT).parts[:-2])"
    for prefix, place in ((str(OLD_LINUX / "python"), (".release", ".venv")), (str(tmp_path), (".venv",))):
        words = [sys.executable, "-c", code, prefix]
        said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        assert said == repr(place)
