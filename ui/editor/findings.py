"""Findings panel: verdict, list of findings, and below it advice and fix of the selected one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from model.checks import ExplanationState, Finding, Readiness, ground_of, is_blank, is_silenced, state_of
from model.editing import Effect
from model.form import Severity
from ui.draft import Desk
from ui.editor.fix_preview import ChangesBox
from ui.editor.reason_box import ReasonBox
from ui.parts import MARGIN, SIGN_OF, STEP, Sign, calm_selection, icon

_FINDING = int(Qt.ItemDataRole.UserRole)


def verdict(readiness: Readiness, *, final: bool = False) -> str:
    """Return the verdict in one sentence: final, ready for 定稿, or the number of open issues."""
    if final:
        return "已定稿，内容锁定"
    if not readiness.ready:
        return readiness.sentence()
    return "勾稽关系全部相符，可以定稿" + (f"（{len(readiness.hints)} 处提示）" if readiness.hints else "")


def sign_of(readiness: Readiness) -> Sign:
    """Return the sign of a part of the report, by priority: wrong, not filled in, doubtful, hint, done."""
    found = (
        (readiness.wrong, Sign.ERROR), (readiness.blank, Sign.BLANK),
        (readiness.unresolved, Sign.EXPLAIN), (readiness.hints, Sign.HINT),
    )  # fmt: skip
    return next((sign for findings, sign in found if findings), Sign.DONE)


def label_of(finding: Finding) -> str:
    """Return 错误, 须说明 or 提示, or 未填 for cells and texts not filled in yet."""
    return "未填" if is_blank(finding) else finding.severity.label


def _rank(finding: Finding) -> int:
    """Return the sort key: 错误, 须说明, 未填, 提示."""
    return {Severity.ERROR: 0, Severity.EXPLAIN: 1, Severity.HINT: 3}[finding.severity] if not is_blank(finding) else 2


def _same(one: Finding, other: Finding) -> bool:
    """Return True if both have one cause (rule, section, first cell), though numbers may differ."""
    return (one.code, one.section, one.cells[:1]) == (other.code, other.section, other.cells[:1])


class FindingList(QListWidget):
    """List of findings, wrapped to the panel's width; F1 emits `help_wanted` for the selected one."""

    help_wanted = Signal()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F1 and self.selectedItems():
            event.accept()  # else F1 reaches the window, which shows help about the page
            if event.type() == QEvent.Type.KeyPress:
                self.help_wanted.emit()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Set each item's height to that of its wrapped text."""
        width = self.viewport().width() - 16 - 5 * STEP
        for row in range(self.count()):
            item = self.item(row)
            box = self.fontMetrics().boundingRect(0, 0, max(60, width), 10_000, Qt.TextFlag.TextWordWrap, item.text())
            item.setSizeHint(QSize(0, box.height() + 2 * STEP))


class FindingsPanel(QWidget):
    """Panel of the findings of the whole report; a click or Enter emits `chosen`."""

    chosen = Signal(object)  # Finding
    disputed = Signal(object)  # Finding that the user reports as wrong
    help_wanted = Signal(object)  # Finding whose rule is to be explained

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setAccessibleName("检查结论")
        self._agreed = QLabel(desk.editing.form.sums_hold)
        self._agreed.setWordWrap(True)
        self._agreed.setAccessibleName("相符的关系")
        self.list = FindingList()
        self.list.setAccessibleName("检查结果")
        self.list.setWordWrap(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._todo = QLabel()
        self._todo.setWordWrap(True)
        self._todo.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._todo.setAccessibleName("怎么办")
        self._cure = QPushButton()
        self._cure.setAccessibleDescription("按提示修改，可以撤销")
        self.changes = ChangesBox(desk.editing.form)
        self.reasons = ReasonBox()
        self.silence = QPushButton("不再提示这一类")
        self.unsilence = QPushButton()
        self.why = QPushButton("为什么(F1)")
        self.why.setToolTip("这条规则检查什么、依据是什么、举例")
        self.wrong = QPushButton("反馈：这一条不应出现")
        self.wrong.setToolTip("把这一条记到本机的一个小文件里，供维护规则的人参考；不会发送")
        self._lay_out()
        self._connect(desk)
        self.dress()

    def _connect(self, desk: Desk) -> None:
        self.list.itemSelectionChanged.connect(self._show_current)
        self.list.itemClicked.connect(lambda item: self.chosen.emit(item.data(_FINDING)))
        self.list.itemActivated.connect(lambda item: self.chosen.emit(item.data(_FINDING)))
        self._cure.clicked.connect(self.on_cure)
        self.changes.accepted.connect(desk.apply)
        self.changes.dropped.connect(self.list.setFocus)
        self.silence.clicked.connect(lambda: self._with_current(desk.silence))
        self.wrong.clicked.connect(lambda: self._with_current(self.disputed.emit))
        self.why.clicked.connect(lambda: self._with_current(self.help_wanted.emit))
        self.list.help_wanted.connect(lambda: self._with_current(self.help_wanted.emit))
        self.reasons.explained.connect(desk.explain)
        self.reasons.taken_back.connect(desk.withdraw_reason)
        self.unsilence.clicked.connect(desk.unsilence)
        desk.changed.connect(self.on_changed)

    def dress(self) -> None:
        """Show signs and selection in the current colours."""
        calm_selection(self.list)
        self._refresh()

    def _lay_out(self) -> None:
        font = self._verdict.font()
        font.setBold(True)
        self._verdict.setFont(font)
        box = QVBoxLayout(self)
        box.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        box.setSpacing(2 * STEP)
        box.addWidget(self._verdict)
        box.addWidget(self._agreed)
        box.addWidget(self.list, 1)
        for widget in (self._todo, self._cure, self.changes, self.reasons, self.silence, self.unsilence):
            box.addWidget(widget)
        row = QHBoxLayout()
        for widget in (self.why, self.wrong):
            row.addWidget(widget)
        box.addLayout(row)

    def on_changed(self, effect: Effect) -> None:
        """Refresh the list when findings change, or facts, which include the reasons."""
        if effect.appeared or effect.cleared or effect.change.facts:
            self._refresh()

    def current(self) -> Finding | None:
        """Return the selected finding; None without a selection."""
        chosen = self.list.selectedItems()  # not currentItem: Qt sets it when the list gets the focus
        found: Finding | None = chosen[0].data(_FINDING) if chosen else None
        return found

    def take_focus(self) -> None:
        """Focus the list; selects its current or first finding if none is selected."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.list.count() and not self.list.selectedItems():
            self.list.setCurrentRow(max(0, self.list.currentRow()), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _refresh(self) -> None:
        """Show the present findings and keep the selection if that finding still exists."""
        kept = self.current()
        editing = self._desk.editing
        findings = sorted((f for f in self._desk.findings if not is_silenced(editing.report, f)), key=_rank)
        readiness = self._desk.readiness
        self._verdict.setText(verdict(readiness, final=editing.final))
        self._agreed.setVisible(not readiness.errors)
        self.list.blockSignals(True)
        self.list.clear()
        for finding in findings:
            self._add(finding, selected=kept is not None and _same(finding, kept))
        self.list.blockSignals(False)
        self.list.fit()
        self._show_current()

    def _add(self, finding: Finding, *, selected: bool) -> None:
        number = self._desk.editing.form.place_name(finding.section).partition("、")[0]
        words = f"{number}｜{finding.message}"
        sign, state = self._state(finding)
        item = QListWidgetItem(icon(sign), words + (f"（{state}）" if state else ""))
        item.setData(_FINDING, finding)
        item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{label_of(finding)}：{finding.message}{state}")
        item.setToolTip(f"{label_of(finding)}　{'：'.join(ground_of(finding.basis))}")
        self.list.addItem(item)
        if selected:
            self.list.setCurrentItem(item)

    def _state(self, finding: Finding) -> tuple[Sign, str]:
        """Return the sign of a finding and the state of the reason given for it."""
        state = state_of(self._desk.editing.report, finding)
        if state is ExplanationState.EXPLAINED:
            return Sign.DONE, "已说明"
        if is_blank(finding):
            return Sign.BLANK, ""
        return SIGN_OF[finding.severity], "说明请重新确认" if state is ExplanationState.RECONFIRM else ""

    def _show_current(self) -> None:
        finding = self.current()
        final = self._desk.locked
        self.changes.hide()
        noted = finding is not None and finding.fix is not None and bool(finding.fix.dismiss)  # answered by 已核对
        may_stay = finding is not None and not noted and (finding.severity is Severity.EXPLAIN or finding.overrulable)
        self.reasons.setVisible(may_stay and not final)
        self.why.setVisible(finding is not None)
        self.wrong.setVisible(finding is not None and finding.severity is not Severity.ERROR)
        self.silence.setVisible(finding is not None and finding.severity is Severity.HINT and not final)
        if finding and may_stay:
            self.reasons.show_for(self._desk.editing.report, finding)
        silenced = self._desk.editing.silenced
        self.unsilence.setText(f"恢复已关闭的 {len(silenced)} 类提示")
        self.unsilence.setVisible(bool(silenced) and finding is None and not final)
        self._todo.setVisible(bool(finding and finding.advice))
        self._cure.setVisible(bool(finding and finding.fix and not final))
        if finding:
            self._todo.setText(f"{label_of(finding)}：{finding.advice}")
        if finding and finding.fix:
            self._cure.setText(finding.fix.label + ("…" if len(finding.fix.cells) > 1 else ""))
            self._cure.setIcon(icon(Sign.DONE))

    def on_cure(self) -> None:
        """Apply the fix of the selected finding; one that fills several cells is listed first."""
        finding = self.current()
        if finding and finding.fix and len(finding.fix.cells) > 1:
            self._cure.hide()
            self.changes.propose(finding.fix)
        elif finding and finding.fix:
            self._desk.apply(finding.fix)

    def _with_current(self, act: Callable[[Finding], object]) -> None:
        finding = self.current()
        if finding:
            act(finding)

    def step(self, by: int) -> None:
        """Select the finding `by` steps further and emit `chosen`; uncommitted typing is checked first."""
        self._desk.commit_pending()
        if self.list.count():
            row = self.list.currentRow() if self.list.selectedItems() else -1
            row = (row + by if row >= 0 or by > 0 else by) % self.list.count()
            self.list.setCurrentRow(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            finding = self.current()
            if finding:
                self.chosen.emit(finding)
