"""The manual in the program."""

from __future__ import annotations

import re

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument

from tests.helpers import ROOT
from tests.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
HELP = ROOT / "resources" / "help"


def test_every_picture_of_the_manual_is_there_small_and_shown_no_wider_than_the_panel(hands: Hands):
    hands.window.commands["使用说明(&M)"].trigger()
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
