"""Tests that what only POSIX has is used in tests that say so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.helpers import ROOT

POSIX = re.compile(
    r"\bos\.(?:fork|mkfifo|symlink|geteuid|getuid|chown|setsid|killpg|openpty)\b|\.symlink_to\(|\bsignal\.SIGKILL\b"
    r"|^import (?:fcntl|resource|pty|termios|grp|pwd)\b|\"bash\", \"-c\"",
    re.MULTILINE,
)
MARK = re.compile(r"posix_only|symbolic_links|skipif|WINDOWS|sys\.platform|os\.name|NO_SCREEN|POSIX")


@pytest.mark.parametrize(
    "code, found", [("os.fork()", True), ("link.symlink_to(a)", True), ("import resources", False), ("os.forks", False)]
)
def test_what_only_posix_has_is_known(code: str, found: bool):
    assert bool(POSIX.search(code)) is found


def test_a_test_of_posix_says_what_windows_is_to_do():
    tests = (path for path in ROOT.glob("tests/**/test_*.py") if path != Path(__file__))
    texts = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in tests}
    assert sum(bool(POSIX.search(text)) for text in texts.values()) > 5
    assert [name for name, text in texts.items() if POSIX.search(text) and not MARK.search(text)] == []
