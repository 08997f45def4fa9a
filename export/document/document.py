"""What a printed report is made of, by role; no sizes, no fonts, no places.

`compose` decides what stands here, the layout decides where, drawing decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.form.grid import Grid


class Voice(StrEnum):
    """How a run of text inside a paragraph is spoken; the style sheet gives each voice a font."""

    BODY = "body"  # 仿宋
    LEAD = "lead"  # （一） … run into the paragraph, 楷体


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one voice."""

    text: str
    voice: Voice = Voice.BODY


@dataclass(frozen=True, slots=True)
class Title:
    """The report's title; `parts` are its sense units, e.g. the agency's name and the rest."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """一、… : one entry of the outline; `section` is the section's id.

    `new_page`: it begins one, as an annex does (GB/T 9704—2012: 附件应当另面编排).
    """

    text: str
    section: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, first line indented by two characters; messages name it by section and `number` (from 1)."""

    runs: tuple[Run, ...]
    section: str
    number: int

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the report's tables."""

    grid: Grid
    section: str


@dataclass(frozen=True, slots=True)
class Note:
    """A small line under a table (单位、说明)."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: agency and date at the right, with room for the seal."""

    agency: str
    date_text: str


@dataclass(frozen=True, slots=True)
class Approval:
    """审签单: a page of its own with one row to sign for each step; `parts` of its title as those of a report's."""

    parts: tuple[str, ...]
    steps: tuple[str, ...]


Block = Title | Heading | Paragraph | Table | Note | Signature | Approval


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be laid out.

    `on` is the date that stands in the file's metadata (never the clock, so that the same report gives the
    same bytes); `draft` prints 草稿 across each page; `data` travels inside as an associated file.
    """

    title: str
    agency: str
    on: date
    blocks: tuple[Block, ...]
    draft: bool = True
    data: bytes = b""
    data_name: str = "report.json"
