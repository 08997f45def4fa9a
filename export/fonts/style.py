"""The looks of the printed report, read once from `resources/styles/gbt9704.toml` into frozen values.

All lengths come out in points.  The file is distrusted: an unknown, missing or impossible entry is a
`Trouble` that names its place.

(Named tuples rather than dataclasses: the interpreter makes them eight times faster, and every export from the
command line makes them anew.)
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from model.base.trouble import Trouble

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
        """Paper width in points."""
        return self.width_mm * MILLIMETRE

    @property
    def height(self) -> float:
        """Paper height in points."""
        return self.height_mm * MILLIMETRE

    @property
    def left(self) -> float:
        """Left edge of the type area."""
        return self.left_mm * MILLIMETRE

    @property
    def top(self) -> float:
        """Top edge of the type area, from the top of the paper."""
        return self.top_mm * MILLIMETRE

    @property
    def area_width(self) -> float:
        """Width of the type area."""
        return (self.width_mm - self.left_mm - self.right_mm) * MILLIMETRE

    @property
    def area_height(self) -> float:
        """Height of the type area."""
        return (self.height_mm - self.top_mm - self.bottom_mm) * MILLIMETRE

    @property
    def pitch(self) -> float:
        """Width of one character cell."""
        return self.area_width / self.cells

    @property
    def leading(self) -> float:
        """Height of one line of the grid."""
        return self.area_height / self.lines


class BodyStyle(NamedTuple):
    """Paragraphs."""

    font: str
    lead_font: str
    size: float
    indent_cells: int


class HeadingStyle(NamedTuple):
    """Section headings, set in the size of the body."""

    font: str
    indent_cells: int
    keep_lines: int
    keep_rows: int


class TitleStyle(NamedTuple):
    """The report's title."""

    font: str
    size: float
    pitch: float
    after_lines: int
    lines: int


class PageNumberStyle(NamedTuple):
    """The page number below the type area."""

    font: str
    size: float
    below_mm: float
    inset_cells: int
    pattern: str


class NoteStyle(NamedTuple):
    """Small lines under a table."""

    font: str
    size: float
    pitch: float
    indent: float


class SignatureStyle(NamedTuple):
    """落款."""

    font: str
    before_lines: int
    inset_cells: int
    width_cells: int


class ApprovalStyle(NamedTuple):
    """审签单."""

    font: str
    size: float
    title_after: float
    label_cells: int
    row_lines: int
    opinion: str
    sign: str
    date: str


class DraftStyle(NamedTuple):
    """The mark across the pages of a draft; `grey` runs from 0 (black) to 1 (white)."""

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
    """How a table of at most `columns` columns is set; `row` is the comfortable, `tight_row` the least row height.

    `pad` stands left and right of centred text, `label_pad` of labels, `gap` above and below.
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
    """What all tables share."""

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
        """The first look made for so many columns, else the last."""
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
    """Read the style sheet; raise `Trouble` naming the file and the entry that is wrong."""
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
    """Turn the parsed TOML into a `Style`; raise `ValueError` with the place of the first mistake."""
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
    """Fill one named tuple, every value checked against its annotation."""
    hints = _hints(kind)
    _only(set(entries), set(hints), place)
    if missing := sorted(set(hints) - {"fill"} - set(entries)):
        raise ValueError(f"[{place}] 缺少 {'、'.join(missing)}")
    return kind(**{name: _value(entries[name], hints[name], f"[{place}] {name}") for name in entries})


def _hints(kind: type) -> dict[str, str]:
    """Field → its annotation as it is written (`typing.get_type_hints` would compile each one: 2 ms)."""
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
