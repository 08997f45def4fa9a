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
        assert all(part in words for part in (row.label, column.label, row.help, column.help, row.ref)), address


def test_help_of_a_cell_names_the_relations_of_its_own_row_only():
    in_force, decisions = at("proactive/rules/in_force"), at("proactive/licence/decisions")
    assert "另请留意：" in help_for_cell(FORM_2021, in_force)
    assert "另请留意：" not in help_for_cell(FORM_2021, decisions)
    assert "勾稽关系：" in help_for_cell(FORM_2021, at("requests/granted/business"))


def test_f1_in_a_cell_opens_its_help(hands: Hands):
    hands.begin(complete(FORM_2021))
    hands.stand_on("requests/denied_third_party/business")
    hands.window.commands[Command.HELP].trigger()
    shown = hands.window.guide.help.page.toPlainText()
    assert "（三）不予公开 4.保护第三方合法权益" in shown
    assert "条例第十五条" in shown
