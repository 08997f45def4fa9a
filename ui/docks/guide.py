"""Help inside the program: context help, the manual, the first-run tour, 关于."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from model.form import Formats
from ui.docks.help import HelpDock, help_for_cell, help_for_section
from ui.parts import Folders

if TYPE_CHECKING:
    from model.checks import Finding
    from model.prose import RuleSet
    from ui.docks.tour import Tour
    from ui.editor import Workbench

TOUR = (
    "上面是各个部分，可以随意跳转。记号说明状态：空白、填写中、有错误、完成。",
    "表格像电子表格一样用键盘填：回车到下一行，Tab 到右边。总计自动计算，可以粘贴整张表。",
    "右边随时列出哪里不对：点一条就跳过去，能直接改好的下面有按钮。F8 到下一处。",
    "没有“保存”按钮：每处改动自动存盘，右下角显示时间。不清楚某格填什么，按 F1。",
)


class Guide(QObject):
    """Opens the help panels."""

    toured = Signal()  # the first-run tour was finished or skipped

    def __init__(self, window: QMainWindow, places: Folders, formats: Formats) -> None:
        super().__init__(window)
        self._window, self._places, self._formats = window, places, formats
        self._bench: Workbench | None = None  # of the open draft
        self.help = HelpDock(places.resources / "help")
        self.help.width_wanted.connect(self.on_width_wanted)
        self.tour: Tour | None = None

    def on_help(self) -> None:
        """Show help for the current cell or section; the manual where there is none."""
        bench = self._bench
        section = bench.section() if bench else None
        if bench is None or section is None:
            self.help.show_manual()
            return
        form, cell = bench.desk.editing.form, bench.cell()
        words = help_for_cell(form, cell) if cell else help_for_section(form, section)
        self.help.show_words("填报说明", words)

    def on_width_wanted(self, width: int) -> None:
        """Widen the help to `width` pixels, but to no more than a third of the window."""
        self._window.resizeDocks([self.help], [min(width, self._window.width() // 3)], Qt.Orientation.Horizontal)

    def show_rule(self, finding: Finding, rules: RuleSet) -> None:
        """Show the page about the rule that a finding comes from."""
        from ui.docks.rule_help import TITLE, help_for_finding  # late import: not needed for the first window

        if self._bench:
            self.help.show_words(TITLE, help_for_finding(self._bench.desk.editing.form, rules, finding))

    def on_tour(self) -> None:
        """Start the first-run tour, or show its next hint."""
        from ui.docks.tour import Tour  # late import: rarely needed

        if self.tour:
            self.tour.step()
        elif self._bench:
            self.tour = Tour(self._window, self._bench.wizard.list, TOUR)
            self.tour.ended.connect(self._on_toured)

    def _on_toured(self) -> None:
        self.tour = None
        self.toured.emit()

    def on_about(self) -> None:
        """Show version, formats, security note and licences."""
        from ui.docks.about import About

        About(self._formats, self._places, self._window).show()

    def on_bench_changed(self, bench: Workbench | None) -> None:
        """Explain the open draft from now on; hide the help and end the tour when it was closed."""
        self._bench = bench
        if bench is None:
            self._put_away()

    def _put_away(self) -> None:
        self.help.hide()
        if self.tour:
            self.tour.end()
