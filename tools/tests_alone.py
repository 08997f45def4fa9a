"""Runs every test file in a process of its own, so that none relies on what another one did.

    python3 dev.py tests_alone [--jobs N] [FILE …]

Prints the end of pytest's output for each file that fails, and the sums; the exit code is 1 if any fails.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUMMARY = "逐个测试文件单独运行，核对它们互不依赖"

ROOT = Path(__file__).resolve().parent.parent
_COUNT = re.compile(r"(\d+) (passed|failed|error|skipped|xfailed)")
NOTHING_RUN = 5  # pytest's exit code for a file without a test for this platform


def run(path: str) -> tuple[str, int, str]:
    """Run one file; return its path, pytest's exit code and its output."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    return path, done.returncode, done.stdout + done.stderr


def files() -> list[str]:
    """Return the test files of the project."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py"))


def main() -> int:
    """Run the files, several at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    bad: list[str] = []
    chosen = options.files or files()
    with ThreadPoolExecutor(options.jobs) as pool:
        for path, code, output in pool.map(run, chosen):
            counts.update({name: int(number) for number, name in _COUNT.findall(output.rpartition("\n=")[2] or output)})
            if code not in (0, NOTHING_RUN):
                bad.append(path)
                print(f"{path}: exit code {code}\n{output[-1500:]}", flush=True)
    sums = ", ".join(f"{number} {name}" for name, number in counts.items())
    print(f"{len(chosen)} files, {len(bad)} failed: {sums}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
