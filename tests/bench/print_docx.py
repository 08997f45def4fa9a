"""Makes the .docx that LibreOffice converts in the bench: the report with fonts and sizes as printed.

    python tests/bench/print_docx.py report.json report.docx

Run by `print_bench.py` with the Python named in DOCX_PYTHON (`pip install python-docx`); the program does not need it.
The JSON is a list of ["title" | "heading", text], ["paragraph", [[font, text], …]] and
["table", rows, [column widths in mm], [[row, column, rows, columns, text, is label], …]].
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import docx  # type: ignore[import-not-found,unused-ignore]  # (installed in a separate Python)
from docx.enum.text import WD_LINE_SPACING  # type: ignore[import-not-found,unused-ignore]
from docx.oxml.ns import qn  # type: ignore[import-not-found,unused-ignore]
from docx.shared import Mm, Pt  # type: ignore[import-not-found,unused-ignore]

LEFT, CENTRE, JUSTIFIED = 0, 1, 3  # of a paragraph; 1 is also vertically centred in a cell
SIZES = {"title": 22.0, "heading": 16.0, "paragraph": 16.0}
FONTS = {"title": "Zwgk Title SC", "heading": "Zwgk Hei SC", "table": "Zwgk Song SC"}


def main(source: Path, target: Path) -> None:
    """Convert the JSON to a .docx file."""
    made = docx.Document()
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    for kind, *content in json.loads(source.read_text(encoding="utf-8")):
        if kind == "table":
            add_table(made, *content)
        else:
            add_paragraph(made, kind, content[0])
    made.save(target)


def add_paragraph(made: Any, kind: str, content: Any) -> None:
    """Add a title, a heading, or the runs of a paragraph."""
    paragraph = made.add_paragraph()
    looks = paragraph.paragraph_format
    looks.space_before = looks.space_after = Pt(0)
    looks.line_spacing_rule, looks.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28.95)
    looks.keep_with_next = kind != "paragraph"
    looks.first_line_indent = Pt(0 if kind == "title" else 32)
    paragraph.alignment = {"title": CENTRE, "heading": LEFT}.get(kind, JUSTIFIED)
    for font, text in content if kind == "paragraph" else [(FONTS[kind], content)]:
        add_run(paragraph, text, font, SIZES[kind])


def add_run(paragraph: Any, text: str, font: str, size: float) -> None:
    """Add text in one font, for Chinese and Latin; `size` in pt."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def add_table(made: Any, rows: int, widths: list[float], boxes: list[Any]) -> None:
    """Add a table with its merged cells; `widths` in mm."""
    table = made.add_table(rows, len(widths))
    table.style, table.autofit = "Table Grid", False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    cells = [list(row.cells) for row in table.rows]
    for row, column, high, wide, text, label in boxes:
        cell = cells[row][column]
        if high > 1 or wide > 1:
            cell = cell.merge(cells[row + high - 1][column + wide - 1])
        cell.vertical_alignment = CENTRE
        paragraph = cell.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.space_after = LEFT if label else CENTRE, Pt(0)
        add_run(paragraph, text, FONTS["table"], 9 if len(widths) == 15 else 10.5)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
