"""Tests of the frozen program's packages, made from a small stand-in, of its smaller ICU and its licences."""

from __future__ import annotations

import configparser
import gzip
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import PySide6
import pytest

import build_files
import glibc_check
import icu_data
import package
import third_party
from bootstrap import PROGRAM
from tests.support.platforms import posix_only, symbolic_links

ROOT = Path(__file__).resolve().parents[2]
ICU = next((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"), Path("none"))
needs_icu = pytest.mark.skipif(not ICU.exists() or not shutil.which("ld"), reason="no ICU in this Qt, or no binutils")

# -- ICU ----------------------------------------------------------------------------------------------------------

HEADER = struct.pack("<H2s8x4s", 16, icu_data.MAGIC, icu_data.FORMAT)
ITEMS = {"icudt73l/zh.res": b"Chinese".ljust(16), "icudt73l/de.res": b"German".ljust(32), "icudt73l/coll/root.res": b""}


def test_what_is_packed_comes_out_again_in_the_order_of_names():
    package = icu_data.package(HEADER, ITEMS)
    assert list(icu_data.items(package).items()) == sorted(ITEMS.items())


def test_only_what_can_be_reached_in_chinese_is_kept():
    assert list(icu_data.items(icu_data.cut(icu_data.package(HEADER, ITEMS)))) == [
        "icudt73l/coll/root.res",
        "icudt73l/zh.res",
    ]


def test_what_is_no_package_is_refused():
    with pytest.raises(icu_data.Unknown):
        icu_data.items(b"\x7fELF".ljust(100))


# Uses of ICU by Qt: the order of words, names of time zones, an encoding of its own.
ASK_ICU = """
import functools
from PySide6.QtCore import QCollator, QLocale, QStringDecoder, QTimeZone
chinese = QLocale("zh_CN")
print("".join(sorted("政府信息公开重庆长沙安徽abcABC", key=functools.cmp_to_key(QCollator(chinese).compare))))
print(QTimeZone(b"Asia/Shanghai").displayName(QTimeZone.StandardTime, QTimeZone.LongName, chinese))
print(QStringDecoder("GB18030").isValid(), PLACE in open("/proc/self/maps").read())
"""


@needs_icu
def test_qt_gets_the_same_answers_from_less_data(tmp_path: Path):
    small = tmp_path / ICU.name
    icu_data.write_library(ICU, small)
    assert small.stat().st_size < ICU.stat().st_size / 8
    whole, less = (answers_with(folder) for folder in (ICU.parent, tmp_path))
    assert whole == less
    order, zone, encoding = less.splitlines()
    assert order == "安府公徽开庆沙息信长政重aAbBcC"  # by 拼音, one character at a time
    assert (zone, encoding) == ("中国标准时间", "True True")


def answers_with(folder: Path) -> str:
    code = f"PLACE = {str(folder)!r}\n{ASK_ICU}"
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout


@needs_icu
def test_the_library_is_read_as_it_stands():
    name, offset, size = icu_data.symbol_of(ICU)
    data = ICU.read_bytes()[offset : offset + size]
    assert re.fullmatch(r"icudt\d+_dat", name)
    assert icu_data.package(data[: icu_data.header_size(data)], icu_data.items(data)) == data


# -- the oldest system --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("objdump"), reason="objdump, to compare with, is not here")
def test_versions_are_those_that_objdump_sees():
    library = Path(PySide6.__file__).parent / "QtCore.abi3.so"
    listed = subprocess.run(["objdump", "-p", library], capture_output=True, text=True, check=True).stdout
    seen = set(re.findall(r"^ +0x[0-9a-f]+ 0x[0-9a-f]+ \d+ (\S+)$", listed, re.MULTILINE))
    assert glibc_check.needed_versions(library.read_bytes()) == seen


@pytest.mark.parametrize(
    "name, content, said",
    [
        ("a.txt", b"text", ""),
        ("a.so", b"\x7fELF\x02\x01".ljust(64, b"\0"), ""),
        ("a.exe", b"MZ".ljust(0x3C) + struct.pack("<I", 0x40) + b"PE\0\0".ljust(72) + struct.pack("<HH", 6, 2), ""),
        (
            "b.dll",
            b"MZ".ljust(0x3C) + struct.pack("<I", 0x40) + b"PE\0\0".ljust(72) + struct.pack("<HH", 11, 0),
            "11.0",
        ),
    ],
)
def test_what_needs_a_newer_system_is_named(tmp_path: Path, name: str, content: bytes, said: str, capsys):
    (tmp_path / name).write_bytes(content)
    assert glibc_check.main([str(tmp_path)]) == bool(said)
    assert capsys.readouterr().err.endswith(f"{name}: Windows {said}\n" if said else "")


def test_qt_itself_runs_on_the_oldest_systems_we_promise(capsys):
    if sys.platform != "linux":
        pytest.skip("glibc belongs to Linux")
    qt = Path(PySide6.__file__).parent / "Qt" / "lib"
    assert glibc_check.main([str(next(qt.glob("libQt6Core.so.6")))]) == 0
    assert glibc_check.main([str(next(qt.glob("libQt6Core.so.6"))), "--glibc", "2.27"]) == 1
    assert "glibc 2.28" in capsys.readouterr().err


# -- packages -----------------------------------------------------------------------------------------------------

ELF = b"\x7fELF\x02\x01".ljust(18, b"\0")
AMD64, ARM64 = 0x3E, 0xB7


def stand_in(folder: Path, machine: int = AMD64) -> Path:
    """Create a folder as `dev.py build` makes it, with minimal files."""
    tree = folder / "dist" / PROGRAM
    (tree / "_internal" / "resources").mkdir(parents=True)
    (tree / PROGRAM).write_bytes((ELF + struct.pack("<H", machine)).ljust(64, b"\0"))
    (tree / PROGRAM).chmod(0o700)
    (tree / "_internal" / "resources" / "年报.txt").write_text("一", "utf-8")
    (tree / "_internal" / "liba.so.1").write_bytes(b"1")
    (tree / "_internal" / "liba.so").symlink_to("liba.so.1")
    return tree


needs_dpkg = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg-deb is not here")


def unpacked(deb: Path, folder: Path) -> Path:
    subprocess.run(["dpkg-deb", "-R", str(deb), str(folder)], check=True)
    return folder


@needs_dpkg
@pytest.mark.parametrize("machine, word", [(AMD64, "amd64"), (ARM64, "arm64")])
def test_the_deb_says_what_it_is_and_where_it_belongs(tmp_path: Path, machine: int, word: str):
    deb = package.deb(stand_in(tmp_path, machine), tmp_path)
    assert deb.name == f"cn.zwgk.annual-report_{package.version()}_{word}.deb"
    root = unpacked(deb, tmp_path / "root")
    control = (root / "DEBIAN" / "control").read_text("utf-8")
    assert f"\nArchitecture: {word}\n" in control
    assert "\nDepends: libc6 (>= 2.28)\n" in control
    home = root / "opt" / "apps" / package.ID
    assert json.loads((home / "info").read_text("utf-8"))["arch"] == [word]
    assert str((root / "usr" / "bin" / PROGRAM).readlink()) == f"/opt/apps/{package.ID}/files/{PROGRAM}/{PROGRAM}"
    assert {path.name for path in (root / "DEBIAN").iterdir()} == {"control", "md5sums"}  # no script runs as root


@needs_dpkg
def test_the_desktop_finds_program_file_kind_icon_and_manual(tmp_path: Path):
    root = unpacked(package.deb(stand_in(tmp_path), tmp_path), tmp_path / "root")
    for shared in (root / "usr" / "share", root / "opt" / "apps" / package.ID / "entries"):
        desktop = configparser.ConfigParser(interpolation=None)
        desktop.read(shared / "applications" / f"{package.ID}.desktop", "utf-8")
        entry = desktop["Desktop Entry"]
        program = entry["Exec"].split()[0]
        assert (root / program.lstrip("/")).stat().st_mode & 0o777 == 0o755
        assert entry["TryExec"] == program
        assert (shared / "icons" / "hicolor" / "scalable" / "apps" / f"{entry['Icon']}.svg").is_file()
        mime = ET.parse(shared / "mime" / "packages" / f"{package.ID}.xml").getroot()
        kind = mime.find("{*}mime-type")
        assert kind is not None
        assert entry["MimeType"] == f"{kind.get('type')};"
        assert [glob.get("pattern") for glob in kind.findall("{*}glob")] == ["*.zwgk", "*.zwgk.json"]
    manual = gzip.decompress((root / "usr" / "share" / "man" / "man1" / f"{PROGRAM}.1.gz").read_bytes())
    assert manual.decode().startswith(".TH ZWGK-ANNUAL-REPORT 1")


@needs_dpkg
def test_the_deb_brings_its_documents_and_runs_only_the_program(tmp_path: Path):
    tree = stand_in(tmp_path)
    (tree / "_internal" / "liba.so.1").chmod(0o755)
    root = unpacked(package.deb(tree, tmp_path), tmp_path / "root")
    documents = root / "usr" / "share" / "doc" / package.ID
    assert package.version() in gzip.decompress((documents / "changelog.gz").read_bytes()).decode()
    assert "Copyright (c)" in (documents / "copyright").read_text("utf-8")
    runs = [
        path.name
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_mode & 0o111
    ]
    assert runs == [PROGRAM]


@needs_dpkg
def test_one_build_gives_one_package(tmp_path: Path):
    tree = stand_in(tmp_path)
    first = package.deb(tree, tmp_path).read_bytes()
    (tree / PROGRAM).chmod(0o755)  # as another umask would make it
    assert package.deb(tree, tmp_path).read_bytes() == first


@pytest.mark.skipif(
    not shutil.which("dpkg") or os.name == "nt" or os.geteuid() != 0, reason="dpkg installs for root only"
)
def test_what_was_installed_goes_and_what_a_user_made_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    deb, root = package.deb(stand_in(tmp_path), tmp_path), tmp_path / "computer"
    (root / "var" / "lib" / "dpkg" / "updates").mkdir(parents=True)
    (root / "var" / "lib" / "dpkg" / "info").mkdir()
    (root / "var" / "lib" / "dpkg" / "status").touch()
    dpkg = ["dpkg", f"--root={root}", "--force-depends", f"--log={tmp_path / 'log'}"]
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/sbin:/sbin")  # dpkg looks for its helpers there
    subprocess.run([*dpkg, "-i", str(deb)], check=True, capture_output=True)
    assert (root / "opt" / "apps" / package.ID / "info").exists()
    draft = root / "home" / "li" / ".local" / "share" / PROGRAM / "reports.db"
    draft.parent.mkdir(parents=True)
    draft.touch()
    assert subprocess.run([*dpkg, "-V", package.ID], check=True, capture_output=True).stdout == b""
    subprocess.run([*dpkg, "-P", package.ID], check=True, capture_output=True)
    left = [path for path in root.rglob("*") if path.is_file() and "var" not in path.relative_to(root).parts]
    assert left == [draft]
    assert not (root / "opt" / "apps" / package.ID).exists()


@symbolic_links
def test_the_portable_archives_keep_their_data_beside_the_program(tmp_path: Path):
    tree = stand_in(tmp_path)
    with tarfile.open(package.portable_tar(tree, tmp_path)) as tar:
        members = {member.name: member for member in tar.getmembers()}
    inside = {
        "zwgk-annual-report/_internal/liba.so",
        "zwgk-annual-report/_internal/liba.so.1",
        "zwgk-annual-report/_internal/resources/年报.txt",
        "zwgk-annual-report/portable",
        "zwgk-annual-report/zwgk-annual-report",
    }
    assert set(members) == inside
    assert members["zwgk-annual-report/zwgk-annual-report"].mode == 0o755
    assert members["zwgk-annual-report/_internal/liba.so"].linkname == "liba.so.1"
    with zipfile.ZipFile(package.portable_zip(tree, tmp_path)) as packed:
        assert set(packed.namelist()) == inside


@posix_only("looks into a library of Linux")
def test_a_library_that_nobody_brings_stops_the_package(tmp_path: Path):
    tree = stand_in(tmp_path)
    (tree / "_internal" / "QtWidgets.so").write_bytes(
        (Path(PySide6.__file__).parent / "QtWidgets.abi3.so").read_bytes()
    )
    if sys.platform == "linux":
        with pytest.raises(package.Unfit, match=r"没有随带的库：libQt6Core\.so\.6"):
            package.depends(tree)


def test_what_is_no_program_of_linux_is_not_wrapped_up(tmp_path: Path, capsys):
    tree = stand_in(tmp_path)
    (tree / PROGRAM).write_bytes(b"MZ")
    if sys.platform == "linux":
        assert package.main([str(tree), "--to", str(tmp_path)]) == 1
        assert "不是 Linux 程序" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words, code, steps",
    [
        ("", 0, ["build", "check", "make"]),
        ("--clean", 0, ["build --clean", "check", "make"]),
        ("", 3, ["build"]),
        ("folder", 0, ["make"]),
    ],
)
def test_the_program_is_built_first_unless_a_built_one_is_named(
    monkeypatch: pytest.MonkeyPatch, words: str, code: int, steps: list[str]
):
    done: list[str] = []

    def call(*command: str) -> int:
        done.append(" ".join(command[2:]))
        return code

    monkeypatch.setattr(package, "call", call)

    def make_packages(_tree: Path, _target: Path) -> int:
        done.append("make")
        return code

    monkeypatch.setattr(glibc_check, "main", lambda _words: done.append("check"))
    monkeypatch.setattr(package, "make_packages", make_packages)
    assert package.main(words.split()) == code
    assert done == steps


def test_a_word_that_nobody_knows_is_refused_where_nothing_is_built(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit, match="2"):
        package.main(["folder", "--clean"])
    assert "--clean" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("makensis"), reason="makensis (package nsis) is not here")
def test_the_windows_installer_compiles_without_a_warning(tmp_path: Path):
    tree = stand_in(tmp_path)
    (tree / f"{PROGRAM}.exe").write_bytes(b"MZ")
    setup = package.installer(tree, tmp_path)
    assert setup.read_bytes()[:2] == b"MZ"
    assert glibc_check.windows_needed(setup.read_bytes()) <= glibc_check.OLDEST_WINDOWS
    assert setup.stat().st_size < 1_000_000


def test_without_nsis_one_sentence_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(package.Unfit, match="请先安装 NSIS 3"):
        package.installer(stand_in(tmp_path), tmp_path)


def test_the_installer_takes_away_what_it_writes():
    script = (package.WINDOWS / "installer.nsi").read_text("utf-8")
    install, remove = script.split('Section "Uninstall"')
    keys = set(re.findall(r'WriteReg\w+ SHCTX "([^"\\]*(?:\\Classes\\[^"\\]+)?)', install))
    assert keys
    assert [key for key in keys if f'DeleteRegKey SHCTX "{key}"' not in remove] == []
    assert "LOCALAPPDATA" not in re.sub(r"^;.*$", "", remove, flags=re.MULTILINE)  # drafts are in that folder


# -- licences -----------------------------------------------------------------------------------------------------


def test_the_list_of_third_parties_is_current():
    assert third_party.TARGET.read_text("utf-8") == third_party.text(), "python tools/third_party.py"


def test_what_is_not_listed_is_not_shipped():
    assert set(third_party.LEFT_OUT.values()) <= set(build_files.EXCLUDED)


def test_every_package_brings_its_licence_except_qt_which_brings_none():
    with_files = {place.split("/")[1] for _, place in third_party.licence_files()}
    without = {name for name, _ in third_party.shipped()} - with_files
    assert without <= {"pyside6-essentials", "shiboken6"}  # the wheels for Windows bring theirs
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt"):
        text = (ROOT / "resources" / "licences" / name).read_text("utf-8")
        assert "GENERAL PUBLIC LICENSE" in text
        assert f"resources/licences/{name}" in third_party.text()
