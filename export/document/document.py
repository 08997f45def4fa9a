"""The content of a printed report by role, without sizes, fonts or positions, which are set by the layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from model.form import Grid


class Voice(StrEnum):
    """The role of a run of text in a paragraph; the style sheet gives each role a font."""

    BODY = "body"  # 仿宋
    LEAD = "lead"  # （一） … run into the paragraph, 楷体


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a paragraph in one voice."""

    text: str
    voice: Voice = Voice.BODY


@dataclass(frozen=True, slots=True)
class DocumentTitle:
    """The report's title; `parts` are its sense units, such as the agency's name and the rest."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading (一、…) and entry of the PDF outline; `section` is the section's id.

    `new_page`: it begins a new page, as an annex does (GB/T 9704—2012: 附件应当另面编排).
    """

    text: str
    section: str
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, its first line indented by two cells; messages refer to it by section and `number` (from 1)."""

    runs: tuple[Run, ...]
    section: str
    number: int

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the report in a section."""

    grid: Grid
    section: str


@dataclass(frozen=True, slots=True)
class TableNote:
    """A line in small type under a table (单位、说明)."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The 落款: agency and date at the right, with room for the seal."""

    agency: str
    date_text: str


@dataclass(frozen=True, slots=True)
class Approval:
    """The 审签单: a page of its own with one box to sign for each step; `parts` as in `DocumentTitle`."""

    parts: tuple[str, ...]
    steps: tuple[str, ...]


Block = DocumentTitle | Heading | Paragraph | PrintedTable | TableNote | Signature | Approval


@dataclass(frozen=True)
class Document:
    """A whole report, ready to be laid out.

    `on` is the date in the file's metadata (not the current time, so that the same report gives the same bytes);
    `draft` prints 草稿 across each page; `data` is embedded as an associated file.
    """

    title: str
    agency: str
    on: date
    blocks: tuple[Block, ...]
    draft: bool = True
    data: bytes = b""
    data_name: str = "report.json"
