"""Reads a file of unknown kind into a report, by its contents and not by its extension."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from model.base import Trouble, begins_with, read_input, refuse_size, shown_name
from model.form import Formats
from model.importing.containers import decode, refuse_length
from model.importing.json_file import looks_like_json, read_json
from model.importing.reading_result import Reading
from model.report import PROPOSED, Report, loads

if TYPE_CHECKING:
    from model.importing.containers import Source

MAX_BYTES = 20 * 1024 * 1024  # of a file


def read_file(path: Path, formats: Formats, year: int | None = None) -> Reading:
    """Read a report from an old report's file, this program's JSON or a PDF that carries its data; raises `Trouble`.

    `year` chooses one of several reports in a file.
    """
    reading = _read_file(path, formats, year)
    if year and reading.report.year != year:
        raise Trouble(f"文件“{reading.source}”是 {reading.report.year} 年的报告，不是 {year} 年的，请核对年度")
    return reading


def _read_file(path: Path, formats: Formats, year: int | None) -> Reading:
    if not begins_with(path, b"%PDF-"):
        return read_report(path, formats, year)
    from model.importing.own_pdf import read_data  # PDFium is loaded only for a PDF

    data = read_data(path)
    return read_report(path, formats, year) if data is None else Reading(loads(data), (), shown_name(path))


def is_database(path: Path) -> bool:
    """Tell whether a file is an SQLite database, such as a backup or the drafts of another computer."""
    return begins_with(path, b"SQLite format 3\x00")


def as_draft(reading: Reading) -> Report:
    """Return the report for a new draft, with the fuller names of the agency for the clerk to choose from."""
    if not reading.agencies:
        return reading.report
    return replace(reading.report, facts={**reading.report.facts, PROPOSED: "\n".join(reading.agencies)})


def read_report(path: Path, formats: Formats, year: int | None = None) -> Reading:
    """Read a file; raise `Trouble` with one sentence for a file that cannot be read as a report."""
    return read_bytes(path.name, read_input(path, MAX_BYTES), formats, year)


def read_bytes(name: str, data: bytes, formats: Formats, year: int | None = None) -> Reading:
    """Read the contents of a file called `name`; raise `Trouble` as `read_report` does."""
    shown = shown_name(name)
    refuse_size(shown, len(data), MAX_BYTES)
    if _begins_as_json(data):
        return _read_text(shown, data, formats, year)
    from model.importing.readers import read_foreign  # imported late: reading a data file is faster without

    source = read_foreign(shown, data, partial(decode, shown))
    return _read_text(shown, data, formats, year) if source is None else _recognised(source, formats, year)


def _read_text(name: str, data: bytes, formats: Formats, year: int | None) -> Reading:
    text = decode(name, data)
    if looks_like_json(text):
        return read_json(name, data, text, formats)
    from model.importing.readers import text_source

    refuse_length(name, text)
    return _recognised(text_source(name, text), formats, year)


def _recognised(source: Source, formats: Formats, year: int | None) -> Reading:
    from model.importing.recognise import recognise

    return recognise(source, formats, year)


def _begins_as_json(data: bytes) -> bool:
    """Tell whether the contents begin as a JSON object does; RTF begins with a brace, too."""
    begin = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return begin.startswith(b"{") and not begin.startswith(b"{\\")
