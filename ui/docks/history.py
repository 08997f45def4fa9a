"""Dock 版本与备份: earlier states of the open draft, their differences from now, and restoring, with undo."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDockWidget,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QWidget,
)

from model.base import Trouble
from model.form import PREFACE, Format
from model.report import Comparison, DiffPart, Report, TextDifference, diff
from model.storage import Backup, DraftInBackup, StoredRow, Version
from ui.draft import Desk, SaveQueue
from ui.parts import docked

_PLACE = int(Qt.ItemDataRole.UserRole)
_HEAD = {"agency": "编制机关", "year": "报告年度", "format": "格式", "unit_kind": "单位类别"}
NOTHING = "内容相同"
LACKS = "备份中没有这份草稿"
WITH_NOW, BOTH = "与现在相比：", "两个相比："
THEN_NOW, OLDER_NEWER = ("当时", "现在"), ("较早", "较晚")


class HistoryDock(QDockWidget):
    """Dock with versions, then backups, in one list, newest first of each; the differences below."""

    refused = Signal(str)  # reason for a failed action

    def __init__(self, save_queue: SaveQueue, parent: QWidget | None = None) -> None:
        super().__init__("版本与备份", parent)
        self._save_queue = save_queue
        self._desk: Desk | None = None
        self.list = QListWidget()
        self.list.setAccessibleName("版本与备份")
        self.list.setToolTip("按住 Ctrl 再选一个，比较这两个")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.name = QLineEdit()
        self.name.setAccessibleName("版本名称")
        self.name.setPlaceholderText("版本名称，如：送审稿")
        self.keep = QPushButton("存为版本(&K)")
        self.back = QPushButton("回到这里(&G)")
        self.forget = QPushButton("删除版本(&D)")
        self.again = QPushButton("撤销删除(&Z)")
        self._forgotten: StoredRow | None = None
        self._held: dict[Path, DraftInBackup] = {}  # what each listed backup holds of the draft
        self._with = QLabel(WITH_NOW)
        self.differs = QTextBrowser()
        self.differs.setAccessibleName("与现在相比")
        self.differs.setOpenLinks(False)
        self._lay_out()
        self.keep.clicked.connect(lambda: self._try(self.on_keep))
        self.name.returnPressed.connect(lambda: self._try(self.on_keep))
        self.back.clicked.connect(lambda: self._try(self.on_back))
        self.forget.clicked.connect(lambda: self._try(self.on_forget))
        self.again.clicked.connect(lambda: self._try(self.on_again))
        self.list.itemSelectionChanged.connect(self._compare)
        self.hide()

    def _lay_out(self) -> None:
        box = docked(self)
        box.addWidget(self.name)
        box.addWidget(self.keep)  # not beside the name: a wider dock leaves a small screen less room for the table
        box.addWidget(self.list, 1)
        box.addWidget(self._with)
        box.addWidget(self.differs, 2)
        for button in (self.back, self.forget, self.again):
            box.addWidget(button)

    # -- list and comparison -------------------------------------------------------------------------------------

    def open_for(self, desk: Desk) -> None:
        """Show the versions of a draft and the backups."""
        if desk is not self._desk:
            self._forgotten = None
        self._desk = desk
        self._desk.commit_pending()
        self._fill()
        self.show()
        self.raise_()

    def put_away(self) -> None:
        """Hide, and let go of the draft, which is closed."""
        self.hide()
        self._desk = self._forgotten = None
        self.list.clear()
        self.differs.clear()

    def _fill(self) -> None:
        assert self._desk is not None
        number = self._desk.number
        kept = self._save_queue.drafts.versions(number)
        saved = self._save_queue.drafts.in_backups(number)
        self.list.blockSignals(True)  # clearing must not start a comparison
        self.list.clear()
        self.list.blockSignals(False)
        for version in kept:
            self._add(f"{version.at:%m月%d日 %H:%M}　{version.name}", version)
        self._held = {backup.path: held for backup, held in saved}
        for backup, held in saved:
            self._add(f"{backup.at:%m月%d日 %H:%M}　备份（{holding(held)}）", backup)
        self._compare()
        if not self.list.count():
            self.differs.setPlainText("还没有版本和备份")

    def _add(self, words: str, place: Version | Backup) -> None:
        item = QListWidgetItem(words)
        item.setData(_PLACE, place)
        self.list.addItem(item)

    def _selected(self) -> list[Version | Backup]:
        """Return the selection from the bottom of the list to its top: backups before versions, older before newer."""
        items = sorted(self.list.selectedItems(), key=self.list.row, reverse=True)
        return [item.data(_PLACE) for item in items]

    def _chosen(self) -> Version | Backup | None:
        """Return the single selected entry; None for no selection or several."""
        chosen = self._selected()
        return chosen[0] if len(chosen) == 1 else None

    def _then(self, place: Version | Backup) -> Report:
        """Return the report as it was; raises `Trouble` if the backup is damaged or does not hold this draft."""
        assert self._desk is not None
        if isinstance(place, Version):
            return self._save_queue.drafts.version(place.number)
        then = self._save_queue.drafts.in_backup(place, self._desk.number)
        if then is None:
            other = self._held[place.path].other
            same_number = f"；同一编号当时是{other}的草稿" if other else ""
            raise Trouble(f"{place.at:%m月%d日 %H:%M} 的{LACKS}{same_number}")
        return then

    def _compare(self) -> None:
        """Show the difference between the selected state and now, or between two selected ones."""
        chosen, said = self._selected(), ""
        try:
            found = self._difference(chosen)
        except Trouble as trouble:  # no such draft in the backup, a damaged backup, a version that was deleted
            found, said = None, str(trouble)
        one = found is not None and len(chosen) == 1
        differing = found is not None and not found.same
        self._with.setText((BOTH if len(chosen) == 2 else WITH_NOW) + (f"{found.count} 处不同" if found else ""))
        self.back.setEnabled(one and differing and not self._locked)
        self.forget.setEnabled(one and isinstance(chosen[0], Version) and not self._save_queue.refusal)
        self.again.setVisible(self._forgotten is not None)
        if self._desk is None or found is None:
            self.differs.setPlainText(said)
        else:
            self.differs.setHtml(as_html(found, self._desk.editing.form, THEN_NOW if one else OLDER_NEWER))

    @property
    def _locked(self) -> bool:
        return self._desk is None or self._desk.locked

    def _difference(self, chosen: list[Version | Backup]) -> Comparison | None:
        if self._desk is None or len(chosen) not in {1, 2}:
            return None
        then = self._then(chosen[0])
        later = self._then(chosen[1]) if len(chosen) == 2 else self._desk.editing.report
        return diff.compare(then, later)

    # -- actions -------------------------------------------------------------------------------------------------

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Trouble as trouble:
            self.refused.emit(str(trouble))

    def on_keep(self) -> None:
        """Save the present state as a version with the typed name."""
        if self._desk is None:
            return
        self._desk.commit_pending()
        number, name = self._desk.number, self.name.text().strip() or "未命名版本"
        self._save_queue.drafts.keep_version(number, name)
        self.name.clear()
        self._fill()

    def on_back(self) -> None:
        """Restore the selected state in one undo step; the present one is saved as a version first."""
        place = self._chosen()
        if self._desk is None or place is None:
            return
        then = self._then(place)
        name = place.name if isinstance(place, Version) else f"备份 {place.at:%m月%d日 %H:%M}"
        number = self._desk.number
        self._save_queue.drafts.keep_version_before(number, f"回到“{name}”之前")
        self._desk.go_back(diff.going_back(self._desk.editing.report, then, name))
        self._fill()

    def on_forget(self) -> None:
        """Delete a version; 撤销删除 restores it as long as the draft is open."""
        place = self._chosen()
        if isinstance(place, Version):
            self._forgotten = self._save_queue.drafts.forget_version(place.number)
            self._fill()

    def on_again(self) -> None:
        """Restore the deleted version."""
        if forgotten := self._forgotten:
            self._save_queue.drafts.keep_version_again(forgotten)
            self._forgotten = None
            self._fill()


# -- text ---------------------------------------------------------------------------------------------------------


def holding(held: DraftInBackup) -> str:
    """Return what a backup holds of the draft: the draft's own steps, since the name of the file counts all drafts."""
    if held.damaged:
        return "读不出"
    return "没有这份草稿" if held.steps is None else f"这份草稿第 {held.steps} 处修改"


def as_html(found: Comparison, form: Format, heads: tuple[str, str] = THEN_NOW) -> str:
    """Return the differences side by side as HTML; removed words are struck out, added ones underlined."""
    if found.same:
        return NOTHING
    parts = []
    columns = "".join(f"<th>{head}" for head in heads)
    if found.cells:
        rows = "".join(
            f"<tr><td>{escape(form.cell_name(c.address))}</td><td>{escape(c.old.shown() or '空白')}</td>"
            f"<td>{escape(c.new.shown() or '空白')}</td></tr>"
            for c in found.cells
            if form.has(c.address)
        )
        parts.append(f"<table border=1 cellspacing=0 cellpadding=3><tr><th>单元格{columns}</tr>{rows}</table>")
    if absent := sum(not form.has(c.address) for c in found.cells):
        parts.append(f"<p>另有 {absent} 格是本格式没有的</p>")
    titles = {section.id: section.title for section in form.sections} | {PREFACE: "前言"} | _HEAD
    parts += [
        f"<p><b>{escape(titles.get(text.place, '封面与说明'))}</b></p>"
        f"<table border=1 cellspacing=0 cellpadding=3 width='100%'><tr>{columns}</tr><tr>"
        f"<td width='50%'>{_side(text, 's', lambda piece: piece.old)}</td>"
        f"<td width='50%'>{_side(text, 'u', lambda piece: piece.new)}</td></tr></table>"
        for text in (*found.head, *found.texts, *found.facts)
    ]
    return "".join(parts)


def _side(text: TextDifference, mark: str, half: Callable[[DiffPart], str]) -> str:
    """Return one of the two texts as HTML, with the words that the other lacks in the tag `mark`."""
    shown = [(escape(half(piece)), piece.same) for piece in text.pieces]
    marked = [words if same or not words else f"<{mark}>{words}</{mark}>" for words, same in shown]
    return "".join(marked).replace("\n", "<br>")
