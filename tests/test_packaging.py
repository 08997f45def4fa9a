"""The libraries of the frozen program: ICU with less data answers alike; what each file needs is read rightly."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tools"))

import glibc_check  # noqa: E402
import icu_data  # noqa: E402

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


# What Qt asks ICU for: the order of words, names of time zones, an encoding of its own.
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
    assert order == "安府公徽开庆沙息信长政重aAbBcC"  # by 拼音, as far as one character tells
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
