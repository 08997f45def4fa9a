"""Tests of the manual in the program."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument

from model.form.cell import at
from model.form.format import Format
from tests.support.helpers import FORM_2019, FORM_2021, ROOT, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.docks.help import help_for_cell
from ui.window.menus import Command

pytestmark = NO_SCREEN
HELP = ROOT / "resources" / "help"


def test_every_picture_of_the_manual_is_there_small_and_shown_no_wider_than_the_panel(hands: Hands):
    hands.window.commands[Command.MANUAL].trigger()
    page = hands.window.guide.help.page
    names = re.findall(r"!\[.+?\]\((.+?)\)", (HELP / "manual.md").read_text("utf-8"))
    assert sorted(names) == sorted(f"pictures/{path.name}" for path in (HELP / "pictures").iterdir())
    for name in names:
        assert (HELP / name).stat().st_size <= 80_000
        image = page.loadResource(
            int(QTextDocument.ResourceType.ImageResource.value), QUrl.fromLocalFile(str(HELP / name))
        )
        assert isinstance(image, QImage)
        assert 0 < image.width() <= page.viewport().width()


@pytest.mark.parametrize("form", [FORM_2019, FORM_2021], ids=lambda form: form.id)
def test_every_cell_says_what_it_counts_and_on_which_article_it_rests(form: Format):
    for address in form.inputs:
        row, column = form.table(address.table).row(address.row), form.column(address)
        words = help_for_cell(form, address)
        assert row.help, address
        assert column.help, address
        assert row.ref, address
        ref = form.in_full(row.ref)
        assert all(part in words for part in (row.label, column.label, row.help, column.help, ref)), address
        assert words.count("《中华人民共和国政府信息公开条例》") <= 1, address
        assert words.count("（单位：万元）") <= 1, address


def test_help_of_a_cell_names_the_relations_of_its_own_row_only():
    in_force, decisions = at("proactive/rules/in_force"), at("proactive/licence/decisions")
    assert "另请留意：" in help_for_cell(FORM_2021, in_force)
    assert "另请留意：" not in help_for_cell(FORM_2021, decisions)
    assert "勾稽关系：" in help_for_cell(FORM_2021, at("requests/granted/business"))


@pytest.mark.parametrize(
    "cell, stated",
    [
        (
            "requests/granted/business",
            "“二、上年结转政府信息公开申请数量”应等于“（七）总计”＋“四、结转下年度继续办理”（依据：",
        ),
        ("requests/carried_over/research", "每一列：“二、上年结转政府信息公开申请数量”应等于上年"),
        ("proactive/rules/issued", "另请留意：“规章”“行政规范性文件”：“现行有效件数”应不少于“本年制发件数”。请核对"),
        ("disputes/suit_direct/upheld", "另请留意：“未经复议直接起诉”：“总计”应等于 0。请核对"),
    ],
)
def test_each_relation_is_stated_in_the_help_of_its_cells(cell: str, stated: str):
    assert stated.replace(" ", "") in help_for_cell(FORM_2021, at(cell)).replace(" ", "").replace("＋0", "0")


def test_f1_in_a_cell_opens_its_help(hands: Hands):
    hands.begin(complete(FORM_2021))
    hands.stand_on("requests/denied_third_party/business")
    hands.window.commands[Command.HELP].trigger()
    shown = hands.window.guide.help.page.toPlainText()
    assert "（三）不予公开 4.保护第三方合法权益" in shown
    assert "《中华人民共和国政府信息公开条例》第十五条、第三十二条" in shown
