"""Menu entries for the text size of the program and the fonts of PDFs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QFont, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from ui.parts import Settings

SIZES = {"小": 9, "标准": 10, "大": 12, "特大": 14}  # points
STANDARD = Settings().text_size


class ViewMenu(QObject):
    """Entries of the menu 查看 that show and change the settings."""

    def __init__(
        self, menu: QMenu, settings: Settings, changed: Callable[..., object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._changed = changed
        menu.addSeparator()
        sizes = menu.addMenu("文字大小(&T)")
        group = QActionGroup(self)
        self.sizes = {points: self._size(sizes, group, name, points) for name, points in SIZES.items()}
        self.sizes.get(settings.text_size, self.sizes[STANDARD]).setChecked(True)
        self.sizes[STANDARD].setShortcut(QKeySequence("Ctrl+0"))
        self.own_fonts = menu.addAction("用本机的公文字体导出(&G)")
        self.own_fonts.setToolTip("方正小标宋、仿宋_GB2312 等，本机装有时用于 PDF；没有的字用随本软件附带的字体")
        self.own_fonts.setStatusTip(self.own_fonts.toolTip())
        self.own_fonts.setCheckable(True)
        self.own_fonts.setChecked(settings.own_fonts)
        self.own_fonts.toggled.connect(lambda on: changed(own_fonts=on))
        if settings.text_size != STANDARD:
            use_text_size(settings.text_size)

    def _size(self, menu: QMenu, group: QActionGroup, name: str, points: int) -> QAction:
        action = menu.addAction(name)
        action.setCheckable(True)
        group.addAction(action)
        action.triggered.connect(lambda: self._choose(points))
        return action

    def _choose(self, points: int) -> None:
        use_text_size(points)
        self._changed(text_size=points)


def use_text_size(points: int) -> None:
    """Set the size, in points, of all text without a size of its own."""
    font = QFont(QApplication.font())
    font.setPointSizeF(points)
    QApplication.setFont(font)
