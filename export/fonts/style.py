"""The style of the printed report, read from `resources/styles/gbt9704.toml` into frozen values.

Lengths are in points unless a field ends in `_mm`. The file is validated: an unknown, missing or impossible entry is a
`Trouble` that names its place.

Named tuples rather than dataclasses, because every export from the command line creates the classes anew and named
tuples are created much faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from model.base import Node, read_toml

MILLIMETRE = 72 / 25.4

T = TypeVar("T")


class PageStyle(NamedTuple):
    """The paper and the type area with its grid of `lines` × `cells`."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    lines: int
    cells: int

    @property
    def width(self) -> float:
        """The paper width in points."""
        return self.width_mm * MILLIMETRE

    @property
    def height(self) -> float:
        """The paper height in points."""
        return self.height_mm * MILLIMETRE

    @property
    def left(self) -> float:
        """The left edge of the type area in points."""
        return self.left_mm * MILLIMETRE

    @property
    def top(self) -> float:
        """The top edge of the type area, in points from the top of the paper."""
        return self.top_mm * MILLIMETRE

    @property
    def area_width(self) -> float:
        """The width of the type area in points."""
        return (self.width_mm - self.left_mm - self.right_mm) * MILLIMETRE

    @property
    def area_height(self) -> float:
        """The height of the type area in points."""
        return (self.height_mm - self.top_mm - self.bottom_mm) * MILLIMETRE

    @property
    def pitch(self) -> float:
        """The width of one character cell in points."""
        return self.area_width / self.cells

    @property
    def leading(self) -> float:
        """The height of one line of the grid in points."""
        return self.area_height / self.lines


class BodyStyle(NamedTuple):
    """Style of paragraphs."""

    font: str
    lead_font: str
    size: float
    indent_cells: int


class HeadingStyle(NamedTuple):
    """Style of section headings, set in the size of the body."""

    font: str
    indent_cells: int
    keep_lines: int
    keep_rows: int


class TitleStyle(NamedTuple):
    """Style of the report's title."""

    font: str
    size: float
    pitch: float
    after_lines: int
    lines: int


class PageNumberStyle(NamedTuple):
    """Style of the page number below the type area."""

    font: str
    size: float
    below_mm: float
    inset_cells: int
    pattern: str


class NoteStyle(NamedTuple):
    """Style of the small lines under a table."""

    font: str
    size: float
    pitch: float
    indent: float


class SignatureStyle(NamedTuple):
    """Style of the 落款."""

    font: str
    before_lines: int
    inset_cells: int
    width_cells: int


class ApprovalStyle(NamedTuple):
    """Style of the 审签单."""

    font: str
    size: float
    title_after: float
    label_cells: int
    row_lines: int
    opinion: str
    sign: str
    date: str


class DraftStyle(NamedTuple):
    """Style of the mark across the pages of a draft; `grey` runs from 0 (black) to 1 (white)."""

    text: str
    font: str
    size: float
    angle: float
    grey: float
    spread: float


class BoxStyle(NamedTuple):
    """Font role, size and background (RRGGBB or '') of one role of box."""

    font: str
    size: float
    fill: str = ""


class TableLook(NamedTuple):
    """Style of a table of at most `columns` columns; `row` is the comfortable, `tight_row` the least row height.

    `pad` is the space left and right of centred text, `label_pad` of labels, `gap` above and below.
    """

    columns: int
    row: float
    tight_row: float
    head: BoxStyle
    label: BoxStyle
    value: BoxStyle
    corner: BoxStyle
    band: BoxStyle
    pad: float
    label_pad: float
    leading: float
    gap: float


class TableStyle(NamedTuple):
    """Style common to all tables."""

    rule: float
    frame: float
    before: float
    after: float
    squeeze: float
    readable: float
    remark_scale: float
    words: frozenset[str]
    looks: tuple[TableLook, ...]

    def look(self, columns: int) -> TableLook:
        """The first look for at least so many columns, else the last."""
        return next((look for look in self.looks if look.columns >= columns), self.looks[-1])


class Style(NamedTuple):
    """The whole style sheet."""

    page: PageStyle
    body: BodyStyle
    heading: HeadingStyle
    title: TitleStyle
    page_number: PageNumberStyle
    note: NoteStyle
    signature: SignatureStyle
    approval: ApprovalStyle
    draft: DraftStyle
    table: TableStyle


_PARTS: Mapping[str, type[tuple[Any, ...]]] = {
    "page": PageStyle,
    "body": BodyStyle,
    "heading": HeadingStyle,
    "title": TitleStyle,
    "page_number": PageNumberStyle,
    "note": NoteStyle,
    "signature": SignatureStyle,
    "approval": ApprovalStyle,
    "draft": DraftStyle,
}


def load(path: Path) -> Style:
    """Read the style sheet; raise `Trouble` naming the file and the wrong entry."""
    return read_toml(path, "版式文件", read, advice="，请改正或重新安装本软件")


def read(node: Node) -> Style:
    """Convert the parsed TOML to a `Style`; raise `ValueError` with the place of the first mistake."""
    parts: dict[str, Any] = {name: node.part(name, partial(_record, kind)) for name, kind in _PARTS.items()}
    style = Style(**parts, table=node.part("table", _table))
    node.refuse_unknown()
    return style


def _table(node: Node) -> TableStyle:
    looks = node.children("look", partial(_record, TableLook), needed=True)
    return _record(TableStyle, node, looks=looks)


def _record(kind: type[T], node: Node, **given: Any) -> T:
    """Build one named tuple, reading every field that is not `given` as its annotation says."""
    hints = {name: hint for name, hint in _hints(kind).items() if name not in given}
    return kind(**given, **{name: _READERS[hint](node, name) for name, hint in hints.items()})


def _hints(kind: type) -> dict[str, str]:
    """Map fields to their annotations as text (`typing.get_type_hints` would compile each one, which is slower)."""
    return {name: hint.__forward_arg__ for name, hint in kind.__annotations__.items()}


def _text(node: Node, key: str) -> str:
    return node.text(key, "") if key in BoxStyle._field_defaults else node.text(key)


_READERS: Mapping[str, Callable[[Node, str], Any]] = {
    "float": Node.number,
    "int": Node.count,
    "str": _text,
    "frozenset[str]": lambda node, key: frozenset(node.texts(key, needed=True)),
    "BoxStyle": lambda node, key: node.part(key, partial(_record, BoxStyle)),
}
