"""Forked processes that run tests of a copy of the tree, for the mill of mutants: one has imported pytest for all.

A process starts a test within a second, since only the program and its tests are imported anew.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.mills.mutations import Mutant

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
SILENCE = 60.0  # seconds that one test may take
OURS = ("model", "export", "ui", "tests", "main")  # packages imported anew for each mutant
IMPORTED = ("hypothesis.stateful", "pytestqt.plugin", "sqlite_utils", "PySide6.QtTest", "PySide6.QtWidgets")
KILLED, SURVIVED, TIMEOUT, EQUAL = "killed", "survived", "timeout", "equivalent"
_LOADED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # plugins are imported before the fork

_NOTE = "__note_of_the_mill__"

Message = dict[str, Any]
Tell = Callable[[Message], None]


# -- within the forked process ---------------------------------------------------------------------------------------


class _Chosen:
    """Plugin of pytest: runs the named tests in their order and tells the mill of each; empty: all."""

    def __init__(self, tests: Sequence[str], tell: Tell) -> None:
        self._place = {test: place for place, test in enumerate(tests)}
        self._tell = tell

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._place:
            items[:] = sorted((i for i in items if i.nodeid in self._place), key=lambda i: self._place[i.nodeid])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed or report.when == "teardown":
            self._tell({"test": report.nodeid, "failed": report.failed})


class _Calls:
    """Plugin of pytest: notes which functions of the program each test calls, and how long it takes."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._seen = set[str]()
        setattr(builtins, _NOTE, self._seen.add)

    def _places(self) -> list[str]:
        """Return the functions called since the last time."""
        found = sorted(self._seen)
        self._seen.clear()
        return found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._tell({"outside": self._places()})
        _forget_cached()
        begun = time.perf_counter()
        yield
        self._tell({"test": item.nodeid, "seconds": time.perf_counter() - begun, "calls": self._places()})


def noting(path: str, source: str) -> str:
    """Return the source text of a module whose functions tell `_Calls` that they are called, by file and first line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            note = f"getattr(__import__('builtins'), {_NOTE!r}, len)({f'{path}:{first}'!r})"
            node.body[1:1] = ast.parse(note).body  # behind the docstring, or the first statement
            if ast.get_docstring(node) is None:
                node.body[0], node.body[1] = node.body[1], node.body[0]
    return ast.unparse(tree)


def _forget_cached() -> None:
    """Empty the caches of functions, so that the next test calls what it depends on itself."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "model":
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _become_tester(copy: Path) -> None:
    """Turn a forked process into a fresh one in the copy: nothing of the checkout is imported or on the path."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(copy)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]
    ours = {ROOT, ROOT / "tools", ROOT / "packaging"}
    sys.path[:] = [str(copy), *(place for place in sys.path if place and Path(place).resolve() not in ours)]
    silent = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(silent, handle)
    tempfile.tempdir = None
    os.environ.update(TMPDIR=str(copy.parent), HOME=str(copy.parent), QT_QPA_PLATFORM="offscreen")


def _pytest(files: Iterable[str], plugins: list[object], *more: str) -> int:
    from hypothesis import Phase, settings  # noqa: PLC0415 - the same cases for every mutant, and no search for smaller

    phases = [Phase.explicit, Phase.generate]
    settings.register_profile("mutants", database=None, derandomize=True, deadline=None, phases=phases)
    settings.load_profile("mutants")
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "--tb=no", *_LOADED, *more, *files], plugins=plugins))


# -- a copy and its processes ----------------------------------------------------------------------------------------


class Tester:
    """A copy of the tree, and the processes that run tests in it, one after the other."""

    def __init__(self, base: Path) -> None:
        self._copy = base / "tree"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        for name in filter(None, subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout.split(b"\0")):
            if (source := ROOT / os.fsdecode(name)).is_file():
                target = self._copy / os.fsdecode(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)

    def run(self, work: Callable[[Tell], None]) -> Iterator[Message]:
        """Run `work` in a forked process and yield what it tells; `{"timeout": True}` ends one that is silent."""
        reading, writing = os.pipe()
        if not (child := os.fork()):
            _in_child(work, writing, self._copy)
        os.close(writing)
        try:
            yield from _told(reading)
        finally:
            os.close(reading)
            with suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def calls(self, files: Sequence[str]) -> Iterator[Message]:
        """Run all tests of some files without a change; yield what `_Calls` and `_Chosen` tell of them."""

        def work(tell: Tell) -> None:
            _pytest(files, [_Calls(tell), _Chosen((), tell)])

        with ExitStack() as changes:
            for path in sorted(self._copy.glob("model/*/*.py")):
                name, source = path.relative_to(self._copy).as_posix(), path.read_text(encoding="utf-8")
                changes.enter_context(_changed(path, noting(name, source).encode()))
            yield from self.run(work)

    def compile(self, files: Sequence[str]) -> None:
        """Write the compiled modules of program and tests, which the forked processes then only read."""
        for _ in self.run(lambda tell: tell({"code": _pytest(files, [], "--collect-only")})):
            continue

    def result(self, mutant: Mutant, tests: Sequence[str]) -> tuple[str, str]:
        """Run tests with a mutant; return what became of it, and by which test."""
        if not tests:
            return SURVIVED, ""
        path = self._copy / mutant.path
        files = list(dict.fromkeys(test.partition("::")[0] for test in tests))

        def work(tell: Tell) -> None:
            sys.dont_write_bytecode = True
            tell({"code": _pytest(files, [_Chosen(tests, tell)], "-x")})

        with _changed(path, mutant.applied(path.read_bytes())):
            return judged(self.run(work))


@contextmanager
def _changed(path: Path, content: bytes) -> Iterator[None]:
    """Replace the content of a file while the context lasts; its compiled form stays valid afterwards."""
    source, times = path.read_bytes(), path.stat()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(source)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _in_child(work: Callable[[Tell], None], writing: int, copy: Path) -> None:
    code = 1
    try:
        _become_tester(copy)
        work(lambda message: _send(writing, message))
        code = 0
    except BaseException as error:
        _send(writing, {"broken": "".join(traceback.format_exception(error))})
        raise
    finally:
        _send(writing, {"over": code})
        os._exit(code)


def _send(handle: int, message: Message) -> None:
    line = json.dumps(message).encode() + b"\n"
    while line:
        line = line[os.write(handle, line) :]


def _told(handle: int) -> Iterator[Message]:
    buffer = b""
    while True:
        ready, _, _ = select.select([handle], [], [], SILENCE)
        if not ready:
            yield {"timeout": True}
            return
        piece = os.read(handle, 1 << 16)
        *lines, buffer = (buffer + piece).split(b"\n")
        yield from (message for line in lines if "over" not in (message := json.loads(line)))
        if not piece or any(b'"over"' in line for line in lines):
            return


def judged(messages: Iterable[Message]) -> tuple[str, str]:
    last = ""
    for message in messages:
        if "timeout" in message:
            return TIMEOUT, f"after {last}"
        if message.get("failed"):
            return KILLED, message["test"]
        if "broken" in message or message.get("code") == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise RuntimeError(message.get("broken", "none of the tests was found"))
        if "code" in message:
            return (SURVIVED, "") if message["code"] == 0 else (KILLED, f"pytest ended with {message['code']}")
        last = message["test"]
    return KILLED, f"the process ended after {last}"


# -- two workers ----


def in_workers(base: Path, work: Callable[[int, Tester], Iterator[Message]]) -> Iterator[Message]:
    """Run `work` in two processes with a copy of the tree each; yield what they give as it comes."""
    for name in IMPORTED:
        importlib.import_module(name)
    handles = {}
    for number in range(WORKERS):
        reading, writing = os.pipe()
        if not os.fork():
            _in_worker(work, writing, number, base / f"{number}")
        os.close(writing)
        handles[reading] = b""
    while handles:
        for handle in select.select(list(handles), [], [])[0]:
            piece = os.read(handle, 1 << 16)
            *lines, handles[handle] = (handles[handle] + piece).split(b"\n")
            yield from (message for line in lines if "over" not in (message := json.loads(line)))
            if not piece:
                del handles[handle]
                os.close(handle)
                os.wait()


def _in_worker(work: Callable[[int, Tester], Iterator[Message]], writing: int, number: int, folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
        for message in work(number, Tester(folder)):
            _send(writing, message)
        _send(writing, {"over": 0})
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(1)
