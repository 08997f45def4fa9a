"""What build.spec decides, and how `dev.py build` tries its result, without building."""

from __future__ import annotations

import ast
import os
import runpy
from pathlib import Path
from typing import Any

import pytest

import dev

ROOT = Path(__file__).resolve().parents[2]
SPEC: dict[str, Any] = runpy.run_path(str(ROOT / "build.spec"))
QT = "PySide6/Qt"


@pytest.mark.parametrize(
    "place, platform, kept",
    [
        (f"{QT}/plugins/platforms/libqxcb.so", "linux", True),
        (f"{QT}/plugins/platforms/libqoffscreen.so", "linux", True),
        (f"{QT}/plugins/platforms/libqvnc.so", "linux", False),
        (f"{QT}/plugins/platformthemes/libqgtk3.so", "linux", False),
        (f"{QT}/plugins/imageformats/libqpdf.so", "linux", False),
        (f"{QT}/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", "linux", True),
        (r"PySide6\plugins\platforms\qwindows.dll", "win32", True),
        (r"PySide6\plugins\platforms\qdirect2d.dll", "win32", False),
        (r"PySide6\plugins\tls\qschannelbackend.dll", "win32", False),
        (r"PySide6\plugins\styles\qmodernwindowsstyle.dll", "win32", True),
        (f"{QT}/translations/qtbase_zh_CN.qm", "linux", True),
        (r"PySide6\translations\qtbase_zh_CN.qm", "win32", True),
        (f"{QT}/translations/qtbase_de.qm", "linux", False),
        ("libstdc++.so.6", "linux", False),
        ("libfontconfig.so.1", "linux", False),
        ("libxcb.so.1", "linux", False),
        ("libxkbcommon-x11.so.0", "linux", False),
        ("libxcb-cursor.so.0", "linux", True),
        ("libsqlite3.so.0", "linux", True),
        ("pillow.libs/libfreetype-ee1c40c4.so.6.20.1", "linux", True),
        ("resources/formats/2021.toml", "linux", True),
    ],
)
def test_only_what_is_wanted_is_kept(place: str, platform: str, kept: bool):
    assert SPEC["keep"](place, platform) is kept


def test_a_library_stays_as_long_as_something_kept_asks_for_it():
    asks = {
        "/a/qxcb": ["libQt6Gui.so.6"],
        "/a/QtCore": ["libQt6Core.so.6", "libc.so.6"],
        "/a/Gui": ["LIBQT6CORE.so.6", "libdeep.so.1"],
    }
    entries = [
        ("PySide6/QtCore.abi3.so", "/a/QtCore", "EXTENSION"),
        (f"{QT}/plugins/platforms/libqxcb.so", "/a/qxcb", "BINARY"),
        ("libpython3.11.so.1.0", "/a/python", "BINARY"),
        (f"{QT}/lib/libQt6Gui.so.6", "/a/Gui", "BINARY"),
        ("libQt6Gui.so.6", f"{QT}/lib/libQt6Gui.so.6", "SYMLINK"),
        (f"{QT}/lib/libQt6Core.so.6", "/a/Core", "BINARY"),
        ("libdeep.so.1", "/a/deep", "BINARY"),
    ]
    orphans = [("libgtk-3.so.0", "/a/gtk", "BINARY"), ("libQt6Qml.so.6", f"{QT}/lib/libQt6Qml.so.6", "SYMLINK")]
    assert SPEC["needed"]([*entries, *orphans], lambda path: asks.get(path, [])) == entries


@pytest.mark.parametrize(
    "place, kind, cut",
    [
        ("libpython3.11.so.1.0", "BINARY", True),
        ("python3.11/lib-dynload/_decimal.cpython-311-x86_64-linux-gnu.so", "EXTENSION", True),
        ("pypdfium2_raw/libpdfium.so", "BINARY", True),
        ("python3.11/lib-dynload/zlib.cpython-311-x86_64-linux-gnu.so", "BINARY", True),
        ("libpython3.11.so", "SYMLINK", False),
        ("PySide6/QtCore.abi3.so", "EXTENSION", False),
        (f"{QT}/lib/libQt6Core.so.6", "BINARY", False),
        ("libxcb-cursor.so.0", "BINARY", False),
    ],
)
def test_symbols_are_cut_only_from_what_the_self_check_loads(place: str, kind: str, cut: bool):
    assert SPEC["has_symbols"]((place, "/a/file", kind)) is cut


def test_a_user_s_home_is_made_unreadable_and_the_rest_of_the_name_stays(tmp_path: Path):
    file = tmp_path / "file.so"
    python, home = "/places/li/.python/3.11", "/places/li"
    file.write_bytes(b"\0/places/li/.python/3.11/lib\0/places/lisa\0")
    place, copy, kind = SPEC["without_home"](("deep/file.so", str(file), "BINARY"), tmp_path / "copies", python, home)
    assert (place, kind) == ("deep/file.so", "BINARY")
    assert Path(copy).read_bytes() == b"\0/---------/.python/3.11/lib\0/places/lisa\0"
    file.write_bytes(b"nobody")
    entry = ("file.so", str(file), "BINARY")
    assert SPEC["without_home"](entry, tmp_path / "copies", python, home) == entry


@pytest.mark.parametrize("name", SPEC["STAND_INS"])
def test_what_stands_in_is_there_and_nothing_of_ours_needs_the_real_one(name: str):
    assert (ROOT / SPEC["STAND_INS"][name]).is_file()
    files = [path for layer in ("model", "export", "ui") for path in (ROOT / layer).rglob("*.py")]
    assert [path for path in files for module in imported(path) if f"{module}.".startswith(f"{name}.")] == []


def test_resources_are_shipped_where_the_program_looks_for_them():
    places = {f"{folder}/{Path(path).name}" for path, folder in SPEC["own_files"](ROOT)}
    wanted = {"formats/2019.toml", "formats/2021.toml", "fonts/fonts.toml", "styles/gbt9704.toml", "sample/report.txt"}
    assert {f"resources/{name}" for name in wanted} <= places
    assert "resources/fonts/licences/GPL-3.0-Fandol.txt" in places
    assert "./LICENSE" in places
    assert not {f"resources/{name}" for name in SPEC["NOT_SHIPPED"]} & places


def test_what_is_not_shipped_is_there_to_be_left_out():
    assert [name for name in SPEC["NOT_SHIPPED"] if not (ROOT / "resources" / name).exists()] == []


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return found | {f"{node.module}.{alias.name}" for node in sources for alias in node.names}


def test_nothing_that_the_program_imports_is_excluded():
    files = [ROOT / "main.py", *(path for layer in ("model", "export", "ui") for path in (ROOT / layer).rglob("*.py"))]
    names = {name for path in files for name in imported(path)}
    assert "PySide6.QtCore.QObject" in names
    assert [name for name in names for excluded in SPEC["EXCLUDED"] if f"{name}.".startswith(f"{excluded}.")] == []


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_built_program_is_tried_where_nothing_helps_it(tmp_path: Path, monkeypatch, capfd):
    folder = tmp_path / dev.PROGRAM
    folder.mkdir()
    (folder / dev.PROGRAM).write_text('#!/bin/sh\nprintf "%s\\n" "$HOME" "$LANG" "$1" "$0"\nexit 3\n')
    (folder / dev.PROGRAM).chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert dev.prove(folder) == 3
    home, language, argument, program = capfd.readouterr().out.splitlines()
    assert (home, language, argument) == ("", "C", "--self-check")
    assert "自检 " in program
    assert not Path(program).exists()
