"""The visual language: spacing, colours and signs of state, in one place.

Spacing: steps of 4 px (`STEP`); three of them (`MARGIN`) around a page or panel, two between its parts, one within.

Text: the size of the application's font, headings 1.2 to 1.6 times that and bold; nothing has a size in pixels, so
that the text-size setting and the screen's scaling reach everything.

Colours: three sets, for light, dark and high-contrast palettes, chosen by the system's palette of the moment.  Ink
stands out from every ground at least 7 : 1, signs at least 3 : 1 (WCAG 2); only what cannot be read has coloured words.
Grounds of a table: paper to be filled in, `head` and `band` as on the printed form, `total` for what is computed and
locked, `bad` and `warn` for cells with a finding.

States: always a shape *and* a colour, and a word for the screen reader (`Sign`, `WORD_OF`).  Signs are drawings in
resources/icons/signs, coloured by the set of the moment and sharp at every scaling.  Nothing moves but the bar of work
that goes on.  What happened is said in the banner; a dialog asks only before something is lost.

When the system's theme changes while the program runs, what is painted follows by itself; whoever holds a colour or a
picture has a `dress` method, which `redress` calls.
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

from model.form.format import Severity

FONTS = "fonts"  # the search path under which Qt finds the bundled fonts
SIGNS = "signs"  # … and the drawings of the signs
INK, PAPER = b"currentColor", b"#ffffff"  # in a drawing: the colour of the sign, and of what is cut out of it
STEP = 4
MARGIN = 3 * STEP


class Sign(StrEnum):
    """A state that is shown by shape and colour."""

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
    """One set of colours, by what they are for."""

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
        """The colour of a sign."""
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
    """The set that suits the palette of the moment; pure black behind pure white is a high-contrast theme."""
    palette = QGuiApplication.palette()
    base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
    if base.lightness() == 0 and text.lightness() == 255:
        return _CONTRAST
    return _DARK if base.lightness() < 128 else _LIGHT


def calm_selection(widget: QWidget) -> None:
    """The signs of state must stay readable on the chosen line: a pale ground instead of the strong one."""
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Highlight, colours().band)
    palette.setColor(QPalette.ColorRole.HighlightedText, colours().ink)
    widget.setPalette(palette)


def icon(sign: Sign, size: int = 16) -> QIcon:
    """The sign as an icon, sharp at twice the size too."""
    return _icon(sign, size, SETS.index(colours()))


class SignLabel(QLabel):
    """A sign that stands by itself."""

    def __init__(self, sign: Sign = Sign.BLANK, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.show_sign(sign)

    def show_sign(self, sign: Sign) -> None:
        """Show another sign."""
        self.sign = sign
        self.dress()

    def dress(self) -> None:
        """The sign in the colours of now."""
        self.setPixmap(icon(self.sign, self._size).pixmap(self._size, self._size))


@runtime_checkable
class Dressed(Protocol):
    """A widget that holds colours or pictures."""

    def dress(self) -> None:
        """Take the colours of now."""


def redress(window: QWidget) -> None:
    """Give everything in a window the colours of the theme that the system has now."""
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
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # Qt would tint the chosen one beyond recognition
            made.addPixmap(pixmap, mode)
    return made


def drawn(sign: Sign, palette: Colours) -> bytes:
    """The drawing of a sign in the colours of a set; raises `FileNotFoundError` when it was not installed."""
    file = QFile(f"{SIGNS}:{sign.value}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise FileNotFoundError(file.fileName())
    svg = bytes(file.readAll().data())
    return svg.replace(INK, palette.of(sign).name().encode()).replace(PAPER, palette.paper.name().encode())
