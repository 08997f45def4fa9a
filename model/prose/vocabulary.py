"""The vocabulary of one format: the rows and columns that a phrase may mean, from its labels and the rule data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from model.base import in_quotes
from model.form import (
    Address,
    Band,
    CellKind,
    Format,
    Linear,
    Number,
    Table,
    Values,
    columns_named,
    parse_linear,
    rows_named,
)
from model.prose.lexicon import Lexicon
from model.prose.rule_set import Mentions, Rank, Subject

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[.．、])")


@dataclass(frozen=True, slots=True)
class Term:
    """The meaning of a word: `rows` or `columns`, alternatives of sums; the columns of a sum are spelled out."""

    table: str
    rows: tuple[str, ...] = ()
    columns: tuple[tuple[str, ...], ...] = ()
    rank: Rank = Rank.ROW
    weak: bool = False
    rest: bool = False  # the row of what is left over by all others

    @property
    def generic(self) -> bool:
        """Tell whether the word names no single row and needs a subject."""
        return self.rank is not Rank.ROW


@dataclass(frozen=True, slots=True)
class Meaning:
    """Cells whose sum a number in the text may stand for; `name` in the form's words; `money`: cells in 万元."""

    name: str
    linear: Linear[Address]
    money: bool

    def value(self, values: Values) -> Number | None:
        """The sum in 件 or 元; None if every cell is blank."""
        known = [(factor, n) for factor, address in self.linear.terms if (n := values.get(address)) is not None]
        if not known:
            return None
        total = self.linear.constant + sum(factor * number for factor, number in known)
        return total * 10_000 if self.money else total


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All words of one format; compared by identity, so that results can be cached by it."""

    form: Format
    mentions: Mentions

    @cached_property
    def terms(self) -> dict[str, tuple[Term, ...]]:
        """Every word with its meanings, at most two per table: rows and columns; years are {last}, {year}, {next}."""
        found: dict[str, dict[tuple[str, bool], Term]] = {}
        for word, term in (*self._labels(), *self._columns(), *self._column_words(), *self._phrases()):
            known = found.setdefault(word, {})
            key = term.table, bool(term.rows)
            other = known.get(key)
            known[key] = replace(term, columns=_merged(other.columns, term.columns)) if other else term
        meanings = {word: tuple(terms.values()) for word, terms in found.items()}
        return {**dict.fromkeys(self.mentions.other_words, ()), **meanings}

    @cached_property
    def lexicon(self) -> Lexicon[Term]:
        """The words, to be found in texts."""
        return Lexicon(self.terms)

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """The subjects by table id."""
        return {subject.table: subject for subject in self.mentions.subjects}

    # -- words from labels and data ------------------------------------------------------------------------------

    def _labels(self) -> Iterator[tuple[str, Term]]:
        for table in self.form.tables:
            for row in table.rows:
                if not row.total:
                    for label in (row.label, *row.variants):
                        yield from ((word, Term(table.id, (row.id,))) for word in self._said(table, label))
            for group in table.row_groups:
                if not any(table.row(name).total for name in rows_named(table, [group.id])):
                    yield from ((word, Term(table.id, (group.id,))) for word in self._said(table, group.label))

    def _columns(self) -> Iterator[tuple[str, Term]]:
        for table in self.form.tables:
            for band in table.bands:
                labels = [(column.id, column.label) for column in band.columns if not column.total]
                labels += [(group.id, group.label) for group in table.column_groups]
                for name, label in labels:
                    columns = tuple(columns_named(table, band, [name]))
                    if columns and not any(column.total for column in band.columns if column.id in columns):
                        yield from ((word, Term(table.id, columns=(columns,))) for word in self._said(table, label))

    def _column_words(self) -> Iterator[tuple[str, Term]]:
        for table in self.form.tables:
            for band in table.bands:
                for meant in self.mentions.columns:
                    sums = (_columns_of_sum(table, band, one) for one in meant.columns)
                    if columns := tuple(one for one in sums if one):
                        yield from ((word, Term(table.id, columns=columns)) for word in meant.words)

    def _phrases(self) -> Iterator[tuple[str, Term]]:
        tables = {table.id: table for table in self.form.tables}
        for phrase in self.mentions.phrases:
            if table := tables.get(phrase.table):
                rows = tuple(row for row in phrase.rows if self._rows(table, row))
                if rows:
                    yield from (
                        (word, Term(table.id, rows, (), phrase.rank, phrase.weak, phrase.rest)) for word in phrase.words
                    )

    def _said(self, table: Table, label: str) -> Iterator[str]:
        """The label as written in prose; none for a short label that is part of another one."""
        bare = _NUMBERING.sub("", label).partition("（")[0].replace("“", "").replace("”", "")
        for before in self.mentions.trim_before:
            bare = bare.removeprefix(before)
        for after in self.mentions.trim_after:
            bare = bare.removesuffix(after)
        others = [row.label for row in table.rows] + [g.label for g in (*table.row_groups, *table.column_groups)]
        if len(bare) > 3 or (len(bare) > 1 and not any(bare in other and other != label for other in others)):
            yield bare

    # -- meanings ------------------------------------------------------------------------------------------------

    @staticmethod
    def _rows(table: Table, expression: str) -> tuple[str, ...]:
        """The rows of a sum of rows and groups; () if one of them is not in this form."""
        found = [tuple(rows_named(table, [name])) for name in parse_linear(expression).names()]
        return tuple(row for rows in found for row in rows) if all(found) else ()

    @cached_property
    def _meanings(self) -> dict[tuple[str, str, tuple[str, ...], bool], Meaning | None]:
        return {}

    def meaning(self, table_id: str, expression: str, columns: tuple[str, ...], *, money: bool) -> Meaning | None:
        """The cells of a sum of rows in some columns; without columns, the first column that counts the same unit.

        None if the form has no such cells, or cells of the other kind (money or not).
        """
        key = (table_id, expression, columns, money)
        if key not in self._meanings:  # bounded by the rows and columns of the form and the phrases of the rules
            self._meanings[key] = self._meaning(table_id, expression, columns, money=money)
        return self._meanings[key]

    def _meaning(self, table_id: str, expression: str, columns: tuple[str, ...], *, money: bool) -> Meaning | None:
        table = self.form.table(table_id)
        rows = self._rows(table, expression)
        names = columns or self._columns_alone(table, rows, money=money)
        cells = [Address(table_id, row, column) for row in rows for column in names]
        if not cells or not all(self.form.has(cell) for cell in cells):
            return None
        if any((self.form.column(cell).kind is CellKind.AMOUNT) != money for cell in cells):
            return None
        return Meaning(self._name(table, expression, names), Linear(tuple((1, cell) for cell in cells)), money)

    def _columns_alone(self, table: Table, rows: tuple[str, ...], *, money: bool) -> tuple[str, ...]:
        subject = self.subjects.get(table.id)
        if subject and subject.column:
            return (subject.column,)
        columns = table.columns(rows[0]) if rows else ()
        fitting = [
            c.id for c in columns if (c.kind is CellKind.AMOUNT) == money and c.id in self.mentions.columns_alone
        ]
        return tuple(fitting[:1])

    def _name(self, table: Table, expression: str, columns: tuple[str, ...]) -> str:
        rows = {row.id: row.label for row in table.rows} | {group.id: group.label for group in table.row_groups}
        row = "＋".join(in_quotes(rows[name]) for name in parse_linear(expression).names())
        return f"{row}的{self._columns_name(table, columns)}"

    def _columns_name(self, table: Table, columns: tuple[str, ...]) -> str:
        for band in table.bands:
            labels = {column.id: column.label for column in band.columns}
            group = [g for g in table.column_groups if set(columns_named(table, band, [g.id])) == set(columns)]
            if group:
                return in_quotes(group[0].label)
            if all(column in labels for column in columns):
                return "＋".join(in_quotes(labels[column]) for column in columns)
        return ""


def _merged(some: tuple[tuple[str, ...], ...], more: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys((*some, *more)))


def _columns_of_sum(table: Table, band: Band, expression: str) -> tuple[str, ...]:
    """The columns of a sum of columns and groups; () if one of them is not in this band or is a total."""
    found = [tuple(columns_named(table, band, [name])) for name in parse_linear(expression).names()]
    columns = tuple(column for columns in found for column in columns)
    totals = {column.id for column in band.columns if column.total}
    return columns if all(found) and not totals & set(columns) else ()


@dataclass(frozen=True, eq=False)
class SmallWords:
    """Patterns for the words around a number; each is compiled on first use."""

    mentions: Mentions

    @cached_property
    def filler(self) -> re.Pattern[str]:
        """The words allowed between a phrase and its number."""
        return re.compile(rf"(?:{_any(self.mentions.filler)}|[）]|20\d\d年){{0,10}}")

    @cached_property
    def total(self) -> re.Pattern[str]:
        """A stretch of a word for a sum and fillers."""
        filler = _any(self.mentions.filler)
        return re.compile(rf"(?:{filler}){{0,4}}(?:{_any(self.mentions.totals)})(?:{filler}){{0,4}}")

    @cached_property
    def joiner(self) -> re.Pattern[str]:
        """The words that join two phrases."""
        return re.compile(_any(self.mentions.joiners))

    @cached_property
    def head(self) -> re.Pattern[str]:
        """The beginning of a sentence without a subject of its own."""
        return re.compile(rf"(?:{_any((*self.mentions.filler, *self.mentions.heads))}|度){{0,8}}")

    @cached_property
    def times(self) -> re.Pattern[str]:
        """The words for another time."""
        return re.compile(_any((*self.mentions.other_times, *self.mentions.last_year)))

    @cached_property
    def parts(self) -> re.Pattern[str]:
        """The words for a part only."""
        return re.compile(_any((*self.mentions.channels, *self.mentions.other_parts)))

    @cached_property
    def apart(self) -> re.Pattern[str]:
        """The words for what is not in the tables."""
        return re.compile(_any(self.mentions.apart))

    @cached_property
    def offices(self) -> re.Pattern[str]:
        """The words for other offices and for parts of an office."""
        return re.compile(_any(self.mentions.offices))

    @cached_property
    def _other_subjects(self) -> dict[str, re.Pattern[str]]:
        return {}

    def unknown(self, subject: Subject) -> re.Pattern[str]:
        """The words for other subjects than that of the table."""
        if subject.table not in self._other_subjects:
            self._other_subjects[subject.table] = re.compile(_any(subject.unknown))
        return self._other_subjects[subject.table]


@lru_cache(maxsize=8)
def small_words(vocabulary: Vocabulary) -> SmallWords:
    """Return the patterns of a vocabulary, compiled once."""
    return SmallWords(vocabulary.mentions)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
