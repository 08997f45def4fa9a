"""The style of the printed report, read from `resources/styles/gbt9704.toml` into frozen values.

Lengths are in points unless a field ends in `_mm`. The file is validated: an unknown, missing or impossible entry is a
`Trouble` that names its place.

Named tuples rather than dataclasses, because every export from the command line creates the classes anew and named
tuples are created much faster.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from model.base import Trouble

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
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Trouble(f"安装不完整：找不到版式文件 {path.name}，请重新安装本程序。") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Trouble(f"版式文件 {path.name} 读不出来（{error}），请重新安装本程序。") from None
    try:
        return read(entries)
    except ValueError as error:
        raise Trouble(f"版式文件 {path.name} 有误：{error}，请改正或重新安装本程序。") from None


def read(entries: Mapping[str, Any]) -> Style:
    """Convert the parsed TOML to a `Style`; raise `ValueError` with the place of the first mistake."""
    table = dict(_section(entries, "table"))
    looks = _list(table.pop("look", None), "table.look")
    parts: dict[str, Any] = {name: _record(kind, _section(entries, name), name) for name, kind in _PARTS.items()}
    _only(set(entries), set(parts) | {"table"}, "")
    table["looks"] = [_look(look, f"table.look 第{number}项") for number, look in enumerate(looks, 1)]
    return Style(**parts, table=_record(TableStyle, table, "table"))


def _look(entries: Any, place: str) -> TableLook:
    entries = dict(_mapping(entries, place))
    for name in ("head", "label", "value", "corner", "band"):
        entries[name] = _record(BoxStyle, _mapping(entries.get(name), f"{place} {name}"), f"{place} {name}")
    return _record(TableLook, entries, place)


def _record(kind: type[T], entries: Mapping[str, Any], place: str) -> T:
    """Build one named tuple, checking every value against its annotation."""
    hints = _hints(kind)
    _only(set(entries), set(hints), place)
    if missing := sorted(set(hints) - {"fill"} - set(entries)):
        raise ValueError(f"[{place}] 缺少 {'、'.join(missing)}")
    return kind(**{name: _value(entries[name], hints[name], f"[{place}] {name}") for name in entries})


def _hints(kind: type) -> dict[str, str]:
    """Map fields to their annotations as text (`typing.get_type_hints` would compile each one, which is slower)."""
    return {name: hint.__forward_arg__ for name, hint in kind.__annotations__.items()}


def _value(value: Any, hint: str, place: str) -> Any:
    if hint in {"float", "int"}:
        number = isinstance(value, (int, float) if hint == "float" else int) and not isinstance(value, bool)
        if not number or value < 0:
            raise ValueError(f"{place} 应为不小于 0 的数，现为 {value!r}")
        return float(value) if hint == "float" else value
    if hint == "str":
        if not isinstance(value, str):
            raise ValueError(f"{place} 应为文字，现为 {value!r}")
        return value
    if hint.startswith(("tuple", "frozenset")):
        return (tuple if hint.startswith("tuple") else frozenset)(_list(value, place))
    return value


def _only(given: set[str], known: set[str], place: str) -> None:
    if unknown := sorted(given - known):
        raise ValueError(f"[{place}] 中有不认识的 {'、'.join(unknown)}")


def _section(entries: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return _mapping(entries.get(name), name)


def _mapping(value: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"缺少 [{place}] 一节")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{place} 应为列表，至少一项")
    return value
