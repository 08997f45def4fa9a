"""ReportLab as far as it is used: its canvas and its PDF objects, imported here and nowhere else.

ReportLab imports Pillow for pictures; a report has none, and Pillow costs every export from the command line 7 ms.
A stand-in takes its place for the time of the import, unless the process has Pillow already.
"""

from __future__ import annotations

import sys
from types import ModuleType

_absent = "PIL" not in sys.modules
if _absent:
    sys.modules["PIL"] = _pillow = ModuleType("PIL")
    _pillow.Image = ModuleType("PIL.Image")  # type: ignore[attr-defined]

from reportlab.pdfbase.pdfdoc import (  # noqa: E402  (the stand-in comes first)
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
