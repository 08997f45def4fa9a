"""Tests that the outputs contain the report of the view, whatever is edited meanwhile, and run no rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from export.document.document import Document, PrintedTable
from export.document.report_document import compose
from export.fonts.font_set import FontSet
from export.outputs import export, export_comparison, export_verdict, load_press, rendered
from model.base.trouble import Trouble
from model.checks import rules
from model.checks.last_year import LastYear
from model.editing.opener import Opener
from model.editing.reviewed import Reviewed
from model.editing.session import Editing
from model.form.cell import at
from model.importing.own_pdf import read_data
from model.report import exchange
from model.report.facts import FINAL
from tests.support.helpers import FORM_2021, FORMATS, ROOT, complete

OPENER = Opener(FORMATS, ROOT / "resources" / "rules")
NEW, TOTAL = at("requests/new_received/natural_person"), at("requests/new_received/total")
BEFORE, AFTER = 40713, 52926  # numbers that occur nowhere else in the report


@pytest.fixture(scope="module")
def press() -> FontSet:
    return load_press(ROOT / "resources")


def edited_since() -> tuple[Reviewed, Editing]:
    """Return a view of a report, and its session in which number, text, cover and state have changed since."""
    last = LastYear.of(complete(FORM_2021, requests__new_received__natural_person=7), FORM_2021)
    desk = OPENER.open(complete(FORM_2021, requests__new_received__natural_person=BEFORE), last)
    view = desk.now
    desk.enter(NEW, AFTER)
    desk.write("overview", "全年工作另有变化。")
    desk.set_head(agency="另一局")
    desk.note_fact(FINAL, "2022-01-20T09:00:00")
    return view, desk


def number(document: Document) -> str:
    found = (block.grid.box_of(at(str(TOTAL))) for block in document.blocks if isinstance(block, PrintedTable))
    (box,) = [one for one in found if one]
    return box.text


def words(content: bytes) -> str:
    """Return the text of all pages without white space."""
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    finally:
        document.close()


def test_a_view_from_before_an_edit_is_composed_with_the_old_numbers():
    view, desk = edited_since()
    assert (number(compose(view)), number(compose(desk.now))) == (str(BEFORE), str(AFTER))


@pytest.mark.parametrize("name", ["年报.pdf", "年报.json", "年报.zwgk"])
def test_an_export_of_a_view_from_before_an_edit_carries_the_old_report(name: str, press: FontSet, tmp_path: Path):
    view, desk = edited_since()
    export(view, tmp_path / name, press)
    data = read_data(tmp_path / name) if name.endswith(".pdf") else (tmp_path / name).read_bytes()
    assert data
    report = exchange.loads(data)
    assert report == view.report
    assert (report.entry(NEW).number, desk.report.entry(NEW).number) == (BEFORE, AFTER)


def test_what_is_drawn_for_it_are_the_old_numbers_and_words(press: FontSet):
    view, desk = edited_since()
    old, new = words(rendered(view, press)), words(rendered(desk.now, press))
    for word, also in ((str(BEFORE), str(AFTER)), ("某某县应急管理局", "另一局"), ("主动公开政府信息12条", "另有变化")):
        assert (word in old, also in old) == (True, False)
        assert (word in new, also in new) == (False, True)


@pytest.mark.parametrize(
    "write, old, new", [(export_verdict, "某某县", "另一局"), (export_comparison, "40713", "52926")]
)
def test_its_side_papers_are_about_the_old_report(
    write: Callable[..., object], old: str, new: str, press: FontSet, tmp_path: Path
):
    view, _ = edited_since()
    write(view, tmp_path / "附件.pdf", press)
    said = words((tmp_path / "附件.pdf").read_bytes())
    assert (old in said, new in said) == (True, False)


def test_to_write_it_no_rule_is_run(press: FontSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    view, _ = edited_since()

    def run(rule: rules.Rule, name: str) -> object:
        assert name != "find", f"rule {object.__getattribute__(rule, 'code')} was run"
        return object.__getattribute__(rule, name)

    monkeypatch.setattr(rules.Rule, "__getattribute__", run)
    with pytest.raises(AssertionError, match="was run"):
        OPENER.review(view.report)
    export(view, tmp_path / "年报.pdf", press)
    export_verdict(view, tmp_path / "检查报告.pdf", press)
    export_comparison(view, tmp_path / "对比表.pdf", press)
    assert len(list(tmp_path.iterdir())) == 3


def test_any_other_ending_is_refused(press: FontSet, tmp_path: Path):
    with pytest.raises(Trouble, match=r"文件名请以 \.pdf、\.json 或 \.zwgk 结尾"):
        export(edited_since()[0], tmp_path / "年报.docx", press)
