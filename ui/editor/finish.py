"""Page 检查与导出: open issues by section, 定稿, export."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from model.base import as_message
from model.checks import Readiness
from model.editing import Effect
from model.form import COVER_NAME
from model.report import WITH_APPROVAL, WITH_REASONS
from ui.draft import Desk
from ui.editor.findings import sign_of, verdict
from ui.editor.pages import WizardPage
from ui.output import ExportKind
from ui.parts import MARGIN, SignLabel, emptied


class FinishPage(WizardPage):
    """Last page of the wizard: verdict, open issues by section, 定稿 and export."""

    export_wanted = Signal(object)  # ExportKind
    preview_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._verdict.setAccessibleName("检查结论")
        font = self._verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self._verdict.setFont(font)
        self._sections = QVBoxLayout()
        self.preview = QPushButton("预览与打印(&V)…")
        self.pdf = QPushButton("导出 PDF(&E)…")
        self.json = QPushButton("导出数据文件(&J)…")
        self.verdict_pdf = QPushButton("导出检查报告(&R)…")
        self.comparison = QPushButton("导出两年对比表(&C)…")
        self.comparison.setEnabled(desk.editing.last is not None)
        self.comparison.setToolTip(
            "" if desk.editing.last else "先把上年的年度报告读入为草稿（编制机关相同），再打开本报告"
        )
        self.with_reasons = self._choice("附检查说明(&S)", WITH_REASONS)
        self.with_approval = self._choice("附审签单(&A)", WITH_APPROVAL)
        self.finalise = QPushButton("定稿(&F)")
        self.withdraw = QPushButton("撤回定稿(&U)")
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("撤回的原因（会留下记录）")
        self._reason.setAccessibleName("撤回定稿的原因")
        self._lay_out()
        self._connect()
        desk.changed.connect(self.on_changed)
        self._refresh()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(MARGIN)
        box.addWidget(self._verdict)
        box.addLayout(self._sections)
        final = QHBoxLayout()
        for widget in (self.finalise, self._reason, self.withdraw):
            final.addWidget(widget)
        final.addStretch()
        box.addLayout(final)
        choices = QHBoxLayout()
        choices.addWidget(self.with_reasons)
        choices.addWidget(self.with_approval)
        choices.addStretch()
        box.addLayout(choices)
        for buttons in ((self.preview, self.pdf), (self.json, self.verdict_pdf, self.comparison)):
            row = QHBoxLayout()
            for button in buttons:
                row.addWidget(button)
            row.addStretch()
            box.addLayout(row)
        box.addStretch()

    def _connect(self) -> None:
        self.preview.clicked.connect(self.preview_wanted)
        self.pdf.clicked.connect(lambda: self.export_wanted.emit(ExportKind.PDF))
        self.json.clicked.connect(lambda: self.export_wanted.emit(ExportKind.JSON))
        self.verdict_pdf.clicked.connect(lambda: self.export_wanted.emit(ExportKind.VERDICT))
        self.comparison.clicked.connect(lambda: self.export_wanted.emit(ExportKind.COMPARISON))
        self.finalise.clicked.connect(lambda: self._desk.finalise())
        self.withdraw.clicked.connect(lambda: self._desk.withdraw(self._reason.text()))

    def _choice(self, label: str, fact: str) -> QCheckBox:
        """Create the check box of an attachment to the printed report; the choice is a fact of the report."""
        box = QCheckBox(label)
        box.setChecked(bool(self._desk.editing.report.facts.get(fact)))
        box.toggled.connect(lambda on: self._desk.note_fact(fact, "1" if on else ""))
        return box

    def on_changed(self, effect: Effect) -> None:
        """Refresh the page when findings or facts change."""
        if effect.appeared or effect.cleared or effect.change.facts:
            self._refresh()

    def _refresh(self) -> None:
        editing = self._desk.editing
        marked = "" if editing.final else "定稿前导出的 PDF 每页印有“草稿”字样"
        self._verdict.setText(as_message(verdict(editing.readiness, final=editing.final), marked))
        for box, fact in ((self.with_reasons, WITH_REASONS), (self.with_approval, WITH_APPROVAL)):
            box.blockSignals(True)
            box.setChecked(bool(editing.report.facts.get(fact)))
            box.blockSignals(False)
            box.setEnabled(not editing.final)
        self.finalise.setVisible(not editing.final)
        self.finalise.setEnabled(editing.readiness.ready)
        self.withdraw.setVisible(editing.final)
        self._reason.setVisible(editing.final)
        emptied(self._sections)
        readiness = editing.readiness
        cover = readiness.beside([section.id for section in editing.form.sections])
        if cover != Readiness():
            self._sections.addWidget(self._line(COVER_NAME, cover))
        for section in editing.form.sections:
            self._sections.addWidget(self._line(section.title, readiness.within(section.id)))

    @staticmethod
    def _line(title: str, readiness: Readiness) -> QWidget:
        hints = [f"{len(readiness.hints)} 处提示"] if readiness.hints else []
        said = "、".join([*readiness.phrases(), *hints]) or "无问题"
        said = said.replace("1 个部分未写", "未写")  # the line is about one section
        if readiness.explained:
            said += f"（另有 {len(readiness.explained)} 处已说明）"
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        mark = SignLabel(sign_of(readiness))
        mark.setFixedWidth(20)
        row.addWidget(mark)
        row.addWidget(QLabel(f"{title}：{said}"), 1)
        return line

    def take_focus(self) -> None:
        self.pdf.setFocus()
