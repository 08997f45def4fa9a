"""Menu bar as data: commands, and for each its menu, shortcut and whether it needs an open draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

if TYPE_CHECKING:
    from ui.editor import Workbench

Slots = Mapping["Command", Callable[[], object]]


@unique
class Command(StrEnum):
    """Commands of the menu bar; the value is the label."""

    LIST = "返回草稿列表(&L)"
    OLD_REPORT = "由旧年度报告新建(&O)…"
    RESTORE = "从备份恢复(&R)…"
    PREVIEW = "预览与打印(&P)…"
    EXPORT_PDF = "导出 PDF(&E)…"
    EXPORT_DATA = "导出数据文件(&J)…"
    EXPORT_CHECK_REPORT = "导出检查报告(&R)…"
    HISTORY = "版本与备份(&V)…"
    QUIT = "退出(&Q)"
    UNDO = "撤销(&U)"
    REDO = "重做(&R)"
    NEXT_FINDING = "下一处问题(&N)"
    PREVIOUS_FINDING = "上一处问题(&P)"
    BACK = "上一部分(&B)"
    FORWARD = "下一部分(&F)"
    NEXT_AREA = "下一区域(&A)"
    PREVIOUS_AREA = "上一区域(&R)"
    ENLARGE = "放大表格(&L)"
    REDUCE = "缩小表格(&S)"
    HELP = "填报说明(&H)"
    TOUR = "操作提示(&T)"
    MANUAL = "使用说明(&M)"
    VERIFY = "检查草稿库是否完好(&C)"
    ABOUT = "关于(&A)"


@dataclass(frozen=True)
class MenuEntry:
    """One menu entry; without a command it is a separator."""

    menu: str
    command: Command | None = None
    keys: str = ""
    draft: bool = False  # enabled only while a draft is open


FILE, EDIT, CHECK, LOOK, HELP = "文件(&F)", "编辑(&E)", "检查(&C)", "视图(&V)", "帮助(&H)"
ENTRIES = (
    MenuEntry(FILE, Command.LIST, "Ctrl+L", draft=True),
    MenuEntry(FILE, Command.OLD_REPORT, "Ctrl+O"),
    MenuEntry(FILE, Command.RESTORE),
    MenuEntry(FILE),
    MenuEntry(FILE, Command.PREVIEW, "Ctrl+P", draft=True),
    MenuEntry(FILE, Command.EXPORT_PDF, "Ctrl+E", draft=True),
    MenuEntry(FILE, Command.EXPORT_DATA, draft=True),
    MenuEntry(FILE),
    MenuEntry(FILE, Command.HISTORY, "Ctrl+H", draft=True),
    MenuEntry(FILE),
    MenuEntry(FILE, Command.QUIT, "Ctrl+Q"),
    MenuEntry(EDIT, Command.UNDO, "Ctrl+Z", draft=True),
    MenuEntry(EDIT, Command.REDO, "Ctrl+Y", draft=True),
    MenuEntry(CHECK, Command.NEXT_FINDING, "F8", draft=True),
    MenuEntry(CHECK, Command.PREVIOUS_FINDING, "Shift+F8", draft=True),
    MenuEntry(CHECK),
    MenuEntry(CHECK, Command.EXPORT_CHECK_REPORT, draft=True),
    MenuEntry(LOOK, Command.BACK, "Ctrl+PgUp", draft=True),
    MenuEntry(LOOK, Command.FORWARD, "Ctrl+PgDown", draft=True),
    MenuEntry(LOOK, Command.NEXT_AREA, "F6", draft=True),
    MenuEntry(LOOK, Command.PREVIOUS_AREA, "Shift+F6", draft=True),
    MenuEntry(LOOK),
    MenuEntry(LOOK, Command.ENLARGE, "Ctrl++", draft=True),
    MenuEntry(LOOK, Command.REDUCE, "Ctrl+-", draft=True),
    MenuEntry(HELP, Command.HELP, "F1"),
    MenuEntry(HELP, Command.TOUR, draft=True),
    MenuEntry(HELP, Command.MANUAL),
    MenuEntry(HELP, Command.VERIFY),
    MenuEntry(HELP, Command.ABOUT),
)


class Menus(QObject):
    """Menu bar of a window; each command calls its slot, one of the window's or one of the open draft's."""

    def __init__(self, window: QMainWindow, slots: Slots) -> None:
        super().__init__(window)
        self._window_slots, self._slots = slots, slots
        self.menus: dict[str, QMenu] = {}  # by label
        self.actions: dict[Command, QAction] = {}
        for entry in ENTRIES:
            if entry.menu not in self.menus:
                self.menus[entry.menu] = window.menuBar().addMenu(entry.menu)
            if entry.command:
                self._add(self.menus[entry.menu], entry.command, entry.keys)
            else:
                self.menus[entry.menu].addSeparator()
        self.on_bench_changed(None)

    def _add(self, menu: QMenu, command: Command, keys: str) -> None:
        action = self.actions[command] = QAction(command, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: self._slots[command]())
        menu.addAction(action)

    def on_bench_changed(self, bench: Workbench | None) -> None:
        """Connect the commands to the open draft; None disables those that need one."""
        self._slots = {**self._window_slots, **(draft_slots(bench) if bench else {})}
        for entry in ENTRIES:
            if entry.command and entry.draft:
                self.actions[entry.command].setEnabled(bench is not None)


def draft_slots(bench: Workbench) -> Slots:
    """Return the slots of the commands that act inside an open draft."""
    desk, wizard, panel = bench.desk, bench.wizard, bench.panel
    return {
        Command.UNDO: desk.undo,
        Command.REDO: desk.redo,
        Command.NEXT_FINDING: partial(panel.step, 1),
        Command.PREVIOUS_FINDING: partial(panel.step, -1),
        Command.BACK: partial(wizard.step_by, -1),
        Command.FORWARD: partial(wizard.step_by, 1),
        Command.NEXT_AREA: partial(bench.go_around, 1),
        Command.PREVIOUS_AREA: partial(bench.go_around, -1),
        Command.ENLARGE: partial(bench.zoom, 1),
        Command.REDUCE: partial(bench.zoom, -1),
    }
