"""Waits for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable

from wine_check.checks import Failed


def wait_for(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Wait until a condition holds; raise `Failed` after a time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise Failed(f"{seconds:g} 秒内没有：{what}")
        time.sleep(0.5)
