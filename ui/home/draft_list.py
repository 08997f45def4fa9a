"""List of drafts on the start page, with search, actions and recycle bin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from model.report import DraftCounts
from ui.output import ExportKind
from ui.parts import STEP, Sign, calm_selection, icon

KEPT_DAYS = 30  # in the recycle bin
_HEADS = ("编制机关", "年度", "格式", "完成度", "检查", "公布期限", "最后保存")
_BIN_HEADS = (*_HEADS[:-1], "删除时间")
_FORM = _HEADS.index("格式")
_NUMBER = int(Qt.ItemDataRole.UserRole)
_BEGIN = (
    "还没有草稿。\n\n有三种开始办法：\n左边填好编制机关和报告年度，按“新建报告”；\n"
    "左边按“由旧年度报告新建”，先读入旧年度报告、数据文件或 PDF，再修改；\n"
    "以后在这里选中上一年度的草稿，按“复制为下一年度”。"
)
_NOTHING_DELETED = f"回收站是空的。\n\n移到回收站的草稿保留 {KEPT_DAYS} 天，可以恢复。"
_READING = "正在读入草稿…"
_UNREADABLE = "现在读不出草稿，因此没有列出"
_NOT_FOUND = "没有找到。\n\n请换一个编制机关或年度，或清空上面的查找框。"


@dataclass(frozen=True)
class DraftLine:
    """Line of the list: one draft with its counts and dates; `counts` None: not known yet, or it cannot be read."""

    number: int
    agency: str
    year: int
    form: str  # the document that prescribes the form
    saved: datetime
    counts: DraftCounts | None = None
    trouble: str = ""  # reason why it cannot be read
    deleted: datetime | None = None

    @property
    def uncounted(self) -> bool:
        """Return True if the draft must be checked before its line is complete."""
        return self.counts is None and not self.trouble

    def matches(self, words: str) -> bool:
        """Return True if each word occurs in the agency's name or the year."""
        return all(word in f"{self.agency} {self.year}年" for word in words.split())


class DraftTable(QTableWidget):
    """Table of the lines; F2 renames, Delete moves to the recycle bin."""

    renaming = Signal()
    deleting = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() == Qt.Key.Key_F2 and not editing:
            self.renaming.emit()
        elif event.key() == Qt.Key.Key_Delete and not editing:
            self.deleting.emit()
        else:
            super().keyPressEvent(event)


class TroublePage(QFrame):
    """Stands in place of the table while the drafts cannot be read: why, and 再试一次."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        self.retry = QPushButton("再试一次(&T)")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        box = QVBoxLayout(self)
        box.addStretch()
        box.addWidget(self.words)
        box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignCenter)
        box.addStretch()


class DraftList(QWidget):
    """Search field, table of drafts and buttons; shows the drafts or the recycle bin."""

    opened = Signal(int)
    next_wanted = Signal(int)
    renamed = Signal(int, str)
    export_wanted = Signal(int, object)  # number, ExportKind
    deleted = Signal(int)
    restored = Signal(int)
    turned = Signal(bool)  # True: to the recycle bin, False: back; asks for the lines
    retried = Signal()  # asks again for lines that could not be read

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.bin = QPushButton("回收站(&B)")
        self.list = DraftTable(0, len(_HEADS))
        self._empty = QLabel(_READING)
        self._trouble_page = TroublePage()
        self.stack = QStackedWidget()
        self.open = QPushButton("打开(&P)")
        self.next_year = QPushButton("复制为下一年度(&X)")
        self.rename = QPushButton("重命名(&R)")
        self.export = QPushButton("导出(&E)")
        self.delete = QPushButton("移到回收站(&D)")
        self.restore = QPushButton("恢复(&R)")
        self._lines: Sequence[DraftLine] | None = None  # None: not read yet, or unreadable
        self._trouble = ""  # why they cannot be read
        self._late = False  # new lines wait for the end of a rename
        self._lay_out()
        self._connect()
        self.dress()

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("按编制机关或年度查找")
        self.search.setAccessibleName("查找草稿")
        self.search.setClearButtonEnabled(True)
        self.bin.setCheckable(True)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.bin)
        self._dress_list()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setFrameShape(QFrame.Shape.StyledPanel)
        self.stack.addWidget(self._empty)
        self.stack.addWidget(self.list)
        self.stack.addWidget(self._trouble_page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(top)
        box.addWidget(self.stack, 1)
        box.addLayout(self._actions())

    def _dress_list(self) -> None:
        self.list.setHorizontalHeaderLabels(_HEADS)
        self.list.setAccessibleName("草稿")
        self.list.verticalHeader().hide()
        self.list.setShowGrid(False)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setTabKeyNavigation(False)
        self.list.setStyleSheet(f"QTableWidget::item {{ padding: 0 {2 * STEP}px; }}")
        self._fit_columns()
        head = self.list.horizontalHeader()
        head.setMinimumSectionSize(self.fontMetrics().horizontalAdvance("国") * 8)
        head.setHighlightSections(False)

    def _actions(self) -> QHBoxLayout:
        menu = QMenu(self.export)
        for label, kind in (("PDF 文件…", ExportKind.PDF), ("数据文件…", ExportKind.JSON)):
            menu.addAction(label, lambda kind=kind: self._with_current(lambda n: self.export_wanted.emit(n, kind)))
        self.export.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        for button in (self.open, self.next_year, self.rename, self.export):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self.restore)
        row.addWidget(self.delete)
        return row

    def _connect(self) -> None:
        self.open.clicked.connect(lambda: self._with_current(self.opened.emit))
        self.next_year.clicked.connect(lambda: self._with_current(self.next_wanted.emit))
        self.rename.clicked.connect(self.on_rename)
        self.delete.clicked.connect(lambda: self._with_current(self.deleted.emit))
        self.restore.clicked.connect(lambda: self._with_current(self.restored.emit))
        self.list.itemActivated.connect(lambda _item: self._activate())
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemChanged.connect(self._on_typed)
        self.list.renaming.connect(self.on_rename)
        self.list.deleting.connect(lambda: None if self.in_bin else self._with_current(self.deleted.emit))
        self.list.itemDelegate().closeEditor.connect(lambda *_: self._on_renamed())
        self.search.textChanged.connect(lambda _words: self._on_search())
        self.search.returnPressed.connect(self._activate)
        self.bin.toggled.connect(self._on_turned)
        self._trouble_page.retry.clicked.connect(self.retried)

    # -- event handlers ------------------------------------------------------------------------------------------

    @property
    def in_bin(self) -> bool:
        """Return True while the recycle bin is shown."""
        return self.bin.isChecked()

    def current(self) -> int | None:
        """Return the number of the selected draft; None without a selection."""
        rows = self.list.selectionModel().selectedRows()
        number: int | None = rows[0].data(_NUMBER) if rows else None
        return number

    def _with_current(self, act: Callable[[int], object]) -> None:
        number = self.current()
        if number is not None:
            act(number)

    def _activate(self) -> None:
        self._with_current(self.restored.emit if self.in_bin else self.opened.emit)

    def on_rename(self) -> None:
        """Edit the agency's name in the table."""
        item = self.list.item(self.list.currentRow(), 0)
        if item is not None and not self.in_bin and not self.renaming:
            self.list.setCurrentItem(item)
            self.list.editItem(item)
            for editor in self.list.viewport().findChildren(QLineEdit):
                editor.setAccessibleName("新的编制机关")

    def commit_pending(self) -> None:
        """Commit a rename that is being typed."""
        if self.renaming:
            editor = self.list.indexWidget(self.list.currentIndex())
            self.list.commitData(editor)
            self.list.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _on_search(self) -> None:
        self.commit_pending()
        self._fill()

    def _on_turned(self, to_bin: bool) -> None:
        self.commit_pending()
        self.turned.emit(to_bin)

    def _on_typed(self, item: QTableWidgetItem) -> None:
        number, name = item.data(_NUMBER), item.text().strip()
        was = next((line.agency for line in self._lines or () if line.number == number), name)
        if name and name != was:
            self.renamed.emit(number, name)
        elif name != item.text() or not name:
            item.setText(was)

    def _enable(self) -> None:
        chosen = self.current() is not None
        for button in (self.open, self.next_year, self.rename, self.export, self.delete):
            button.setEnabled(chosen)
            button.setVisible(not self.in_bin)
        self.restore.setEnabled(chosen)
        self.restore.setVisible(self.in_bin)

    # -- lines ---------------------------------------------------------------------------------------------------

    def show_drafts(self, lines: Sequence[DraftLine]) -> None:
        """Show the drafts (in the recycle bin: the deleted ones), given last used first; selects the first."""
        self._lines, self._trouble = lines, ""
        self._show_view()

    def show_unreadable(self, reason: str) -> None:
        """Show the reason in place of lines that cannot be read; what was shown before may no longer be true."""
        self._lines, self._trouble = None, reason
        self._show_view()

    @property
    def unreadable(self) -> bool:
        """Return True while the lines cannot be read."""
        return bool(self._trouble)

    def _show_view(self) -> None:
        self.bin.setText("返回草稿(&B)" if self.in_bin else "回收站(&B)")
        self.list.setHorizontalHeaderLabels(_BIN_HEADS if self.in_bin else _HEADS)
        self._fill()

    def show_counted(self, lines: Sequence[DraftLine]) -> None:
        """Show lines whose counts have become known, in place of those of the same numbers."""
        new = {line.number: line for line in lines}
        self._lines = [new.get(line.number, line) for line in self._lines or ()]
        self._late = self._late or self.renaming  # a new item would discard the name that is being typed
        if self._late:
            return
        with self._filling():
            for row in range(self.list.rowCount()):
                if line := new.get(self.list.model().index(row, 0).data(_NUMBER)):
                    self._show(row, line)

    def dress(self) -> None:
        """Show signs and selection in the current colours."""
        calm_selection(self.list)
        self._fill()

    @property
    def renaming(self) -> bool:
        """Return True while a name is being typed."""
        return self.list.state() == QAbstractItemView.State.EditingState

    def _on_renamed(self) -> None:
        """Show the lines that arrived during the rename."""
        if self._late:
            QTimer.singleShot(0, self._fill)

    def _fill(self) -> None:
        self._late = self.renaming  # new lines would discard the name that is being typed
        if self._late:
            return
        found = [line for line in self._lines or () if line.matches(self.search.text())]
        with self._filling():
            self.list.setRowCount(len(found))
            for row, line in enumerate(found):
                self._show(row, line)
        shown = self._trouble_page if self._trouble else self.list if found else self._empty
        self.stack.setCurrentWidget(shown)
        self._empty.setText(self._why_empty())
        self._trouble_page.words.setText(f"{_UNREADABLE}\n\n{self._trouble}")
        if found:
            self.list.selectRow(0)
        self._enable()

    def _why_empty(self) -> str:
        """Return what stands in place of an empty table; only drafts that were read can be known to be none."""
        if self._lines is None:
            return _READING
        return _NOT_FOUND if self._lines else _NOTHING_DELETED if self.in_bin else _BEGIN

    @contextmanager
    def _filling(self) -> Iterator[None]:
        """Emit no signals and measure no columns: otherwise each item that is replaced measures the whole table."""
        self.list.blockSignals(True)
        self.list.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        yield
        self._fit_columns()
        self.list.blockSignals(False)

    def _fit_columns(self) -> None:
        head = self.list.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _show(self, row: int, line: DraftLine) -> None:
        words, sign = _state(line)
        counts, at = line.counts, line.deleted or line.saved
        due, filled = (f"{counts.deadline:%Y-%m-%d}", f"{counts.filled}%") if counts else ("", "")
        form = short_document(line.form)
        texts = (line.agency, f"{line.year}年", form, filled, words, due, f"{at:%Y-%m-%d %H:%M}")
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(_NUMBER, line.number)
            if column == 0:
                item.setToolTip(line.agency)  # a long name is elided
            if column == _FORM:
                item.setToolTip(line.form)
            if text == words:
                item.setIcon(icon(sign))
                item.setToolTip(line.trouble or "、".join(counts.phrases() if counts else ()))
            self.list.setItem(row, column, item)


def short_document(document: str) -> str:
    """Return the number of a document, such as 〔2021〕30号, without the issuer, which is always the same."""
    return document[max(0, document.find("〔")) :]


def _state(line: DraftLine) -> tuple[str, Sign]:
    if line.trouble:
        return "无法读入", Sign.ERROR
    if line.counts is None:
        return "正在检查…", Sign.BLANK
    left = line.counts.phrases()
    if not left:
        return "相符", Sign.DONE
    return left[0], Sign.ERROR if line.counts.errors else Sign.EXPLAIN if line.counts.explain else Sign.BLANK
