"""Draws the icon of the program in the sizes that desktops ask for: `python tools/make_icons.py` (needs PySide6).

The drawing is resources/icons/zwgk-annual-report.svg. Windows wants one .ico with all sizes; since Vista it may hold
PNG pictures, which Qt writes. The pictures are in the repository, for QtSvg is not part of the program.
"""

from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
DRAWING = FOLDER / "zwgk-annual-report.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)  # pixels
SHOWN = (32, 128)  # as files of their own, for the window


def picture(size: int) -> bytes:
    """Return the drawing as a PNG of this size."""
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
    """Return an .ico with these pictures by size; 256 is written as 0."""
    place = 6 + 16 * len(pictures)
    heads, body = b"", b""
    for size, content in pictures.items():
        heads += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(content), place + len(body))
        body += content
    return struct.pack("<HHH", 0, 1, len(pictures)) + heads + body


def main() -> None:
    """Write all pictures."""
    pictures = {size: picture(size) for size in SIZES}
    (FOLDER / "zwgk-annual-report.ico").write_bytes(windows_icon(pictures))
    for size in SHOWN:
        (FOLDER / f"zwgk-annual-report-{size}.png").write_bytes(pictures[size])


if __name__ == "__main__":
    main()
