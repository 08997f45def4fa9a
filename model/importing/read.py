"""Reads a file of unknown kind into a report, by its contents and not by its extension."""

from __future__ import annotations

from pathlib import Path

from model.form.loader import Formats
from model.importing.decoding import decode, refuse_length
from model.importing.json_file import looks_like_json, read_json
from model.importing.reading_result import Reading
from model.importing.source_file import contents, refuse_size, shown_name


def read_report(path: Path, formats: Formats) -> Reading:
    """Read a file; raise `Trouble` with one sentence for a file that cannot be read as a report."""
    return read_bytes(path.name, contents(path), formats)


def read_bytes(name: str, data: bytes, formats: Formats) -> Reading:
    """Read the contents of a file called `name`; raise `Trouble` as `read_report` does."""
    shown = shown_name(name)
    refuse_size(shown, len(data))
    from model.importing.sources import refuse_foreign  # imported late: reading an exchange file is faster without

    refuse_foreign(shown, data)
    text = decode(shown, data)
    if looks_like_json(text):
        return read_json(shown, data, text, formats)
    from model.importing.recognise import recognise
    from model.importing.sources import text_source

    refuse_length(shown, text)
    return recognise(text_source(shown, text), formats)
