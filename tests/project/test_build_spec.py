"""Tests of the decisions of build.spec (modules under packaging/) and of the check of its result, without building."""

from __future__ import annotations

import ast
import os
import runpy
import sys
import sysconfig
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

import build_files
import build_libraries
import build_programs
import frozen_check
from bootstrap import PROGRAM

ROOT = Path(__file__).resolve().parents[2]
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
    assert build_files.keep(place, platform) is kept


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
    assert build_libraries.needed([*entries, *orphans], lambda path: asks.get(path, [])) == entries


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
    assert build_libraries.has_symbols((place, "/a/file", kind)) is cut


def test_a_user_s_home_is_made_unreadable_and_the_rest_of_the_name_stays(tmp_path: Path):
    file = tmp_path / "file.so"
    python, home = "/places/li/.python/3.11", "/places/li"
    file.write_bytes(b"\0/places/li/.python/3.11/lib\0/places/lisa\0")
    place, copy, kind = build_libraries.without_home(
        ("deep/file.so", str(file), "BINARY"), tmp_path / "copies", python, home
    )
    assert (place, kind) == ("deep/file.so", "BINARY")
    assert Path(copy).read_bytes() == b"\0/---------/.python/3.11/lib\0/places/lisa\0"
    file.write_bytes(b"nobody")
    entry = ("file.so", str(file), "BINARY")
    assert build_libraries.without_home(entry, tmp_path / "copies", python, home) == entry


@pytest.mark.skipif(os.name == "nt", reason="the record of Python's build does not exist on Windows")
def test_the_build_for_windows_does_not_ask_for_what_windows_lacks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(sys, "abiflags")
    with pytest.raises(AttributeError):
        build_files.stand_ins("linux")
    assert list(build_files.stand_ins("win32")) == ["PIL"]


@pytest.mark.parametrize("place", ["lib", "."])
def test_pythons_licence_is_found_on_linux_and_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str):
    (tmp_path / "lib").mkdir()
    (tmp_path / place / "LICENSE.txt").touch()
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path / "lib"))
    assert build_files.licences()[0] == (str(tmp_path / place / "LICENSE.txt"), "licences/python")


@pytest.mark.parametrize("name", build_files.stand_ins(sys.platform))
def test_what_stands_in_is_there_and_nothing_of_ours_needs_the_real_one(name: str):
    assert (ROOT / build_files.stand_ins(sys.platform)[name]).is_file()
    files = [path for layer in ("model", "export", "ui") for path in (ROOT / layer).rglob("*.py")]
    assert [path for path in files for module in imported(path) if f"{module}.".startswith(f"{name}.")] == []


@pytest.mark.parametrize(
    "script, left_out",
    [("pyi_rth_inspect", True), ("pyi_rth_pyside6", True), ("pyiboot01_bootstrap", False), ("main", False)],
)
def test_no_hook_of_the_packager_runs_before_the_program(script: str, left_out: bool):
    assert build_files.is_start_hook(script) is left_out


def test_a_replaced_module_is_not_shipped_beside_its_stand_in():
    entries = [("PIL.pyc", "/a/PIL.pyc", "DATA"), ("pathlib.pyc", "/a/pathlib.pyc", "DATA")]
    assert build_files.without_modules(entries, {"PIL": "no_pillow.py"}) == entries[1:]


def test_resources_are_shipped_where_the_program_looks_for_them():
    places = {f"{Path(folder).as_posix()}/{Path(path).name}" for path, folder in build_files.own_files(ROOT)}
    wanted = {"formats/2019.toml", "formats/2021.toml", "fonts/fonts.toml", "styles/gbt9704.toml", "sample/report.txt"}
    assert {f"resources/{name}" for name in wanted} <= places
    assert "resources/fonts/licences/GPL-3.0-Fandol.txt" in places
    assert "./LICENSE" in places
    assert not {f"resources/{name}" for name in build_files.NOT_SHIPPED} & places


def test_what_is_not_shipped_is_there_to_be_left_out():
    assert [name for name in build_files.NOT_SHIPPED if not (ROOT / "resources" / name).exists()] == []


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    sources = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return found | {f"{node.module}.{alias.name}" for node in sources for alias in node.names}


def test_nothing_that_the_program_imports_is_excluded():
    files = [ROOT / "main.py", *(path for layer in ("model", "export", "ui") for path in (ROOT / layer).rglob("*.py"))]
    names = {name for path in files for name in imported(path)}
    assert "PySide6.QtCore.QObject" in names
    assert [name for name in names for excluded in build_files.EXCLUDED if f"{name}.".startswith(f"{excluded}.")] == []


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_the_built_program_is_tried_where_nothing_helps_it(tmp_path: Path, monkeypatch, capfd):
    folder = tmp_path / PROGRAM
    folder.mkdir()
    (folder / PROGRAM).write_text('#!/bin/sh\nprintf "%s\\n" "$HOME" "$LANG" "$1" "$0"\nexit 3\n')
    (folder / PROGRAM).chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert frozen_check.main([str(folder)]) == 3
    home, language, argument, program = capfd.readouterr().out.splitlines()
    assert (home, language, argument) == ("", "C", "--self-check")
    assert "自检 " in program
    assert not Path(program).exists()


@pytest.mark.parametrize(
    "given, kept",
    [
        ({"HOME": "/elsewhere", "LANG": "zh_CN", "PATH": "/bin"}, {}),
        (
            {"SYSTEMROOT": "C:\\Windows", "TEMP": "C:\\T", "PATH": "C:\\Python311", "USERPROFILE": "D:\\li"},
            {"SYSTEMROOT": "C:\\Windows", "TEMP": "C:\\T", "PATH": "C:\\Windows\\System32"},
        ),
    ],
)
def test_the_checked_copy_gets_what_windows_and_pyside_cannot_do_without(given: dict[str, str], kept: dict[str, str]):
    assert frozen_check.bare(given) == {"LANG": "C", **kept}


WINDOWS_HEADS = {
    "PyInstaller": {},
    "PyInstaller.building": {},
    "PyInstaller.building.api": {"COLLECT", "EXE", "PYZ"},
    "PyInstaller.building.build_main": {"Analysis"},
}


def test_the_spec_runs_as_on_windows_and_makes_two_programs(monkeypatch: pytest.MonkeyPatch):
    made: dict[str, list[mock.Mock]] = {}
    for module, names in WINDOWS_HEADS.items():
        stub = ModuleType(module)
        for name in names:
            made[name] = []
            found = mock.Mock(pure=[], scripts=[("pyi_rth_inspect", "", ""), ("main", "", "")], binaries=[], datas=[])
            recorder = mock.Mock(return_value=found)
            made[name].append(recorder)
            setattr(stub, name, recorder)
        monkeypatch.setitem(sys.modules, module, stub)
    sysconfig.get_config_vars()  # kept from now on: the POSIX record of this Python is not there on Windows
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(sys, "abiflags", raising=False)
    monkeypatch.setattr(build_programs, "version_resource", lambda name, version: f"{name} {version}")
    runpy.run_path(str(ROOT / "build.spec"), {"SPECPATH": str(ROOT), "workpath": str(ROOT)})
    made_programs = [(call.kwargs["name"], call.kwargs["console"]) for call in made["EXE"][0].call_args_list]
    assert made_programs == [(PROGRAM, False), (f"{PROGRAM}-cli", True)]
    version = build_programs.version(ROOT)
    assert [call.kwargs["version"] for call in made["EXE"][0].call_args_list] == [
        f"{PROGRAM} {version}",
        f"{PROGRAM}-cli {version}",
    ]
    assert [call.args[1] for call in made["EXE"][0].call_args_list] == [[("main", "", "")]] * 2
    assert made["COLLECT"][0].call_args.kwargs["name"] == PROGRAM


def test_windows_shows_a_chinese_name_and_the_version_of_both_programs():
    for one in build_programs.executables("win32"):
        words = build_programs.version_words(one.name, "0.1.0")
        assert words["FileDescription"].startswith("政府信息公开工作年度报告编制程序")
        assert (words["OriginalFilename"], words["ProductVersion"]) == (f"{one.name}.exe", "0.1.0")


def test_the_spec_itself_stays_a_list_of_steps():
    assert len((ROOT / "build.spec").read_text("utf-8").splitlines()) <= 60
