"""版本与备份: earlier states of the open draft, what differs from now, and the way back, which can be undone."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from model import backups, versions
from model.format import PREFACE, Format
from model.report import Report
from model.store import Store, Version
from model.versions import Comparison, TextDifference
from ui.desk import Desk
from ui.keeper import Keeper
from ui.look import MARGIN, STEP

_PLACE = int(Qt.ItemDataRole.UserRole)
_HEAD = {"agency": "编制机关", "year": "报告年度", "format": "格式", "unit_kind": "单位类别"}
NOTHING = "与现在的内容相同。"


class HistoryDock(QDockWidget):
    """Versions and backups in one list, the newest first of each; the difference below."""

    def __init__(self, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__("版本与备份", parent)
        self._keeper = keeper
        self._desk: Desk | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("版本与备份")
        self.name = QLineEdit()
        self.name.setAccessibleName("版本名称")
        self.name.setPlaceholderText("版本名称，如：送审稿")
        self.keep = QPushButton("存为版本(&K)")
        self.back = QPushButton("回到这里(&G)")
        self.differs = QTextBrowser()
        self.differs.setAccessibleName("与现在相比")
        self.differs.setOpenLinks(False)
        self._lay_out()
        self.keep.clicked.connect(self.on_keep)
        self.name.returnPressed.connect(self.on_keep)
        self.back.clicked.connect(self.on_back)
        self.list.currentItemChanged.connect(lambda *_: self._compare())
        self.hide()

    def _lay_out(self) -> None:
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(MARGIN, STEP, MARGIN, MARGIN)
        box.addWidget(self.name)
        box.addWidget(self.keep)  # not beside the name: on a small screen every pixel of the dock is the table's
        box.addWidget(self.list, 1)
        box.addWidget(QLabel("与现在相比："))
        box.addWidget(self.differs, 2)
        box.addWidget(self.back)
        self.setWidget(inner)

    # -- showing -------------------------------------------------------------------------------------------------

    def open_for(self, desk: Desk) -> None:
        """Show the versions of a draft and the backups that hold it."""
        self._desk = desk
        self._desk.settle()
        self._fill()
        self.show()
        self.raise_()

    def _fill(self) -> None:
        assert self._desk is not None
        number = self._desk.number
        kept = self._keeper.ask(lambda store: store.versions(number))
        saved = self._keeper.ask(lambda store: backups.listed(store.path.parent / backups.FOLDER))
        self.list.clear()
        for version in kept:
            self._add(f"{version.at:%m月%d日 %H:%M}　{version.name}", version)
        for backup in saved:
            self._add(f"{backup.at:%m月%d日 %H:%M}　备份（第 {backup.step} 步）", backup)
        self.back.setEnabled(False)
        self.differs.setPlainText("" if self.list.count() else "还没有版本和备份。")

    def _add(self, words: str, place: Version | backups.Backup) -> None:
        item = QListWidgetItem(words)
        item.setData(_PLACE, place)
        self.list.addItem(item)

    def _chosen(self) -> Version | backups.Backup | None:
        item = self.list.item(self.list.currentRow())
        place: Version | backups.Backup | None = item.data(_PLACE) if self.list.currentRow() >= 0 else None
        return place

    def _then(self, place: Version | backups.Backup) -> Report | None:
        """The report as it was; None when the backup does not differ or does not hold this draft."""
        assert self._desk is not None
        number = self._desk.number
        if isinstance(place, Version):
            return self._keeper.ask(lambda store: store.version(place.number))
        return self._keeper.ask(lambda store: _in_backup(store, place, number))

    def _compare(self) -> None:
        place = self._chosen()
        if self._desk is None or place is None:
            return
        then, now = self._then(place), self._desk.editing.report
        found = versions.compare(then, now) if then else Comparison()
        self.differs.setHtml(as_html(found, self._desk.editing.form))
        self.back.setEnabled(not found.same and not self._desk.locked)

    # -- acting --------------------------------------------------------------------------------------------------

    def on_keep(self) -> None:
        """Keep the draft as it is now under a name."""
        if self._desk is None:
            return
        self._desk.settle()
        number, name = self._desk.number, self.name.text().strip() or "未命名版本"
        self._keeper.ask(lambda store: store.keep_version(number, name))
        self.name.clear()
        self._fill()

    def on_back(self) -> None:
        """Make the draft what it was; one step, which can be undone."""
        place = self._chosen()
        then = self._then(place) if place and self._desk else None
        if self._desk is None or place is None or then is None:
            return
        name = place.name if isinstance(place, Version) else f"备份 {place.at:%m月%d日 %H:%M}"
        number = self._desk.number
        self._keeper.ask(lambda store: store.keep_version(number, f"回到「{name}」之前"))
        self._desk.go_back(versions.going_back(self._desk.editing.report, then, name))
        self._fill()


def _in_backup(store: Store, backup: backups.Backup, number: int) -> Report | None:
    return next((d.report for d in backups.differences(store, backup.path) if d.number == number), None)


# -- words --------------------------------------------------------------------------------------------------------


def as_html(found: Comparison, form: Format) -> str:
    """What differs: cells as a table of then and now, texts with what went struck out and what came underlined."""
    if found.same:
        return NOTHING
    parts = []
    if found.cells:
        rows = "".join(
            f"<tr><td>{escape(form.cell_name(c.address))}</td><td>{escape(c.old.shown() or '空白')}</td>"
            f"<td>{escape(c.new.shown() or '空白')}</td></tr>"
            for c in found.cells
            if form.has(c.address)
        )
        parts.append(f"<table border=1 cellspacing=0 cellpadding=3><tr><th>单元格<th>当时<th>现在</tr>{rows}</table>")
    titles = {section.id: section.title for section in form.sections} | {PREFACE: "前言"} | _HEAD
    parts += [
        f"<p><b>{escape(titles.get(text.place, '封面与说明'))}</b><br>{_pieces(text)}</p>"
        for text in (*found.head, *found.texts, *found.facts)
    ]
    return "".join(parts)


def _pieces(text: TextDifference) -> str:
    return "".join(
        escape(piece.new) if piece.same else f"<s>{escape(piece.old)}</s><u>{escape(piece.new)}</u>"
        for piece in text.pieces
    ).replace("\n", "<br>")
