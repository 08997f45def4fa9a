"""Compiles the Python for a release on old Linux systems; called by `python3 dev.py release`.

A frozen program needs the glibc its Python was linked against, and the Python of a current system needs a newer one
than 麒麟 V10 and 统信 UOS 20 have. Python 3.11 and its libraries (zlib, libffi, SQLite) are therefore compiled from
Debian's sources, security patches included, with a compiler that links against any older glibc (zig, from
requirements-release.txt). Needs Debian 12, whose signed package lists name the sources; nothing else is fetched.

The result is relocatable (it contains no path of this computer) and has no TLS, no readline and no other module that
needs a library of this computer. The versions of its sources are in FOLDER/SOURCES.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import glibc_check

SUMMARY = "编译发布用的 Python，使打包的程序能在旧的 Linux 系统上运行（release 会调用）"

PYTHON = "python3.11"
PREFIX = "/opt/python"  # installation path in Python's strings; it is moved and locates itself at run time
SOURCES = (PYTHON, "sqlite3", "zlib", "libffi")
COMPILER = """#!/bin/sh
# Python's own build adds folders of this computer, and uses a spelling of -soname that only GNU's linker accepts.
for word; do
    shift
    case $word in
    -I/usr/* | -L/usr/*) ;;
    -Wl,-h*) set -- "$@" "-Wl,-soname,${{word#-Wl,-h}}" ;;
    *) set -- "$@" "$word" ;;
    esac
done
exec '{python}' -m ziglang cc -target {machine}-linux-gnu.{glibc} {flags} "$@"
"""
# No traps of a debug build; reproducible: times come from SOURCE_DATE_EPOCH, and no folder is named.
FLAGS = "-fno-sanitize=undefined -Wno-error=date-time -g0 -ffile-prefix-map={work}=."
TOOL = "#!/bin/sh\nexec '{python}' -m ziglang {name} \"$@\"\n"

# Debian's options that this program needs: deleted text is overwritten; full text search for sqlite-utils.
SQLITE = (
    *("-DSQLITE_THREADSAFE=1", "-DSQLITE_SECURE_DELETE", "-DSQLITE_ENABLE_COLUMN_METADATA", "-DHAVE_USLEEP=1"),
    *("-DSQLITE_ENABLE_FTS4", "-DSQLITE_ENABLE_FTS5", "-DSQLITE_ENABLE_RTREE", "-DSQLITE_ENABLE_DBSTAT_VTAB"),
    *("-DSQLITE_ENABLE_MATH_FUNCTIONS", "-DSQLITE_MAX_VARIABLE_NUMBER=250000", "-fno-strict-aliasing"),
)
# Modules that would need a library of this computer. Neither the program nor its build uses them.
WITHOUT = (
    *("_bz2", "_lzma", "_ssl", "_hashlib", "readline", "_curses", "_curses_panel", "_tkinter", "_gdbm", "_dbm"),
    *("nis", "ossaudiodev", "_crypt", "spwd", "_uuid"),
)
MODULES = ("sqlite3", "zlib", "ctypes", "hashlib", "xml.parsers.expat", "decimal", "venv", "ensurepip")


class Failed(Exception):
    """The compilation failed; `str()` is a Chinese sentence."""


@dataclass(frozen=True)
class Workshop:
    """Folder of the compilation and the glibc version to link against."""

    folder: Path
    glibc: str

    @cached_property
    def tools(self) -> Path:
        """Folder of the compiler commands."""
        return self.folder / "bin"

    @cached_property
    def parts(self) -> Path:
        """Folder where the libraries are installed for Python's build."""
        return self.folder / "parts"

    @cached_property
    def environment(self) -> dict[str, str]:
        """Environment of every step: the compiler first in PATH, its cache in the folder, messages in English."""
        cache = {name: str(self.folder / "cache") for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")}
        path = f"{self.tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_"))}
        return {**plain, **cache, "PATH": path, "LANG": "C", "CC": "cc", "SOURCE_DATE_EPOCH": self.made_at}

    @cached_property
    def made_at(self) -> str:
        """Time stamp of the result, in seconds since 1970: the last change of Debian's Python."""
        log = source(self.folder, PYTHON) / "debian" / "changelog"
        command = ["dpkg-parsechangelog", "-l", str(log), "-S", "Timestamp"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def do(self, where: Path, *command: str, **more: str) -> None:
        """Run a step with its output going to a log; raise `Failed` with the last 20 lines if it fails."""
        where.mkdir(parents=True, exist_ok=True)
        log = self.folder / "log"
        with log.open("ab") as words:
            environment = {**self.environment, **more}
            done = subprocess.run(command, cwd=where, env=environment, stdout=words, stderr=words, check=False)
        if done.returncode:
            last = log.read_text("utf-8", "replace").splitlines()[-20:]
            raise Failed("\n".join([*last, f"“{' '.join(command)}”没有成功，全部输出在 {log}"]))


# -- sources --------------------------------------------------------------------------------------------------------


def fetch(folder: Path) -> None:
    """Unpack Debian's sources into `folder`, by apt with lists of its own: those of this computer stay as they are."""
    lists = folder / "apt"
    for name in ("parts", "lists/partial", "cache/archives/partial"):
        (lists / name).mkdir(parents=True, exist_ok=True)
    for name, text in with_sources(Path("/etc/apt")).items():
        (lists / "parts" / name).write_text(text, "utf-8")
    places = {"Etc::SourceList": "/dev/null", "Etc::SourceParts": lists / "parts"}
    places |= {"State::Lists": lists / "lists", "Cache": lists / "cache"}
    options = [f"-oDir::{name}={place}" for name, place in places.items()]
    apt("update", options, folder)  # may fail on one source of many; the sources may be there all the same
    for name in SOURCES:
        fetch_one(name, options, folder)


def with_sources(apt_folder: Path) -> dict[str, str]:
    """Return the files of apt's package sources by name, changed from binary packages to source packages."""
    files = [*apt_folder.glob("sources.list"), *(apt_folder / "sources.list.d").glob("*")]
    texts = {file.name: file.read_text("utf-8") for file in files if file.suffix in {".list", ".sources"}}
    swap = re.compile(r"^(Types:[ \t]*)?deb(?=\s)(?:[ \t]+deb-src)?", re.MULTILINE)
    return {name: swap.sub(lambda found: f"{found[1] or ''}deb-src", text) for name, text in texts.items()}


def fetch_one(name: str, options: list[str], folder: Path) -> None:
    """Unpack one source; if the newest is listed but not (yet) on the mirror, that of the last point release."""
    for wanted in (name, f"{name}/{codename(Path('/etc/os-release').read_text('utf-8'))}"):
        if apt("source", [*options, wanted], folder) == 0:
            return
    raise Failed(f"没有得到 Debian 的 {name} 源代码，原因见上面的输出（需要 Debian 12 和它的软件源）")


def codename(release: str) -> str:
    """Return the code name of this Debian version, from the text of /etc/os-release."""
    found = re.search(r"^VERSION_CODENAME=(\w+)$", release, re.MULTILINE)
    return found[1] if found else "stable"


def apt(command: str, options: list[str], folder: Path) -> int:
    """Run apt-get quietly and return its exit code; root keeps its rights, because `_apt` may not write here."""
    words = ["apt-get", "-q=2", "-oAPT::Sandbox::User=root", "-oDpkg::Use-Pty=0", command, *options]
    return subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, check=False).returncode


def source(folder: Path, name: str) -> Path:
    """Return the folder of an unpacked source."""
    found = [path for path in folder.glob(f"{name}-*") if path.is_dir()]
    if len(found) != 1:
        raise Failed(f"{folder} 中应有一个 {name}-… 文件夹，实有 {len(found)} 个")
    return found[0]


# -- compiling ------------------------------------------------------------------------------------------------------


def make_tools(work: Workshop) -> None:
    """Write the compiler commands `cc`, `ar` and `ranlib`."""
    work.tools.mkdir(parents=True, exist_ok=True)
    words = {"python": sys.executable, "glibc": work.glibc, "machine": os.uname().machine}
    texts = {name: TOOL.format(name=name, **words) for name in ("ar", "ranlib")}
    texts["cc"] = COMPILER.format(flags=FLAGS.format(work=work.folder), **words)
    for name, text in texts.items():
        (work.tools / name).write_text(text, "utf-8")
        (work.tools / name).chmod(0o755)


def make_zlib(work: Workshop) -> None:
    """Compile zlib as a static library."""
    place = source(work.folder, "zlib")
    work.do(place, "./configure", "--static", f"--prefix={work.parts}", CFLAGS="-O2 -fPIC")
    work.do(place, "make", "install")


def make_libffi(work: Workshop) -> None:
    """Compile libffi as a static library."""
    place = source(work.folder, "libffi")
    shape = ("--disable-shared", "--disable-docs", "--disable-multi-os-directory", f"--prefix={work.parts}")
    # 3.4.4 calls a function of its own that it does not declare, which GCC takes as a warning.
    work.do(place, "./configure", *shape, CFLAGS="-O2 -fPIC -Wno-error=implicit-function-declaration")
    work.do(place, "make", "install")


def make_sqlite(work: Workshop) -> None:
    """Compile SQLite as a static library from its amalgamation, the single file sqlite3.c."""
    place = source(work.folder, "sqlite3")
    work.do(place, "./configure", "--disable-shared", "--disable-tcl", "--disable-readline")
    work.do(place, "make", "sqlite3.c", "sqlite3.h")
    work.do(place, "cc", "-O2", "-fPIC", *SQLITE, "-c", "sqlite3.c", "-o", "sqlite3.o")
    work.do(place, "ar", "rcs", str(work.parts / "lib" / "libsqlite3.a"), "sqlite3.o")
    for name in ("sqlite3.h", "sqlite3ext.h"):
        shutil.copy(place / name, work.parts / "include")


def make_python(work: Workshop) -> None:
    """Compile Python."""
    place = work.folder / "build"
    configure = os.path.relpath(source(work.folder, PYTHON), place) + "/configure"
    work.do(place, configure, *shape(work.parts))
    adjust(place)
    run_path = "LINKFORSHARED=-Wl,-export-dynamic -Wl,-rpath,\\$$ORIGIN/../lib"
    # libpython3.so, an empty library, cannot be linked by this compiler and is not needed.
    make = ("make", f"-j{os.cpu_count()}", "PY3LIBRARY=", run_path)
    work.do(place, *make)
    work.do(place, *make, "install", f"DESTDIR={work.folder / 'installed'}")


def shape(parts: Path) -> list[str]:
    """Return the options of Python's configure: the compiled libraries instead of Debian's (no pkg-config)."""
    headers, libraries = f"-I{parts / 'include'}", f"-L{parts / 'lib'}"
    given = {"CPPFLAGS": headers, "LDFLAGS": libraries, "OPT": "-DNDEBUG -O3 -fwrapv -Wall", "PKG_CONFIG": "false"}
    given |= {"ZLIB_CFLAGS": headers, "ZLIB_LIBS": f"{libraries} -lz"}
    given |= {"LIBSQLITE3_CFLAGS": headers, "LIBSQLITE3_LIBS": f"{libraries} -lsqlite3 -lm"}
    switches = ("--enable-shared", "--without-ensurepip", "--disable-test-modules", "--with-system-ffi")
    return [f"--prefix={PREFIX}", *switches, *(f"{name}={value}" for name, value in given.items())]


def adjust(place: Path) -> None:
    """Disable the modules of `WITHOUT`; define what pyexpat needs since one of Debian's patches uses Python's core."""
    (place / "Modules" / "Setup.local").write_text(f"*disabled*\n{' '.join(WITHOUT)}\n", "ascii")
    makefile = place / "Makefile.pre"  # from which the Makefile is generated again
    text = makefile.read_text("utf-8")
    head = re.compile("^MODULE_PYEXPAT_CFLAGS=", re.MULTILINE)
    makefile.write_text(head.sub(r"\g<0>-DPy_BUILD_CORE_MODULE ", text), "utf-8")


STEPS = {make_zlib: "zlib", make_libffi: "libffi", make_sqlite: "SQLite", make_python: "Python（约需两分钟）"}


# -- the result -----------------------------------------------------------------------------------------------------


def prove(python: Path, glibc: str) -> None:
    """Raise `Failed` unless the new Python has the modules of `MODULES` and needs no newer glibc than `glibc`."""
    asked = "import " + ", ".join(MODULES)
    done = subprocess.run([python / "bin" / PYTHON, "-I", "-c", asked], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"做成的 Python 不完整：{done.stderr}")
    if glibc_check.main([str(python), "--glibc", glibc]):
        raise Failed(f"做成的 Python 需要比 {glibc} 更新的 glibc")


def ingredients(folder: Path, environment: Mapping[str, str]) -> str:
    """Return name and version of each source and of the compiler, one per line."""
    zig = [sys.executable, "-m", "ziglang", "version"]
    compiler = subprocess.run(zig, check=True, capture_output=True, text=True, env=environment).stdout
    versions = {name: version_of(name, (path.name for path in folder.glob("*.dsc"))) for name in SOURCES}
    return "".join(f"{name} {version}\n" for name, version in {**versions, "zig": compiler.strip()}.items())


def version_of(name: str, files: Iterable[str]) -> str:
    """Return the version of a source, from the file names of Debian's descriptions (.dsc)."""
    return next(file.removesuffix(".dsc").partition("_")[2] for file in files if file.startswith(f"{name}_"))


def make(target: Path, glibc: str) -> None:
    """Compile a Python into `target`, which is replaced; the working folder is kept only after a failure."""
    folder = target.with_name("workshop").absolute()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fetch(folder)
    work = Workshop(folder, glibc)
    make_tools(work)
    for step, name in STEPS.items():
        print(f"正在编译 {name}……", flush=True)
        step(work)
    made = folder / "installed" / PREFIX.lstrip("/")
    prove(made, glibc)
    (made / "SOURCES").write_text(ingredients(folder, work.environment), "utf-8")
    shutil.rmtree(target, ignore_errors=True)
    made.rename(target)
    shutil.rmtree(folder)


def main(words: list[str]) -> int:
    """Compile the Python; return the exit code."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("target", type=Path, metavar="文件夹")
    parser.add_argument("--glibc", default=glibc_check.OLDEST_GLIBC, metavar="版本")
    arguments = parser.parse_args(words)
    try:
        make(arguments.target, arguments.glibc)
    except (Failed, OSError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
