"""Checks the names of tables, rows and columns in the rule data against the formats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from model.form import ErrorAt, Format, SectionRole, Table, parse_linear
from model.prose.rule_set import Mentions


def refuse_unknown_names(mentions: Mentions, formats: Sequence[Format], error_at: ErrorAt) -> None:
    """Raise the error that `error_at` returns for the first table, row or column that none of the formats has."""
    for place, role, rows, columns in _uses(mentions):
        tables = _tables(role, formats)
        if not tables:
            raise error_at(place, f"没有哪个格式有“{role}”的表")
        for kind, names, known in (("行", rows, _rows(tables)), ("列", columns, _columns(tables))):
            if unknown := [name for name in names if name not in known]:
                raise error_at(place, f"没有哪个格式有“{unknown[0]}”这一{kind}")


def _uses(mentions: Mentions) -> Iterator[tuple[str, str, Sequence[str], Sequence[str]]]:
    """Yield place, role ("" for any table), rows and columns of everything that names some."""
    for number, subject in enumerate(mentions.subjects, 1):
        yield f"subject[{number}]", subject.table, (), [subject.column] if subject.column else ()
    for number, phrase in enumerate(mentions.phrases, 1):
        yield f"phrase[{number}]", phrase.table, [n for r in phrase.rows for n in parse_linear(r).names()], ()
    for number, words in enumerate(mentions.columns, 1):
        yield f"column[{number}]", "", (), [n for c in words.columns for n in parse_linear(c).names()]
    yield "columns_alone", "", (), mentions.columns_alone
    yield from (("zero[1].tables", role, (), ()) for role in mentions.zero.tables)
    for number, rule in enumerate(mentions.alls, 1):
        cells = [(*cell.split("/"), "")[:2] for cell in rule.zero]
        yield f"all[{number}]", rule.table, [row for row, _ in cells], [column for _, column in cells]
    role, row, column, *_ = (*mentions.fee.fees.split("/"), "", "")
    yield "fee[1].fees", role, [row], [column]


def _tables(role: str, formats: Sequence[Format]) -> list[Table]:
    if not role:
        return [table for form in formats for table in form.tables]
    known = [SectionRole(role)] if role in list(SectionRole) else []
    return [table for form in formats for one in known if (table := form.table_for(one))]


def _rows(tables: Sequence[Table]) -> set[str]:
    rows = {row.id for table in tables for row in table.rows}
    return rows | {group.id for table in tables for group in table.row_groups}


def _columns(tables: Sequence[Table]) -> set[str]:
    columns = {column.id for table in tables for band in table.bands for column in band.columns}
    return columns | {group.id for table in tables for group in table.column_groups}
