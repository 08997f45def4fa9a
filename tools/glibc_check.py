"""Checks which glibc and which Windows the files of a folder, wheel or program need.

    python3 dev.py glibc_check dist/zwgk-annual-report [--glibc 2.28]

A program needs the glibc of the newest symbol version that any of its libraries uses: built on a new Linux it does not
start on 麒麟 V10 or 统信 UOS 20 (glibc 2.28 to 2.31). ELF files list the versions in the section SHT_GNU_verneed
(System V ABI, "Linux Standard Base" 4.0, symbol versioning); Windows programs give the oldest Windows in their header
(PE, MajorSubsystemVersion). The exit code is 1 if a file needs more than is allowed.
"""

from __future__ import annotations

import argparse
import struct
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

SUMMARY = "检查程序文件需要的 glibc 和 Windows 版本"

OLDEST_GLIBC = "2.28"  # 麒麟 V10 SP1 and 统信 UOS 20
OLDEST_WINDOWS = (10, 0)
DYNAMIC = 6  # SHT_DYNAMIC
NEEDED_LIBRARY = 1  # DT_NEEDED
NEEDED_VERSIONS = 0x6FFFFFFE  # SHT_GNU_verneed
Version = tuple[int, ...]


def files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every file under a folder or inside a wheel, or of the file itself."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
    elif path.is_dir():
        for one in sorted(path.rglob("*")):
            if one.is_file() and not one.is_symlink():
                yield one.relative_to(path).as_posix(), one.read_bytes()
    else:
        yield path.name, path.read_bytes()


def sections(elf: bytes) -> list[tuple[int, int, int, int, int]]:
    """Return type, offset, size, link and info of each section; [] unless it is a little-endian 64-bit ELF file."""
    if elf[:4] != b"\x7fELF" or elf[4:6] != b"\x02\x01":
        return []
    (start,) = struct.unpack_from("<Q", elf, 0x28)
    size, count = struct.unpack_from("<HH", elf, 0x3A)
    heads = (struct.unpack_from("<IIQQQQIIQQ", elf, start + index * size) for index in range(count))
    return [(head[1], head[4], head[5], head[6], head[7]) for head in heads]


def libraries(elf: bytes) -> set[str]:
    """Return the names of the libraries that a file needs (DT_NEEDED)."""
    table = sections(elf)
    found: set[str] = set()
    for kind, offset, size, link, _ in table:
        if kind == DYNAMIC:
            entries = struct.iter_unpack("<qQ", elf[offset : offset + size - size % 16])
            found |= {text_at(elf, table[link][1] + value) for tag, value in entries if tag == NEEDED_LIBRARY}
    return found


def needed_versions(elf: bytes) -> set[str]:
    """Return the symbol versions that a file needs, such as `GLIBC_2.28`."""
    table = sections(elf)
    found: set[str] = set()
    for kind, offset, _, link, count in table:
        if kind == NEEDED_VERSIONS:
            strings = table[link][1]
            found |= {text_at(elf, strings + name) for name in needed_names(elf, offset, count)}
    return found


def needed_names(elf: bytes, place: int, libraries: int) -> Iterator[int]:
    """Yield offsets of version names in the string table, from two chained lists: libraries and their versions."""
    for _ in range(libraries):
        _, count, _, version, following = struct.unpack_from("<HHIII", elf, place)
        entry = place + version
        for _ in range(count):
            _, _, _, name, next_entry = struct.unpack_from("<IHHII", elf, entry)
            yield name
            entry += next_entry
        place += following


def text_at(data: bytes, place: int) -> str:
    """Return the zero-terminated ASCII text at an offset."""
    return data[place : data.index(b"\0", place)].decode("ascii")


def glibc_needed(elf: bytes) -> Version:
    """Return the newest glibc version that a file needs; () if none."""
    versions = (name.removeprefix("GLIBC_") for name in needed_versions(elf) if name.startswith("GLIBC_"))
    return max((as_version(text) for text in versions if text[0].isdigit()), default=())


def windows_needed(program: bytes) -> Version:
    """Return the oldest Windows version that a PE file declares; () for other files."""
    if program[:2] != b"MZ" or len(program) < 0x40:
        return ()
    (head,) = struct.unpack_from("<I", program, 0x3C)
    if program[head : head + 4] != b"PE\0\0":
        return ()
    return struct.unpack_from("<HH", program, head + 24 + 48)


def as_version(text: str) -> Version:
    """Return `2.28` as (2, 28)."""
    return tuple(int(part) for part in text.split("."))


def shown(version: Version) -> str:
    """Return (2, 28) as `2.28`."""
    return ".".join(map(str, version))


def check(paths: list[Path], glibc: Version) -> list[str]:
    """Print the needed versions, newest first; return a line for each file that needs more than is allowed."""
    needs: dict[Version, list[str]] = {}
    trouble = []
    for path in paths:
        for name, content in files(path):
            if version := glibc_needed(content):
                needs.setdefault(version, []).append(name)
            if windows_needed(content) > OLDEST_WINDOWS:
                trouble.append(f"{name}: Windows {shown(windows_needed(content))}")
    for version in sorted(needs, reverse=True):
        names = needs[version]
        print(f"glibc {shown(version):6} {len(names):3} 个文件：{'、'.join(Path(name).name for name in names[:5])}")
        trouble += [f"{name}: glibc {shown(version)}" for name in names if version > glibc]
    return trouble


def main(words: list[str]) -> int:
    """Check folders, wheels or files; return the exit code."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("paths", nargs="+", type=Path, metavar="文件夹")
    parser.add_argument("--glibc", type=as_version, default=as_version(OLDEST_GLIBC), metavar="版本")
    arguments = parser.parse_args(words)
    trouble = check(arguments.paths, arguments.glibc)
    if trouble:
        print(f"以下 {len(trouble)} 个文件在 glibc {shown(arguments.glibc)}、Windows 10 上不能运行：", file=sys.stderr)
        print(*trouble, sep="\n", file=sys.stderr)
    return int(bool(trouble))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
