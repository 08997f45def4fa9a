"""Frozen values of the rules about texts, as read from `resources/rules`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from model.form import Format, SectionRole, Severity
from model.prose.gazetteer import Gazetteer
from model.prose.late_pattern import LatePattern


@dataclass(frozen=True, slots=True)
class Sample:
    """An example: a text and the role of its section, or `PREFACE`."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class TextRule:
    """One rule about texts; `fires` and `quiet` are its two examples."""

    code: str
    name: str
    group: str
    severity: Severity
    basis: str
    says: str
    advice: str
    help: str
    fires: Sample
    quiet: Sample
    unit_kind: str = ""  # of the report in which the two examples are checked
    agency: str = ""


@dataclass(frozen=True, slots=True)
class RulePage:
    """The help page of a rule, with its two examples in words and (`sample`) the report that they are about.

    `name` is the fault in a few words, `group` the kind of rule.
    """

    name: str
    group: str
    what: str
    basis: str
    fires: str
    quiet: str
    sample: str = ""


class Rank(IntEnum):
    """Strength of a word in naming the row that a number counts: the strongest beside a number decides."""

    NOUN = 0  # the thing counted: 申请
    VERB = 1  # what may be done with it in several counts: 收到, 办理
    ROW = 2  # one row: 予以公开


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words and the rows they may mean: alternatives, each a sum of rows or groups.

    `weak` words name the rows only in a list of such rows: 公开8件，部分公开3件.
    """

    table: str
    words: tuple[str, ...]
    rows: tuple[str, ...]
    rank: Rank
    weak: bool
    rest: bool  # the row of what is left over by all others

    @property
    def generic(self) -> bool:
        """Tell whether the words name no single row and need a subject."""
        return self.rank is not Rank.ROW


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Words and the columns they may mean: alternatives, each a sum of columns or groups of columns."""

    columns: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a table: words that show it, words of other subjects (`unknown`), units of its numbers."""

    table: str
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    units: tuple[str, ...]
    column: str
    attributes: tuple[str, ...]  # beside numbers of these, its words may be kinds of documents
    duties: tuple[str, ...]  # words that tell of cases the office decides, which are not its own
    duty_offices: tuple[str, ...]  # endings of the names of offices that decide such cases
    rule: str  # code of the rule that reports findings about this table


@dataclass(frozen=True, slots=True)
class ZeroWords:
    """Negations (`none`: 未收到 …), the nouns they negate, and the words that may follow these (`tail`).

    Only rows of `tables` can be negated.
    """

    tables: tuple[str, ...]
    none: tuple[str, ...]
    nouns: tuple[str, ...]
    tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllWords:
    """Wording such as 均已办结, which is true only if the cells `zero` (row/column) hold 0."""

    table: str
    marks: tuple[str, ...]
    words: tuple[str, ...]
    rates: tuple[str, ...]
    before_rates: tuple[str, ...]  # with one of these a rate is only of what was due: 按期办结率100%
    zero: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """信息处理费: its words, the cell (table/row/column, 万元) that contains it.

    With one of `noticed` before it, an amount is one asked for and not one received.
    """

    words: tuple[str, ...]
    unless: tuple[str, ...]
    noticed: tuple[str, ...]
    fees: str


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """The words by which prose refers to cells.

    Tables are named by the role of their section; `bound_to` puts the ids of a format in their place.
    """

    trim_before: tuple[str, ...]
    trim_after: tuple[str, ...]
    filler: tuple[str, ...]
    heads: tuple[str, ...]
    joiners: tuple[str, ...]
    totals: tuple[str, ...]  # words for the sum of the numbers told before
    other_words: tuple[str, ...]
    other_times: tuple[str, ...]
    cumulative: tuple[str, ...]  # words for a sum over a time that is told earlier in the sentence
    last_year: tuple[str, ...]
    offices: tuple[str, ...]
    channels: tuple[str, ...]
    named: tuple[str, ...]
    other_parts: tuple[str, ...]
    apart: tuple[str, ...]  # words for what is not in the tables: 另行答复, 不计入
    adders: tuple[str, ...]  # words by which a number is added to the one before: 加上
    rests: tuple[str, ...]  # words for those that are left: 其余
    parties: tuple[str, ...]  # words that pick the cases of one office out of all: 为被申请人
    subjects: tuple[Subject, ...]
    phrases: tuple[Phrase, ...]
    columns: tuple[ColumnWords, ...]
    columns_alone: tuple[str, ...]
    zero: ZeroWords
    alls: tuple[AllWords, ...]
    fee: Fee

    def bound_to(self, form: Format) -> Mentions:
        """Return the words with the ids of this format's tables; what is about a table it lacks is left out."""
        known = {role.value: table.id for role in SectionRole if (table := form.table_for(role))}
        role_of_fees, _, cell = self.fee.fees.partition("/")
        return replace(
            self,
            subjects=tuple(replace(s, table=known[s.table]) for s in self.subjects if s.table in known),
            phrases=tuple(replace(p, table=known[p.table]) for p in self.phrases if p.table in known),
            alls=tuple(replace(a, table=known[a.table]) for a in self.alls if a.table in known),
            zero=replace(self.zero, tables=tuple(known[name] for name in self.zero.tables if name in known)),
            fee=replace(self.fee, fees=f"{known.get(role_of_fees, role_of_fees)}/{cell}"),
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording to report: matches of `find` unless `unless` matches in the clause; `cure` replaces it (None: no fix).

    `raw` patterns search the text as typed, the others the folded text.
    """

    rule: str
    find: LatePattern
    unless: LatePattern | None
    cure: str | None
    raw: bool
    role: str = ""  # of the only section in which it counts


@dataclass(frozen=True, slots=True)
class FormFact:
    """A fixed fact: the group `it` of `find` must be one of `right`, where `role` is the section's or "" for any."""

    find: LatePattern
    right: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class RequiredStatement:
    """A statement that a section must contain: one of `signs`, or a match of `match`.

    `point` names it in the list of points beside the section's text; "" leaves it out of that list.
    """

    rule: str
    role: SectionRole
    signs: tuple[str, ...]
    match: LatePattern | None
    unit_kinds: tuple[str, ...]
    point: str = ""
    spares: re.Pattern[str] | None = None  # of the names of agencies that need not make it

    def applies_to(self, unit_kind: str, agency: str) -> bool:
        """Tell whether an agency of this kind must make the statement."""
        spared = self.spares and self.spares.search(agency)
        return not spared and (not self.unit_kinds or unit_kind in self.unit_kinds)


@dataclass(frozen=True, slots=True)
class Pronoun:
    """The pronoun (`own`) of an agency whose name ends in one of `ends`, and those it cannot use (`foreign`)."""

    ends: tuple[str, ...]
    own: str
    foreign: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PlaceNames:
    """The gazetteer, and the words that reveal another place or agency."""

    gazetteer: Gazetteer
    led: tuple[str, ...]
    not_behind: tuple[str, ...]
    behind: tuple[str, ...]
    honest: tuple[str, ...]
    agencies: tuple[str, ...]
    own_work: tuple[str, ...]
    verbs: tuple[str, ...]
    pronouns: tuple[Pronoun, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Privacy:
    """Words in the context of personal data."""

    parties: tuple[str, ...]
    formal_parties: tuple[str, ...]
    acts: tuple[str, ...]
    public_acts: tuple[str, ...]
    contact: tuple[str, ...]
    contact_labels: tuple[str, ...]
    surnames: str
    never: tuple[str, ...]
    province_codes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RuleSet:
    """All rules about texts; `pages` are the help pages, by rule code, of the rules that are not in `rules`.

    `version` is set in the data, `digest` is computed from all rule files.
    """

    rules: dict[str, TextRule]
    pages: dict[str, RulePage]
    sample: str  # description of the report used in the examples of `rules`
    disguises: Mapping[str, str]  # what stands on help pages for places and numbers of the examples
    mentions: Mentions
    patterns: tuple[Pattern, ...]
    facts: tuple[FormFact, ...]
    typos: Mapping[str, str]  # the right words by the wrong ones
    musts: tuple[RequiredStatement, ...]
    period_words: tuple[str, ...]
    places: PlaceNames
    privacy: Privacy
    version: str
    digest: str

    def as_shown(self, example: str) -> str:
        """Return an example for a help page: with invented places, and with numbers that belong to nobody."""
        for real, shown in self.disguises.items():
            example = example.replace(real, shown)
        return example

    def edition(self, form: Format) -> str:
        """The edition of the rules for a format: the version and the digest of rules and format."""
        return f"{self.version}（{self.digest_with(form)}）"

    def digest_with(self, form: Format) -> str:
        """The first 8 hex digits of a SHA-256 over all rule files and the format."""
        return hashlib.sha256((self.digest + form.digest).encode()).hexdigest()[:8]
