"""Self-check without a screen: reads the sample, edits, saves, reopens, exports and reads the PDF back.

Each check is a function in the list `CHECKS`: it returns its result as text or raises `Trouble` with the reason.
The user's data is not touched: drafts go into a temporary folder, which is removed at the end.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType

import PySide6
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler, qVersion
from PySide6.QtGui import QImage, QRawFont
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from export.fonts import font_digests
from model.base import VERSION, Trouble
from model.editing import Editing
from model.form import Address, Format, Formats, SectionRole, Severity, loader
from model.importing import read_file
from model.report import Report
from model.storage import SQLITE
from ui.app.environment import own_search_paths
from ui.app.startup import application
from ui.draft import Drafts, SaveQueue
from ui.editor import Wizard
from ui.output import Pages
from ui.parts import Folders, OutputTrouble, console
from ui.table import TableView
from ui.window import Window

SAMPLE = Path("sample") / "report.txt"
FIRST_YEAR = 2019  # the first report year with a form of the State (国办公开办函〔2019〕60号)
OLDEST_SQLITE = (3, 37)  # the first with STRICT tables
PATIENCE = 60.0  # seconds; exceeded only if the disk hangs
REINSTALL = "请重新安装本软件"
UNDER_WAY = "正在"  # first characters of a banner message about work not yet finished

# Qt's messages about the missing screen and an environment without a locale.
HARMLESS = ("propagateSizeHints", "UTF-8 locale")


@dataclass
class Trial:
    """State passed from one check to the next."""

    app: QApplication
    places: Folders
    output: Path
    exceptions: list[BaseException]  # raised in slots and threads, where no caller catches them
    window: Window | None = None
    save_queue: SaveQueue | None = None
    opened: list[int] = field(default_factory=list)  # draft numbers in the order of opening
    report: Report | None = None  # expected content of the store and the PDF

    @cached_property
    def formats(self) -> Formats:
        """The shipped formats."""
        return loader.load_all([self.places.formats])

    def open(self) -> Window:
        """Open the window on the drafts of this trial."""
        self.save_queue = SaveQueue(self.places.data)
        self.window = Window(self.places, self.formats, self.save_queue)
        self.window.opened.connect(self.opened.append)
        self.window.show()
        return self.window

    def close(self) -> None:
        """Close the window, which saves pending changes; raises `Trouble` if it could not."""
        window, self.window = self.window, None
        if window is not None:
            closed = window.close()
            window.deleteLater()
            expect(closed, "窗口关闭时仍有修改没有保存")

    @property
    def drafts(self) -> Drafts:
        """The stored drafts."""
        assert self.save_queue is not None
        return self.save_queue.drafts

    def wait(self, what: str, done: Callable[[], object]) -> None:
        """Process events until `done` returns true; raises `Trouble` after `PATIENCE` seconds."""
        end = time.monotonic() + PATIENCE
        while not done():
            expect(time.monotonic() < end, f"等了 {PATIENCE:g} 秒，{what}仍未完成")
            self.app.processEvents()
            self.raise_caught()
            time.sleep(0.005)

    def answer_to(self, what: str, act: Callable[[Window], object]) -> str:
        """Run an action that the window reports in its banner and return that message."""
        assert self.window is not None
        banner = self.window.banner.words
        banner.clear()
        act(self.window)
        self.wait(what, lambda: banner.text() and not banner.text().startswith(UNDER_WAY))
        return banner.text()

    def raise_caught(self) -> None:
        """Raise the first exception caught in a slot or thread."""
        if self.exceptions:
            raise self.exceptions[0]


def run_self_check(resources: Path, output: str) -> int:
    """Run all checks and print their results; returns 0, or 1 with the reason on stderr.

    `output` is the path for the exported PDF; "" leaves none.
    """
    own_search_paths(os.environ)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    console.say(f"政府信息公开工作年度报告编制程序 {VERSION} 自检")
    name = "准备"
    try:
        with _trial(resources, output) as trial:
            for count, (name, check) in enumerate(CHECKS, 1):
                console.say(f"{count:2}. {name}：{check(trial)}")
                console.flush()
                trial.raise_caught()
    except OutputTrouble:
        raise
    except (Trouble, ImportError, OSError) as error:
        console.complain(f"自检未通过，问题在“{name}”：{error}")
        return 1
    console.say(f"自检通过，共 {len(CHECKS)} 项")
    console.flush()
    return 0


@contextmanager
def _trial(resources: Path, output: str) -> Iterator[Trial]:
    """Set up a trial in a temporary folder; the window is closed before the folder is removed."""
    with tempfile.TemporaryDirectory(prefix="zwgk-") as name, _listening() as exceptions:
        private = Folders(resources, Path(name) / "数据")
        target = Path(output).absolute() if output else Path(name) / "年度报告.pdf"
        trial = Trial(application(sys.argv[:1], private), private, target, exceptions)
        try:
            yield trial
        finally:
            trial.close()


@contextmanager
def _listening() -> Iterator[list[BaseException]]:
    """Collect exceptions of slots and threads; print Qt's messages, except harmless ones, on stderr."""
    found: list[BaseException] = []
    hooks = sys.excepthook, threading.excepthook, qInstallMessageHandler(_pass_on)

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        found.append(error)

    sys.excepthook = on_exception
    threading.excepthook = lambda caught: found.append(caught.exc_value or caught.exc_type())
    try:
        yield found
    finally:
        sys.excepthook, threading.excepthook, handler = hooks
        qInstallMessageHandler(handler)


def _pass_on(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if not any(words in message for words in HARMLESS):
        console.complain(message)


def expect(fact: object, sentence: str) -> None:
    """Raise `Trouble` with the sentence unless the fact is true."""
    if not fact:
        raise Trouble(sentence)


# -- environment and shipped files --------------------------------------------------------------------------------


def libraries(trial: Trial) -> str:
    """Check that the loaded Qt is the shipped one."""
    expect(qVersion() == PySide6.__version__, f"装入的 Qt 是 {qVersion()}，应为随本软件提供的 {PySide6.__version__}")
    return f"Python {platform.python_version()}，Qt {qVersion()}，{platform.platform()}"


def known_formats(trial: Trial) -> str:
    """Check that every year from `FIRST_YEAR` to the present has a format."""
    for year in range(FIRST_YEAR, datetime.now().year + 1):
        trial.formats.for_year(year)
    return "、".join(f"{form.document}（{form.first_year}年起）" for form in trial.formats)


def fonts(trial: Trial) -> str:
    """Check that every font of the manifest is present and unchanged (SHA-256)."""
    folder = trial.places.resources / "fonts"
    listed = font_digests(trial.places.resources)
    for name, digest in listed.items():
        path = folder / name
        expect(path.is_file(), f"找不到字体文件 {path.name}，{REINSTALL}")
        whole = hashlib.sha256(path.read_bytes()).hexdigest() == digest
        expect(whole, f"字体文件 {path.name} 已损坏，{REINSTALL}")
    return f"{len(listed)} 个字体文件齐全完好"


def chinese_screen(trial: Trial) -> str:
    """Check that Qt's own dialogs are in Chinese and that the screen font has the characters."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    cancel = box.buttons()[0].text()
    expect("取消" in cancel, f"没有装入 Qt 的中文翻译（按钮显示为“{cancel}”），{REINSTALL}")
    font = QRawFont.fromFont(trial.app.font())
    # Passed as a number: PySide6 6.9 truncates a character passed as text.
    missing = "".join(character for character in "政府信息公开年度报告" if not font.supportsCharacter(ord(character)))
    expect(not missing, f"界面字体“{font.familyName()}”没有“{missing}”字，{REINSTALL}")
    return f"Qt 自带对话框为中文（zh_CN），界面字体 {font.familyName()}"


# -- from import to PDF -------------------------------------------------------------------------------------------


def main_window(trial: Trial) -> str:
    """Check that the window is not blank."""
    picture = trial.open().grab().toImage()
    expect(_painted(picture), "主窗口是空白的")
    return f"可以显示，{picture.width()}×{picture.height()}"


def _painted(picture: QImage) -> bool:
    """Tell whether the picture has more than one colour."""
    places = ((x, y) for y in range(0, picture.height(), 3) for x in range(0, picture.width(), 3))
    return len({picture.pixel(x, y) for x, y in places}) > 1


def draft_store(trial: Trial) -> str:
    """Check that a new drafts database is created by a sufficiently recent SQLite."""
    trial.drafts.verify()
    parts = tuple(map(int, SQLITE.split(".")))
    expect(parts >= OLDEST_SQLITE, f"SQLite 的版本是 {SQLITE}，至少应为 {'.'.join(map(str, OLDEST_SQLITE))}")
    return f"已新建，SQLite {SQLITE}"


def import_sample(trial: Trial) -> str:
    """Check that the sample is imported without findings into a draft that the window opens."""
    said = trial.answer_to("读入样本", lambda window: window.draft_actions.import_file(trial.places.resources / SAMPLE))
    expect(trial.opened, said)
    desk = _wizard(trial).desk
    report, form = desk.editing.report, desk.editing.form
    expect(not desk.findings, f"样本应没有问题，却有：{desk.findings and desk.findings[0].message}")
    expect(set(report.cells) == set(form.inputs), f"样本应有 {len(form.inputs)} 个数字，读到 {len(report.cells)} 个")
    return f"{report.agency} {report.year} 年，{len(report.cells)} 个数字，没有问题"


def _wizard(trial: Trial) -> Wizard:
    assert trial.window is not None
    assert trial.window.bench is not None
    return trial.window.bench.wizard


def all_steps(trial: Trial) -> str:
    """Check that every page of the wizard can be built and shown."""
    wizard = _wizard(trial)
    for step in wizard.steps:
        page = wizard.go_to(step.id)
        trial.app.processEvents()
        expect(page.isVisible(), f"“{step.name}”这一部分没有显示出来")
    return f"{len(wizard.steps)} 个部分都能显示"


def edit(trial: Trial) -> str:
    """Check that totals and findings follow an edit, that a correction clears them and that all is saved."""
    editing = _wizard(trial).desk.editing
    received, total, forwarded = _edited_cells(editing.form)
    before = editing.values[total] or 0
    _type_one_more(trial, received)
    expect(editing.values[total] == before + 1, f"自动合计应为 {before + 1}，却是 {editing.values[total]}")
    errors = _errors(editing)
    expect(errors, "勾稽关系已不平，却没有提示错误")
    _type_one_more(trial, forwarded)
    expect(not _errors(editing), "勾稽关系已平，却仍提示错误")
    _await_commit(trial)
    trial.report = editing.report
    return f"合计由 {before} 变为 {editing.values[total]}，发现并改正勾稽错误 {errors} 处，修改已保存"


def _edited_cells(form: Format) -> tuple[Address, Address, Address]:
    """Return a cell of received applications, its row's total, and the cell that balances one more of them.

    One more application that is carried forward at the year's end leaves its column in balance.
    """
    table = form.table_for(SectionRole.APPLICATIONS)
    assert table is not None
    row, columns = table.rows[0].id, table.columns(table.rows[0].id)
    total = next(column for column in columns if column.total)
    received = Address(table.id, row, columns[0].id)
    return received, received._replace(column=total.id), received._replace(row=table.carries[0].source)


def _errors(editing: Editing) -> int:
    """Count the findings of severity 错误; the old number left in the texts is a weaker finding."""
    return sum(finding.severity is Severity.ERROR for finding in editing.findings)


def _type_one_more(trial: Trial, address: Address) -> None:
    """Increase the number of a cell by one through the table that shows it."""
    wizard = _wizard(trial)
    wizard.show_cell(address)
    table = wizard.currentPage().findChild(TableView)
    assert isinstance(table, TableView)
    number = wizard.desk.editing.values[address] or 0
    table.model().setData(table.currentIndex(), str(number + 1))


def _await_commit(trial: Trial) -> None:
    save_queue, number = trial.save_queue, trial.opened[-1]
    assert save_queue is not None
    trial.wait("保存", lambda: not save_queue.waiting(number))


def reopen(trial: Trial) -> str:
    """Check that a second start finds the report as it was left."""
    trial.close()
    number = trial.opened[-1]
    trial.open().open_draft(number)
    expect(_wizard(trial).desk.editing.report == trial.report, "重新打开的草稿与保存前不一致")
    steps = trial.drafts.verify().steps
    return f"草稿与关闭前一致，修改记录 {steps} 处完整"


def export(trial: Trial) -> str:
    """Check that the window exports the PDF."""
    said = trial.answer_to("导出", lambda window: window.exporter.export_to(trial.output))
    expect(trial.output.is_file() and str(trial.output) in said, said)
    return f"{trial.output.name}，{trial.output.stat().st_size} 字节"


def reread(trial: Trial) -> str:
    """Check that the PDF carries the report and that its first page is not blank."""
    expect(read_file(trial.output, trial.formats).report == trial.report, "PDF 中所附的数据与草稿不一致")
    pages = Pages(trial.output.read_bytes())
    try:
        expect(_painted(pages.image(0, 1.0)), "PDF 的第一页是空白的")
        return f"共 {len(pages)} 页，所附数据与草稿一致"
    finally:
        pages.close()


CHECKS: list[tuple[str, Callable[[Trial], str]]] = [
    ("运行环境", libraries),
    ("年度报告格式", known_formats),
    ("字体", fonts),
    ("中文界面", chinese_screen),
    ("主窗口", main_window),
    ("草稿库", draft_store),
    ("读入样本", import_sample),
    ("填报向导", all_steps),
    ("填写和保存", edit),
    ("重新打开", reopen),
    ("导出 PDF", export),
    ("读回 PDF", reread),
]
