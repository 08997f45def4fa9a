"""Workbench of the open draft: wizard and findings, or the preview in their place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from model.form import Address, Section
from ui.draft import Desk
from ui.editor.findings import FindingsPanel
from ui.editor.pages import TablePage
from ui.editor.wizard import Wizard
from ui.output import ExportKind
from ui.table import TableView

PANEL, NARROW = 300, 220  # default width of the findings in pixels; the second on a small screen
SMALL = 1200  # width in pixels below which a window counts as a small screen


class Workbench(QStackedWidget):
    """Contains all widgets of one draft, so that the window depends on no page."""

    export_wanted = Signal(object)  # ExportKind
    preview_wanted = Signal()

    def __init__(self, desk: Desk, sizes: tuple[int, ...], width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.wizard = Wizard(desk)
        self.panel = FindingsPanel(desk)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.wizard)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self._panel = sizes[1] if len(sizes) == 2 else PANEL  # pixels; as last set by the clerk
        self._narrow = False
        self._share(width)
        self.splitter.splitterMoved.connect(self._on_moved)
        self.addWidget(self.splitter)
        self.panel.chosen.connect(self._leave_preview)
        self.panel.chosen.connect(self.wizard.show_finding)
        desk.changed.connect(self._leave_preview)
        self.wizard.export_wanted.connect(self.export_wanted)
        self.wizard.preview_wanted.connect(self.preview_wanted)
        desk.undone_or_redone.connect(self.wizard.show_change)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share(event.size().width())

    def _share(self, width: int) -> None:
        """Narrow steps and findings in favour of the page where space is short, such as beside a help dock."""
        self._narrow = width < SMALL
        self.wizard.list.use_narrow(self._narrow)
        panel = min(self._panel, NARROW) if self._narrow else self._panel
        self.splitter.setSizes([width - panel, panel])

    def _on_moved(self, _place: int, _handle: int) -> None:
        """Keep the width of the findings set by the clerk."""
        self._panel = self.splitter.sizes()[1]

    def sizes(self) -> tuple[int, int]:
        """Return the widths of page and findings in pixels for the settings, the latter as set by the clerk."""
        return self.splitter.width() - self._panel, self._panel

    # -- position ------------------------------------------------------------------------------------------------

    def where(self) -> tuple[str, str]:
        """Return the step's id and the cursor position on its page."""
        return self.wizard.steps[self.wizard.currentId()].id, self.wizard.content().place()

    def cell(self) -> Address | None:
        """Return the current cell; None on a page without a table."""
        page = self.wizard.content()
        return page.table.current_address() if isinstance(page, TablePage) else None

    def show_place(self, place: Address | str) -> None:
        """Go to a cell, or to a section by its id; the cover for ""."""
        if isinstance(place, Address):
            self.wizard.show_cell(place)
        else:
            self.wizard.go_to(place)

    def go_back_to(self, step: str, place: str) -> None:
        """Go to the last position; ignores a step or place that no longer exists."""
        if step in [s.id for s in self.wizard.steps]:
            self.wizard.go_to(step).put_cursor(place)

    def section(self) -> Section | None:
        """Return the section shown; None on the cover and on the last page."""
        step = self.wizard.steps[self.wizard.currentId()].id
        return next((s for s in self.desk.editing.form.sections if s.id == step), None)

    # -- keys ----------------------------------------------------------------------------------------------------

    def go_around(self, by: int) -> None:
        """Move the focus in a cycle through list of steps, page and findings."""
        focus = self.window().focusWidget()
        places = [self.wizard.list.setFocus, self.wizard.take_focus, self.panel.take_focus]
        here = 0 if focus is self.wizard.list else 2 if focus in self.panel.findChildren(QWidget) else 1
        places[(here + by) % 3]()

    def zoom(self, by: int) -> None:
        """Change the font size of all tables by `by` points."""
        for table in self.findChildren(TableView):
            table.zoom_by(by)

    # -- preview -------------------------------------------------------------------------------------------------

    def show_preview(self, content: bytes, title: str) -> None:
        """Show the PDF in place of the wizard."""
        from ui.output import Preview  # loads PDFium and the print dialog

        self.close_preview()
        self.setFocus()  # commits an open editor now; its change during the switch would close the preview
        preview = Preview(content, title)
        preview.closed.connect(self.close_preview)
        preview.export_wanted.connect(lambda: self.export_wanted.emit(ExportKind.PDF))
        self.addWidget(preview)
        self.setCurrentWidget(preview)
        preview.setFocus()

    def _leave_preview(self, _reason: object) -> None:
        """Close the preview, whose pages are out of date or no longer wanted."""
        if self.count() > 1:
            self.close_preview()

    def close_preview(self) -> None:
        """Return to the wizard."""
        if self.count() > 1:
            preview = self.widget(1)
            self.removeWidget(preview)
            preview.close()
            preview.deleteLater()
            self.wizard.take_focus()
