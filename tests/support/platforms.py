"""Marks for tests that a system cannot run, each with its reason."""

from __future__ import annotations

import sys

import pytest

WINDOWS = sys.platform == "win32"


def posix_only(reason: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test on Windows."""
    return pytest.mark.skipif(WINDOWS, reason=reason)


symbolic_links = posix_only("on Windows only an administrator makes symbolic links")
