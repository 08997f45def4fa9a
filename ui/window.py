"""The main window: start page, open draft, menus, status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from model.cell import at
from model.deadline import DEADLINE, deadline_of, said
from model.editing import Editing, Effect
from model.final import FINAL
from model.formats import Formats
from model.report import Report
from model.trouble import Trouble
from ui.banner import Banner
from ui.exporter import Exporter
from ui.exporting import ask_target, preview_work, title_of
from ui.feedback import write_feedback
from ui.finals import freeze_work
from ui.helping import HelpDock, help_for_cell, help_for_section
from ui.jobs import Job
from ui.keeper import Keeper
from ui.lastyear import last_year_of
from ui.look import FONTS, MARGIN
from ui.menus import LOOK, Menus
from ui.places import Places
from ui.saving import Saving
from ui.settings import SettingsFile
from ui.shelf import Shelf
from ui.start import StartPage
from ui.viewmenu import ViewMenu

if TYPE_CHECKING:
    from model.checks import Finding
    from model.editing import Effect
    from model.opening import Opener
    from ui.desk import Desk
    from ui.findings import FindingsPanel
    from ui.history import HistoryDock
    from ui.tour import Tour
    from ui.wizard import Wizard
    from ui.workbench import Workbench

PROGRAM = "政府信息公开工作年度报告"
TOUR = (
    "上面是各个步骤，可以随意跳转。记号说明状态：空白、填写中、有错误、完成。",
    "表格像电子表格一样用键盘填：回车到下一行，Tab 到右边。总计自动计算，可以粘贴整张表。",
    "右边随时列出哪里不对：点一条就跳过去，能一步改好的下面有按钮。F8 到下一处。",
    "没有「保存」按钮：每一步自动存盘，右下角显示时间。不清楚某格填什么，按 F1。",
)
HOUR = 3_600_000  # ms
LAST_JOBS = 10.0  # seconds that closing waits for work in the background
READABLE = "年度报告 (*.txt *.json *.zwgk *.pdf)"  # Qt knows half-width brackets only


class Window(QMainWindow):
    """One window: the start page, or one open draft."""

    opened = Signal(int)
    exported = Signal(object)  # Path
    crashed = Signal(str)  # the folder with the crash report; may be emitted from any thread

    def __init__(self, places: Places, formats: Formats, keeper: Keeper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places, self._formats, self._keeper = places, formats, keeper
        self.bench: Workbench | None = None
        QDir.addSearchPath(FONTS, str(places.resources / "fonts"))
        self._settings_file = SettingsFile(places.data)
        self._settings = self._settings_file.read()
        self.help = HelpDock(places.resources / "help")
        self._history: HistoryDock | None = None
        self.tour: Tour | None = None
        self._jobs: list[Job] = []
        self._closed = False  # what comes back from the background is not wanted any more
        self.start = StartPage(formats.years())
        self.banner = Banner()
        self.saving = Saving(self, keeper, self.banner)
        self._due = QLabel()
        self._due.setAccessibleName("报送期限")
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._say_due)
        self._clock.start(HOUR)
        self.shelf = Shelf(self.start, keeper, lambda: self._opener, self.banner, self._run, self.attempt, self)
        self.exporter = Exporter(self.banner, places, self._run, self)
        self._stack = QStackedWidget()
        self._lay_out()
        self._menus = Menus(self, lambda: self.bench)
        self.commands = self._menus.actions  # by name, as in COMMANDS
        self.exporter.own_fonts = self._settings.own_fonts
        self.view = ViewMenu(self._menus.menus[LOOK], self._settings, self.on_setting, self)
        self._connect()
        self._menus.enable()

    @cached_property
    def _opener(self) -> Opener:
        from model.opening import Opener  # the rules about texts are not needed for the first window

        return Opener(self._formats, self._places.rules)

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
        self._due.setContentsMargins(0, 0, MARGIN, 0)
        self.statusBar().addPermanentWidget(self._due)
        self.statusBar().addPermanentWidget(self.saving.label)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.help)
        self.resize(self._settings.width, self._settings.height)
        if self._settings.maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def on_setting(self, **fields: object) -> None:
        """Keep a setting at once and live by it."""
        self._settings = replace(self._settings, **fields)  # type: ignore[arg-type]  # ViewMenu names fields of ours
        self.exporter.own_fonts = self._settings.own_fonts
        self._settings_file.write(self._settings)

    def _connect(self) -> None:
        self.start.drafts.opened.connect(self.open_draft)
        self.start.drafts.next_wanted.connect(self.on_next_wanted)
        self.start.drafts.export_wanted.connect(self.on_list_export)
        self.start.wanted.connect(self.on_wanted)
        self.start.old_wanted.connect(self.on_old_wanted)
        self.exporter.exported.connect(self.exported)
        self.crashed.connect(self.on_crashed)

    # -- drafts --------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """After the first paint: read the drafts, then get ready what opening one needs."""
        self.refresh_drafts()
        self.shelf.purge()
        self._run(_load_workbench, lambda _nothing: None)

    def refresh_drafts(self) -> None:
        """Read the list of drafts in the background and show it."""
        self.shelf.refresh()

    def on_wanted(self, agency: str, year: int, kind: str, deadline: str) -> None:
        """A blank report."""
        facts = {DEADLINE: deadline}
        self.attempt(lambda: self.add(Report(agency, year, self._formats.for_year(year).id, kind, facts=facts), "新建"))

    def on_next_wanted(self, number: int) -> None:
        """Next year's report out of a draft: the numbers that carry over, nothing else."""
        self.attempt(lambda: self.add(self.shelf.following(number), "复制为下一年度"))

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
        self.attempt(lambda: self._open(number))

    def _open(self, number: int) -> None:
        from ui.desk import Desk  # the first window must not wait for all that a draft needs: see `prepare`
        from ui.workbench import Workbench

        report = self._keeper.ask(lambda store: store.load(number))
        if self._keeper.waiting(number):
            raise Trouble("这份草稿还有修改没有存上，现在打开会看不到它们；软件正在重试，请稍后再打开")
        self.close_draft()
        last = self._keeper.ask(lambda store: last_year_of(store, report, self._formats))
        editing = self._opener.open(report, last)
        history = self._keeper.ask(lambda store: store.history(number))
        editing.remember(history.done, history.undone)
        desk = Desk(number, editing, self._keeper, self, self._keeper.refusal)
        bench = Workbench(desk, self._settings.splitter, self.width())
        bench.export_wanted.connect(self.ask_export)
        bench.preview_wanted.connect(self.on_preview)
        desk.waiting.connect(self.saving.on_waiting)
        desk.changed.connect(lambda effect: self._on_changed(effect))
        desk.refused.connect(self._say_trouble)
        desk.changed.connect(self._if_finalised)
        bench.panel.disputed.connect(lambda finding: self.attempt(lambda: self._note_dispute(finding)))
        self.bench = bench
        self._stack.addWidget(bench)
        self._stack.setCurrentWidget(bench)
        self._title()
        self._menus.enable()
        self.saving.on_opened()
        self._say_due()
        key = str(number)
        bench.go_back_to(self._settings.pages.get(key, ""), self._settings.cells.get(key, ""))
        bench.wizard.take_focus()
        if not self._settings.toured:
            self.on_tour()
        self.opened.emit(number)

    def close_draft(self) -> None:
        """Back to the list; everything typed is handed over first."""
        if self.bench is None:
            return
        self.bench.desk.settle()
        self._remember()
        bench, self.bench = self.bench, None
        self._stack.removeWidget(bench)
        bench.deleteLater()
        bench.desk.deleteLater()
        self.help.hide()
        if self._history:
            self._history.hide()
        self.banner.hide()
        if self.tour:
            self.tour.end()
        self.saving.label.clear()
        self._due.clear()
        self._title()
        self._menus.enable()
        self.refresh_drafts()

    @property
    def desk(self) -> Desk | None:
        """The open draft."""
        return self.bench.desk if self.bench else None

    @property
    def wizard(self) -> Wizard | None:
        """The open draft's wizard."""
        return self.bench.wizard if self.bench else None

    @property
    def panel(self) -> FindingsPanel | None:
        """The open draft's findings."""
        return self.bench.panel if self.bench else None

    def _remember(self) -> None:
        """Keep sizes and places for the next time."""
        size = self.normalGeometry().size() if self.isMaximized() else self.size()
        made = replace(self._settings, width=size.width(), height=size.height(), maximized=self.isMaximized())
        if self.bench:
            sizes = tuple(self.bench.splitter.sizes())
            made = replace(made, splitter=sizes).at(self.bench.desk.number, *self.bench.where())
        self._settings = made
        self._settings_file.write(made)

    def _on_changed(self, effect: Effect) -> None:
        if effect.change.head or effect.change.facts:
            self._title()
            self._say_due()

    def _say_due(self) -> None:
        """How many days are left, at the bottom; a window left open over night says it anew."""
        if self.desk:
            editing = self.desk.editing
            self._due.setText(said(deadline_of(editing.report), date.today(), final=editing.final))

    def _title(self) -> None:
        if self.desk is None:
            self.setWindowTitle(PROGRAM)
            return
        report = self.desk.editing.report
        self.setWindowTitle(f"{report.agency} {report.year} 年 — {PROGRAM}")

    def _note_dispute(self, finding: Finding) -> None:
        if self.bench:
            path = write_feedback(self._places.data, finding, self.bench.desk.editing.form.id, datetime.now())
            self.banner.say(f"已记下：{path}。没有发送到任何地方。")

    def _if_finalised(self, effect: Effect) -> None:
        """定稿 freezes a version, backs up, and keeps the PDF of that moment."""
        if self.bench is None or not effect.change.facts.get(FINAL, ("", ""))[1]:
            return
        desk = self.bench.desk
        work = freeze_work(desk.editing, desk.number, self._places, self._keeper)
        self._run(work, lambda path: self.banner.say(f"已定稿，版本已保存。定稿的 PDF：{path}"))

    def on_history(self) -> None:
        """Show the versions and backups of the open draft."""
        from ui.history import HistoryDock  # needs the store

        if self.bench is None:
            return
        if self._history is None:
            self._history = HistoryDock(self._keeper, self)
            self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._history)
        desk, history = self.bench.desk, self._history
        self.attempt(lambda: history.open_for(desk))

    def on_verify(self) -> None:
        """检查数据: read every row and every step of every draft."""
        self._run(lambda: self._keeper.ask(lambda store: store.verify().sentence()), self.banner.say)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand over all typing and wait for the last commit."""
        if self.desk:
            self.desk.settle()
        for job in self._jobs:  # an export in its last second, the list of drafts being read
            job.wait(LAST_JOBS)
        self._remember()
        if self._keeper.close():
            self._closed = True
            event.accept()
            return
        question = "还有修改未能保存，关闭后会丢失。仍要关闭吗？"
        answer = QMessageBox.warning(
            self, PROGRAM, question, QMessageBox.StandardButton.Close | QMessageBox.StandardButton.Cancel
        )
        self._closed = answer == QMessageBox.StandardButton.Close
        event.setAccepted(self._closed)

    def on_crashed(self, folder: str) -> None:
        """The program itself went wrong somewhere; what was typed is saved already."""
        self._say_trouble(f"程序出现错误，已填写的内容不受影响。错误记录在：{folder}")

    # -- export --------------------------------------------------------------------------------------------------

    def ask_export(self, kind: str) -> None:
        """Ask where to, then export."""
        if self.bench is None:
            return
        self.bench.desk.settle()
        target = ask_target(self.bench.desk.editing, kind, self)
        if target:
            self.export_to(target, kind)

    def export_to(self, target: Path, kind: str = "") -> None:
        """Export the open draft, or its 校验报告, in the background."""
        assert self.bench is not None
        self.bench.desk.settle()
        self.exporter.start(self.bench.desk.editing, kind, target)

    def on_list_export(self, number: int, kind: str) -> None:
        """Export a draft of the list without opening it."""
        self.attempt(lambda: self._list_export(self.shelf.editing(number), kind))

    def _list_export(self, editing: Editing, kind: str) -> None:
        target = ask_target(editing, kind, self)
        if target:
            self.exporter.start(editing, kind, target)

    def on_preview(self) -> None:
        """Show the pages as they will be printed."""
        if self.bench is None:
            return
        self.bench.desk.settle()
        self.statusBar().showMessage("正在生成预览…")
        bench = self.bench
        work = preview_work(bench.desk.editing, self._places, own_fonts=self.exporter.own_fonts)
        self._run(work, lambda content: self._on_previewed(bench, content))

    def _on_previewed(self, bench: Workbench, content: bytes) -> None:
        self.statusBar().clearMessage()
        if bench is self.bench:  # else another draft was opened meanwhile
            bench.show_preview(content, title_of(bench.desk.editing))

    # -- small things --------------------------------------------------------------------------------------------

    def on_help(self) -> None:
        """Help for the place where the clerk is; the manual where there is none."""
        section = self.bench.section() if self.bench else None
        if self.bench is None or section is None:
            self.help.show_manual()
            return
        form, cell = self.bench.desk.editing.form, self.bench.where()[1]
        if cell:
            self.help.show_words("填报说明", help_for_cell(form, at(cell)))
        else:
            self.help.show_words("填报说明", help_for_section(form, section))

    def on_tour(self) -> None:
        """The hints of the first run, from the beginning, or the next of them."""
        from ui.tour import Tour  # once in a clerk's life

        if self.tour or self.bench is None:
            return self.tour.step() if self.tour else None
        self.tour = Tour(self, self.bench.wizard.list, TOUR)
        self.tour.ended.connect(self._on_toured)
        return None

    def _on_toured(self) -> None:
        self.tour = None
        self.on_setting(toured=True)

    def on_about(self) -> None:
        """Version, formats, security note, licences."""
        from ui.about import About

        About(self._formats, self._places, self).open()

    def _run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        """Do something in the background, then go on with its answer; a `Trouble` is said in the banner."""
        job = Job(work, lambda answer: None if self._closed else then(answer), self._say_trouble, self)
        self._jobs.append(job)
        job.finished.connect(lambda: self._jobs.remove(job))
        job.start()

    def _say_trouble(self, sentence: str) -> None:
        self.statusBar().clearMessage()
        self.banner.say(sentence, trouble=True)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something now; a `Trouble` is said in the banner."""
        try:
            act()
        except Trouble as trouble:
            self._say_trouble(str(trouble))


def _load_workbench() -> None:
    import ui.workbench  # noqa: F401  # imported for `_open` to find it there


def after_first_paint(act: Callable[[], object]) -> None:
    """Run something once the window has been painted."""
    QTimer.singleShot(0, act)
