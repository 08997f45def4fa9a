"""Renders resources/icons/zwgk-annual-report.svg to the icon files of the program: `python3 dev.py make_icons`.

Windows needs one .ico with all sizes; since Vista it may contain PNG images, which Qt writes. The results are
committed, because QtSvg is not part of the program.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SUMMARY = "由 SVG 图标重新生成 .ico 和 PNG 图标"

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
DRAWING = FOLDER / "zwgk-annual-report.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)  # pixels
SHOWN = (32, 128)  # pixels, also as PNG files for the window


def picture(size: int) -> bytes:
    """Return the icon as PNG, `size` pixels wide and high."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, b"PNG")
    return bytes(buffer.data().data())


def windows_icon(pictures: dict[int, bytes]) -> bytes:
    """Return an .ico file of PNG images, given by size in pixels; 256 is written as 0."""
    place = 6 + 16 * len(pictures)
    heads, body = b"", b""
    for size, content in pictures.items():
        heads += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(content), place + len(body))
        body += content
    return struct.pack("<HHH", 0, 1, len(pictures)) + heads + body


def main() -> None:
    """Write all icon files."""
    pictures = {size: picture(size) for size in SIZES}
    (FOLDER / "zwgk-annual-report.ico").write_bytes(windows_icon(pictures))
    for size in SHOWN:
        (FOLDER / f"zwgk-annual-report-{size}.png").write_bytes(pictures[size])


if __name__ == "__main__":
    main()
