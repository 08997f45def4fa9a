"""Menu bar as data: for each entry its menu, label, shortcut and action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from ui.output import ExportKind

if TYPE_CHECKING:
    from ui.editor import Workbench


@dataclass(frozen=True)
class Command:
    """One menu entry; an empty name makes a separator."""

    menu: str
    name: str = ""
    keys: str = ""
    window: Callable[[Any], object] | None = None  # called with the window
    bench: Callable[[Workbench], object] | None = None
    draft: bool = False  # enable `window` only while a draft is open

    @property
    def needs_draft(self) -> bool:
        """Tell whether the entry is enabled only while a draft is open."""
        return self.draft or self.bench is not None


FILE, EDIT, LOOK, HELP = "文件(&F)", "编辑(&E)", "查看(&V)", "帮助(&H)"
COMMANDS = (
    Command(FILE, "返回草稿列表(&L)", "Ctrl+L", lambda window: window.close_draft(), draft=True),
    Command(FILE, "由旧年报新建(&O)…", "Ctrl+O", lambda window: window.draft_actions.on_old_wanted()),
    Command(FILE, "从备份恢复(&R)…", "", lambda window: window.restoring.on_wanted()),
    Command(FILE),
    Command(FILE, "预览与打印(&P)…", "Ctrl+P", lambda window: window.exporter.on_preview(), draft=True),
    Command(FILE, "导出 PDF(&E)…", "Ctrl+E", lambda window: window.exporter.ask(ExportKind.PDF), draft=True),
    Command(FILE, "导出数据文件(&J)…", "", lambda window: window.exporter.ask(ExportKind.JSON), draft=True),
    Command(FILE),
    Command(FILE, "版本与备份(&V)…", "Ctrl+H", lambda window: window.on_history(), draft=True),
    Command(FILE),
    Command(FILE, "退出(&Q)", "Ctrl+Q", lambda window: window.close()),
    Command(EDIT, "撤销(&U)", "Ctrl+Z", bench=lambda bench: bench.desk.undo()),
    Command(EDIT, "重做(&R)", "Ctrl+Y", bench=lambda bench: bench.desk.redo()),
    Command(LOOK, "下一处问题(&N)", "F8", bench=lambda bench: bench.panel.step(1)),
    Command(LOOK, "上一处问题(&P)", "Shift+F8", bench=lambda bench: bench.panel.step(-1)),
    Command(LOOK),
    Command(LOOK, "上一步(&B)", "Ctrl+PgUp", bench=lambda bench: bench.wizard.move(-1)),
    Command(LOOK, "下一步(&F)", "Ctrl+PgDown", bench=lambda bench: bench.wizard.move(1)),
    Command(LOOK, "切换区域(&A)", "F6", bench=lambda bench: bench.go_around(1)),
    Command(LOOK, "反向切换区域(&R)", "Shift+F6", bench=lambda bench: bench.go_around(-1)),
    Command(LOOK),
    Command(LOOK, "放大表格(&L)", "Ctrl++", bench=lambda bench: bench.zoom(1)),
    Command(LOOK, "缩小表格(&S)", "Ctrl+-", bench=lambda bench: bench.zoom(-1)),
    Command(HELP, "填报说明(&H)", "F1", lambda window: window.guide.on_help()),
    Command(HELP, "操作提示(&T)", "", lambda window: window.guide.on_tour(), draft=True),
    Command(HELP, "使用说明(&M)", "", lambda window: window.guide.help.show_manual()),
    Command(HELP, "检查数据(&C)", "", lambda window: window.on_verify()),
    Command(HELP, "关于(&A)", "", lambda window: window.guide.on_about()),
)


class Menus:
    """Builds the menu bar of a window; `actions` and `menus` are keyed by the labels in COMMANDS."""

    def __init__(self, window: QMainWindow, bench: Callable[[], Workbench | None]) -> None:
        self._window, self._bench = window, bench
        self.menus: dict[str, QMenu] = {}
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            if command.menu not in self.menus:
                self.menus[command.menu] = window.menuBar().addMenu(command.menu)
            if command.name:
                self.actions[command.name] = self._action(self.menus[command.menu], command)
            else:
                self.menus[command.menu].addSeparator()

    def _action(self, menu: QMenu, command: Command) -> QAction:
        action = QAction(command.name, self._window)
        action.setShortcut(QKeySequence(command.keys))
        action.triggered.connect(lambda: self._do(command))
        menu.addAction(action)
        return action

    def _do(self, command: Command) -> None:
        bench = self._bench()
        if command.window:
            command.window(self._window)
        elif command.bench and bench:
            command.bench(bench)

    def enable(self) -> None:
        """Enable the entries that need a draft if one is open, else disable them."""
        for command in COMMANDS:
            if command.needs_draft:
                self.actions[command.name].setEnabled(self._bench() is not None)
