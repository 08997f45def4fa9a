"""Tests of writing 检查报告 and 两年对比表 beside a report."""

from __future__ import annotations

import threading

import pytest

from model.base.trouble import Trouble
from model.checks.last_year import LastYear
from model.editing.opener import Opener
from model.editing.reviewed import Reviewed
from model.editing.run_rules import review
from model.form.cell import at
from model.report.exchange import loads
from tests.support.helpers import FORM_2021, FORMATS, ROOT, complete, editing, published
from tests.support.ui_helpers import NO_SCREEN
from ui.output.export_jobs import ExportKind, export_work, side_work
from ui.parts.folders import Folders

pytestmark = NO_SCREEN
PLACES = Folders(ROOT / "resources", ROOT / "no-data")


def two_years() -> Reviewed:
    last = LastYear.of(published("suqian-2023"), FORM_2021)
    return Opener(FORMATS, PLACES.rules).review(published("suqian-2024"), last)


@pytest.mark.parametrize("kind", [ExportKind.VERDICT, ExportKind.COMPARISON])
def test_a_side_paper_is_written_as_pdf(tmp_path, kind):
    target = tmp_path / "附件.pdf"
    outcome = side_work(kind, two_years(), target, PLACES, threading.Event())()
    assert (outcome.target, outcome.dropped) == (target, False)
    assert target.read_bytes().startswith(b"%PDF-")


def test_what_is_edited_after_the_start_of_an_export_is_not_in_it(tmp_path):
    desk, cell = editing(FORM_2021), at("requests/new_received/natural_person")
    desk.enter(cell, 12)
    work = export_work(desk.now, tmp_path / "年报.json", PLACES, threading.Event())
    desk.enter(cell, 13)
    work()
    assert loads((tmp_path / "年报.json").read_bytes()).entry(cell).number == 12


def test_a_cancelled_paper_is_not_written(tmp_path):
    stop = threading.Event()
    stop.set()
    outcome = side_work(ExportKind.VERDICT, two_years(), tmp_path / "附件.pdf", PLACES, stop)()
    assert outcome.dropped
    assert not list(tmp_path.iterdir())


def test_without_last_year_there_is_nothing_to_compare(tmp_path):
    alone = review(complete(FORM_2021), FORM_2021)
    with pytest.raises(Trouble, match="没有上年的报告"):
        side_work(ExportKind.COMPARISON, alone, tmp_path / "附件.pdf", PLACES, threading.Event())()
