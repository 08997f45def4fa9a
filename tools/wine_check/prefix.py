"""Runs programs for Windows under Wine, with a Chinese system language and a user whose name contains a space."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from bootstrap import ROOT
from bootstrap.process import Stop
from bootstrap.system import need_commands, need_packages
from wine_check import CACHE, interpreter

USER = "张 三"
LANGUAGE = "zh_CN.UTF-8"
LOCALES = CACHE / "locales"
DEFINITION = Path("/usr/share/i18n/locales/zh_CN")
PROGRAMS = Path("/usr/lib/wine")
PATIENCE = 180  # seconds for one command; the machine may be busy
NO_DISPLAY = "offscreen"
# .NET and the browser engine, which Wine would offer to download, and what adds entries to this computer's menus.
NOT_LOADED = "mscoree,mshtml,winemenubuilder.exe="


@dataclass(frozen=True)
class Done:
    """Result of a program: exit code and output, standard error included."""

    code: int
    output: bytes

    @property
    def text(self) -> str:
        """The output as text, which the program writes in UTF-8."""
        return self.output.decode("utf-8", "replace").replace("\r\n", "\n")


@dataclass(frozen=True)
class Wine:
    """A Wine with its prefix, the folder that holds drive C. `around`: words before the command, such as a chroot."""

    prefix: Path
    around: tuple[str, ...] = ()
    display: str = ""

    @property
    def home(self) -> Path:
        """Home folder of the Windows user."""
        return self.prefix / "drive_c" / "users" / USER

    @property
    def local_data(self) -> Path:
        """The folder that Windows calls `%LOCALAPPDATA%`."""
        return self.home / "AppData" / "Local"

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a program: nothing of this computer but its search path.

        Wine keeps names that begin with `QT_` from Windows programs; with `WINE` before them they arrive.
        """
        platform = {} if self.display else {"WINEQT_QPA_PLATFORM": NO_DISPLAY}
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(CACHE / "home"),
            "USER": USER,
            "LOCPATH": str(LOCALES),
            "LANG": LANGUAGE,
            "LC_ALL": LANGUAGE,
            "DISPLAY": self.display,
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINESERVER": str(PROGRAMS / "wineserver64"),
            "WINEDLLOVERRIDES": NOT_LOADED,
            "PYTHONPYCACHEPREFIX": self.windows_path(CACHE / "bytecode"),
            **platform,
            **more,
        }

    def command(self, *words: str | Path) -> list[str]:
        """Return the command that starts a Windows program; paths among its words become Windows paths."""
        windows = [self.windows_path(word) if isinstance(word, Path) else word for word in words]
        return [*self.around, str(PROGRAMS / "wine64"), *windows]

    def windows_path(self, path: Path) -> str:
        """Return the name that a file of this computer has for a Windows program."""
        drive = self.prefix / "drive_c"
        if path.is_relative_to(drive):
            return str(PureWindowsPath("C:/", path.relative_to(drive)))
        return str(PureWindowsPath(f"Z:{path}"))

    def run(self, *words: str | Path, **more: str) -> Done:
        """Run a Windows program to its end. All its streams are pipes: Wine 8 gives Python no other file."""
        with self.start(*words, **more) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            output = read_all(process, process.stdout.fileno())
        return Done(process.returncode, output)

    def start(self, *words: str | Path, **more: str) -> subprocess.Popen[bytes]:
        """Start a Windows program in the project's folder."""
        pipe = subprocess.PIPE
        command, environment = self.command(*words), self.environment(more)
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT)

    def python(self, *words: str | Path, **more: str) -> Done:
        """Run the interpreter for Windows."""
        return self.run(interpreter.PYTHON / "python.exe", *words, **more)

    @contextmanager
    def session(self) -> Iterator[None]:
        """Keep Wine and its services running, which would else start anew with each command, for seconds."""
        silent = subprocess.DEVNULL
        words, environment = self.command("cmd"), self.environment({})
        with subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=silent, stderr=silent):
            try:
                self.run("wineboot")  # returns when the services are there
                yield
            finally:
                self.stop()

    def stop(self) -> None:
        """End all programs of this prefix."""
        words = [*self.around, str(PROGRAMS / "wineserver64"), "-k"]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(words, env=self.environment({}), timeout=30, check=False, capture_output=True)

    def set_up(self) -> str:
        """Make the prefix anew and return the version of Wine."""
        self.stop()
        shutil.rmtree(self.prefix, ignore_errors=True)
        (CACHE / "home").mkdir(parents=True, exist_ok=True)
        done = self.run("wineboot", "--init")
        if done.code or not self.home.is_dir():
            raise Stop(f"Wine 没有建好它的文件夹 {self.prefix}：{done.text[-500:]}")
        return self.version()

    def version(self) -> str:
        """Return the version as Wine prints it."""
        words = [*self.around, str(PROGRAMS / "wine64"), "--version"]
        return subprocess.run(
            words, env=self.environment({}), capture_output=True, text=True, check=True
        ).stdout.strip()


def read_all(process: subprocess.Popen[bytes], handle: int) -> bytes:
    """Read a program's output until its end; raise `subprocess.TimeoutExpired` after `PATIENCE`.

    Not until the end of the pipe or terminal: programs of Wine that it started, such as the desktop, keep that open.
    """
    said, end = b"", time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ended = process.poll() is not None
        if select.select([handle], [], [], 0.1)[0]:
            found = read(handle)
            said += found
            if not found:
                process.wait(PATIENCE)
                return said
        elif ended:
            return said
    process.kill()
    raise subprocess.TimeoutExpired(process.args, PATIENCE, said)


def read(handle: int) -> bytes:
    """Read what there is; b"" at the end of a pipe, or of a terminal whose other side was closed."""
    try:
        return os.read(handle, 65_536)
    except OSError:
        return b""


def install() -> None:
    """Install Wine of Debian 12, and make the Chinese language settings that Wine reads."""
    if sys.platform != "linux":
        raise Stop("wine 只用于 Linux（Debian 12）；在 Windows 上请直接执行 test 和 package", code=2)
    if not (PROGRAMS / "wine64").exists():
        need_packages(["wine64"], "缺少 Wine")
    make_locale()


def make_locale() -> None:
    """Compile the language settings zh_CN into a folder of our own; those of this computer stay as they are."""
    if (LOCALES / LANGUAGE).is_dir():
        return
    if not DEFINITION.exists():
        need_packages(["locales"], "缺少中文的语言设置")
    need_commands({"localedef": "libc-bin"}, "缺少生成语言设置的工具")
    LOCALES.mkdir(parents=True, exist_ok=True)
    subprocess.run(["localedef", "-i", "zh_CN", "-f", "UTF-8", LOCALES / LANGUAGE], check=True)
