"""Reduces ICU's data library to Chinese, English and GB 18030.

Qt's wheels for Linux contain ICU with the data of all languages: 32 MB, a quarter of the program. Qt uses it for three
things only, collation, names of time zones and rare encodings, and does without where data is missing. Kept are the
language-independent part, Chinese, English and GB 18030. The result is a library of the same name and symbol.

The data is a "common data" package of ICU (unicode/udata.h, tools/toolutil/package.cpp): a header, a table of names
and offsets, sorted by name, then the items, each at a multiple of 16 bytes.
"""

from __future__ import annotations

import re
import struct
import subprocess
from pathlib import Path

MAGIC = b"\xda\x27"
FORMAT = b"CmnD"
ALIGNMENT = 16
FILLER = b"\xaa"

# Item names without the package's own, such as "zone/zh.res".
LANGUAGES = r"(?:root|pool|zh|zh_Hans|zh_Hans_CN|en|en_US|en_US_POSIX)"
KEPT = re.compile(
    rf"(?:(?:coll|zone)/)?{LANGUAGES}\.res"
    r"|coll/ucadata\.icu|(?:coll/|zone/)?res_index\.res"
    r"|(?:cnvalias|pnames|ubidi|ucase|uprops|ulayout)\.icu|nfc?k?c?\w*\.nrm|gb18030\.cnv"
    r"|(?:icustd|icuver|keyTypeData|likelySubtags|metaZones|metadata|numberingSystems|supplementalData"
    r"|timezoneTypes|windowsZones|zoneinfo64)\.res"
)


class Unknown(ValueError):
    """The data has an unknown format."""


def items(data: bytes) -> dict[str, bytes]:
    """Return the items of a package by full name, in the order of the package; raise `Unknown` for another format."""
    if data[2:4] != MAGIC or data[12:16] != FORMAT:
        raise Unknown("not a data package of ICU")
    table = data[header_size(data) :]
    (count,) = struct.unpack_from("<I", table)
    entries = [struct.unpack_from("<II", table, 4 + 8 * index) for index in range(count)]
    ends = [*(start for _, start in entries[1:]), len(table)]
    names = [table[name : table.index(b"\0", name)].decode("ascii") for name, _ in entries]
    return {name: table[start:end] for name, (_, start), end in zip(names, entries, ends, strict=True)}


def header_size(data: bytes) -> int:
    """Return the number of bytes before the table."""
    return int(struct.unpack_from("<H", data)[0])


def package(header: bytes, contents: dict[str, bytes]) -> bytes:
    """Return a package of the items, the reverse of `items`."""
    names = sorted(contents)
    words = [name.encode("ascii") + b"\0" for name in names]
    place = 4 + 8 * len(names)
    start = padded(place + sum(map(len, words)))
    table, bodies = [struct.pack("<I", len(names))], []
    for name, word in zip(names, words, strict=True):
        table.append(struct.pack("<II", place, start))
        place += len(word)
        bodies.append(contents[name].ljust(padded(len(contents[name])), FILLER))
        start += len(bodies[-1])
    head = b"".join([*table, *words])
    return header + head.ljust(padded(len(head)), FILLER) + b"".join(bodies)


def padded(size: int) -> int:
    """Round up to the alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def cut(data: bytes) -> bytes:
    """Return a package with only the `KEPT` items."""
    kept = {name: item for name, item in items(data).items() if KEPT.fullmatch(name.partition("/")[2])}
    return package(data[: header_size(data)], kept)


def symbol_of(library: Path) -> tuple[str, int, int]:
    """Return name, offset in the file and size of the one symbol of a data library; raise `Unknown` if there is none.

    The symbol is in a read-only section, whose offset in the file comes from `readelf`.
    """
    listed = run("readelf", "--dyn-syms", "--wide", str(library))
    found = re.findall(
        r"^ *\d+: ([0-9a-f]+) +(\w+) OBJECT +GLOBAL +DEFAULT +(\d+) (icudt\d+_dat)$", listed, re.MULTILINE
    )
    if len(found) != 1:
        raise Unknown(f"{library.name} has {len(found)} data symbols, not one")
    address, size, section, name = found[0]
    sections = run("readelf", "--sections", "--wide", str(library))
    head = re.search(rf"^ *\[ *{section}\] \S+ +\S+ +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)", sections, re.MULTILINE)
    if head is None:
        raise Unknown(f"{library.name} has no section {section}")
    start, offset, length = (int(part, 16) for part in head.groups())
    place = int(address, 16) - start
    return name, offset + place, int(size, 0) or length - place  # ICU's own build gives the symbol no size


def run(*command: str) -> str:
    """Run a tool of binutils and return its output."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def write_library(source: Path, target: Path) -> None:
    """Write a copy of a data library with less data; needs `readelf`, `as` and `ld` of binutils."""
    name, offset, size = symbol_of(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    data, text, unlinked = (target.with_suffix(ending) for ending in (".dat", ".s", ".o"))
    data.write_bytes(cut(source.read_bytes()[offset : offset + size]))
    text.write_text(
        f'.section .rodata\n.globl {name}\n.type {name}, %object\n.balign 16\n{name}:\n.incbin "{data.name}"\n'
        f'.size {name}, . - {name}\n.section .note.GNU-stack,"",%progbits\n',
        encoding="ascii",
    )
    subprocess.run(["as", "-o", unlinked.name, text.name], check=True, cwd=target.parent)
    link = ["ld", "-shared", "-soname", source.name, "--build-id=none", "-z", "noexecstack", "-o", target.name]
    subprocess.run([*link, unlinked.name], check=True, cwd=target.parent)
