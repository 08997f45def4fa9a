"""Imports the parts of ReportLab that are used (canvas, PDF objects), which is done nowhere else.

ReportLab imports Pillow for pictures, which a report does not have; that would slow down every export from the command
line. An empty module takes Pillow's place during the import, unless Pillow is loaded already.
"""

from __future__ import annotations

import sys
from types import ModuleType

_absent = "PIL" not in sys.modules
if _absent:
    sys.modules["PIL"] = _pillow = ModuleType("PIL")
    _pillow.Image = ModuleType("PIL.Image")  # type: ignore[attr-defined]

from reportlab.pdfbase.pdfdoc import (  # noqa: E402  (after the stand-in for Pillow)
    PDFArray,
    PDFCatalog,
    PDFDictionary,
    PDFDocument,
    PDFInfo,
    PDFName,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

if _absent:
    del sys.modules["PIL"]

__all__ = [
    "Canvas",
    "PDFArray",
    "PDFCatalog",
    "PDFDictionary",
    "PDFDocument",
    "PDFInfo",
    "PDFName",
    "PDFStream",
    "PDFString",
]
