"""The main window: start page, open draft, menus, status."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from model.derive import next_year
from model.editing import Editing
from model.filenames import safe_name
from model.format import Severity
from model.formats import Formats
from model.report import Report
from model.trouble import Trouble
from model.version import VERSION
from ui.banner import Banner
from ui.desk import Desk
from ui.findings import FindingsPanel
from ui.jobs import Job
from ui.keeper import Keeper
from ui.look import MARGIN
from ui.places import Places
from ui.start import DraftLine, StartPage
from ui.tables import TableView
from ui.wizard import Wizard

PROGRAM = "政府信息公开工作年度报告"
LAST_JOBS = 10.0  # seconds that closing waits for work in the background
READABLE = "年度报告（*.txt *.json *.pdf）"


class Window(QMainWindow):
    """One window: the start page, or one open draft."""

    opened = Signal(int)
    exported = Signal(object)  # Path
    crashed = Signal(str)  # the folder with the crash report; may be emitted from any thread

    def __init__(self, places: Places, formats: Formats, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places, self._formats, self._keeper = places, formats, keeper
        self.desk: Desk | None = None
        self.wizard: Wizard | None = None
        self.panel: FindingsPanel | None = None
        self._jobs: list[Job] = []
        self._unsaved = False  # the banner says so
        self.start = StartPage(formats.years())
        self.banner = Banner()
        self._saved = QLabel()
        self._saved.setAccessibleName("保存状态")
        self._stack = QStackedWidget()
        self._lay_out()
        self._menus()
        self._connect()
        self._enable()

    # -- layout --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle(PROGRAM)
        self._stack.addWidget(self.start)
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.banner)
        box.addWidget(self._stack, 1)
        self.setCentralWidget(middle)
        self._saved.setContentsMargins(0, 0, MARGIN, 0)
        self.statusBar().addPermanentWidget(self._saved)
        self.resize(1280, 680)

    def _menus(self) -> None:
        file, edit, look = (self.menuBar().addMenu(name) for name in ("文件(&F)", "编辑(&E)", "查看(&V)"))
        self.to_start = self._action(file, "返回草稿列表(&L)", "Ctrl+L", self.close_draft)
        self._action(file, "由旧年报新建(&O)…", QKeySequence(QKeySequence.StandardKey.Open), self.on_old_wanted)
        file.addSeparator()
        self.to_pdf = self._action(file, "导出 PDF(&E)…", "Ctrl+E", lambda: self.ask_export("pdf"))
        self.to_json = self._action(file, "导出数据文件(&J)…", "", lambda: self.ask_export("json"))
        file.addSeparator()
        self._action(file, "退出(&Q)", QKeySequence(QKeySequence.StandardKey.Quit), self.close)
        self.undo = self._action(edit, "撤销(&U)", QKeySequence(QKeySequence.StandardKey.Undo), self.on_undo)
        self.redo = self._action(edit, "重做(&R)", "Ctrl+Y", self.on_redo)
        self.next = self._action(look, "下一处问题(&N)", "F8", lambda: self._step_finding(1))
        self.previous = self._action(look, "上一处问题(&P)", "Shift+F8", lambda: self._step_finding(-1))
        look.addSeparator()
        self.back = self._action(look, "上一步(&B)", "Ctrl+PgUp", lambda: self._move(-1))
        self.on = self._action(look, "下一步(&F)", "Ctrl+PgDown", lambda: self._move(1))
        self.around = self._action(look, "切换区域(&A)", "F6", lambda: self._go_around(1))
        self.around_back = self._action(look, "反向切换区域(&R)", "Shift+F6", lambda: self._go_around(-1))
        look.addSeparator()
        self.larger = self._action(look, "放大表格(&L)", "Ctrl++", lambda: self._zoom(1))
        self.smaller = self._action(look, "缩小表格(&S)", "Ctrl+-", lambda: self._zoom(-1))
        self.actions_of_draft = (
            self.to_start, self.to_pdf, self.to_json, self.undo, self.redo, self.next, self.previous,
            self.back, self.on, self.around, self.around_back, self.larger, self.smaller,
        )  # fmt: skip
        help_menu = self.menuBar().addMenu("帮助(&H)")
        self._action(help_menu, "关于(&A)", "", self.on_about)

    def _action(self, menu: QMenu, name: str, keys: QKeySequence | str, act: Callable[[], object]) -> QAction:
        action = QAction(name, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: act())
        menu.addAction(action)
        return action

    def _connect(self) -> None:
        self.start.opened.connect(self.open_draft)
        self.start.wanted.connect(self.on_wanted)
        self.start.old_wanted.connect(self.on_old_wanted)
        self.start.next_wanted.connect(self.on_next_wanted)
        self.start.deleted.connect(self.on_deleted)
        self._keeper.saved.connect(self.on_saved)
        self._keeper.failed.connect(self.on_failed)
        self.crashed.connect(self.on_crashed)

    def _enable(self) -> None:
        is_open = self.desk is not None
        for action in self.actions_of_draft:
            action.setEnabled(is_open)

    # -- drafts --------------------------------------------------------------------------------------------------

    def refresh_drafts(self) -> None:
        """Read the list of drafts in the background and show it."""
        self._run(self._lines, self.start.show_drafts)

    def _lines(self) -> list[DraftLine]:
        drafts = self._keeper.ask(lambda store: [(d, store.load(d.number)) for d in store.drafts()])
        return [self._line(draft.number, report, draft.saved) for draft, report in drafts]

    def _line(self, number: int, report: Report, saved: datetime) -> DraftLine:
        form = self._formats.named(report.format)
        editing = Editing(report, form)
        texts = [s for s in form.sections if not s.table]
        filled = len(report.cells) + sum(bool(report.text(s.id).strip()) for s in texts)
        errors = sum(f.severity is Severity.ERROR for f in editing.findings)
        explain = sum(f.severity is Severity.EXPLAIN for f in editing.findings)
        share = 100 * filled // (len(form.inputs) + len(texts))
        return DraftLine(number, report.agency, report.year, form.document, share, errors, explain, saved)

    def on_wanted(self, agency: str, year: int, kind: str) -> None:
        """A blank report."""
        self._try(lambda: self.add(Report(agency, year, self._formats.for_year(year).id, kind), "新建"))

    def on_next_wanted(self, number: int) -> None:
        """Next year's report out of a draft: the numbers that carry over, nothing else."""
        self._try(lambda: self.add(self._following(number), "复制为下一年度"))

    def _following(self, number: int) -> Report:
        old = self._keeper.ask(lambda store: store.load(number))
        values = Editing(old, self._formats.named(old.format)).values
        return next_year(old, values, self._formats.for_year(old.year + 1))

    def on_deleted(self, number: int) -> None:
        """Into the recycle bin, from which it can be taken back at once."""
        self._try(lambda: self._delete(number))

    def _delete(self, number: int) -> None:
        self._keeper.ask(lambda store: store.delete(number))
        self.refresh_drafts()
        self.banner.say("草稿已移到回收站。", [("撤销", lambda: self._try(lambda: self._restore(number)))])

    def _restore(self, number: int) -> None:
        self._keeper.ask(lambda store: store.restore(number))
        self.banner.hide()
        self.refresh_drafts()

    def on_old_wanted(self) -> None:
        """Ask for an old report's file."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path, _ = QFileDialog.getOpenFileName(self, "由旧年报新建", folder, f"{READABLE};;所有文件 (*)")
        if path:
            self.import_file(Path(path))

    def import_file(self, path: Path) -> None:
        """Read a report from a file into a new draft and open it."""
        from ui.reading import as_draft, read_file  # the readers are not needed for the first window

        self._run(lambda: as_draft(read_file(path, self._formats)), lambda report: self._imported(path, report))

    def _imported(self, path: Path, report: Report) -> None:
        self.add(report, f"读入 {path.name}")
        seen = f"，有 {len(report.notes)} 处请核对，列在右边" if report.notes else "，没有疑问"
        self.banner.say(f"已读入「{path.name}」：{report.agency} {report.year} 年{seen}。")

    def add(self, report: Report, cause: str) -> None:
        """Store a new draft and open it."""
        draft = self._keeper.ask(lambda store: store.create(report, cause))
        self.open_draft(draft.number)

    def open_draft(self, number: int) -> None:
        """Open a draft in the wizard."""
        self._try(lambda: self._open(number))

    def _open(self, number: int) -> None:
        report = self._keeper.ask(lambda store: store.load(number))
        self.close_draft()
        self.desk = Desk(number, Editing(report, self._formats.named(report.format)), self._keeper, self)
        self.wizard = Wizard(self.desk)
        self.panel = FindingsPanel(self.desk)
        self.panel.chosen.connect(self.wizard.show_finding)
        self.wizard.export_wanted.connect(self.ask_export)
        self.desk.waiting.connect(lambda: self._saved.setText("正在保存…"))
        self.desk.changed.connect(lambda _effect: self._title())
        self.desk.turned.connect(self.wizard.show_change)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.wizard)
        splitter.addWidget(self.panel)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([self.width() - 300, 300])
        self._stack.addWidget(splitter)
        self._stack.setCurrentWidget(splitter)
        self._title()
        self._enable()
        self._saved.setText("已保存")
        self.wizard.take_focus()
        self.opened.emit(number)

    def close_draft(self) -> None:
        """Back to the list; everything typed is handed over first."""
        if self.desk is None:
            return
        self.desk.settle()
        splitter = self._stack.widget(1)
        self._stack.removeWidget(splitter)
        splitter.deleteLater()
        self.desk.deleteLater()
        self.desk = self.wizard = self.panel = None
        self.banner.hide()
        self._saved.clear()
        self._title()
        self._enable()
        self.refresh_drafts()

    def _title(self) -> None:
        if self.desk is None:
            self.setWindowTitle(PROGRAM)
            return
        report = self.desk.editing.report
        self.setWindowTitle(f"{report.agency} {report.year} 年 — {PROGRAM}")

    # -- saving --------------------------------------------------------------------------------------------------

    def on_saved(self, number: int, at: datetime) -> None:
        """«已保存» only after the commit."""
        if self._keeper.waiting(number):
            return
        if self._unsaved:
            self._unsaved = False
            self.banner.hide()
        if self.desk and number == self.desk.number:
            self._saved.setText(f"已保存 {at:%H:%M:%S}")
            self.desk.on_saved(at)

    def on_failed(self, number: int, why: str, waiting: int) -> None:
        """Say why it is not saved; the writer goes on trying."""
        self._saved.setText("未保存")
        self._unsaved = True
        self.banner.say(f"最近 {waiting} 处修改尚未保存：{why}", trouble=True)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand over all typing and wait for the last commit."""
        if self.desk:
            self.desk.settle()
        for job in self._jobs:  # an export in its last second, the list of drafts being read
            job.wait(LAST_JOBS)
        if self._keeper.close():
            event.accept()
            return
        question = "还有修改未能保存，关闭后会丢失。仍要关闭吗？"
        answer = QMessageBox.warning(
            self, PROGRAM, question, QMessageBox.StandardButton.Close | QMessageBox.StandardButton.Cancel
        )
        event.setAccepted(answer == QMessageBox.StandardButton.Close)

    def on_crashed(self, folder: str) -> None:
        """The program itself went wrong somewhere; what was typed is saved already."""
        self._say_trouble(f"程序出现错误，已填写的内容不受影响。错误记录在：{folder}")

    # -- export --------------------------------------------------------------------------------------------------

    def ask_export(self, kind: str) -> None:
        """Ask where to, then export."""
        if self.desk is None:
            return
        self.desk.settle()
        report = self.desk.editing.report
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = safe_name(self.desk.editing.form.title.format(agency=report.agency, year=report.year))
        what = {"pdf": "PDF 文件 (*.pdf)", "json": "数据文件 (*.json)"}[kind]
        path, _ = QFileDialog.getSaveFileName(self, "导出", str(Path(folder) / f"{name}.{kind}"), what)
        if path:
            self.export_to(Path(path if path.lower().endswith(f".{kind}") else f"{path}.{kind}"))

    def export_to(self, target: Path) -> None:
        """Export the open draft, in the background."""
        assert self.desk is not None
        self.desk.settle()
        snapshot = Editing(self.desk.editing.report, self.desk.editing.form)

        def work() -> Path:
            from ui.printing import export, load_press  # ReportLab and fonts only now

            export(snapshot, target, load_press(self._places))
            return target

        self.statusBar().showMessage(f"正在导出 {target.name}…")
        self._run(work, self._on_exported)

    def _on_exported(self, target: Path) -> None:
        self.statusBar().clearMessage()
        open_file = ("打开文件", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(target))))
        open_folder = ("打开所在文件夹", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(target.parent))))
        self.banner.say(f"已导出：{target}", [open_file, open_folder])
        self.exported.emit(target)

    # -- small things --------------------------------------------------------------------------------------------

    def on_undo(self) -> None:
        """Take back the last step of the report."""
        if self.desk:
            self.desk.undo()

    def on_redo(self) -> None:
        """Do the last undone step again."""
        if self.desk:
            self.desk.redo()

    def _step_finding(self, by: int) -> None:
        if self.panel:
            self.panel.step(by)

    def _move(self, by: int) -> None:
        if self.wizard:
            self.wizard.move(by)

    def _go_around(self, by: int) -> None:
        """From the list of steps to the page, to the findings, and round again."""
        if self.wizard is None or self.panel is None:
            return
        focus = self.focusWidget()
        places = [self.wizard.list.setFocus, self.wizard.take_focus, self.panel.list.setFocus]
        here = 0 if focus is self.wizard.list else 2 if focus in self.panel.findChildren(QWidget) else 1
        places[(here + by) % 3]()

    def _zoom(self, by: int) -> None:
        for table in self.findChildren(TableView):
            table.zoom_by(by)

    def on_about(self) -> None:
        """Version and formats."""
        known = "\n".join(f"{f.document}（{f.first_year}—{f.last_year or '今'}年）" for f in self._formats)
        self.banner.say(f"{PROGRAM}编制程序 {VERSION}。已有格式：{known}")

    def _run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        """Do something in the background, then go on with its answer; a `Trouble` is said in the banner."""
        job = Job(work, then, self._say_trouble, self)
        self._jobs.append(job)
        job.finished.connect(lambda: self._jobs.remove(job))
        job.start()

    def _say_trouble(self, sentence: str) -> None:
        self.statusBar().clearMessage()
        self.banner.say(sentence, trouble=True)

    def _try(self, act: Callable[[], object]) -> None:
        """Do something now; a `Trouble` is said in the banner."""
        try:
            act()
        except Trouble as trouble:
            self._say_trouble(str(trouble))


def after_first_paint(act: Callable[[], object]) -> None:
    """Run something once the window has been painted."""
    QTimer.singleShot(0, act)
