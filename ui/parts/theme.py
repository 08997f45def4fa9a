"""Visual constants of the program: spacing, colours and signs of state.

Spacing: steps of 4 px (`STEP`); three of them (`MARGIN`) around a page or panel, two between its parts, one within.

Text: the size of the application's font, headings 1.2 to 1.6 times that and bold; no text has a size in pixels,
so that the text-size setting and the screen's scaling apply to all of it.

Colours: three sets, for light, dark and high-contrast palettes, chosen by the system's current palette.  Text has a
contrast of at least 7 : 1 to every background, signs at least 3 : 1 (WCAG 2); coloured text marks unreadable input.
Backgrounds of a table: `paper` for cells to be filled in, `head` and `band` as on the printed form, `total` for
computed and locked cells, `bad` and `warn` for cells with a finding.

States: always a shape *and* a colour, and a word for screen readers (`Sign`, `WORD_OF`).  Signs are SVG files in
resources/icons/signs, in the colours of the current set and sharp at every scaling.  Only the progress bar is animated.
Results are shown in the banner; a dialog asks only before something is lost.

When the system's theme changes while the program runs, painted widgets follow by themselves; a widget that keeps a
colour or a picture has a method `dress`, which `redress` calls.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QByteArray, QFile, QIODevice, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QWidget

from model.form import Severity

FONTS = "fonts"  # prefix of Qt's search path for the bundled fonts
SIGNS = "signs"  # prefix of Qt's search path for the drawings of the signs
INK, PAPER = b"currentColor", b"#ffffff"  # in a drawing: the colour of the sign, and of what is cut out of it
STEP = 4
MARGIN = 3 * STEP


class Sign(StrEnum):
    """State that is shown by shape and colour."""

    BLANK = "blank"  # 空白: a hollow ring
    STARTED = "started"  # 填写中: a half-filled ring
    DONE = "done"  # 完成: a tick
    ERROR = "error"  # 错误: a filled disc with a cross
    EXPLAIN = "explain"  # 须说明: a triangle
    HINT = "hint"  # 提示: a ring with a dot


SIGN_OF = {Severity.ERROR: Sign.ERROR, Severity.EXPLAIN: Sign.EXPLAIN, Severity.HINT: Sign.HINT}
WORD_OF = {
    Sign.BLANK: "空白", Sign.STARTED: "填写中", Sign.DONE: "完成",
    Sign.ERROR: "有错误", Sign.EXPLAIN: "须说明", Sign.HINT: "有提示",
}  # fmt: skip


@dataclass(frozen=True)
class Colours:
    """Set of colours, named by use."""

    paper: QColor
    ink: QColor
    faint: QColor
    line: QColor
    head: QColor
    band: QColor
    total: QColor
    bad: QColor
    warn: QColor
    error: QColor
    explain: QColor
    hint: QColor
    done: QColor
    accent: QColor

    def of(self, sign: Sign) -> QColor:
        """Return the colour of a sign."""
        return {
            Sign.ERROR: self.error, Sign.EXPLAIN: self.explain, Sign.HINT: self.hint,
            Sign.DONE: self.done, Sign.STARTED: self.accent, Sign.BLANK: self.faint,
        }[sign]  # fmt: skip


def _set(*names: str) -> Colours:
    return Colours(*(QColor(name) for name in names))


_LIGHT = _set(
    "#ffffff", "#1f2328", "#8a929b", "#b9c0c8", "#eef2f6", "#c6d9f1", "#f3f4f6", "#fdeceb", "#fff6e0",
    "#b3261e", "#8a5a00", "#1a5fb4", "#1b7f3b", "#1a5fb4",
)  # fmt: skip
_DARK = _set(
    "#1e2124", "#e8eaed", "#9aa3ad", "#4a5058", "#2a2f35", "#2b4668", "#26292e", "#4a2523", "#453816",
    "#ff8a80", "#ffcc66", "#8ab4f8", "#7ddc9a", "#8ab4f8",
)  # fmt: skip

_CONTRAST = _set(
    "#000000", "#ffffff", "#d0d0d0", "#a0a0a0", "#10181f", "#003a70", "#1c1c1c", "#5a0000", "#4a3a00",
    "#ff9a90", "#ffd75f", "#8ad4ff", "#8aff9a", "#ffff00",
)  # fmt: skip
SETS = (_LIGHT, _DARK, _CONTRAST)


def colours() -> Colours:
    """Return the set for the current palette; pure white on pure black counts as a high-contrast theme."""
    palette = QGuiApplication.palette()
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    if base.lightness() == 0 and text.lightness() == 255:
        return _CONTRAST
    return _DARK if base.lightness() < 128 else _LIGHT


def calm_selection(widget: QWidget) -> None:
    """Set a pale selection background, so that signs stay readable on the selected line."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Highlight, colours().band)
    palette.setColor(QPalette.ColorRole.HighlightedText, colours().ink)
    widget.setPalette(palette)


def icon(sign: Sign, size: int = 16) -> QIcon:
    """Return the sign as an icon of `size` px, with a pixmap for a scaling of 200 % too."""
    return _icon(sign, size, SETS.index(colours()))


class SignLabel(QLabel):
    """Label that shows a sign of `size` px."""

    def __init__(self, sign: Sign = Sign.BLANK, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.show_sign(sign)

    def show_sign(self, sign: Sign) -> None:
        """Show another sign."""
        self.sign = sign
        self.dress()

    def dress(self) -> None:
        """Draw the sign in the current colours."""
        self.setPixmap(icon(self.sign, self._size).pixmap(self._size, self._size))


@runtime_checkable
class Dressed(Protocol):
    """Widget that keeps colours or pictures."""

    def dress(self) -> None:
        """Apply the current colours."""


def redress(window: QWidget) -> None:
    """Apply the colours of the system's current theme to everything in a window."""
    for widget in window.findChildren(QWidget):
        if isinstance(widget, Dressed):
            widget.dress()
    window.update()


@lru_cache(maxsize=64)
def _icon(sign: Sign, size: int, which: int) -> QIcon:
    drawing = QSvgRenderer(QByteArray(drawn(sign, SETS[which])))
    made = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        drawing.render(painter)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # Qt would tint the selected icon beyond recognition
            made.addPixmap(pixmap, mode)
    return made


def drawn(sign: Sign, palette: Colours) -> bytes:
    """Return the SVG of a sign in the colours of a set; raises `FileNotFoundError` when it is not installed."""
    file = QFile(f"{SIGNS}:{sign.value}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError(file.fileName())
    svg = bytes(file.readAll().data())
    return svg.replace(INK, palette.of(sign).name().encode()).replace(PAPER, palette.paper.name().encode())
