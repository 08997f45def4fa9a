"""QWizard as a part of the window, around pages that may be reached in any order."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget, QWizard

from ui.parts import STEP

BACK, NEXT = QWizard.WizardButton.CustomButton1, QWizard.WizardButton.CustomButton2


class StepFrame(QWizard):
    """QWizard in which every page can be reached from every other; numbers of pages begin with 0.

    A QWizard is a dialog with one way through its pages.  Whatever answers that stands in this class:

    - Window: QDialog makes a window of itself, whatever parent and flags it is given; the layout or splitter that it is
      added to makes it a part of the window.  So it has no parameter `parent`.
    - History: QWizard keeps the visited pages as a stack, from which `setCurrentId` takes one for each page with a
      lower number (`QWizardPrivate::switchToPage`, asserted in debug builds only).  After a jump from page 0 to page 7
      the second step back leaves it empty, and the steps after that write before its memory: Qt 6.9.3 crashes.  So
      `show_page` restarts at the page, which empties the stack, and the history is always the page that is shown.
    - Buttons: Back goes to the page visited before, Cancel and Finish close the dialog.  Two custom buttons stand in
      their place; `step_wanted` tells the direction.
    - Keys: in a QDialog Esc calls `reject`, which hides it, and Enter presses the default button, which a button of a
      page becomes while it has the focus.  Both keys end here if no widget of the page accepted them.
    - Focus: QWizard hides everything while it changes the page, so the focus goes to another part of the window, and
      then focuses Next (with `NoDefaultButton`; it is not shown here) or the first widget of the page.  The owner sets
      the focus in the page; the side widget, such as a list of steps used with arrow keys, gets it back.
    - Margins: QWizard sets the margins of a dialog and indents the title, before the first page and again once it has
      become a part of a window (`QWizardPrivate::recreateLayout`), both just before `currentIdChanged`.  It computes
      its least size with them, which on a small screen would make the window larger: `_trim` sets that, too.
    - Size of a page: it is stretched only if its content can expand when it is shown; a page that is built late is
      built in `initializePage`, which `restart` calls before that.
    """

    step_wanted = Signal(int)  # 1: the next step, -1: the one before
    page_shown = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoDefaultButton)
        self._own_buttons()
        self.currentIdChanged.connect(self._on_current_id)

    def _own_buttons(self) -> None:
        self.setOption(QWizard.WizardOption.HaveCustomButton1)
        self.setOption(QWizard.WizardOption.HaveCustomButton2)
        self.setButtonText(BACK, "上一部分(&B)")
        self.setButtonText(NEXT, "下一部分(&N)")
        self.setButtonLayout([QWizard.WizardButton.Stretch, BACK, NEXT])
        self.customButtonClicked.connect(lambda which: self.step_wanted.emit(1 if which == NEXT.value else -1))

    def show_page(self, number: int) -> None:
        """Show a page; the focus is lost unless the side widget has it."""
        side = self.sideWidget()
        in_side = side.hasFocus()
        self.setStartId(number)
        self.restart()
        if in_side:
            side.setFocus()

    def _on_current_id(self, number: int) -> None:
        if number < 0:  # while it restarts
            return
        self.button(BACK).setEnabled(number > 0)
        self.button(NEXT).setEnabled(number + 1 < len(self.pageIds()))
        self._trim()
        self.page_shown.emit(number)

    def _trim(self) -> None:
        """Reduce the margins, and align the title with the content, to leave room for the page."""
        frame = self.button(BACK).parentWidget()  # contains all that QWizard lays out
        assert frame
        _set_margins(self.sideWidget().parentWidget(), 0, 0)
        for label in frame.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if label.text() == self.currentPage().title():
                label.setMargin(0)
                label.setIndent(0)
        self.setMinimumSize(_set_margins(frame, 2 * STEP, STEP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept Enter and Esc without doing anything."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.accept()
        else:
            super().keyPressEvent(event)


def _set_margins(widget: QWidget | None, horizontal: int, vertical: int) -> QSize:
    """Set the margins of the layout of a widget; returns the least size that it then has."""
    layout = widget.layout() if widget else None
    if layout is None:
        return QSize()
    layout.setContentsMargins(horizontal, vertical, horizontal, vertical)
    return layout.totalMinimumSize()
