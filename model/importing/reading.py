"""From a file of unknown kind to a report: looks at the contents, never at the extension."""

from __future__ import annotations

from pathlib import Path

from model.formats import Formats
from model.importing.decoding import decode
from model.importing.files import contents, refuse_size
from model.importing.json_reports import looks_like_json, read_json
from model.importing.recognise import Reading, recognise
from model.importing.sources import refuse_foreign, text_source


def read_report(path: Path, formats: Formats) -> Reading:
    """Read a file; raise `Trouble` with one sentence for anything that cannot be read as a report."""
    return read_bytes(path.name, contents(path), formats)


def read_bytes(name: str, data: bytes, formats: Formats) -> Reading:
    """Read the contents of a file called `name`; as `read_report`."""
    refuse_size(name, len(data))
    refuse_foreign(name, data)
    text = decode(name, data)
    if looks_like_json(text):
        return read_json(name, data, text, formats)
    return recognise(text_source(name, text), formats)
