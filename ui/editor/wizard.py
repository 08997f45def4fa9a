"""Wizard of a draft: cover, one page for each section of the form, finish; list of steps at the side."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWizardPage

from model.checks import Finding
from model.form import PREFACE, Address, Section
from model.report import Change
from ui.draft import Desk
from ui.editor.cover import CoverPage
from ui.editor.finish import FinishPage
from ui.editor.pages import TablePage, TextPage, WizardPage
from ui.editor.step_list import COVER, FINISH, StepList, WizardStep
from ui.editor.wizard_frame import NEXT, StepFrame


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
            self.content.completed.connect(self._go_on)
        return self.content

    def _go_on(self) -> None:
        """Offer the next step to the next Enter."""
        self.wizard().button(NEXT).setFocus(Qt.FocusReason.OtherFocusReason)

    def initializePage(self) -> None:
        """Build the content before `StepFrame` shows the page, which is stretched only if its content can expand."""
        self.built()


class Wizard(StepFrame):
    """Steps of one draft: the cover, a page for each section, the finish; no page blocks the next one."""

    step_changed = Signal(str)
    export_wanted = Signal(object)  # ExportKind
    preview_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.steps = self._steps()
        self.list = StepList(desk, self.steps)
        self.setSideWidget(self.list)
        for number, step in enumerate(self.steps):
            self.setPage(number, LazyPage(step))
        self.list.currentRowChanged.connect(self._go)
        self.list.itemClicked.connect(lambda _item: self.take_focus())
        self.list.itemActivated.connect(lambda _item: self.take_focus())
        self.step_wanted.connect(self.step_by)
        self.page_shown.connect(self._on_page_shown)
        self.show_page(0)

    def _steps(self) -> tuple[WizardStep, ...]:
        sections = [WizardStep(s.id, s.title, self._maker(s)) for s in self.desk.editing.form.sections]
        finish = WizardStep(FINISH, "检查与导出", self._finish_page)
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

    # -- navigation ----------------------------------------------------------------------------------------------

    def step_by(self, by: int) -> None:
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
            page.show_field(finding.field)

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
        self.show_page(number)

    def _on_page_shown(self, number: int) -> None:
        self.list.setCurrentRow(number)
        self.step_changed.emit(self.steps[number].id)
