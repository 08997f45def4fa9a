"""Data shared by the tests of importing: formats, old reports, and a report printed as a text copy."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from model.base.trouble import Trouble
from model.form.cell import Address, Entry, Number, shown
from model.form.format import Format, Table
from model.form.grid import Grid, Role
from model.form.loader import load_all
from model.form.table_grid import build
from model.importing.read import read_bytes
from model.importing.reading_result import Reading
from model.report.report import ReadingNote, Report
from model.report.totals import Engine

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "tests" / "support" / "reports"
FORMATS = load_all([ROOT / "resources" / "formats", ROOT / "tests" / "support" / "formats"])
SAMPLE = (REPORTS / "jiyuan-emergency-2020.txt").read_text(encoding="utf-8")


def read_text(text: str, name: str = "年报.txt") -> Reading:
    """Read a report from a text copy."""
    return read_bytes(name, text.encode(), FORMATS)


def outcome(data: bytes, name: str = "年报") -> Reading | str:
    """Return the reading, or the sentence with which it was refused."""
    try:
        return read_bytes(name, data, FORMATS)
    except Trouble as trouble:
        return str(trouble)


def codes(reading: Reading) -> list[str]:
    """Return the codes of all notes, in order."""
    return [note.code for note in reading.report.notes]


def note(reading: Reading, code: str) -> ReadingNote:
    """Return the only note with this code."""
    (found,) = [note for note in reading.report.notes if note.code == code]
    return found


def changed(old: str, new: str, times: int = 1) -> str:
    """Return the sample with the first occurrence (all of them, with -1) replaced."""
    assert old in SAMPLE, old
    return SAMPLE.replace(old, new, times)


def filled(form: Format, numbers: Mapping[Address, Number] | None = None) -> Report:
    """Return a report with a different number in every cell, and its totals as printed."""
    given = numbers or {address: place for place, address in enumerate(form.inputs)}
    report = Report("某某县应急管理局", form.first_year, form.id, cells={a: Entry(n) for a, n in given.items()})
    values = Engine(form).values(report)
    stated = {address: number for address in form.totals if (number := values[address]) is not None}
    return Report(report.agency, report.year, form.id, cells=report.cells, stated=stated)


# -- printing -----------------------------------------------------------------------------------------------------


def printed(report: Report, form: Format, chance: random.Random | None = None) -> str:
    """Return the report as a text copy; `chance` damages it as copying does: spaces in labels, lost group headings."""
    lines = [form.title.format(agency=report.agency, year=report.year)]
    for section in form.sections:
        lines += ["", section.title, ""]
        if section.table:
            lines += table_lines(report, form, form.table(section.table), chance)
        else:
            lines.append(report.text(section.id))
    return "\n".join(lines) + "\n"


def table_lines(report: Report, form: Format, table: Table, chance: random.Random | None = None) -> list[str]:
    """Return the rows of one table, cells separated by tabs; a merged cell is its text and empty cells."""
    values = {address: entry.shown() for address, entry in report.cells.items()}
    values |= {address: shown(number) for address, number in report.stated.items()}
    grid = build(form, table, lambda address: (values.get(address, ""), ""))
    return ["\t".join(cells) for cells in _rows(grid, chance)]


def _rows(grid: Grid, chance: random.Random | None) -> Iterator[list[str]]:
    spans = {(box.row, box.column) for box in grid.boxes if box.role is Role.LABEL and box.rows > 1}
    for row in range(grid.rows):
        boxes = [box for box in grid.boxes if box.row == row]
        cells = [""] * grid.columns
        for box in boxes:
            lost = chance is not None and (box.row, box.column) in spans and chance.random() < 0.5
            cells[box.column] = "" if lost else _spaced(box.text, box.role, chance)
        yield cells


def _spaced(text: str, role: Role, chance: random.Random | None) -> str:
    if chance is None or role in {Role.VALUE, Role.TOTAL}:
        return text
    return "".join(character + (chance.choice(" \u3000") if chance.random() < 0.1 else "") for character in text)
