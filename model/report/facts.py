"""The table of all facts: every key of `Report.facts`, with its type, its source and its use.

A fact is a small text beside the numbers and the sections. A key that ends in "/" is a prefix: what follows it is a
section id, the code of a rule or a number. Keys that this table does not know come from newer versions: they are
stored, exported and read back untouched, but not copied into next year's report. All facts are in the data file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from model.base import read_day


class FactKind(StrEnum):
    """Type of a fact's value, which is always stored as text."""

    TEXT = "text"
    LINES = "lines"  # one item per line
    COUNT = "count"  # a whole number as typed, perhaps unreadable
    DATE = "date"  # ISO 8601; a date in words is kept as typed
    TIME = "time"  # ISO 8601, to the second
    FLAG = "flag"  # "1"; absent if not set
    JSON = "json"


class SetBy(StrEnum):
    """Source of a fact."""

    FIELD = "field"  # a field of the screen that shows just this fact
    ACTION = "action"  # the program, to record what the user did: a reason, 定稿, a generated paragraph
    IMPORT = "import"  # reading an old report


@dataclass(frozen=True, slots=True)
class Fact:
    """Declaration of one key, or of all keys with a prefix; `label` names a field of the screen."""

    key: str
    kind: FactKind
    set_by: SetBy
    meaning: str
    label: str = ""
    inherited: bool = False  # copied into next year's draft
    printed: bool = False  # printed directly, not only in a text generated from it


SIGNED_ON = "signed_on"
DEADLINE = "deadline"
CONTACT_OFFICE = "contact_office"
CONTACT_ADDRESS = "contact_address"
CONTACT_POSTCODE = "contact_postcode"
CONTACT_PHONE = "contact_phone"
CONTACT_FAX = "contact_fax"
CONTACT_EMAIL = "contact_email"
CONTACT_WEBSITE = "contact_website"
FEE_NOTICES = "fee_notices"
FEE_NOTICED = "fee_noticed_yuan"
FEE_RECEIVED = "fee_received_yuan"
WITH_REASONS = "print_reasons"
WITH_APPROVAL = "print_approval"
EXPLAINED = "waiver/"
SILENCED = "silenced/"
FINAL = "final_at"
WITHDRAWN = "withdrawn"
PROPOSED = "agency_proposals"
MADE = "made/"
QUOTE = "quote/"


def _field(
    key: str, kind: FactKind, label: str, meaning: str, *, inherited: bool = False, printed: bool = False
) -> Fact:
    return Fact(key, kind, SetBy.FIELD, meaning, label, inherited, printed)


def _contact(key: str, label: str) -> Fact:
    return _field(key, FactKind.TEXT, label, "contact named in the generated preface", inherited=True)


def _record(key: str, kind: FactKind, meaning: str, *, inherited: bool = False, printed: bool = False) -> Fact:
    return Fact(key, kind, SetBy.ACTION, meaning, inherited=inherited, printed=printed)


_TABLE = (
    _field(SIGNED_ON, FactKind.DATE, "落款日期", "date under the report", printed=True),
    _field(DEADLINE, FactKind.DATE, "公布期限", "day set by a local notice; absent where the statutory day holds"),
    _contact(CONTACT_OFFICE, "联系机构"),
    _contact(CONTACT_ADDRESS, "地址"),
    _contact(CONTACT_POSTCODE, "邮编"),
    _contact(CONTACT_PHONE, "联系电话"),
    _contact(CONTACT_FAX, "传真"),
    _contact(CONTACT_EMAIL, "电子邮箱"),
    _contact(CONTACT_WEBSITE, "电子版网站"),
    _field(FEE_NOTICES, FactKind.COUNT, "收费通知件数", "信息处理费: notices sent"),
    _field(FEE_NOTICED, FactKind.COUNT, "通知总金额（元）", "信息处理费: sum of the notices in yuan"),
    _field(FEE_RECEIVED, FactKind.COUNT, "实收总金额（元）", "信息处理费: received in yuan"),
    _field(WITH_REASONS, FactKind.FLAG, "附检查说明", "print the annex 检查说明", printed=True),
    _field(WITH_APPROVAL, FactKind.FLAG, "附审签单", "print a 审签单 on a page of its own", printed=True),
    _record(EXPLAINED, FactKind.JSON, "the reason given for a finding, by a hash of the finding", printed=True),
    _record(SILENCED, FactKind.FLAG, "a 提示 that this unit has hidden, by the code of its rule", inherited=True),
    _record(FINAL, FactKind.TIME, "time of 定稿; absent while the report is a draft", printed=True),
    _record(WITHDRAWN, FactKind.LINES, "one line for each withdrawal of 定稿, when and why"),
    Fact(PROPOSED, FactKind.LINES, SetBy.IMPORT, "fuller names of the agency found in an old report, to choose from"),
    _record(MADE, FactKind.TEXT, "a paragraph as generated, by section id; it may be regenerated while unchanged"),
    _record(QUOTE, FactKind.JSON, "a number inserted into a text: section, characters before it, cell"),
)

FACTS: Mapping[str, Fact] = MappingProxyType({fact.key: fact for fact in _TABLE})


def _labels(*keys: str) -> Mapping[str, str]:
    return MappingProxyType({key: FACTS[key].label for key in keys})


# Labels of the fields by key, in the order of the screen and of the generated sentences.
CONTACTS = _labels(
    CONTACT_OFFICE, CONTACT_ADDRESS, CONTACT_POSTCODE, CONTACT_PHONE, CONTACT_FAX, CONTACT_EMAIL, CONTACT_WEBSITE
)  # fmt: skip
FEES = _labels(FEE_NOTICES, FEE_NOTICED, FEE_RECEIVED)
COVER = _labels(*CONTACTS, SIGNED_ON, DEADLINE)


def declared_fact(key: str) -> Fact | None:
    """Return the declaration of a key, with or without a prefix; None for a key of a newer version."""
    head, slash, rest = key.partition("/")
    return FACTS.get(head + slash) if rest or not slash else None


def facts_under(facts: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Return the facts whose keys begin with a prefix, by their whole keys."""
    return {key: value for key, value in facts.items() if key.startswith(prefix)}


def inherited_facts(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts that next year's draft takes over."""
    return {key: value for key, value in facts.items() if (fact := declared_fact(key)) and fact.inherited}


def fact_date(facts: Mapping[str, str], key: str) -> date | None:
    """Return a fact as a date, however it was typed; None if it is absent or no date."""
    return read_day(facts.get(key, ""))


def is_final(facts: Mapping[str, str]) -> bool:
    """Tell whether a report with these facts is final: from 定稿 until it is withdrawn."""
    return FINAL in facts
