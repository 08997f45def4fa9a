"""Tests of what is loaded when the first window is painted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.support.helpers import ROOT

LATER = {"model.claims", "model.narrative", "model.importing", "model.storage", "model.recovery", "export.layout"}
SLOW = {"sqlite3", "sqlite_utils", "reportlab", "pypdfium2"}


@pytest.mark.slow
@pytest.mark.window
def test_the_first_window_waits_for_no_rule_and_no_database(tmp_path: Path):
    code = bench._OURS + bench._PAINTED.replace("app.quit()", "print(*sys.modules), app.quit()")
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = done.stdout.split()
    rooms = {".".join(name.split(".")[:2]) for name in loaded if name.startswith(("model.", "export."))}
    assert "ui.window.main_window" in loaded
    assert sorted(rooms & LATER) == []
    assert sorted(SLOW & {*loaded}) == []
