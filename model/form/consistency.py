"""Checks that the parts of a format file are consistent; the first mistake refuses the file with its place.

The values are already well formed one by one (checked by `form/loader`).  `ErrorAt` turns a place and a reason into
the error to raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from model.form import table_grid
from model.form.cell import Address
from model.form.format import Check, Column, Every, Format, Group, Layout, Row, SectionRole, Table, YearCheck
from model.form.relation import Linear
from model.form.relation_binding import cases, cells_named, columns_named, rows_named

ErrorAt = Callable[[str, str], Exception]  # key inside the node, reason → the error

_EACH = {Every.COLUMN: "列", Every.ROW: "行", Every.REPORT: "份年度报告"}


def refuse_duplicates(names: Iterable[str], error_at: Callable[[str], Exception]) -> None:
    """Raise the error that `error_at` returns for the first name that occurs twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise error_at(name)
        seen.add(name)


# -- a table by itself ----------------------------------------------------------------------------------------------


def verify_table(table: Table, error_at: ErrorAt) -> None:
    """Raise the error that `error_at` returns for the first mistake in a table."""
    if table.layout is Layout.BANDS and (table.row_groups or table.column_groups):
        key = "row_groups" if table.row_groups else "column_groups"
        raise error_at(key, "layout 为 bands 的表按 band 分段，不能再分组，请删去")
    _verify_groups("row", table.rows, table.row_groups, error_at)
    for band in table.bands:
        _verify_groups("column", band.columns, table.column_groups, error_at)
    _verify_sums(table, error_at)
    _known("carry", "row", [("", [carry.row]) for carry in table.carries], {r.id for r in table.rows}, error_at)
    for number, check in enumerate(table.checks, 1):
        _verify_check(f"check[{number}]", table, check, error_at)
    for number, year_check in enumerate(table.year_checks, 1):
        _verify_year_check(f"year_check[{number}]", table, year_check, error_at)


def _known(
    key: str, part: str, uses: Iterable[tuple[str, Sequence[str]]], names: Iterable[str], error_at: ErrorAt
) -> None:
    """Check that every name an owner uses is one of `names`; "" is skipped."""
    names = set(names)
    for number, (owner, used) in enumerate(uses, 1):
        for name in used:
            if name and name not in names:
                by = f"“{owner}”用到的" if owner else ""
                raise error_at(f"{key}[{number}].{part}", f"{by}“{name}”在这张表里没有")


def _verify_groups(word: str, members: Sequence[Row | Column], groups: Sequence[Group], error_at: ErrorAt) -> None:
    """Check ids (unique), groups (nested) and their members (adjacent, since a group is one cell on paper)."""
    refuse_duplicates(
        [i.id for i in (*members, *groups)], lambda twice: error_at(f"{word}s", f"id“{twice}”重复，请改名")
    )
    within = {group.id: group.within for group in groups}
    _known(f"{word}s", "in", [(item.id, [item.within]) for item in members], within, error_at)
    _known(f"{word}_groups", "in", [(name, [parent]) for name, parent in within.items()], within, error_at)
    _refuse_cycles(f"{word}_groups", "in", {name: {parent} for name, parent in within.items()}, error_at)
    chains = [(item.id, _chain(item.within, within)) for item in members]
    for name in within:
        inside = [number for number, (_, chain) in enumerate(chains) if name in chain]
        if not inside:
            raise error_at(f"{word}_groups", f"“{name}”组里什么也没有，请删去，或在各项写明 in")
        for outsider, chain in chains[inside[0] : inside[-1]]:
            if name not in chain:
                raise error_at(f"{word}s", f"“{name}”组的各项应连在一起，而“{outsider}”夹在中间")


def _chain(group: str, within: Mapping[str, str]) -> set[str]:
    """Return the group and all groups around it."""
    chain: set[str] = set()
    while group:
        chain.add(group)
        group = within[group]
    return chain


def _refuse_cycles(key: str, part: str, needs: Mapping[str, set[str]], error_at: ErrorAt) -> None:
    waiting = dict(needs)
    while waiting:
        resolved = [name for name, wanted in waiting.items() if not wanted & set(waiting)]
        if not resolved:
            raise error_at(key, f"“{min(waiting)}”的 {part} 直接或间接用到了自己")
        for name in resolved:
            del waiting[name]


def _verify_year_check(place: str, table: Table, check: YearCheck, error_at: ErrorAt) -> None:
    """Check that this year's names and `only` are in the table; last year's form may have had other names."""
    rows = {row.id for row in table.rows} | {group.id for group in table.row_groups}
    columns = {c.id for band in table.bands for c in band.columns} | {group.id for group in table.column_groups}
    names, items = (rows, columns) if check.every is Every.COLUMN else (columns, rows)
    for name in check.holds.names():
        if not name.startswith("last.") and name not in names:
            raise error_at(f"{place}.holds", f"“{name}”在这张表里没有")
    for item in check.only:
        if item not in items:
            raise error_at(f"{place}.only", f"“{item}”在这张表里没有")


# -- sums and checks ------------------------------------------------------------------------------------------------


def _verify_sums(table: Table, error_at: ErrorAt) -> None:
    """Check that each sum adds up existing cells only, without constants and without itself."""
    rows = {row.id for row in table.rows} | {group.id for group in table.row_groups}
    columns = {c.id for band in table.bands for c in band.columns} | {group.id for group in table.column_groups}
    _known("rows", "sum", [(row.id, _names(row.total)) for row in table.rows], rows, error_at)
    row_sums = {row.id: set(rows_named(table, _names(row.total))) for row in table.rows if row.total}
    _refuse_cycles("rows", "sum", row_sums, error_at)
    for band in table.bands:
        _known("columns", "sum", [(c.id, _names(c.total)) for c in band.columns], columns, error_at)
        sums = {c.id: set(columns_named(table, band, _names(c.total))) for c in band.columns if c.total}
        _refuse_cycles("columns", "sum", sums, error_at)
    for place, total, missing in _sums(table):
        if total.constant:
            raise error_at(place, "总计只能由各格相加减，不能含数字")
        if missing:
            raise error_at(place, f"用到的“{missing}”不在同一段里，没有可相加的格")


def _names(total: Linear[str] | None) -> tuple[str, ...]:
    return total.names() if total else ()


def _sums(table: Table) -> Iterator[tuple[str, Linear[str], str]]:
    """Yield each sum with its place, and a name in it that has no cell in some row or column (or "")."""
    known = set(table.addresses())
    for band in table.bands:
        for row in band.rows:
            for column in band.columns:
                for key, item, every, other in (
                    ("rows", row, Every.COLUMN, column),
                    ("columns", column, Every.ROW, row),
                ):
                    if item.total:
                        cells = {n: set(cells_named(table, band, every, other.id, n)) for n in item.total.names()}
                        missing = [name for name, found in cells.items() if not found or not found <= known]
                        yield f"{key}.{item.id}.sum", item.total, "".join(missing[:1])


def _verify_check(place: str, table: Table, check: Check, error_at: ErrorAt) -> None:
    rows, columns = {row.id for row in table.rows}, {c.id for band in table.bands for c in band.columns}
    only = {Every.COLUMN: columns, Every.ROW: rows, Every.REPORT: set[str]()}[check.every]
    if unknown := [name for name in check.only if name not in only]:
        raise error_at(f"{place}.only", f"“{unknown[0]}”在这张表里没有这一{_EACH[check.every]}")
    names = check.holds.names() + (check.when.names() if check.when else ())
    if check.every is Every.REPORT:
        return  # its names are addresses: see verify_form
    groups = table.row_groups if check.every is Every.COLUMN else table.column_groups
    known = {*(rows if check.every is Every.COLUMN else columns), *(group.id for group in groups)}
    if unknown := [name for name in names if name not in known]:
        raise error_at(f"{place}.holds", f"“{check.code}”用到的“{unknown[0]}”在这张表里没有")
    if not check.holds.names() or not any(cases(table, check)):
        raise error_at(f"{place}.holds", f"“{check.code}”一处也用不上：没有哪一{_EACH[check.every]}同时有这些格")


# -- the form as a whole --------------------------------------------------------------------------------------------


def verify_form(form: Format, error_at: ErrorAt) -> None:
    """Raise the error that `error_at` returns for the first mistake between sections, tables and checks."""
    refuse_duplicates([section.id for section in form.sections], lambda x: error_at("section", f"id“{x}”重复，请改名"))
    refuse_duplicates([table.id for table in form.tables], lambda x: error_at("table", f"id“{x}”重复，请改名"))
    wanted = [section.table for section in form.sections if section.table]
    refuse_duplicates(wanted, lambda twice: error_at("section", f"表“{twice}”出现在两个部分"))
    if missing := [name for name in wanted if name not in [table.id for table in form.tables]]:
        raise error_at("section", f"没有 id 为“{missing[0]}”的表")
    if unreferenced := [table.id for table in form.tables if table.id not in wanted]:
        raise error_at("table", f"表“{unreferenced[0]}”不属于任何部分，请在某个 [[section]] 写 table")
    _verify_roles(form, error_at)
    for number, table in enumerate(form.tables, 1):
        columns = table_grid.build(form, table).columns
        if table.widths and len(table.widths) != columns:
            raise error_at(f"table[{number}].widths", f"这张表有 {columns} 列，而列宽写了 {len(table.widths)} 个")
    checks = [check for table in form.tables for check in table.checks]
    refuse_duplicates([check.code for check in checks], lambda twice: error_at("check", f"code“{twice}”重复，请改名"))
    for check in checks:
        if check.every is Every.REPORT:
            _verify_addresses(form, check, error_at)


def _verify_roles(form: Format, error_at: ErrorAt) -> None:
    """Check that each role names a section of its kind (table or text), and that `[fee]` has its section."""
    sections = {section.id: section for section in form.sections}
    for role, name in form.roles.items():
        if name not in sections:
            raise error_at(f"roles.{role}", f"没有 id 为“{name}”的部分")
        if bool(sections[name].table) != role.has_table:
            wanted = "有表的部分" if role.has_table else "没有表的部分"
            raise error_at(f"roles.{role}", f"应是{wanted}，而“{name}”不是")
    if form.fee and SectionRole.FEE not in form.roles:
        raise error_at("roles.fee", "格式写有 [fee]，而没有哪个部分报告信息处理费")
    if SectionRole.FEE in form.roles and not form.fee:
        raise error_at("roles.fee", "指定了报告信息处理费的部分，而格式没有写 [fee]")


def _verify_addresses(form: Format, check: Check, error_at: ErrorAt) -> None:
    for name in check.holds.names() + (check.when.names() if check.when else ()):
        parts = name.split("/")
        if len(parts) != 3 or not form.has(Address(*parts)):
            raise error_at("check", f"“{check.code}”用到的单元格“{name}”不存在，应写作 表/行/列")


def verify_carries(form: Format, before: Format | None, error_at: Callable[[str], Exception]) -> None:
    """Check that carried rows come from a row of last year's form: this one, or the one `before` it."""
    for table in form.tables:
        earlier = [t for t in (before.tables if before else ()) if t.id == table.id]
        sources = {row.id for one in (table, *earlier) for row in one.rows}
        for carry in table.carries:
            if carry.source not in sources:
                raise error_at(f"表“{table.id}”的 carry：上年的表里没有“{carry.source}”这一行")
