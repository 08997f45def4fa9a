"""Runs checks one after the other, prints a line for each and remembers which failed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bootstrap.process import Stop


class Failed(Exception):
    """A check found something else than it expected; `str()` is a Chinese sentence."""


@dataclass(frozen=True)
class Outcome:
    """Result of a check: its name, wall time in seconds, whether it passed, and what it saw."""

    name: str
    seconds: float
    passed: bool
    seen: str

    def line(self) -> str:
        """Return the printed line."""
        return f"{'通过' if self.passed else '失败'} {self.seconds:6.1f} 秒  {self.name}：{self.seen}"


@dataclass
class Checks:
    """The checks that were run."""

    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, name: str, check: Callable[[], str]) -> bool:
        """Run a check, which returns what it saw or raises `Failed`, and print its line; tell whether it passed."""
        start = time.monotonic()
        try:
            passed, seen = True, check()
        except (Failed, Stop, OSError, subprocess.SubprocessError) as error:
            passed, seen = False, str(error)
        self.outcomes.append(Outcome(name, time.monotonic() - start, passed, seen))
        print(self.outcomes[-1].line(), flush=True)
        return passed

    def failed(self) -> list[str]:
        """Return the names of the failed checks."""
        return [outcome.name for outcome in self.outcomes if not outcome.passed]


def expect(found: object, wanted: object, what: str) -> None:
    """Raise `Failed` unless two values are equal."""
    if found != wanted:
        raise Failed(f"{what}应为 {wanted!r}，实际是 {found!r}")


def expect_in(words: str, text: str, what: str) -> None:
    """Raise `Failed` unless a text contains the words."""
    if words not in text:
        raise Failed(f"{what}应含“{words}”，实际是“{text.strip()[-600:]}”")
