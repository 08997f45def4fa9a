"""Runs the tests under coverage and fails when a layer is covered less than its floor: `dev.py coverage_floor`."""

from __future__ import annotations

import subprocess
import sys

from bootstrap import ROOT

SUMMARY = "在覆盖率测量下运行测试（约为平时的两倍时间），低于下限时报错"

FLOORS = {"model/*": 90, "export/*": 90, "ui/*": 88}  # per cent of lines and branches


def coverage(*arguments: str) -> int:
    """Run coverage in the project's folder and return its exit code."""
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=False).returncode


def main(arguments: list[str]) -> int:
    """Run the tests with these arguments of pytest, then compare each layer with its floor."""
    code = coverage("run", "-m", "pytest", *arguments)
    low = [
        layer for layer, floor in FLOORS.items() if coverage("report", f"--include={layer}", f"--fail-under={floor}")
    ]
    for layer in low:
        print(f"{layer}: below {FLOORS[layer]} %", file=sys.stderr)
    return code or int(bool(low))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
