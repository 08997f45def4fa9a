"""Checks of the program for Windows under Wine, started by `python3 dev.py wine`; see docs/windows.md.

Everything is kept in `.wine/`, which may be deleted at any time.
"""

from bootstrap import ROOT

CACHE = ROOT / ".wine"
