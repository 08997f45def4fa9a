"""Wizard of a draft: cover, one page for each section of the form, finish; list of steps at the side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from model.checks import Finding, Readiness
from model.form import PREFACE, Address, Section
from model.report import Change
from ui.draft import Desk
from ui.editor.cover import CoverPage
from ui.editor.findings import sign_of
from ui.editor.finish import FinishPage
from ui.editor.pages import TablePage, TextPage, WizardPage
from ui.parts import STEP, WORD_OF, Sign, calm_selection, icon

COVER, FINISH = "cover", "finish"
WIDE, NARROW = 15, 10  # width of the list of steps in characters; the second on a small screen


@dataclass(frozen=True)
class WizardStep:
    """One step of the wizard: id (a section's id, `cover` or `finish`), name and page factory."""

    id: str
    name: str
    make: Callable[[], WizardPage]


class LazyPage(QWizardPage):
    """Wizard page whose content is built when it is first shown, to keep opening a draft fast."""

    def __init__(self, step: WizardStep) -> None:
        super().__init__()
        self.step = step
        self.content: WizardPage | None = None
        self.setTitle(step.name)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def built(self) -> WizardPage:
        """Return the content, building it at the first call."""
        if self.content is None:
            self.content = self.step.make()
            self.content.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self._box.addWidget(self.content)
        return self.content

    def showEvent(self, event: QShowEvent) -> None:
        self.built()
        super().showEvent(event)


class Wizard(QWizard):
    """Embedded QWizard: Enter does not turn the page, Esc does not close, no page blocks the next one."""

    step_changed = Signal(str)
    export_wanted = Signal(object)  # ExportKind
    preview_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        self.desk = desk
        self.steps = self._steps()
        self.list = StepList(desk, self.steps)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.IndependentPages)
        self.setOption(QWizard.WizardOption.NoDefaultButton)
        self.setSideWidget(self.list)
        for number, step in enumerate(self.steps):
            self.setPage(number, LazyPage(step))
        self._own_buttons()
        self.list.currentRowChanged.connect(self._go)
        self.list.itemClicked.connect(lambda _item: self.take_focus())
        self.list.itemActivated.connect(lambda _item: self.take_focus())
        self.currentIdChanged.connect(self._arrived)
        self._page(0).built()  # before QWizard measures the page, or it will not stretch it
        self.restart()

    def _steps(self) -> tuple[WizardStep, ...]:
        sections = [WizardStep(s.id, s.title, self._maker(s)) for s in self.desk.editing.form.sections]
        finish = WizardStep(FINISH, "审核与导出", self._finish_page)
        return (WizardStep(COVER, "封面与说明", lambda: CoverPage(self.desk)), *sections, finish)

    def _finish_page(self) -> FinishPage:
        page = FinishPage(self.desk)
        page.export_wanted.connect(self.export_wanted)
        page.preview_wanted.connect(self.preview_wanted)
        return page

    def _maker(self, section: Section) -> Callable[[], WizardPage]:
        if section.table:
            return lambda: TablePage(self.desk, section)
        return lambda: TextPage(self.desk, section)

    def _own_buttons(self) -> None:
        """Set custom buttons: 上一步 goes to the section before, not back in history; no Cancel, no Finish."""
        first, second = QWizard.WizardButton.CustomButton1, QWizard.WizardButton.CustomButton2
        self.setOption(QWizard.WizardOption.HaveCustomButton1)
        self.setOption(QWizard.WizardOption.HaveCustomButton2)
        self.setButtonText(first, "上一步(&B)")
        self.setButtonText(second, "下一步(&N)")
        self.setButtonLayout([QWizard.WizardButton.Stretch, first, second])
        self.customButtonClicked.connect(lambda which: self.move(1 if which == second.value else -1))

    def _trim(self) -> None:
        """Reduce the dialog's margins and align the title with the content, to leave room for the tables."""
        for grid in self.findChildren(QGridLayout):
            grid.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        side = self.list.parentWidget()
        if side and (layout := side.layout()):
            layout.setContentsMargins(0, 0, 0, 0)
        for label in self.findChildren(QLabel):
            if label.text() == self.currentPage().title() and label.indent():  # once only: it requests a new layout
                label.setMargin(0)
                label.setIndent(0)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # QWizard has just laid itself out as a dialog
            self._trim()
        return done

    # -- navigation ----------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:  # type: ignore[override]  # QWidget.move places windows; an embedded page is never placed
        """Go `by` steps on (negative: back) and focus the page."""
        self._go(max(0, min(len(self.steps) - 1, self.currentId() + by)))
        self.take_focus()

    def take_focus(self) -> None:
        """Focus the page that is shown."""
        self.content().take_focus()

    def go_to(self, step: str) -> WizardPage:
        """Go to a step by its id and return its page; the preface is on the cover."""
        wanted = COVER if step in (PREFACE, "") else step
        number = next((n for n, s in enumerate(self.steps) if s.id == wanted), 0)
        self._go(number)
        return self._page(number).built()

    def content(self) -> WizardPage:
        """Return the page that is shown."""
        return self._page(self.currentId()).built()

    def show_finding(self, finding: Finding) -> None:
        """Go to the place of a finding."""
        page = self.go_to(finding.spans[0].section if finding.spans else finding.section)
        if finding.spans:
            page.show_span(finding.spans[0])
        elif finding.cells:
            page.show_cell(finding.cells[0])
        else:
            page.take_focus()

    def show_cell(self, address: Address) -> None:
        """Go to a cell."""
        self.go_to(self.desk.editing.form.section_of(address.table).id).show_cell(address)

    def show_change(self, change: Change) -> None:
        """Go to the place of an undone or redone change; one that only dismisses import notes has none."""
        if change.cells:
            self.show_cell(next(iter(change.cells)))
        elif change.texts or change.facts or change.head.keys() - {"notes"}:
            self.go_to(next(iter(change.texts), COVER)).take_focus()

    def _page(self, number: int) -> LazyPage:
        page = self.page(number)
        assert isinstance(page, LazyPage)
        return page

    def _go(self, number: int) -> None:
        if number in (-1, self.currentId()):
            return
        self.desk.commit_pending()
        self._page(number).built()
        in_list = self.list.hasFocus()
        self.setCurrentId(number)
        if in_list:
            self.list.setFocus()  # QWizard moves the focus to the next widget

    def _arrived(self, number: int) -> None:
        if number < 0:
            return
        self.list.setCurrentRow(number)
        self.button(QWizard.WizardButton.CustomButton1).setEnabled(number > 0)
        self.button(QWizard.WizardButton.CustomButton2).setEnabled(number + 1 < len(self.steps))
        self.step_changed.emit(self.steps[number].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore Enter and Esc, which would turn the page or close the wizard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
        else:
            super().keyPressEvent(event)


class StepList(QListWidget):
    """List of all steps with their state; a click goes to a step."""

    def __init__(self, desk: Desk, steps: tuple[WizardStep, ...]) -> None:
        super().__init__()
        self._desk, self._steps = desk, steps
        self._narrow = False
        self.setAccessibleName("步骤")
        self._fit()
        self.setWordWrap(True)
        self.setSpacing(STEP // 2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        for step in steps:
            self.addItem(QListWidgetItem(step.name))
        desk.changed.connect(lambda _effect: self._refresh())
        self.dress()

    def dress(self) -> None:
        """Set signs and selection in the current colours."""
        calm_selection(self)
        self._refresh()

    def _fit(self) -> None:
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("国") * (NARROW if self._narrow else WIDE))

    def leave_room(self, below: int) -> None:
        """Keep `below` pixels free at the lower end; the steps scroll above them."""
        self.setViewportMargins(0, 0, 0, below)
        self.scrollToItem(self.currentItem())

    def use_narrow(self, narrow: bool) -> None:
        """Narrow the list on a small screen, so that names wrap into more lines."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _refresh(self) -> None:
        for row, step in enumerate(self._steps):
            sign, word = self._state(step.id)
            item = self.item(row)
            item.setIcon(icon(sign))
            item.setToolTip(word)
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{step.name}，{word}")

    def _standing(self, step: str) -> Readiness:
        """Return the open findings of a step: all of them on the last one, those of title and preface on the cover."""
        readiness, sections = self._desk.readiness, [section.id for section in self._desk.editing.form.sections]
        if step == FINISH:
            return readiness
        return readiness.beside(sections) if step == COVER else readiness.within(step)

    def _state(self, step: str) -> tuple[Sign, str]:
        """Return a step's sign and tooltip: 空白, 填写中, n 处错误 or 完成."""
        readiness = self._standing(step)
        sign = sign_of(readiness)
        if sign is Sign.BLANK and (step == FINISH or self._begun(step)):
            sign = Sign.STARTED
        counts = {Sign.ERROR: readiness.wrong, Sign.EXPLAIN: readiness.unresolved, Sign.HINT: readiness.hints}
        return sign, f"{len(counts[sign])} 处{WORD_OF[sign].removeprefix('有')}" if sign in counts else WORD_OF[sign]

    def _begun(self, step: str) -> bool:
        report = self._desk.editing.report
        tables = {section.table for section in self._desk.editing.form.sections if section.id == step}
        return bool(report.text(step).strip()) or any(address.table in tables for address in report.cells)
