#!/usr/bin/env python3
"""One command for everything around the program: set it up, start it, test it, build it.

Standard library only: this file must run before anything is installed. The packages go into `.venv`; the exact
versions and hashes stand in requirements.txt (the program) and requirements-dev.txt (tests, checks, build). A stamp in
`.venv` remembers what was installed, so that the second call starts at once, and an interrupted set-up, which leaves
no stamp, begins anew.

Without a network: fill `wheelhouse/` on another machine of the same kind, then every set-up takes the packages there:

    python3 -m pip download --no-deps --require-hashes -d wheelhouse -r requirements.txt -r requirements-dev.txt
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

ROOT = Path(__file__).resolve().parent
OLD_LINUX = ROOT / ".release"  # what `release` needs: a Python of our own for old systems, and its packages
OWN_PYTHON = OLD_LINUX / "python" / "bin" / "python3.11"
PLACE = OLD_LINUX if Path(sys.base_prefix).is_relative_to(OLD_LINUX) else ROOT  # that Python keeps to its own
VENV = PLACE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed"
QT_STAMP = VENV / "qt-loads"
WHEELHOUSE = PLACE / "wheelhouse"

RUNTIME = ("requirements.txt",)
DEVELOPER = ("requirements.txt", "requirements-dev.txt")
RELEASER = (*DEVELOPER, "requirements-release.txt")
LOCKER = "uv==0.13.9"  # large and needed only by `lock`, so it is in neither lock file

# PySide6 below 6.10 (see requirements.in) is built for Python up to 3.13.
OLDEST, NEWEST = (3, 11), (3, 13)

PROGRAM = "zwgk-annual-report"  # what build.spec calls the frozen program

# What Qt links against and a bare Debian 12 lacks: first for widgets at all, then for a window under X.
QT_PACKAGES = (
    *("libegl1", "libgl1", "libdbus-1-3", "libfontconfig1", "libglib2.0-0", "libxkbcommon0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-randr0", "libxcb-shape0", "libxcb-xkb1"),
    "libxkbcommon-x11-0",
)
# Commands some tests use (a virtual screen, real keys, a second PDF reader, a bus, a witness of every file and
# connection, the compiler of Windows installers) and the packages that bring them.
TEST_TOOLS = {
    "Xvfb": "xvfb",
    "xauth": "xauth",
    "xdotool": "xdotool",
    "pdftotext": "poppler-utils",
    "dbus-daemon": "dbus-daemon",
    "strace": "strace",
    "makensis": "nsis",
    "ld": "binutils",
}
# What `release` compiles with, beside zig.
COMPILE_TOOLS = {"dpkg-source": "dpkg-dev", "make": "make", "tclsh": "tcl"}

USAGE = """用法：python3 dev.py 命令 [参数…]        （Windows：py -3.11 dev.py 命令 [参数…]）

  run [参数…]     启动程序；参数原样交给 main.py
  test [参数…]    运行测试；参数原样交给 pytest
  bench [参数…]   运行性能测量
  lint            检查代码风格和类型
  build           打包成可分发的程序并自检
  package         打包、自检，再做成安装包和免安装包（Windows 上需要 NSIS 3）
  release         同 package，但能在旧的 Linux（glibc 2.28）上运行；在 Debian 12 上执行，第一次约需十分钟
  lock [参数…]    重新锁定依赖的版本（--upgrade 表示升级）

第一次执行会自动建立 .venv 并安装所需软件包。"""

NO_DISPLAY = """当前没有图形界面，无法打开窗口，请在桌面环境中运行，或改用命令行：
    python3 dev.py run check 文件
    python3 dev.py run export 文件 -o 年报.pdf"""


class Stop(Exception):
    """The command cannot go on; `str()` of it is one Chinese sentence that says what to do."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


# -- Is the set-up there? -------------------------------------------------------------------------------------------


def python_trouble(version: tuple[int, int], largest_int: int) -> str | None:
    """Say why this Python cannot be used, or None."""
    if not OLDEST <= version <= NEWEST:
        found = ".".join(map(str, version))
        return f"需要 Python 3.11、3.12 或 3.13，当前是 {found}，请安装后再执行（Windows：py -3.11 dev.py …）。"
    if largest_int < 2**32:
        return "需要 64 位的 Python，当前是 32 位，请安装 64 位版本后再执行。"
    return None


def digest(lock: bytes, version: tuple[int, int]) -> str:
    """Name one lock file as installed for one Python; line ends, which git may change, do not count."""
    python = f"{version[0]}.{version[1]}\n".encode()
    return hashlib.sha256(python + lock.replace(b"\r\n", b"\n")).hexdigest()


def installed() -> list[str]:
    """Return the digests of the lock files that were installed completely, in the order of installation."""
    if PYTHON.exists() and STAMP.exists():
        return STAMP.read_text(encoding="ascii").split()
    return []


def still_to_install(wanted: list[str], there: list[str]) -> int | None:
    """Return how many leading lock files are installed already, or None if `.venv` has to be made anew."""
    if there[: len(wanted)] == wanted:
        return len(wanted)
    return len(there) if there and wanted[: len(there)] == there else None


def set_up(locks: tuple[str, ...]) -> None:
    """Bring `.venv` to the state the lock files describe; quick when it is there already."""
    wanted = [digest((ROOT / lock).read_bytes(), sys.version_info[:2]) for lock in locks]
    if still_to_install(wanted, installed()) == len(wanted):
        return
    with one_at_a_time():
        first = still_to_install(wanted, installed())  # asked again: the one we waited for may have done it
        if first == len(wanted):
            return
        STAMP.unlink(missing_ok=True)
        if first is None:
            make_venv()
        install(locks[first or 0 :])
        STAMP.write_text("\n".join(wanted), encoding="ascii")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second set-up of the same folder wait until the first has ended, however it ends."""
    try:
        file = (PLACE / ".venv.lock").open("w")
    except OSError as error:
        raise Stop(f"无法写入文件夹 {PLACE}，请把它复制到有写入权限的位置（如主文件夹）后再执行。") from error
    with file:
        while not try_lock(file.fileno()):
            say("另一个窗口正在安装，请稍候……")
            time.sleep(5)
        yield


def try_lock(handle: int) -> bool:
    """Take the lock on an open file, which the system gives back when the process ends; False if it is taken."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 (exists on Windows only)

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 (does not exist on Windows)

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# -- Set it up ------------------------------------------------------------------------------------------------------


def make_venv() -> None:
    """Make an empty `.venv`, throwing away what was there."""
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        need_packages([f"python3.{sys.version_info[1]}-venv"], "缺少建立 .venv 所需的 Python 组件")
    say("正在建立 .venv……")
    # Not sys.executable: that may be the Python of the very .venv that is about to be cleared.
    base = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run([base, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stdout + done.stderr)
        raise Stop("无法建立 .venv，请关闭正在使用它的程序、删除这个文件夹后再次执行同一命令。")


def install(locks: Iterable[str]) -> None:
    """Install exactly what the lock files name, from `wheelhouse/` if there is one."""
    local = WHEELHOUSE.is_dir()
    say("正在从 wheelhouse 安装软件包……" if local else "正在下载并安装软件包，第一次约需一两分钟……")
    source = ["--no-index", "--find-links", str(WHEELHOUSE)] if local else []
    if pip("--no-deps", "--require-hashes", *source, *(part for lock in locks for part in ("-r", str(ROOT / lock)))):
        raise Stop("安装软件包失败，请检查网络和磁盘空间后再次执行同一命令（不能上网时，可把安装包放进 wheelhouse）。")


def pip(*arguments: str) -> int:
    """Install with the pip of `.venv`; never builds from source, which would need a compiler. Returns its exit code."""
    quiet = ("--disable-pip-version-check", "--no-input", "-qq")
    return call(PYTHON, "-m", "pip", "install", *quiet, "--only-binary=:all:", *arguments)


def apt_line(packages: Iterable[str]) -> str:
    """Return the command that installs Debian packages."""
    return "apt-get install -y --no-install-recommends " + " ".join(packages)


def may_apt() -> bool:
    """Tell whether this is root on a system of the Debian family."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(packages: Iterable[str]) -> bool:
    """Install Debian packages as root; False if that failed (apt-get has then said why)."""
    say("正在安装系统软件包：" + " ".join(packages) + " ……")
    quietly("apt-get update")  # may fail on one source of many; the packages may be there all the same
    done = quietly(apt_line(packages))
    if done.returncode:
        say(done.stdout + done.stderr)
    return not done.returncode


def quietly(line: str) -> subprocess.CompletedProcess[str]:
    """Run apt-get without questions, keeping back what it says; waits while the system itself installs something."""
    command = [*line.split(), "-o", "DPkg::Lock::Timeout=120"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    silent = subprocess.DEVNULL
    return subprocess.run(command, env=environment, stdin=silent, capture_output=True, text=True, check=False)


def need_packages(packages: Iterable[str], why: str) -> None:
    """Install Debian packages, or stop with the line to type."""
    if shutil.which("apt-get") is None:
        raise Stop(f"{why}，请用系统的软件管理工具安装（Debian 中的名称：{' '.join(packages)}）。")
    if not may_apt() or not apt(packages):
        raise Stop(f"{why}，请先执行下面这一行，再重试：\n    sudo apt-get update && sudo {apt_line(packages)}")


# -- What the system has to bring -----------------------------------------------------------------------------------

# Run by the Python of .venv: loading is the only honest test, and it must not happen in this process.
LOAD_QT = """
import ctypes, importlib.util, pathlib
qt = pathlib.Path(importlib.util.find_spec("PySide6").origin).parent / "Qt"
for name in ("lib/libQt6Widgets.so.6", "plugins/platforms/libqoffscreen.so", "plugins/platforms/libqxcb.so"):
    try:
        ctypes.CDLL(qt / name)
    except OSError as error:
        print(str(error).split(":")[0])
"""


def missing_qt_libraries() -> list[str]:
    """Return the names of the system libraries that Qt cannot load."""
    found = subprocess.run([PYTHON, "-c", LOAD_QT], capture_output=True, text=True, check=True)
    return sorted(set(found.stdout.split()))


def require_qt() -> None:
    """See to it, once, that Qt finds its system libraries; Windows has them."""
    if sys.platform != "linux" or QT_STAMP.exists():
        return
    missing = missing_qt_libraries()
    if missing:
        need_packages(QT_PACKAGES, f"缺少图形界面所需的系统库（{'、'.join(missing)}）")
        missing = missing_qt_libraries()
    if missing:
        raise Stop(f"图形界面所需的系统库仍然缺少：{'、'.join(missing)}，请联系系统管理员安装。")
    QT_STAMP.touch()


def offer_test_tools() -> None:
    """Install the commands some tests use, where that is possible; elsewhere those tests say why they are skipped."""
    missing = [package for command, package in TEST_TOOLS.items() if shutil.which(command) is None]
    if missing and may_apt() and not apt(missing):
        say("未能安装这些测试工具，用到它们的测试将被跳过。")


def require_build_tools() -> None:
    """PyInstaller reads libraries with objdump and ships the shared library of Python; Debian splits both off."""
    if sys.platform != "linux":
        return
    missing = [] if shutil.which("objdump") else ["binutils"]
    if not has_shared_python():
        missing.append(f"libpython3.{sys.version_info[1]}")
    if missing:
        need_packages(missing, "缺少打包所需的系统组件")


def has_shared_python() -> bool:
    """Tell whether libpython stands where this Python finds it."""
    names = ("LIBDIR", "MULTIARCH", "INSTSONAME")
    folder, machine, name = (str(sysconfig.get_config_var(variable) or "") for variable in names)
    places = (Path(folder), Path(folder) / machine, Path(sys.base_prefix) / "lib")  # the last where it was moved
    return any((place / name).is_file() for place in places if name)


def wants_window(arguments: list[str]) -> bool:
    """Tell whether main.py would open a window for these arguments."""
    return first_word(arguments) in {"", "open"}


def wants_qt(arguments: list[str]) -> bool:
    """Tell whether main.py would load Qt: for a window, or to check itself without one."""
    return wants_window(arguments) or first_word(arguments).startswith("--self-check")


def first_word(arguments: list[str]) -> str:
    """Return what main.py is asked to do, after a data folder that may come first; '' if nothing more."""
    rest = iter(arguments)
    for word in rest:
        if word == "--data":
            next(rest, None)
        elif not word.startswith("--data="):
            return word
    return ""


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether Qt can open a window (or was told where to draw instead)."""
    if platform != "linux":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


# -- The commands ---------------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> int:
    """Start the program; its command line needs neither a display nor the libraries of Qt."""
    if wants_window(arguments) and not has_display(os.environ, sys.platform):
        raise Stop(NO_DISPLAY, code=2)
    set_up(RUNTIME)
    if wants_qt(arguments):
        require_qt()
    return hand_over([PYTHON, ROOT / "main.py", *arguments])


def test(arguments: list[str]) -> int:
    """Run the tests, without a screen unless the environment names one for Qt."""
    set_up(DEVELOPER)
    require_qt()
    offer_test_tools()
    return in_project(["pytest", *arguments])


def bench(arguments: list[str]) -> int:
    """Run the measurements."""
    set_up(DEVELOPER)
    require_qt()
    return in_project(["tests.bench", *arguments])


def lint(arguments: list[str]) -> int:
    """Check style and types; all three checks speak, whichever fails."""
    set_up(DEVELOPER)
    checks = (["ruff", "check", *arguments], ["ruff", "format", "--check"], ["mypy"])
    codes = [call(PYTHON, "-m", *check) for check in checks]
    return int(any(codes))


def build(arguments: list[str]) -> int:
    """Freeze the program, then let the frozen program check itself."""
    if not (ROOT / "build.spec").exists():
        raise Stop("没有找到 build.spec，无法打包。", code=2)
    set_up(DEVELOPER)
    require_qt()
    require_build_tools()
    if call(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *arguments, "build.spec"):
        raise Stop("打包失败，原因见上面的输出。")
    return prove(ROOT / "dist" / PROGRAM)


def package(arguments: list[str]) -> int:
    """Build, say which systems the result is for, and wrap it up for them."""
    code = build(arguments)
    folder = ROOT / "dist" / PROGRAM
    if code == 0:
        call(PYTHON, "tools/glibc_check.py", folder)
        code = call(PYTHON, "tools/package.py", folder)
    return code


def release(arguments: list[str]) -> int:
    """Do what `package` does with a Python that asks for no newer glibc than the oldest system has."""
    if sys.platform != "linux":
        raise Stop("release 只用于 Linux；在本系统上请执行 package。", code=2)
    set_up(RELEASER)
    if not OWN_PYTHON.exists():
        make_own_python()
    fetch_wheels()
    if call(OWN_PYTHON, "dev.py", "build", *arguments):
        raise Stop("打包失败，原因见上面的输出。")
    folder = ROOT / "dist" / PROGRAM
    if call(PYTHON, "tools/glibc_check.py", folder):
        raise Stop("打包的程序不能在旧的系统上运行，不可发布。")
    return call(PYTHON, "tools/package.py", folder)


def make_own_python() -> None:
    """Compile the Python for old systems."""
    missing = [package for command, package in COMPILE_TOOLS.items() if shutil.which(command) is None]
    if missing:
        need_packages(missing, "缺少编译所需的系统组件")
    if call(PYTHON, "tools/release_python.py", OWN_PYTHON.parent.parent):
        raise Stop("没有做成发布用的 Python，原因见上面的输出。")


def fetch_wheels() -> None:
    """Fetch for our own Python, which has no TLS, what its `.venv` is made of."""
    wheels = OLD_LINUX / "wheelhouse"
    wheels.mkdir(exist_ok=True)
    source = ["--no-index", "--find-links", str(WHEELHOUSE)] if WHEELHOUSE.is_dir() else []
    wanted = (part for lock in DEVELOPER for part in ("-r", str(ROOT / lock)))
    shape = ("--python-version", "3.11", "--only-binary=:all:", "--no-deps", "--require-hashes", "-d", str(wheels))
    quiet = ("--disable-pip-version-check", "--no-input", "-qq", "--exists-action", "i")
    if call(PYTHON, "-m", "pip", "download", *quiet, *shape, *source, *wanted):
        raise Stop("下载软件包失败，请检查网络和磁盘空间后再次执行同一命令。")


def prove(folder: Path) -> int:
    """Let the frozen program check itself where nothing of this computer helps it; return its exit code.

    A copy: elsewhere, under a name with a space and Chinese, read-only, and with an empty environment.
    """
    with tempfile.TemporaryDirectory(prefix="自检 ") as place:
        copy = shutil.copytree(folder, Path(place, PROGRAM), symlinks=True)
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
        program = copy / (PROGRAM + (".exe" if os.name == "nt" else ""))
        return subprocess.run([program, "--self-check"], cwd=place, env=bare(os.environ), check=False).returncode


def bare(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of nobody: no home, no language; Windows itself cannot do without two of its names."""
    return {"LANG": "C", **{name: environment[name] for name in ("SYSTEMROOT", "TEMP") if name in environment}}


def lock(arguments: list[str]) -> int:
    """Write the lock files for every platform, with hashes and without the address of any index."""
    set_up(RUNTIME)
    if pip(LOCKER):
        raise Stop("无法安装锁定版本所用的工具 uv，请检查网络后再次执行同一命令。")
    compile_lock("requirements", arguments)
    # What both lock files name, they name in the same version.
    compile_lock("requirements-dev", ["--constraint", "requirements.txt", *arguments])
    compile_lock("requirements-release", arguments)
    return 0


def compile_lock(name: str, arguments: list[str]) -> None:
    """Write NAME.txt from NAME.in; an unfit result is not kept."""
    # pip comes with every .venv; sqlite-utils asks for it, but only to install its own plug-ins.
    shape = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-package pip"
    target = ROOT / f"{name}.txt"
    before = target.read_text(encoding="utf-8")
    code = call(PYTHON, "-m", "uv", "pip", "compile", "-q", *shape.split(), *arguments, "-o", target.name, f"{name}.in")
    strange = strange_lock_lines(target.read_text(encoding="utf-8"))
    if code or strange:
        target.write_text(before, encoding="utf-8", newline="\n")
        raise Stop(f"未能锁定 {target.name}，原文件保持不变：{'；'.join(strange) or '原因见上面的输出'}")


LOCK_LINE = re.compile(r"[a-z0-9._-]+==[\w.!+]+( ; [\w. '=!<>()]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def strange_lock_lines(text: str) -> list[str]:
    """Return the lines that are neither a pinned package nor a hash, such as the address of an index."""
    return [line for line in text.splitlines() if not LOCK_LINE.fullmatch(line)]


# -- Starting other programs ----------------------------------------------------------------------------------------


def without_screen() -> dict[str, str]:
    """Return the environment in which Qt draws into memory unless it was told otherwise."""
    return {"QT_QPA_PLATFORM": "offscreen", **os.environ}


def call(*command: str | Path) -> int:
    """Run a program in the project's folder and return its exit code; what it says in Chinese stays readable."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:replace"}  # as `speak_utf8` does for this one
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def in_project(module: list[str]) -> int:
    """Become `python -m module …` in the project's folder, without a screen."""
    os.chdir(ROOT)
    os.environ.update(without_screen())
    return hand_over([PYTHON, "-m", *module])


def hand_over(command: list[str | Path]) -> int:
    """Become another program; Windows has no such thing, there we wait for it and return its exit code."""
    words = [str(word) for word in command]
    if os.name != "nt":
        os.execv(words[0], words)  # noqa: S606 (no shell is what we want)
    with subprocess.Popen(words) as process:
        while True:
            # Ctrl+C reaches the program as well; what it does about it is its own decision.
            with contextlib.suppress(KeyboardInterrupt):
                return process.wait()


def say(sentence: str) -> None:
    """Tell the user; on stderr, because stdout belongs to the program that is started."""
    print(sentence, file=sys.stderr, flush=True)


def speak_utf8() -> None:
    """Keep Chinese readable in redirected output and never fail on a character (Windows may stand at cp936)."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # only tests replace them


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    command.__name__: command for command in (run, test, bench, lint, build, package, release, lock)
}


def main(arguments: list[str]) -> int:
    """Do one command; return its exit code, 2 for a wrong call."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    if command is None:
        asked = arguments[:1] in (["help"], ["-h"], ["--help"])
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    trouble = python_trouble(sys.version_info[:2], sys.maxsize)
    if trouble:
        say(trouble)
        return 1
    try:
        return command(arguments[1:])
    except Stop as stop:
        say(str(stop))
        return stop.code
    except KeyboardInterrupt:
        say("已中断，再次执行同一命令即可继续。")
        return 130


if __name__ == "__main__":
    speak_utf8()
    sys.exit(main(sys.argv[1:]))
