"""The visual language: spacing, colours and signs of state, in one place.

Spacing: steps of 4 px (`STEP`); three of them (`MARGIN`) around a page or panel, two between its parts, one within.

Text: the size of the application's font, headings 1.2 to 1.6 times that and bold; nothing has a size in pixels, so
that the text-size setting and the screen's scaling reach everything.

Colours: three sets, for light, dark and high-contrast palettes, chosen by the system's palette of the moment.  Ink
stands out from every ground at least 7 : 1, signs at least 3 : 1 (WCAG 2); only what cannot be read has coloured words.
Grounds of a table: paper to be filled in, `head` and `band` as on the printed form, `total` for what is computed and
locked, `bad` and `warn` for cells with a finding.

States: always a shape *and* a colour, and a word for the screen reader (`Sign`, `WORD_OF`).  Signs are drawn, not
loaded, so that they are sharp at every scaling.  Nothing moves but the bar of work that goes on.  What happened is said
in the banner; a dialog asks only before something is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from model.format import Severity

FONTS = "fonts"  # the search path under which Qt finds the bundled fonts
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


@lru_cache(maxsize=64)
def _icon(sign: Sign, size: int, which: int) -> QIcon:
    made = QIcon()
    for ratio in (1.0, 2.0):
        pixmap = QPixmap(round(size * ratio), round(size * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        draw_sign(painter, sign, QRectF(0, 0, size, size), SETS[which])
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # Qt would tint the chosen one beyond recognition
            made.addPixmap(pixmap, mode)
    return made


def draw_sign(painter: QPainter, sign: Sign, box: QRectF, palette: Colours) -> None:
    """Draw a sign into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = palette.of(sign)
    pen = QPen(colour, max(1.5, box.width() / 9))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    inner = box.adjusted(*(box.width() * k / 8 for k in (1, 1, -1, -1)))
    _DRAWERS[sign](painter, inner, colour, palette)
    painter.restore()


def _ring(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    painter.drawEllipse(box)


def _half(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    painter.drawEllipse(box)
    painter.setBrush(colour)
    painter.drawChord(box, 90 * 16, 180 * 16)


def _tick(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    places = ((0.0, 0.55), (0.38, 0.9), (1.0, 0.15))
    painter.drawPolyline(QPolygonF([QPointF(box.x() + box.width() * x, box.y() + box.height() * y) for x, y in places]))


def _cross(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(box)
    painter.setPen(QPen(palette.paper, box.width() / 6))
    mid = box.adjusted(*(box.width() * k * 0.3 for k in (1, 1, -1, -1)))
    painter.drawLine(mid.topLeft(), mid.bottomRight())
    painter.drawLine(mid.topRight(), mid.bottomLeft())


def _triangle(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    painter.setPen(QPen(palette.paper, box.width() / 7))
    x = box.center().x()
    painter.drawLine(QPointF(x, box.top() + box.height() * 0.38), QPointF(x, box.top() + box.height() * 0.66))
    painter.drawPoint(QPointF(x, box.top() + box.height() * 0.85))


def _dot(painter: QPainter, box: QRectF, colour: QColor, palette: Colours) -> None:
    painter.drawEllipse(box)
    painter.setBrush(colour)
    painter.drawEllipse(box.center(), box.width() / 8, box.width() / 8)


_DRAWERS = {
    Sign.BLANK: _ring,
    Sign.STARTED: _half,
    Sign.DONE: _tick,
    Sign.ERROR: _cross,
    Sign.EXPLAIN: _triangle,
    Sign.HINT: _dot,
}
