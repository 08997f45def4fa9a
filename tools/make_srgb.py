"""Writes `resources/icc/srgb.icc`: a small ICC v2 matrix profile of IEC 61966-2-1 (sRGB).

Public domain (CC0): computed from the standard's numbers, not copied from another profile. `python3 dev.py make_srgb`
gives the same bytes every time.
"""

from __future__ import annotations

import struct
from pathlib import Path

SUMMARY = "重新生成 sRGB 色彩特性文件"

TARGET = Path(__file__).resolve().parent.parent / "resources" / "icc" / "srgb.icc"
CURVE_POINTS = 1024
# Primaries and white of sRGB, adapted to D50 by Bradford (ICC v2 connection space).
WHITE = (0.9505, 1.0, 1.0890)
RED, GREEN, BLUE = (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)
D50 = (0.9642, 1.0, 0.8249)


def fixed(value: float) -> bytes:
    """Return a number as s15Fixed16."""
    return struct.pack(">i", round(value * 65536))


def xyz(values: tuple[float, float, float]) -> bytes:
    """Return an XYZType tag."""
    return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))


def text(words: str) -> bytes:
    """Return a textType tag."""
    return b"text\0\0\0\0" + words.encode("ascii") + b"\0"


def description(words: str) -> bytes:
    """Return a textDescriptionType tag, ASCII only."""
    ascii_part = words.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(ascii_part)) + ascii_part + bytes(4 + 4 + 2 + 1 + 67)


def linear(value: float) -> float:
    """Apply the sRGB transfer function, encoded → linear, both from 0 to 1."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def curve() -> bytes:
    """Return a curveType tag of the transfer function."""
    points = [round(65535 * linear(n / (CURVE_POINTS - 1))) for n in range(CURVE_POINTS)]
    return b"curv\0\0\0\0" + struct.pack(f">I{CURVE_POINTS}H", CURVE_POINTS, *points)


def profile() -> bytes:
    """Return the whole profile."""
    shared = curve()
    tags = {
        b"desc": description("sRGB IEC61966-2-1"),
        b"cprt": text("Public domain (CC0)"),
        b"wtpt": xyz(WHITE),
        b"rXYZ": xyz(RED),
        b"gXYZ": xyz(GREEN),
        b"bXYZ": xyz(BLUE),
        b"rTRC": shared,
        b"gTRC": shared,
        b"bTRC": shared,
    }
    offset = 128 + 4 + 12 * len(tags)
    placed: dict[bytes, int] = {}
    table, body = b"", b""
    for tag, content in tags.items():
        if content not in placed:
            placed[content] = offset + len(body)
            body += content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", tag, placed[content], len(content))
    content = struct.pack(">I", len(tags)) + table + body
    head = struct.pack(">I4sI4s4s4s", 128 + len(content), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + bytes(4 + 4 + 4 + 4 + 8 + 4)
    head += b"".join(map(fixed, D50)) + bytes(4 + 44)
    return head + content


if __name__ == "__main__":
    TARGET.write_bytes(profile())
