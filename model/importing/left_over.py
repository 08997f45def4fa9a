"""Lists the lines of a file whose numbers are not in the report, so that none disappears in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from model.base import MAX_EXCERPT, clean
from model.form import Format
from model.importing.labels import has_number, unnumbered
from model.importing.sections import SourceLine
from model.importing.values import Collected

_SHOWN = 30  # characters of a stretch without a digit
_WORDY = re.compile(rf"\D{{{_SHOWN + 1},}}")
MAX_MESSAGE = 600  # characters of lines in one note


def note_left_over(found: Collected, form: Format, lines: Sequence[SourceLine]) -> tuple[str, ...]:
    """Return the lines with numbers that are not in the report, and note those that no other note shows."""
    left = [line for line in lines if line.number not in found.used and _has_number(line)]
    noted = "\n".join(note.message for note in found.all_notes())
    texts = [_one_line(line) for line in left]
    for words in _packed(_RUN.sub(_cut, text) for text in texts if text not in noted):
        found.note_outside(form, f"原文中还有这些内容没有读入，需要时请对照填写：{words}")
    return tuple(texts)


# Digits or other characters in a row that are more than a message repeats; no number of a report is so long.
_RUN = re.compile(rf"\d{{{MAX_EXCERPT},}}|\D{{{MAX_EXCERPT},}}")


def _cut(run: re.Match[str]) -> str:
    return f"{run.group()[: MAX_EXCERPT // 2]}……"


def _has_number(line: SourceLine) -> bool:
    """Tell whether a line has a digit that is not the number of a heading or label."""
    return has_number(map(unnumbered, line.cells or (line.text,)))


def _one_line(line: SourceLine) -> str:
    """The line without invisible characters; long stretches without a number are cut, the numbers stay."""
    words = " ".join(" ".join(map(clean, line.cells or (line.text,))).split())
    return _WORDY.sub(lambda run: f"{run[0][:_SHOWN]}……", words)


def _packed(texts: Iterable[str]) -> Iterator[str]:
    """Join short texts and cut long ones, so that each piece is at most `MAX_MESSAGE` characters long."""
    words = ""
    for text in texts:
        for start in range(0, len(text), MAX_MESSAGE):
            piece = text[start : start + MAX_MESSAGE]
            if words and len(words) + len(piece) >= MAX_MESSAGE:
                yield words
                words = ""
            words += f"；{piece}" if words else piece
    if words:
        yield words
