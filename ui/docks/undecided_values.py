"""需要核对的内容: dock for choosing between two values of a place, after damage or a save by another window."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from model.base import Trouble
from model.form import PREFACE, Address, Format
from model.recovery import Undecided, undecided_values
from model.report import COVER, Report, pieces
from ui.draft import Desk
from ui.parts import docked

_ONE = int(Qt.ItemDataRole.UserRole)
TITLE = "需要核对的内容"
OTHER = {undecided_values.DAMAGED: "损坏的文件中找到的", undecided_values.WINDOW: "此项已被另一窗口改为"}
SAID = {
    undecided_values.DAMAGED: "恢复数据时还找到下列内容，但不能证明是最后填写的",
    undecided_values.WINDOW: "下列各处另一窗口也修改了，现在是本窗口的内容",
}


def place_name(form: Format, place: Address | str) -> str:
    """Return the name of a place in the form's words."""
    if isinstance(place, Address):
        return form.cell_name(place) if form.has(place) else "本格式没有的单元格"
    titles = {section.id: section.title for section in form.sections} | {PREFACE: "前言"} | dict(COVER)
    return titles.get(place, "说明与定稿的记录")


def on_paper(form: Format, place: Address | str) -> tuple[int, int]:
    """Return a sort key in printed order: index of the section and of the cell; unprinted places come last."""
    if place in (PREFACE, *COVER):
        return -1, 0
    section = form.section_of(place.table).id if isinstance(place, Address) and form.has(place) else place
    sections = [each.id for each in form.sections]
    cell = form.inputs.index(place) if place in form.inputs else 0
    return sections.index(str(section)) if section in sections else len(sections), cell


def readiness(report: Report, one: Undecided) -> str:
    """Return the present value of the place, as displayed."""
    if isinstance(one.place, Address):
        return report.entry(one.place).shown()
    return report.text(one.place) if one.change.texts else report.facts.get(one.place, "")


class UndecidedDock(QDockWidget):
    """Dock with the list of places, both values of the chosen one and two buttons."""

    emptied = Signal()  # the last place of this draft was decided
    refused = Signal(str)  # why something was not done
    wanted = Signal(object)  # Unsure: its place is to be shown

    def __init__(self, data: Path, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self._data = data
        self._desk: Desk | None = None
        self._said = QLabel()
        self._said.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(TITLE)
        self.list.setWordWrap(True)
        self.both = QTextBrowser()
        self.both.setAccessibleName("两种内容")
        self.both.setOpenLinks(False)
        self.keep = QPushButton("保留当前内容(&K)")
        self.take = QPushButton("采用另一份(&T)")
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self._show_both())
        self.list.itemClicked.connect(lambda _item: self._want())
        self.list.itemActivated.connect(lambda _item: self._want())
        self.keep.clicked.connect(self.on_keep)
        self.take.clicked.connect(self.on_take)
        self.hide()

    def _lay_out(self) -> None:
        box = docked(self)
        box.addWidget(self._said)
        box.addWidget(self.list, 1)
        box.addWidget(self.both, 1)
        row = QHBoxLayout()
        row.addWidget(self.keep)
        row.addWidget(self.take)
        box.addLayout(row)

    # -- showing -------------------------------------------------------------------------------------------------

    def open_for(self, desk: Desk) -> bool:
        """Show the undecided places of a draft; hides the dock and returns False if there are none."""
        if desk is not self._desk:
            self._desk = desk
            desk.changed.connect(lambda _effect: self._show_both())
        self._fill()
        self.setVisible(self.list.count() > 0)
        return self.list.count() > 0

    def put_away(self) -> None:
        """Hide, and let go of the draft, which is closed."""
        self.hide()
        self._desk = None
        self.list.clear()
        self.both.clear()

    def _fill(self) -> None:
        assert self._desk is not None
        form, row = self._desk.editing.form, max(0, self.list.currentRow())
        mine = [one for one in undecided_values.kept(self._data) if one.draft == self._desk.number]
        mine.sort(key=lambda one: on_paper(form, one.place))
        self.list.clear()
        for one in mine:
            item = QListWidgetItem(place_name(form, one.place))
            item.setData(_ONE, one)
            self.list.addItem(item)
        said = "；".join(SAID[origin] for origin in dict.fromkeys(one.origin for one in mine))
        self._said.setText(f"{said}。请逐条选定，选后可以撤销。")
        self.list.setCurrentRow(min(row, len(mine) - 1))
        self._show_both()

    def chosen(self) -> Undecided | None:
        """Return the entry of the current line, or None."""
        item = self.list.item(self.list.currentRow())
        one: Undecided | None = item.data(_ONE) if self.list.currentRow() >= 0 else None
        return one

    def _show_both(self) -> None:
        one = self.chosen()
        open_now = self._desk is not None and one is not None
        self.keep.setEnabled(open_now)
        self.take.setEnabled(self._desk is not None and open_now and not self._desk.locked)
        if self._desk is None or one is None:
            self.both.clear()
            return
        now = readiness(self._desk.editing.report, one)
        self.both.setHtml(as_html(now, one.found, one.origin))

    def _want(self) -> None:
        if one := self.chosen():
            self.wanted.emit(one)

    # -- acting --------------------------------------------------------------------------------------------------

    def on_keep(self) -> None:
        """Decide for the present value."""
        if one := self.chosen():
            self._decided(one)

    def on_take(self) -> None:
        """Replace the present value by the other one, as one undo step."""
        one = self.chosen()
        if self._desk is None or one is None:
            return
        self._desk.commit_pending()
        self._desk.go_back(undecided_values.confirmed(one, self._desk.editing.report))
        self._decided(one)

    def _decided(self, one: Undecided) -> None:
        try:
            undecided_values.decided(self._data, one)
        except Trouble as trouble:
            self.refused.emit(str(trouble))
            return
        self._fill()
        if self.list.count() == 0:
            self.hide()
            self.emptied.emit()


def as_html(now: str, found: str, origin: str) -> str:
    """Return both values as HTML; text of the second that the first lacks is underlined."""
    marked = "".join(
        escape(piece.new) if piece.same else f"<u>{escape(piece.new)}</u>" for piece in pieces(now, found) if piece.new
    )
    other = marked.replace("\n", "<br>") or "空白"
    return (
        f"<p>现在的内容：<br><b>{escape(now).replace(chr(10), '<br>') or '空白'}</b></p>"
        f"<p>{OTHER[origin]}：<br><b>{other}</b></p>"
    )
