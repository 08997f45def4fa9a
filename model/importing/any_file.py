"""Reads a report from any file the program knows, for the window and the command line alike; no Qt here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from model.base.trouble import Trouble
from model.form.loader import Formats
from model.importing.read import read_report
from model.importing.reading_result import Reading
from model.report.exchange import loads
from model.report.report import Report

PROPOSED = "agency_proposals"  # fact: fuller names of the agency, one a line, until the clerk has chosen
MAX_PDF = 50_000_000  # bytes; ours are below 1 MB


def read_file(path: Path, formats: Formats) -> Reading:
    """The report in a file: an old report's text, our JSON, or a PDF that carries our data; raises `Trouble`."""
    if not _is_pdf(path):
        return read_report(path, formats)
    from model.importing.own_pdf import read_data  # noqa: PLC0415  # PDFium is loaded only for a PDF

    data = read_data(path)
    if data is None:
        raise Trouble(f"「{path.name}」不是本软件导出的 PDF，里面没有可读的数据，请改用年报的文本文件")
    return Reading(loads(data), (), path.name)


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-" and path.stat().st_size <= MAX_PDF
    except OSError:  # the reader below says what is wrong with it
        return False


def is_database(path: Path) -> bool:
    """True for a file of SQLite: perhaps the drafts of another computer, or a backup."""
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\x00"
    except OSError:  # the reader says what is wrong with it
        return False


def as_draft(reading: Reading) -> Report:
    """The report as it goes into a draft: with the fuller names of the agency, for the clerk to choose from."""
    if not reading.agencies:
        return reading.report
    return replace(reading.report, facts={**reading.report.facts, PROPOSED: "\n".join(reading.agencies)})
