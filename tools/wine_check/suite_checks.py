"""Runs each test file alone, with Python for Windows, under the Wine of Debian 13 and without a screen."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bootstrap import ROOT
from wine_check import CACHE, debian, interpreter
from wine_check.checks import Checks, Failed
from wine_check.prefix import Wine

PREFIX = CACHE / "prefix-tests"
LOGS = CACHE / "tests"
PATIENCE = 900  # seconds for one file
WORDS = ("passed", "skipped", "failed", "error")
_COUNT = re.compile(rf"(\d+) ({'|'.join(WORDS)})")
_SKIPPED = re.compile(r"^SKIPPED \[(\d+)\] [^:]*(?::\d+)?: (.*)$", re.MULTILINE)


@dataclass
class Tally:
    """Counts of results, and of skipped tests by their reason."""

    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, output: str) -> Counter[str]:
        """Add the counts of one run of pytest and return its results."""
        found = counts(output)
        self.results += found
        for number, reason in _SKIPPED.findall(output):
            self.reasons[reason.strip()] += int(number)
        return found

    def lines(self) -> list[str]:
        """Return the totals as printed lines."""
        total = "，".join(f"{word} {self.results[word]}" for word in WORDS)
        return [f"合计：{total}", *(f"  跳过 {number}：{reason}" for reason, number in self.reasons.most_common())]


def counts(output: str) -> Counter[str]:
    """Return the counts in the last line of pytest's output: `2 failed, 7 passed in 44.30s`."""
    lines = [line for line in output.splitlines() if _COUNT.search(line) and " in " in line]
    return Counter({word: int(number) for number, word in _COUNT.findall(lines[-1])}) if lines else Counter()


def run(checks: Checks) -> None:
    """Install Debian 13, run every test file and print the totals; as many at a time as there are processors."""
    wine = Wine(PREFIX, debian.INSIDE)
    if not (checks.run("Debian 13", debian.set_up) and checks.run("Wine（Debian 13）", wine.set_up)):
        return
    LOGS.mkdir(exist_ok=True)
    tally = Tally()
    with wine.session(), ThreadPoolExecutor(os.cpu_count()) as pool:
        for path in sorted(ROOT.glob("tests/**/test_*.py")):
            pool.submit(checks.run, path.relative_to(ROOT).as_posix(), partial(one, wine, path, tally))
    print("\n".join(tally.lines()), flush=True)


def one(wine: Wine, path: Path, tally: Tally) -> str:
    """Run one test file; return its counts or raise `Failed` with them. Its output is kept in `.wine/tests`."""
    name = path.relative_to(ROOT).as_posix()
    words = wine.command(interpreter.PYTHON / "python.exe", "-m", "pytest", name, "-q", "-p", "no:cacheprovider")
    environment = wine.environment({"PYTHONIOENCODING": "utf-8"})
    pipe = subprocess.PIPE
    done = subprocess.run(
        [*words, "-rsfE"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=subprocess.STDOUT,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    output = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
    (LOGS / f"{path.stem}.log").write_text(output, "utf-8")
    said = "，".join(f"{word} {number}" for word, number in tally.add(output).items())
    if done.returncode not in (0, 5):  # 5: a file that is skipped as a whole
        raise Failed(said or f"没有结果，见 {LOGS / path.stem}.log")
    return said
