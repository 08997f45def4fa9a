"""Tests that a closed draft, a finished preview or an export leaves no objects in memory."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from model.base.trouble import Trouble
from model.editing.session import Editing
from model.recovery import undecided_values
from model.report.report import Change, Report
from tests.support.ui_helpers import NO_SCREEN, PATIENCE, Hands
from ui.draft.desk import Desk
from ui.editor.workbench import Workbench
from ui.output.export_jobs import ExportKind
from ui.output.preview import Preview
from ui.parts.background_jobs import Job, Jobs
from ui.parts.banner import Banner

pytestmark = NO_SCREEN

REPORT = Report("应急管理局", 2023, "2021")
COUNTED = (Job, Desk, Editing, Workbench, Preview)


def alive() -> Counter[str]:
    """Count the live objects of each counted class, after all deferred deletions and a garbage collection."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return Counter(type(it).__name__ for it in gc.get_objects() if type(it) in COUNTED)


def wait_idle(hands: Hands) -> None:
    hands.qtbot.waitUntil(lambda: not hands.window.jobs.busy, timeout=PATIENCE)


def preview(hands: Hands) -> None:
    """Show the preview and return to the draft."""
    hands.window.exporter.on_preview()
    hands.qtbot.waitUntil(lambda: hands.bench.count() == 2, timeout=PATIENCE)
    hands.bench.close_preview()


def test_previews_leave_nothing_behind(hands: Hands) -> None:
    hands.begin(REPORT)
    preview(hands)
    wait_idle(hands)
    before = alive()
    for _ in range(20):
        preview(hands)
    wait_idle(hands)
    assert alive() - before == Counter()


def versions(hands: Hands, _tmp: Path) -> None:
    hands.window.history.on_wanted()


def export(hands: Hands, tmp: Path) -> None:
    hands.window.exporter.export_to(tmp / "年报.json")


def export_without_a_glyph(hands: Hands, tmp: Path) -> None:
    """Export with a missing glyph; the banner's offer to print □ holds the report."""
    hands.desk.write("overview", "\U00030000")
    hands.window.exporter.export_to(tmp / "年报.pdf")


def verdict(hands: Hands, tmp: Path) -> None:
    hands.window.exporter.start(lambda: hands.desk.editing.now, ExportKind.VERDICT, tmp / "检查报告.pdf")


def with_undecided(hands: Hands, tmp: Path) -> None:
    """Show the dock with two values for one place."""
    change = Change("", texts={"overview": ("", "本年")})
    undecided_values.keep(
        tmp / "data", [undecided_values.Undecided(hands.desk.number, REPORT.agency, REPORT.year, change)]
    )
    hands.window.recovery_questions.review()
    assert hands.window.recovery_questions.dock
    assert hands.window.recovery_questions.dock.isVisible()


def every_page(hands: Hands, _tmp: Path) -> None:
    for step in hands.wizard.steps:
        hands.wizard.go_to(step.id)


def tour(hands: Hands, _tmp: Path) -> None:
    hands.window.guide.on_tour()


def failed_preview(hands: Hands, _tmp: Path) -> None:
    def refuse() -> None:
        raise Trouble("没有字体")

    editing = hands.desk.editing
    hands.window.jobs.run(refuse, lambda _answer: editing.findings)


@pytest.mark.parametrize(
    "act", [versions, with_undecided, export, export_without_a_glyph, verdict, every_page, tour, failed_preview]
)
def test_a_closed_draft_is_gone(hands: Hands, tmp_path: Path, act: Callable[[Hands, Path], None]) -> None:
    wait_idle(hands)
    before = alive()
    hands.begin(REPORT)
    act(hands, tmp_path)
    wait_idle(hands)
    hands.window.close_draft()
    wait_idle(hands)
    assert alive() - before == Counter()


def test_a_mistake_in_a_job_leaves_no_job(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    before = alive()
    monkeypatch.setattr("threading.excepthook", lambda _args: None)
    jobs = Jobs(pytest.fail)
    jobs.run(lambda: 1 // 0, pytest.fail)
    qtbot.waitUntil(lambda: not jobs.busy, timeout=PATIENCE)
    assert alive() - before == Counter()


def test_a_job_that_is_over_holds_neither_its_work_nor_what_came_after(qtbot: QtBot) -> None:
    before = alive()
    job = Job(partial(id, object.__new__(Editing)), lambda _answer: None, pytest.fail)
    with qtbot.waitSignal(job.finished, timeout=PATIENCE):
        job.start()
    assert alive()[Editing.__name__] == before[Editing.__name__]


def test_a_hidden_banner_holds_no_offer(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    before = alive()
    banner.say("导出失败", [("再试", partial(id, object.__new__(Editing)))])
    assert alive()[Editing.__name__] == before[Editing.__name__] + 1
    banner.hide()
    assert alive() - before == Counter()
