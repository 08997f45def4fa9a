"""Helpers of `dev.py` and of the scripts in `tools/`.

Standard library only, and understood by Python 3.7 and later: they have to tell an old Python that it is too old.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "zwgk-annual-report"  # name of the frozen program and of its folder
BUILT = ROOT / "dist" / PROGRAM
