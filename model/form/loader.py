"""Loads and validates the format files (`resources/formats/*.toml`).

A file with a mistake is refused as a whole, with one sentence that names the place:
`格式文件 2021.toml：table[2].rows[14].sum：……`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from model.base import (
    MAX_TOML,
    Node,
    Trouble,
    digest_of,
    digest_of_contents,
    excerpt,
    files,
    own_files,
    parse_toml,
    read_toml,
)
from model.form.cell import CellKind
from model.form.consistency import refuse_duplicates, verify_carries, verify_form, verify_table
from model.form.format import (
    UNIT_KINDS,
    Aspect,
    Band,
    Carry,
    Check,
    Column,
    Every,
    Format,
    Group,
    Layout,
    Row,
    Section,
    SectionRole,
    Severity,
    Table,
    YearCheck,
)
from model.form.printed_words import approval, fee_words, pattern, sentences, titles
from model.form.relation import parse, parse_linear
from model.form.relation_binding import expand_totals

MOST = 200  # rows, columns and the like in one place of a format: the work grows with their square
LONGEST = 300  # characters of a reason, which may quote the file
_SLUG_FORM = re.compile(r"[a-z0-9][a-z0-9_]*")
_CODE = re.compile(r"[a-z][a-z0-9-]*")
_SAYS = {"row", "column", "left", "right", "gap"}
_PREFACE = {"agency", "year", "name", "document", "period", "sections", "count"}


def load(path: Path) -> Format:
    """Read one format file; raise `Trouble` that names the file, the place and the mistake."""
    return replace(read_toml(path, "格式文件", _format), digest=digest_of(path))


def _load_own(path: Path) -> Format:
    """Read one format file of the user as `load` does, once, and without following a link or waiting for a pipe."""
    try:
        raw = own_files.read_own(path, MAX_TOML)
    except files.NotRegularError as error:
        raise Trouble("不是普通文件（可能是链接、文件夹或管道），请换成格式文件本身") from error
    except OSError as error:
        raise Trouble(f"无法读入（{error.strerror}），请检查权限") from error
    except ValueError as error:
        raise Trouble(f"超过 {MAX_TOML // 1_000} KB，内容过多") from error
    form = parse_toml(raw, f"格式文件 {path.name}", _format)
    return replace(form, digest=digest_of_contents({path.name: raw}))


class Formats:
    """All known formats, one for each report year; one that is still in force ends where a newer one begins."""

    def __init__(self, formats: Iterable[Format], districts: Path | None = None) -> None:
        self._districts = districts
        known = sorted(formats, key=lambda form: form.first_year)
        _refuse_clashes(known)
        ended = [_ended(earlier, later) for earlier, later in itertools.pairwise(known)]
        self._all = (*ended, *known[-1:])

    def __iter__(self) -> Iterator[Format]:
        return iter(self._all)

    @property
    def newest(self) -> Format:
        """The format of the latest report years."""
        return self._all[-1]

    @cached_property
    def districts(self) -> frozenset[str]:
        """The names of districts (市辖区), which alone among the names in 区 are those of a government."""
        names = read_toml(self._districts, "区名文件", lambda node: node.text("names")) if self._districts else ""
        return frozenset(names.split())

    def years(self) -> tuple[int, int]:
        """Return the first and the last report year that some format covers (9999 while one is still in force)."""
        return self._all[0].first_year, max(form.last_year or 9999 for form in self._all)

    def for_year(self, year: int) -> Format:
        """Return the format of a report year; raise `Trouble` if no known form covers it."""
        for form in self._all:
            if form.covers(year):
                return form
        known = "、".join(_years(form) for form in self._all)
        raise Trouble(f"{year} 年没有对应的年度报告格式，请检查年度（已有格式：{known}）")

    def named(self, identifier: str) -> Format:
        """Return the format with this id; raise `Trouble` if it is not installed."""
        for form in self._all:
            if form.id == identifier:
                return form
        raise Trouble(f"本机没有格式“{excerpt(identifier)}”，请安装本软件含该格式的新版本，或安装该格式文件")


def load_all(folders: Sequence[Path]) -> Formats:
    """Read every `*.toml` of these folders, in name order; raise `Trouble` at the first mistake."""
    return Formats(_load_folders(folders), _districts_beside(folders[0]))


def _load_folders(folders: Sequence[Path]) -> list[Format]:
    paths = [path for folder in folders for path in _files(folder)]
    if not paths:
        raise Trouble("没有找到年度报告格式文件，安装不完整，请重新安装本软件")
    return [load(path) for path in paths]


def _districts_beside(shipped: Path) -> Path | None:
    """Return the file of the districts' names beside the folder of shipped formats; None where there is none."""
    path = shipped.parent / "districts.toml"
    return path if path.is_file() else None


def _files(folder: Path) -> list[Path]:
    """Return the files `*.toml` of a folder, none if it is missing; raises `OSError` if it cannot be read."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return []


@dataclass(frozen=True)
class Installed:
    """The formats of this computer. `added`: the user's own; `refused`: a message for each file that was left out."""

    formats: Formats
    added: tuple[Format, ...] = ()
    refused: tuple[str, ...] = ()


def load_installed(shipped: Path, added: Path) -> Installed:
    """Load the shipped formats and those of the user's folder that are valid and compatible, leaving out the others.

    Raises `Trouble` if the shipped ones are damaged.
    """
    sound = _load_folders([shipped])
    districts = _districts_beside(shipped)
    known, own = Formats(sound, districts), len(sound)
    refused: list[str] = []
    try:
        paths = _files(added)
    except OSError as error:  # of another user
        paths, refused = [], [f"没有使用自行添加的格式文件：文件夹“{added}”无法读入（{error.strerror}），请检查权限"]
    for path in paths:
        try:
            form = _load_own(path)
            known = Formats([*sound, form], districts)
        except Trouble as trouble:
            reason = files.shorter(str(trouble), LONGEST)
            refused.append(f"没有使用自行添加的格式文件“{path}”：{reason}；其余格式照常可用，请改正或移走这个文件")
        else:
            sound.append(form)
    return Installed(known, tuple(sound[own:]), tuple(refused))


def _ended(form: Format, later: Format) -> Format:
    return replace(form, last_year=form.last_year or later.first_year - 1)


def _refuse_clashes(formats: Sequence[Format]) -> None:
    refuse_duplicates(
        [form.id for form in formats], lambda twice: Trouble(f"有两个格式文件的 id 都是“{twice}”，请删去一个")
    )
    for earlier, later in itertools.pairwise(formats):
        if later.first_year <= (earlier.last_year or earlier.first_year):
            raise Trouble(f"格式{_years(earlier)}与{_years(later)}的适用年度重叠，请修改 first_year 和 last_year")
    for before, form in zip((None, *formats), formats, strict=False):
        verify_carries(form, before, partial(_format_trouble, form.id))


def _years(form: Format) -> str:
    return f"“{form.id}”（{form.first_year}—{form.last_year or '今'}年）"


def _format_trouble(form: str, reason: str) -> Trouble:
    return Trouble(f"格式“{form}”{reason}")


# -- from TOML nodes to values ----------------------------------------------------------------------------------


def _format(node: Node) -> Format:
    first, last = node.whole("first_year"), node.whole("last_year", 0)
    if not 1949 < first < 9999:
        raise node.mistake("first_year", f"应是四位的年度，现为 {first}")
    if last and not first <= last < 9999:
        raise node.mistake("last_year", f"应不早于 first_year（{first}），现为 {last}；仍在使用的写 0")
    sections = node.children("section", _section, at_most=MOST, needed=True)
    tables = node.children("table", _table, at_most=MOST, needed=True)
    form = Format(
        id=node.slug("id", pattern=_SLUG_FORM),
        document=node.text("document"),
        name=node.text("name"),
        first_year=first,
        last_year=last,
        title=pattern(node, "title", {"agency", "year"}),
        period=pattern(node, "period", {"year"}),
        sections=sections,
        tables=tables,
        roles=node.child("roles", _roles),
        preface=sentences(node, "preface", _PREFACE),
        unit_kinds=node.child("unit_kinds", lambda kinds: {kind: kinds.text(kind) for kind in UNIT_KINDS}),
        contact=pattern(node, "contact", {"office", "details"}),
        due=node.text("due", ""),
        published=pattern(node, "published", {"website"}) if node.has("published") else "",
        titles=titles(node),
        approval=node.child("approval", approval),
        fee=node.child("fee", fee_words) if node.has("fee") else None,
        source=node.text("source", ""),
        issued=_day(node, "issued"),
    )
    node.refuse_unknown()
    verify_form(form, node.mistake)
    form.totals.update(expand_totals(form.tables))
    return form


def _day(node: Node, key: str) -> str:
    """Read a day as ISO 8601 text; "" if it is missing."""
    text = node.text(key, "")
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise node.mistake(key, f"应是日期，写成 2027-01-31，现为“{text}”") from error


def _roles(node: Node) -> Mapping[SectionRole, str]:
    found = {role: _role(node, role) for role in SectionRole}
    return {role: section for role, section in found.items() if section}


def _role(node: Node, role: SectionRole) -> str:
    section: str | None = node.slug(role, None)
    if section is None:
        raise node.mistake(role, '缺少这一项；格式中没有这样的部分时，写成空的 ""')
    return section


def _section(node: Node) -> Section:
    return Section(
        node.slug("id"),
        node.text("title"),
        node.texts("variants"),
        node.slug("table", ""),
        node.text("help", ""),
        node.children("aspects", _aspect),
        node.whole("advised_characters", 0),
        node.texts("yearly"),
    )


def _aspect(node: Node) -> Aspect:
    return Aspect(node.slug("id"), node.text("label"), node.texts("signs"))


def _group(node: Node) -> Group:
    return Group(node.slug("id"), node.text("label"), node.slug("in", ""))


def _column(node: Node) -> Column:
    return Column(
        node.slug("id"),
        node.text("label"),
        node.chosen("kind", CellKind, "count"),
        node.text("unit", "件"),
        node.slug("in", ""),
        node.expression("sum", parse_linear),
        node.text("help", ""),
    )


def _row(node: Node) -> Row:
    return Row(
        node.slug("id"),
        node.text("label"),
        node.slug("in", ""),
        node.expression("sum", parse_linear),
        node.text("ref", ""),
        node.text("help", ""),
        node.texts("variants"),
    )


def _band(node: Node) -> Band:
    rows, columns = (
        node.children("rows", _row, at_most=MOST, needed=True),
        node.children("columns", _column, at_most=MOST, needed=True),
    )
    return Band(rows, columns, node.text("label", ""), node.text("head", ""))


def _carry(node: Node) -> Carry:
    return Carry(node.slug("row"), node.slug("from"))


def _check(node: Node) -> Check:
    holds = node.expression("holds", parse)
    if holds is None:
        raise node.mistake("holds", "缺少这一项")
    kinds = node.texts("unit_kinds")
    if unknown := [kind for kind in kinds if kind not in UNIT_KINDS]:
        raise node.mistake("unit_kinds", f"“{unknown[0]}”应是其中之一：{'、'.join(UNIT_KINDS)}")
    return Check(
        node.slug("code", pattern=_CODE), node.chosen("severity", Severity), node.chosen("every", Every), holds,
        pattern(node, "says", _SAYS), node.text("todo"), node.text("basis"), node.expression("when", parse),
        node.texts("only"), kinds, node.pattern("spares"), node.whole("first_year", 0),
    )  # fmt: skip


def _year_check(node: Node) -> YearCheck:
    every, holds = node.chosen("every", Every), node.expression("holds", parse)
    if holds is None or not any(name.startswith("last.") for name in holds.names()):
        raise node.mistake("holds", "应至少有一项是上年的，写成 last.名称")
    if every is Every.REPORT:
        raise node.mistake("every", "跨年度的关系应是 row 或 column")
    return YearCheck(
        node.slug("code", pattern=_CODE), node.chosen("severity", Severity), every, holds,
        pattern(node, "says", _SAYS), node.text("todo"), node.text("basis"), node.texts("only"),
        bool(node.whole("overrulable", 0)),
    )  # fmt: skip


def _table(node: Node) -> Table:
    layout = node.chosen("layout", Layout)
    bands = node.children("band", _band, at_most=MOST, needed=True) if layout is Layout.BANDS else (_band(node),)
    if layout is not Layout.BANDS and (bands[0].label or bands[0].head):
        raise node.mistake("label", "只有 bands 表的每一段才有 label 和 head")
    table = Table(
        node.slug("id"),
        layout,
        bands,
        node.children("row_groups", _group, at_most=MOST),
        node.children("column_groups", _group, at_most=MOST),
        node.text("corner", ""),
        node.widths("widths"),
        node.children("check", _check, at_most=MOST),
        node.children("carry", _carry, at_most=MOST),
        node.children("year_check", _year_check, at_most=MOST),
    )
    verify_table(table, node.mistake)
    return table
