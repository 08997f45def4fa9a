"""Reads the format files (`resources/formats/*.toml`) and distrusts them.

A file with a mistake is refused whole, with one sentence that names the place:
`格式文件 2021.toml：table[2].rows[14].sum：……`.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from model.cell import Kind
from model.format import (
    Aspect,
    Band,
    Carry,
    Check,
    Column,
    Format,
    Group,
    Layout,
    Row,
    Section,
    Severity,
    Table,
)
from model.nodes import Node, read_toml
from model.relation import Linear, parse, parse_linear
from model.report import UNIT_KINDS
from model.totals import expand_totals, rows_named
from model.trouble import Trouble

_SLUG_FORM = re.compile(r"[a-z0-9][a-z0-9_]*")
_CODE = re.compile(r"[a-z][a-z0-9-]*")
_SAYS = {"row", "column", "left", "right", "gap"}


def load(path: Path) -> Format:
    """Read one format file; raise `Trouble` that names the file, the place and the mistake."""
    return read_toml(path, "格式文件", _format)


class Formats:
    """All known formats, one for each report year."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._all = tuple(sorted(formats, key=lambda form: form.first_year))
        _refuse_clashes(self._all)

    def __iter__(self) -> Iterator[Format]:
        return iter(self._all)

    def for_year(self, year: int) -> Format:
        """The format of a report year; raise `Trouble` when the State had no such form yet."""
        for form in self._all:
            if form.covers(year):
                return form
        known = "；".join(f"{f.first_year}—{f.last_year or '今'}年：{f.document}" for f in self._all)
        raise Trouble(f"{year} 年没有对应的年度报告格式，请检查年度（已有格式：{known}）")

    def named(self, identifier: str) -> Format:
        """The format with this id; raise `Trouble` when it is not installed."""
        for form in self._all:
            if form.id == identifier:
                return form
        raise Trouble(f"本机没有格式「{identifier}」，请安装含该格式的新版软件或格式文件")


def load_all(folders: Sequence[Path]) -> Formats:
    """Read every `*.toml` of these folders, in name order; raise `Trouble` at the first mistake."""
    paths = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]
    if not paths:
        raise Trouble("没有找到年度报告格式文件，安装不完整，请重新安装本软件")
    return Formats([load(path) for path in paths])


def _refuse_clashes(formats: Sequence[Format]) -> None:
    _unique([form.id for form in formats], lambda twice: Trouble(f"有两个格式文件的 id 都是「{twice}」，请删去一个"))
    for earlier, later in itertools.pairwise(formats):
        if not earlier.last_year or later.first_year <= earlier.last_year:
            raise Trouble(f"格式「{earlier.id}」与「{later.id}」的适用年度重叠，请修改 last_year")


def _unique(names: Iterable[str], complain: Callable[[str], Exception]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise complain(name)
        seen.add(name)


# -- from nodes to values ---------------------------------------------------------------------------------------


def _format(node: Node) -> Format:
    first, last = node.whole("first_year"), node.whole("last_year", 0)
    if not 1949 < first < 9999 or (last and last < first):
        raise node.mistake("last_year", f"适用年度 {first}—{last} 不合理")
    sections = node.children("section", _section, needed=True)
    tables = node.children("table", _table, needed=True)
    form = Format(
        node.slug("id", pattern=_SLUG_FORM),
        node.text("document"), node.text("name"), first, last,
        _pattern(node, "title", {"agency", "year"}), _pattern(node, "period", {"year"}),
        sections, tables,
    )
    node.refuse_strangers()
    _unique([s.id for s in sections], lambda twice: node.mistake("section", f"id「{twice}」重复"))
    _unique([t.id for t in tables], lambda twice: node.mistake("table", f"id「{twice}」重复"))
    _match_tables(node, form)
    form.totals.update(expand_totals(form.tables))
    return form


def _match_tables(node: Node, form: Format) -> None:
    wanted = [section.table for section in form.sections if section.table]
    _unique(wanted, lambda twice: node.mistake("section", f"表「{twice}」出现在两个部分"))
    for name in wanted:
        if name not in [table.id for table in form.tables]:
            raise node.mistake("section", f"没有 id 为「{name}」的表")
    for table in form.tables:
        if table.id not in wanted:
            raise node.mistake("table", f"表「{table.id}」不属于任何部分")


def _pattern(node: Node, key: str, allowed: set[str]) -> str:
    """A text with {fields}; only the allowed ones."""
    text = node.text(key)
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise node.mistake(key, f"花括号不成对：{text}") from error
    if not fields <= allowed:
        raise node.mistake(key, f"「{{{min(fields - allowed)}}}」不可用，只能用 {'、'.join(sorted(allowed))}")
    return text


def _section(node: Node) -> Section:
    return Section(
        node.slug("id"), node.text("title"), node.texts("variants"), node.slug("table", ""), node.text("help", ""),
        node.children("aspects", _aspect), node.whole("advised_characters", 0),
    )


def _aspect(node: Node) -> Aspect:
    return Aspect(node.slug("id"), node.text("label"), node.texts("signs"))


def _group(node: Node) -> Group:
    return Group(node.slug("id"), node.text("label"), node.slug("in", ""))


def _column(node: Node) -> Column:
    return Column(
        node.slug("id"), node.text("label"), node.chosen("kind", Kind, "count"), node.text("unit", "件"),
        node.slug("in", ""), node.expression("sum", parse_linear), node.text("help", ""),
    )


def _row(node: Node) -> Row:
    return Row(
        node.slug("id"), node.text("label"), node.slug("in", ""), node.expression("sum", parse_linear),
        node.text("ref", ""), node.text("help", ""), node.texts("variants"),
    )


def _band(node: Node) -> Band:
    rows, columns = node.children("rows", _row, needed=True), node.children("columns", _column, needed=True)
    _unique([c.id for c in columns], lambda twice: node.mistake("columns", f"id「{twice}」重复"))
    return Band(rows, columns, node.text("label", ""), node.text("head", ""))


def _carry(node: Node) -> Carry:
    return Carry(node.slug("row"), node.slug("from"))


def _check(node: Node) -> Check:
    every = node.text("every")
    if every not in ("row", "column"):
        raise node.mistake("every", f"「{every}」应是 row 或 column")
    holds = node.expression("holds", parse)
    if holds is None:
        raise node.mistake("holds", "缺少这一项")
    kinds = node.texts("unit_kinds")
    if unknown := [kind for kind in kinds if kind not in UNIT_KINDS]:
        raise node.mistake("unit_kinds", f"「{unknown[0]}」应是其中之一：{'、'.join(UNIT_KINDS)}")
    return Check(
        node.slug("code", pattern=_CODE), node.chosen("severity", Severity), every, holds,
        _pattern(node, "says", _SAYS), node.text("todo", ""), node.text("basis", ""), node.texts("only"), kinds,
    )


def _table(node: Node) -> Table:
    layout = node.chosen("layout", Layout)
    bands = node.children("band", _band, needed=True) if layout is Layout.BANDS else (_band(node),)
    if layout is not Layout.BANDS and (bands[0].label or bands[0].head):
        raise node.mistake("label", "只有 bands 表的每一段才有 label 和 head")
    table = Table(
        node.slug("id"), layout, bands, node.children("row_groups", _group), node.children("column_groups", _group),
        node.text("corner", ""), node.widths("widths"), node.children("check", _check), node.children("carry", _carry),
    )
    _verify(node, table)
    return table


def _verify(node: Node, table: Table) -> None:
    """Every name that the table uses must be one that it has."""
    columns = [column for band in table.bands for column in band.columns]
    row_ids, column_ids = {row.id for row in table.rows}, {column.id for column in columns}
    row_groups, column_groups = {g.id for g in table.row_groups}, {g.id for g in table.column_groups}
    _unique([r.id for r in table.rows] + sorted(row_groups), lambda x: node.mistake("rows", f"id「{x}」重复"))
    _known(node, "rows", "in", [(r.id, [r.within]) for r in table.rows], row_groups)
    _known(node, "columns", "in", [(c.id, [c.within]) for c in columns], column_groups)
    _known(node, "row_groups", "in", [(g.id, [g.within]) for g in table.row_groups], row_groups)
    _known(node, "column_groups", "in", [(g.id, [g.within]) for g in table.column_groups], column_groups)
    _known(node, "rows", "sum", [(r.id, _names(r.total)) for r in table.rows], row_ids | row_groups)
    _known(node, "columns", "sum", [(c.id, _names(c.total)) for c in columns], column_ids | column_groups)
    _known(node, "carry", "row", [(c.row, [c.row]) for c in table.carries], row_ids)
    for check in table.checks:
        names = row_ids | row_groups if check.every == "column" else column_ids | column_groups
        _known(node, "check", "holds", [(check.code, list(check.holds.names()))], names)
        _known(node, "check", "only", [(check.code, list(check.only))], column_ids if check.every == "column" else row_ids)
    _together(node, table)
    _acyclic(node, table)


def _names(total: Linear[str] | None) -> list[str]:
    return list(total.names()) if total else []


def _known(node: Node, key: str, part: str, uses: list[tuple[str, list[str]]], names: set[str]) -> None:
    for number, (owner, used) in enumerate(uses, 1):
        for name in used:
            if name and name not in names:
                raise node.mistake(f"{key}[{number}].{part}", f"「{owner}」用到的「{name}」在这张表里没有")


def _together(node: Node, table: Table) -> None:
    """Rows of one group must follow each other: on paper the group is one merged cell."""
    seen: list[str] = []
    for row in table.rows:
        if row.within and row.within in seen and row.within != seen[-1]:
            parents = {group.within for group in table.row_groups if group.id in seen[seen.index(row.within) :]}
            if row.within not in parents:
                raise node.mistake("rows", f"「{row.within}」组的各行应连在一起，「{row.id}」离开了")
        seen.append(row.within)


def _acyclic(node: Node, table: Table) -> None:
    needs = {row.id: set(rows_named(table, _names(row.total))) for row in table.rows if row.total}
    while needs:
        settled = [name for name, wanted in needs.items() if not wanted & set(needs)]
        if not settled:
            raise node.mistake("rows", f"「{min(needs)}」的 sum 直接或间接用到了自己")
        for name in settled:
            del needs[name]
