"""The start page: the drafts of this user, and the ways to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from model.derive import unit_kind_of
from model.report import UNIT_KINDS
from ui.look import MARGIN, STEP, Sign, icon

_HEADS = ("编制机关", "年度", "格式", "完成度", "检查", "最后保存")
_NUMBER = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class DraftLine:
    """One line of the list: a draft as the clerk knows it."""

    number: int
    agency: str
    year: int
    form: str  # the document that prescribes the form
    filled: int  # percent of the cells and texts that hold something
    errors: int
    explain: int
    saved: datetime
    trouble: str = ""  # why it cannot be read


class StartPage(QWidget):
    """Drafts on the right, three ways to begin on the left."""

    opened = Signal(int)
    wanted = Signal(str, int, str)  # agency, year, kind of unit
    old_wanted = Signal()
    next_wanted = Signal(int)
    deleted = Signal(int)

    def __init__(self, years: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.agency = QLineEdit()
        self.year = QSpinBox()
        self.year.setRange(*years)
        self.year.setValue(date.today().year - 1)
        self.kind = QComboBox()
        self.list = QTableWidget(0, len(_HEADS))
        self._empty = QLabel(
            "还没有草稿。\n\n左边有三种开始办法：\n填写单位和年度，新建一份空白报告；\n"
            "由旧年报新建，先读入已有的数字和文字再改；\n打开本软件导出的数据文件。"
        )
        self.begin = QPushButton("新建报告(&N)")
        self.from_old = QPushButton("由旧年报新建(&O)…")
        self._lay_out()
        self._connect()
        self.show_drafts([])

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(6 * STEP, 5 * STEP, 6 * STEP, 4 * STEP)
        outer.setSpacing(MARGIN)
        outer.addWidget(_large("政府信息公开工作年度报告"))
        row = QHBoxLayout()
        row.setSpacing(6 * STEP)
        row.addLayout(self._ways())
        row.addLayout(self._drafts(), 1)
        outer.addLayout(row, 1)

    def _ways(self) -> QVBoxLayout:
        for kind, label in UNIT_KINDS.items():
            self.kind.addItem(label, kind)
        self.agency.setPlaceholderText("如：应急管理局")
        form = QFormLayout()
        form.setSpacing(2 * STEP)
        for label, widget in (("编制机关(&A)", self.agency), ("报告年度(&Y)", self.year), ("单位类别(&K)", self.kind)):
            form.addRow(label, widget)
            widget.setAccessibleName(label[:4])
        form.addRow("", self.begin)
        blank = QGroupBox("新建空白报告")
        blank.setLayout(form)
        column = QVBoxLayout()
        column.addWidget(blank)
        column.addWidget(self._old())
        column.addStretch()
        blank.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * 26)
        return column

    def _old(self) -> QGroupBox:
        box = QGroupBox("由已有的年报开始")
        column = QVBoxLayout(box)
        words = QLabel(
            "读入已发布的年报文本，或本软件导出的数据文件。表格中的数字和六个部分的文字自动填好，读不准的逐条列出。"
        )
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(self.from_old)
        return box

    def _drafts(self) -> QVBoxLayout:
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
        head = self.list.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setFrameShape(QFrame.Shape.StyledPanel)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty)
        self.stack.addWidget(self.list)
        column = QVBoxLayout()
        column.addWidget(self.stack, 1)
        column.addLayout(self._actions())
        return column

    def _actions(self) -> QHBoxLayout:
        self.open = QPushButton("打开(&P)")
        self.next_year = QPushButton("复制为下一年度(&X)")
        self.delete = QPushButton("移到回收站(&D)")
        row = QHBoxLayout()
        for button in (self.open, self.next_year, self.delete):
            row.addWidget(button)
        row.insertStretch(2)
        return row

    def _connect(self) -> None:
        self.begin.clicked.connect(self.on_begin)
        self.agency.returnPressed.connect(self.on_begin)
        self.agency.textEdited.connect(self.on_agency)
        self.from_old.clicked.connect(self.old_wanted)
        self.open.clicked.connect(lambda: self._with_current(self.opened.emit))
        self.next_year.clicked.connect(lambda: self._with_current(self.next_wanted.emit))
        self.delete.clicked.connect(lambda: self._with_current(self.deleted.emit))
        self.list.itemActivated.connect(lambda _item: self._with_current(self.opened.emit))
        self.list.itemSelectionChanged.connect(self._enable)

    # -- what happens --------------------------------------------------------------------------------------------

    def on_agency(self, name: str) -> None:
        """Propose the kind of unit that the name suggests."""
        self.kind.setCurrentIndex(list(UNIT_KINDS).index(unit_kind_of(name.strip())))

    def on_begin(self) -> None:
        """Ask for a new draft; a name is needed, nothing else."""
        name = self.agency.text().strip()
        if not name:
            self.agency.setFocus()
            self.agency.setPlaceholderText("请先填写编制机关的名称")
            return
        self.wanted.emit(name, self.year.value(), self.kind.currentData())

    def current(self) -> int | None:
        """The number of the selected draft."""
        rows = self.list.selectionModel().selectedRows()
        number: int | None = rows[0].data(_NUMBER) if rows else None
        return number

    def _with_current(self, act: Callable[[int], object]) -> None:
        number = self.current()
        if number is not None:
            act(number)

    def _enable(self) -> None:
        for button in (self.open, self.next_year, self.delete):
            button.setEnabled(self.current() is not None)

    def show_drafts(self, lines: Sequence[DraftLine]) -> None:
        """Show the drafts, the one used last on top and selected."""
        self.list.setRowCount(len(lines))
        for row, line in enumerate(lines):
            self._show(row, line)
        self.stack.setCurrentIndex(1 if lines else 0)
        if lines:
            self.list.selectRow(0)
        if lines and not self.agency.text():  # Enter opens what was used last, unless a new one has been begun
            self.list.setFocus()
        self._enable()

    def _show(self, row: int, line: DraftLine) -> None:
        words, sign = _state(line)
        texts = (line.agency, f"{line.year}年", line.form, f"{line.filled}%", words, f"{line.saved:%Y-%m-%d %H:%M}")
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setData(_NUMBER, line.number)
            if text == words:
                item.setIcon(icon(sign))
                item.setToolTip(line.trouble)
            self.list.setItem(row, column, item)


def _state(line: DraftLine) -> tuple[str, Sign]:
    if line.trouble:
        return "无法读取", Sign.ERROR
    if line.errors:
        return f"{line.errors} 处错误", Sign.ERROR
    if line.explain:
        return f"{line.explain} 处须说明", Sign.EXPLAIN
    return "相符", Sign.DONE


def _large(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 1.6)
    font.setBold(True)
    label.setFont(font)
    return label
