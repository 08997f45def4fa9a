"""The rules about texts as frozen values; read from data by `rulefiles`, used by everything else here."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from model.form.format import Format, Severity
from model.narrative.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Sample:
    """A text in a section, as an example."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class TextRule:
    """One rule about the text: how strongly it binds, why, what it says; `fires` and `quiet` are its two cases."""

    code: str
    name: str
    group: str
    severity: Severity
    basis: str
    says: str
    todo: str
    help: str
    fires: Sample
    quiet: Sample
    unit_kind: str = ""  # of the report against which the two cases stand
    agency: str = ""


@dataclass(frozen=True, slots=True)
class RulePage:
    """What a help page says of a rule; its two cases in words, and (`sample`) what they are about.

    `name` is what should be, in a few words; `group` what kind of rule it is.
    """

    name: str
    group: str
    what: str
    basis: str
    fires: str
    quiet: str
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and the rows (alternatives of sums of rows or groups) that they may mean; `generic` ones need a subject."""

    table: str
    words: tuple[str, ...]
    rows: tuple[str, ...]
    generic: bool


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Other words for a column or a group of columns."""

    id: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a table is about: words that show it, words that show another subject, units its numbers have."""

    table: str
    words: tuple[str, ...]
    strangers: tuple[str, ...]
    units: tuple[str, ...]
    column: str
    rule: str  # the code of the rule that speaks for this table


@dataclass(frozen=True, slots=True)
class Zero:
    """Words that deny: 未收到 …, what they deny, and what may follow."""

    none: tuple[str, ...]
    nouns: tuple[str, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """均已办结: true only when the cells `zero` (row/column) hold 0."""

    table: str
    marks: tuple[str, ...]
    words: tuple[str, ...]
    rates: tuple[str, ...]
    zero: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """信息处理费: its words, the step of its scale in 元, the cell (table/row/column, 万元) that contains it."""

    words: tuple[str, ...]
    unless: tuple[str, ...]
    step: int
    fees: str


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """What words claim about cells."""

    trim_before: tuple[str, ...]
    trim_after: tuple[str, ...]
    filler: tuple[str, ...]
    heads: tuple[str, ...]
    joiners: tuple[str, ...]
    other_words: tuple[str, ...]
    other_times: tuple[str, ...]
    last_year: tuple[str, ...]
    other_scopes: tuple[str, ...]
    other_parts: tuple[str, ...]
    subjects: tuple[Subject, ...]
    phrases: tuple[Phrase, ...]
    columns: tuple[ColumnWords, ...]
    columns_alone: tuple[str, ...]
    zero: Zero
    alls: tuple[All, ...]
    fee: Fee


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording: found by `find` unless `unless` stands in its clause; `cure` replaces it (None: no single cure).

    `raw` patterns look at the text as typed, the others at the folded text.
    """

    rule: str
    find: re.Pattern[str]
    unless: re.Pattern[str] | None
    cure: str | None
    raw: bool


@dataclass(frozen=True, slots=True)
class Must:
    """Something a section must say: one of `signs`, or a match of `match`."""

    rule: str
    section: str
    signs: tuple[str, ...]
    match: re.Pattern[str] | None
    from_year: int
    unit_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pronoun:
    """How an agency whose name ends so calls itself, and how it cannot."""

    ends: tuple[str, ...]
    own: str
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where places are, and the words by which another place or agency is known."""

    gazetteer: Gazetteer
    led: tuple[str, ...]
    not_behind: tuple[str, ...]
    behind: tuple[str, ...]
    honest: tuple[str, ...]
    agencies: tuple[str, ...]
    own_work: tuple[str, ...]
    pronouns: tuple[Pronoun, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Privacy:
    """Words around personal data."""

    parties: tuple[str, ...]
    contact: tuple[str, ...]
    surnames: str
    never: tuple[str, ...]
    province_codes: frozenset[str]


@dataclass(frozen=True)
class RuleSet:
    """All rules about texts; `pages` are about the rules that have no data but these, by their codes.

    `version` is written in the data, `digest` is computed from all the files.
    """

    rules: dict[str, TextRule]
    pages: dict[str, RulePage]
    sample: str  # about which report the cases of `rules` are
    mentions: Mentions
    patterns: tuple[Pattern, ...]
    musts: tuple[Must, ...]
    period_words: tuple[str, ...]
    places: Places
    privacy: Privacy
    version: str
    digest: str

    def edition(self, form: Format) -> str:
        """What a report in a format was checked by: the version, and a digest of the rules and the format together."""
        return f"{self.version}（{self.digest_with(form)}）"

    def digest_with(self, form: Format) -> str:
        """Eight characters that change with any rule or with the format."""
        return hashlib.sha256((self.digest + form.digest).encode()).hexdigest()[:8]
