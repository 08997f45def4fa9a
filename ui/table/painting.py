"""Draws one box of a table: background by role, text, mark of a finding, frame."""

from __future__ import annotations

import re

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygon

from model.checks import Finding
from model.form import BLANK, Box, Entry, Role, Severity
from ui.parts import Colours, colours

PAD = 5
SHORT = 4  # characters that fit into every column of numbers
_WORDS = int(Qt.TextFlag.TextWordWrap)
_SENSE = re.compile(r"（.{1,3}）(?=.)")  # （三）不予公开 may break after its number
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | _WORDS
_CENTRE = int(Qt.AlignmentFlag.AlignCenter) | _WORDS
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def text_height(metrics: QFontMetrics, box: Box, width: int) -> int:
    """Return the height (px) that a box's text needs at a width of `width` px."""
    if not box.text:
        return 0
    inner = max(1, width - 2 * PAD)
    text = broken(metrics, box, box.text, inner)
    return metrics.boundingRect(QRect(0, 0, inner, 10_000), _flags(box), text).height()


def broken(metrics: QFontMetrics, box: Box, text: str, inner: int) -> str:
    """Break a short heading after its number or into even lines, so that no line holds a single character."""
    if box.role not in (Role.HEAD, Role.LABEL) or len(text) > 12 or metrics.horizontalAdvance(text) <= inner:
        return text
    if number := _SENSE.match(text):
        return text[: number.end()] + "\n" + broken(metrics, box, text[number.end() :], inner)
    fits = max(1, inner // metrics.horizontalAdvance("国"))  # characters in a line
    lines = -(-len(text) // fits)
    each = -(-len(text) // lines)
    return "\n".join(text[start : start + each] for start in range(0, len(text), each))


def _flags(box: Box) -> int:
    if box.role in (Role.VALUE, Role.TOTAL):
        return _RIGHT
    return _LEFT if box.role is Role.LABEL and box.rows == 1 else _CENTRE


def draw_box(  # noqa: PLR0913  # everything that a cell can show
    painter: QPainter,
    rect: QRect,
    box: Box,
    text: str,
    finding: Finding | None = None,
    entry: Entry = BLANK,
    *,
    current: bool = False,
    chosen: bool = False,
    palette: Colours | None = None,
) -> None:
    """Draw a box with its right and bottom line into `rect`; a given `palette` saves a look-up per box."""
    palette = palette or colours()
    painter.save()
    painter.fillRect(rect, _background(box, finding, chosen, palette))
    painter.setPen(palette.line)
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.setPen(_ink(box, entry, palette))
    painter.setFont(_font(painter.font(), box))
    inner = rect.adjusted(PAD, 0, -PAD, 0)
    if len(text) > SHORT and box.role in (Role.VALUE, Role.TOTAL):
        _shrink(painter, text, inner.width())
    painter.drawText(inner, _flags(box), broken(painter.fontMetrics(), box, text, inner.width()))
    if finding:
        _draw_mark(painter, rect, finding.severity, palette)
    if current:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.accent, 2))
        painter.drawRect(QRectF(rect).adjusted(1, 1, -2, -2))
    painter.restore()


def _background(box: Box, finding: Finding | None, chosen: bool, palette: Colours) -> QColor:
    if finding and finding.severity is not Severity.HINT:
        return palette.bad if finding.severity is Severity.ERROR else palette.warn
    base = {Role.BAND: palette.band, Role.HEAD: palette.head, Role.CORNER: palette.head, Role.LABEL: palette.head}
    colour = palette.total if box.role is Role.TOTAL else base.get(box.role, palette.paper)
    return _mixed(colour, palette.accent, 0.15) if chosen else colour


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    keep = 1 - share
    return QColor(
        round(one.red() * keep + other.red() * share),
        round(one.green() * keep + other.green() * share),
        round(one.blue() * keep + other.blue() * share),
    )


def _ink(box: Box, entry: Entry, palette: Colours) -> QColor:
    if entry.unread:
        return palette.error
    return palette.faint if box.role is Role.CORNER else palette.ink


def _font(font: QFont, box: Box) -> QFont:
    bold = box.role in (Role.BAND, Role.TOTAL)
    if not bold and box.role is not Role.CORNER:
        return font
    made = QFont(font)
    made.setBold(bold)
    if box.role is Role.CORNER:
        made.setPointSizeF(font.pointSizeF() * 0.85)
    return made


def _shrink(painter: QPainter, text: str, room: int) -> None:
    """Reduce the font for a long number: a digit cut off would change the number."""
    needed = painter.fontMetrics().horizontalAdvance(text)
    if needed > room > 0:
        font = QFont(painter.font())
        font.setPointSizeF(font.pointSizeF() * room / needed)
        painter.setFont(font)


def _draw_mark(painter: QPainter, rect: QRect, severity: Severity, palette: Colours) -> None:
    """Draw a corner mark: filled for 错误, outlined for the rest, so that they differ without colour."""
    colour = {Severity.ERROR: palette.error, Severity.EXPLAIN: palette.explain, Severity.HINT: palette.hint}[severity]
    corner, side = rect.topLeft() + QPoint(1, 1), 9
    painter.setPen(QPen(colour, 1.5))
    if severity is Severity.ERROR:
        painter.setBrush(colour)
    painter.drawPolygon(QPolygon([corner, corner + QPoint(side, 0), corner + QPoint(0, side)]))
