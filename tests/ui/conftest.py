"""Fixtures of the tests of the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDir

from tests.support.helpers import ROOT
from ui.parts.theme import SIGNS


@pytest.fixture(scope="session", autouse=True)
def signs():
    """Let Qt find the signs of the icons, as the main window does."""
    QDir.addSearchPath(SIGNS, str(ROOT / "resources" / "icons" / "signs"))
