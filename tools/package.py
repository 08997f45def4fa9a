"""Packages the frozen program: `.deb` and portable `.tar.xz` on Linux, installer and portable `.zip` on Windows.

    python3 dev.py package                      builds the program, then packages it
    python3 dev.py package FOLDER [--to dist]   packages a folder that was built before

The .deb has the layout of 统信 UOS (/opt/apps/ID/entries, files, info), which 麒麟 and Debian accept as well; for these
two the entries are repeated in /usr/share. It contains no script: the desktop's own triggers register the files, and
the user's data stays in the home folder when the package is removed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import lzma
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import glibc_check
from bootstrap import BUILT, PROGRAM, ROOT
from bootstrap.process import call

SUMMARY = "打包、自检，再做成安装包和免安装包（Windows 上需要 NSIS 3）"

LINUX = ROOT / "packaging" / "linux"
WINDOWS = ROOT / "packaging" / "windows"
ICONS = ROOT / "resources" / "icons"

ID = "cn.zwgk.annual-report"
NAME = "政府信息公开工作年度报告"

# Machine number of an ELF file (e_machine) → Debian's name of the architecture.
MACHINES = {0x3E: "amd64", 0xB7: "arm64", 0x102: "loong64"}

# Libraries that are not shipped because every desktop has them (HOST in packaging/build_files.py) → Debian package.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libcups.so.2": "libcups2 | libcups2t64",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1 | libgcc1",
    "libglib-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libgthread-2.0.so.0": "libglib2.0-0 | libglib2.0-0t64",
    "libstdc++.so.6": "libstdc++6",
    "libuuid.so.1": "libuuid1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libexpat.so.1": "libexpat1",
}
# Needed only by the plugin that prints through CUPS; without it a report can still be exported as PDF.
OPTIONAL = {"libcups.so.2"}
GLIBC = re.compile(r"ld-linux.*|lib(?:c|m|dl|rt|pthread|util|resolv)\.so\.\d+")


class Unfit(Exception):
    """The built folder cannot be packaged; `str()` is a Chinese sentence."""


def version() -> str:
    """Return the version of the program, without importing it."""
    found = re.search(r'VERSION = "([^"]+)"', (ROOT / "model" / "base" / "version.py").read_text("utf-8"))
    assert found
    return found.group(1)


def built_at(tree: Path) -> int:
    """Return the time stamp of the packages in seconds since 1970, so that one build always gives the same package."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or (tree / "_internal").stat().st_mtime)


def filled(text: str, **values: str) -> str:
    """Replace each @NAME@ in a template by its value; raise `Unfit` if one is left."""
    values = {"ID": ID, "PROGRAM": PROGRAM, "VERSION": version(), **values}
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    if left := re.search(r"@[A-Z]+@", text):
        raise Unfit(f"模板中的 {left.group()} 没有填写")
    return text


# -- requirements -------------------------------------------------------------------------------------------------


def architecture(program: Path) -> str:
    """Return Debian's name of the architecture that a program is built for."""
    head = program.read_bytes()[:20]
    if head[:4] != b"\x7fELF":
        raise Unfit(f"{program} 不是 Linux 程序，请先在本机执行 dev.py build")
    (machine,) = struct.unpack_from("<H", head, 18)
    if machine not in MACHINES:
        raise Unfit(f"不认识的处理器类型 {machine:#x}，请在 tools/package.py 的 MACHINES 中补充")
    return MACHINES[machine]


def depends(tree: Path) -> str:
    """Return the field Depends: the glibc of the newest symbol version used, and the libraries that are not shipped."""
    shipped = {path.name for path in tree.rglob("*.so*")}
    contents = [path.read_bytes() for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    needed = {name for content in contents for name in glibc_check.libraries(content)} - shipped - OPTIONAL
    system = sorted(name for name in needed if not GLIBC.fullmatch(name))
    if unknown := [name for name in system if name not in PACKAGES]:
        raise Unfit(
            f"程序用到了没有随带的库：{'、'.join(unknown)}，请在 packaging/build_files.py 或 tools/package.py 中补充"
        )
    glibc = max((glibc_check.glibc_needed(content) for content in contents), default=())
    newest = glibc_check.shown(glibc) if glibc else glibc_check.OLDEST_GLIBC
    return ", ".join(dict.fromkeys([f"libc6 (>= {newest})", *(PACKAGES[name] for name in system)]))


# -- .deb ---------------------------------------------------------------------------------------------------------


def deb(tree: Path, target: Path) -> Path:
    """Write the Debian package of a built folder into the folder `target`; needs dpkg-deb."""
    machine = architecture(tree / PROGRAM)
    package = target / f"{ID}_{version()}_{machine}.deb"
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        lay_out(tree, root)
        describe(tree, root, machine)
        same_rights(root)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(package)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(built_at(tree))}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return package


def lay_out(tree: Path, root: Path) -> None:
    """Copy the files to their places below the package's root."""
    home = root / "opt" / "apps" / ID
    shutil.copytree(tree, home / "files" / PROGRAM, symlinks=True)
    icons = Path("icons", "hicolor", "scalable", "apps", f"{ID}.svg")
    desktop = filled((LINUX / "application.desktop").read_text("utf-8"))
    mime = filled((LINUX / "mime.xml").read_text("utf-8"))
    for shared in (home / "entries", root / "usr" / "share"):
        write(shared / "applications" / f"{ID}.desktop", desktop)
        write(shared / "mime" / "packages" / f"{ID}.xml", mime)
        write(shared / icons, (ICONS / f"{PROGRAM}.svg").read_text("utf-8"))
    write(home / "info", json.dumps(info(tree), ensure_ascii=False, indent=2) + "\n")
    write_packed(root / f"usr/share/man/man1/{PROGRAM}.1.gz", filled((LINUX / "manual.1").read_text("utf-8")))
    documents = root / "usr" / "share" / "doc" / ID
    write(
        documents / "copyright",
        filled((LINUX / "copyright").read_text("utf-8")) + (ROOT / "LICENSE").read_text("utf-8"),
    )
    write_packed(documents / "changelog.gz", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    start = root / "usr" / "bin" / PROGRAM
    start.parent.mkdir(parents=True)
    start.symlink_to(f"/opt/apps/{ID}/files/{PROGRAM}/{PROGRAM}")


def write(path: Path, text: str) -> None:
    """Write a text file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_packed(path: Path, text: str) -> None:
    """Write a gzip file without a time stamp, as Debian requires for manuals and changelogs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def info(tree: Path) -> dict[str, object]:
    """Return the file `info` of UOS: of all permissions only the clipboard is requested."""
    rights = ("autostart", "notification", "trayicon", "clipboard", "account", "bluetooth", "camera", "audio_record")
    return {
        "appid": ID,
        "name": NAME,
        "version": version(),
        "arch": [architecture(tree / PROGRAM)],
        "permissions": {right: right == "clipboard" for right in (*rights, "installed_apps")},
    }


def describe(tree: Path, root: Path, machine: str) -> None:
    """Write the control file and the checksums that `dpkg --verify` compares."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(-(-path.stat().st_size // 1024) for path in files)
    control = (LINUX / "control").read_text("utf-8")
    sums = "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files)  # noqa: S324 (dpkg's format)
    text = filled(control, ARCHITECTURE=machine, KILOBYTES=str(size), DEPENDS=depends(tree))
    write(root / "DEBIAN" / "control", text)
    write(root / "DEBIAN" / "md5sums", sums)


def same_rights(root: Path) -> None:
    """Set modes 755 and 644 whatever the builder's umask was; libraries are not executable."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or (path.stat().st_mode & 0o100 and ".so" not in path.name)
            path.chmod(0o755 if runs else 0o644)


# -- portable -----------------------------------------------------------------------------------------------------


def portable_files(tree: Path) -> list[tuple[Path, str]]:
    """Return path and name in the archive of each file, sorted by name: the program and the marker `portable`."""
    inside = [(path, f"{PROGRAM}/{path.relative_to(tree).as_posix()}") for path in tree.rglob("*") if not path.is_dir()]
    return sorted([*inside, (ROOT / "packaging" / "portable.txt", f"{PROGRAM}/portable")], key=lambda pair: pair[1])


def portable_tar(tree: Path, target: Path) -> Path:
    """Write the portable archive for Linux into `target`."""
    archive = target / f"{PROGRAM}-{version()}-linux-{architecture(tree / PROGRAM)}-portable.tar.xz"
    when = built_at(tree)

    def anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = when
        member.mode = 0o755 if member.mode & 0o100 else 0o644
        return member

    with lzma.open(archive, "w", preset=6) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
        for path, name in portable_files(tree):
            tar.add(path, name, recursive=False, filter=anonymous)
    return archive


def portable_zip(tree: Path, target: Path) -> Path:
    """Write the portable archive for Windows into `target`."""
    archive = target / f"{PROGRAM}-{version()}-windows-portable.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path, name in portable_files(tree):
            packed.write(path, name)
    return archive


# -- Windows ------------------------------------------------------------------------------------------------------


def installer(tree: Path, target: Path) -> Path:
    """Write the Windows installer into `target`; needs makensis (NSIS 3), on Windows or elsewhere."""
    makensis = shutil.which("makensis") or shutil.which(r"C:\Program Files (x86)\NSIS\makensis.exe")
    if makensis is None:
        raise Unfit("没有找到 NSIS 3 的 makensis，请先安装 NSIS 3（免安装包不需要它）")
    setup = target / f"{PROGRAM}-{version()}-setup.exe"
    numbers = [*(version().split(".")), "0", "0", "0"][:4]
    values = {
        "PROGRAM": PROGRAM,
        "NAME": NAME,
        "VERSION": version(),
        "NUMBERS": ".".join(numbers),
        "SOURCE": str(tree.resolve()),
        "ICON": str(ICONS / f"{PROGRAM}.ico"),
        "OUTPUT": str(setup.resolve()),
    }
    defines = [f"-D{name}={value}" for name, value in values.items()]
    script = WINDOWS / "installer.nsi"
    subprocess.run([makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, str(script)], check=True)
    return setup


# -- the command --------------------------------------------------------------------------------------------------


def main(words: list[str]) -> int:
    """Package a built folder, after building it if none is named; return the exit code."""
    parser = argparse.ArgumentParser(description=SUMMARY, epilog="其他参数原样交给 PyInstaller")
    parser.add_argument("tree", nargs="?", type=Path, metavar="程序文件夹", help="已打包好的程序；省略时先打包")
    parser.add_argument("--to", type=Path, default=BUILT.parent, metavar="文件夹")
    arguments, rest = parser.parse_known_args(words)
    if arguments.tree and rest:
        parser.error(f"已指定程序文件夹，不认识的参数：{' '.join(rest)}")
    if arguments.tree is None:
        if code := call(sys.executable, "dev.py", "build", *rest):
            return code
        glibc_check.main([str(BUILT)])  # shows the system it is for
    return make_packages(arguments.tree or BUILT, arguments.to)


def make_packages(tree: Path, target: Path) -> int:
    """Write the packages for this system into the folder `target`; return the exit code."""
    try:
        for make in [portable_zip, installer] if sys.platform == "win32" else [portable_tar, deb]:
            made = make(tree, target)
            print(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
    except (Unfit, OSError, subprocess.CalledProcessError) as error:
        print(f"没有做成：{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
