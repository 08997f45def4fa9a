"""Lists the executables of the frozen program, and makes the version resource that Windows shows for each.

Windows decides by the executable whether a console opens.  A windowed program has no standard streams, and a console
program that hides its console cannot do so under Windows Terminal; so Windows gets one of each over the same modules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bootstrap import PROGRAM

COMMAND_LINE = f"{PROGRAM}-cli"
CHINESE = 0x0804  # language of the version resource: Simplified Chinese
UNICODE = 1200  # its code page
DESCRIPTIONS = {PROGRAM: "政府信息公开工作年度报告编制程序", COMMAND_LINE: "政府信息公开工作年度报告编制程序（命令行）"}


@dataclass(frozen=True)
class Executable:
    """Executable: its name without suffix, and whether it belongs to a console."""

    name: str
    console: bool


def executables(platform: str) -> tuple[Executable, ...]:
    """Return the executables for a platform; the first one is the window's, which links and file types start."""
    if platform == "win32":
        return Executable(PROGRAM, console=False), Executable(COMMAND_LINE, console=True)
    return (Executable(PROGRAM, console=True),)


def version(root: Path) -> str:
    """Return the version of the program, without importing it."""
    found = re.search(r'VERSION = "([^"]+)"', (root / "model" / "base" / "version.py").read_text("utf-8"))
    assert found
    return found.group(1)


def version_words(name: str, version: str) -> dict[str, str]:
    """Return the strings of the version resource of an executable, by Windows' names for them."""
    return {
        "CompanyName": "政府信息公开工作年度报告项目",
        "FileDescription": DESCRIPTIONS[name],
        "FileVersion": version,
        "InternalName": name,
        "LegalCopyright": "木兰宽松许可证，第2版",
        "OriginalFilename": f"{name}.exe",
        "ProductName": DESCRIPTIONS[PROGRAM],
        "ProductVersion": version,
    }


def version_resource(name: str, version: str) -> object:
    """Return the version resource (`VSVersionInfo`) of an executable, which PyInstaller writes on Windows only."""
    from PyInstaller.utils.win32 import versioninfo as windows  # noqa: PLC0415 (needs pefile, installed on Windows only)

    numbers = tuple(int(part) for part in [*version.split("."), "0", "0", "0"][:4])
    words = [windows.StringStruct(key, value) for key, value in version_words(name, version).items()]
    return windows.VSVersionInfo(
        ffi=windows.FixedFileInfo(filevers=numbers, prodvers=numbers, mask=0x3F, OS=0x40004, fileType=1),
        kids=[
            windows.StringFileInfo([windows.StringTable(f"{CHINESE:04x}{UNICODE:04x}", words)]),
            windows.VarFileInfo([windows.VarStruct("Translation", [CHINESE, UNICODE])]),
        ],
    )
