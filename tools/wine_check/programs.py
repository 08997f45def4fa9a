"""The program to be checked, as a command line on Linux and as one under Wine, so that both can be compared."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bootstrap import ROOT
from bootstrap.environment import PYTHON
from wine_check import CACHE, interpreter
from wine_check.checks import Failed
from wine_check.prefix import PATIENCE, Done, Wine

SAMPLE = ROOT / "resources" / "sample" / "report.txt"
REPORTS = ROOT / "tests" / "support" / "reports"
RUNS = CACHE / "runs"  # data folders and output on the side of Linux
MASKED = {
    r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}": "日期时间",
    r"\d{4}-\d{2}-\d{2} \d{6} [0-9a-f]{4}": "日期时间和编号",
    r"\d{2}:\d{2}\b": "时间",
}


@dataclass(frozen=True)
class Program:
    """The program: the words that start it, under Wine if there is one."""

    words: tuple[str | Path, ...]
    wine: Wine | None = None

    def __call__(self, *words: str | Path, data: Path | None = None) -> Done:
        """Run a command to its end, with the drafts in the folder `data` if one is given."""
        where: tuple[str | Path, ...] = ("--data", data) if data else ()
        every = (*self.words, *where, *words)
        return self.wine.run(*every) if self.wine else on_linux(*every)

    def must(self, *words: str | Path, data: Path | None = None) -> str:
        """Run a command and return its output; raise `Failed` if its exit code is not 0."""
        done = self(*words, data=data)
        if done.code:
            raise Failed(f"“{' '.join(map(str, words))}”的退出码是 {done.code}：{done.text.strip()[-600:]}")
        return done.text


def on_linux(*words: str | Path) -> Done:
    """Run a command of this computer in the project's folder."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    pipe = subprocess.PIPE
    done = subprocess.run(
        words, cwd=ROOT, env=environment, stdout=pipe, stderr=subprocess.STDOUT, check=False, timeout=PATIENCE
    )
    return Done(done.returncode, done.stdout)


def here() -> Program:
    """Return the program as it runs on this computer."""
    return Program((PYTHON, ROOT / "main.py"))


def from_source(wine: Wine) -> Program:
    """Return the program as Python for Windows runs it from the checkout."""
    return Program((interpreter.PYTHON / "python.exe", "main.py"), wine)


def masked(text: str, *folders: str) -> str:
    """Return a text without the names of folders and without times, which differ from run to run."""
    for folder in folders:
        text = text.replace(folder, "文件夹")
    for pattern, word in MASKED.items():
        text = re.sub(pattern, word, text)
    return text.replace("\\", "/").strip()
