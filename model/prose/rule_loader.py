"""Reads and validates the rules about texts (`resources/rules/*.toml`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import TypeVar

from model.base import Node, Trouble, digest_of, read_toml
from model.form import PREFACE, Format, SectionRole, Severity
from model.prose.gazetteer import Gazetteer
from model.prose.late_pattern import LatePattern
from model.prose.rule_names import refuse_unknown_names
from model.prose.rule_set import (
    AllWords,
    ColumnWords,
    Fee,
    FormFact,
    Mentions,
    Pattern,
    Phrase,
    PlaceNames,
    Privacy,
    Pronoun,
    Rank,
    RequiredStatement,
    RulePage,
    RuleSet,
    Sample,
    Subject,
    TextRule,
    ZeroWords,
)

_CODE = re.compile(r"[a-z][a-z0-9-]*")
_WHAT = "规则文件"
_WORDS = f"{_WHAT} words.toml"
Made = TypeVar("Made")


def load_rules(folder: Path, formats: Iterable[Format]) -> RuleSet:
    """Read the rule files of a folder; raise `Trouble` with the file, the position and the mistake.

    A table, row or column that none of the formats has is a mistake: the rule would never apply.
    """
    version, sample, disguises, texts = read_toml(folder / "text.toml", _WHAT, _rules)
    rules = {rule.code: rule for rule in texts}
    patterns, facts, musts, period = read_toml(folder / "words.toml", _WHAT, _words)
    named = {pattern.rule for pattern in patterns} | {must.rule for must in musts}
    unknown = sorted(named - rules.keys())
    if unknown:
        raise Trouble(f"规则文件 words.toml 提到 text.toml 中没有的规则“{unknown[0]}”，请重新安装本软件")
    gazetteer = read_toml(folder / "regions.toml", _WHAT, _regions)
    return RuleSet(
        rules=rules,
        pages=read_toml(folder / "others.toml", _WHAT, _pages),
        sample=sample,
        disguises=disguises,
        mentions=read_toml(folder / "mentions.toml", _WHAT, partial(_mentions, tuple(formats))),
        patterns=patterns,
        facts=facts,
        typos=read_toml(folder / "typos.toml", _WHAT, _typos),
        musts=musts,
        period_words=period,
        places=read_toml(folder / "places.toml", _WHAT, partial(_places, gazetteer)),
        privacy=read_toml(folder / "privacy.toml", _WHAT, _privacy),
        version=version,
        digest=digest_of(*sorted(folder.glob("*.toml"))),
    )


def _rules(node: Node) -> tuple[str, str, Mapping[str, str], tuple[TextRule, ...]]:
    version, sample = node.text("version"), node.text("sample")
    disguises = dict(node.children("disguises", lambda one: (one.text("real"), one.text("shown"))))
    rules = node.children("rule", _rule, needed=True)
    node.refuse_unknown()
    return version, sample, disguises, rules


def _rule(node: Node) -> TextRule:
    return TextRule(
        node.slug("code", pattern=_CODE),
        node.text("name"),
        node.text("group"),
        node.chosen("severity", Severity),
        node.text("basis"),
        node.text("says"),
        node.text("todo"),
        node.text("help"),
        _sample(node, "fires"),
        _sample(node, "quiet"),
        node.text("unit_kind", ""),
        node.text("agency", ""),
    )


def _pages(node: Node) -> dict[str, RulePage]:
    pages = dict(node.children("rule", _page, needed=True))
    node.refuse_unknown()
    return pages


def _page(node: Node) -> tuple[str, RulePage]:
    words = (node.text(key) for key in ("name", "group", "help", "basis", "fires", "quiet"))
    return node.slug("code", pattern=_CODE), RulePage(*words)


def _sample(node: Node, key: str) -> Sample:
    parts = node.texts(key)
    if len(parts) != 2 or parts[0] not in (PREFACE, *SectionRole):
        known = "、".join((PREFACE, *SectionRole))
        raise node.mistake(key, f"应是 [部分, 文字]，部分是其中之一：{known}")
    return Sample(*parts)


def _words(
    node: Node,
) -> tuple[tuple[Pattern, ...], tuple[FormFact, ...], tuple[RequiredStatement, ...], tuple[str, ...]]:
    patterns, facts = node.children("pattern", _pattern), node.children("fact", _fact)
    musts = node.children("must", _must)
    period = _only(node, "period", lambda inner: inner.texts("words"))
    node.refuse_unknown()
    return patterns, facts, musts, period


def _fact(node: Node) -> FormFact:
    find = _late(node, "find")
    assert find
    return FormFact(find, node.texts("right"), node.text("role", ""))


def _typos(node: Node) -> dict[str, str]:
    typos = dict(node.children("typo", lambda one: (one.text("wrong"), one.text("right")), needed=True))
    node.refuse_unknown()
    return typos


def _pattern(node: Node) -> Pattern:
    cure: str | None = node.text("cure", None)
    find = _late(node, "find")
    assert find
    raw, role = node.text("over", "folded") == "typed", node.text("role", "")
    return Pattern(node.text("rule"), find, _late(node, "unless"), cure, raw, role)


def _late(node: Node, key: str) -> LatePattern | None:
    """Read a regular expression that may be left out; a mistake in it may be noticed when a text is searched."""

    def error_of(error: re.error) -> Trouble:
        return Trouble(f"{_WORDS}：{node.mistake(key, f'正则表达式写法不对（{error}）')}")

    text = node.text(key, "")
    return LatePattern(text, error_of) if text else None


def _must(node: Node) -> RequiredStatement:
    return RequiredStatement(
        node.text("rule"),
        node.chosen("role", SectionRole),
        node.texts("signs"),
        _late(node, "match"),
        node.texts("unit_kinds"),
        node.text("point", ""),
        node.pattern("spares"),
    )


def _only(node: Node, key: str, make: Callable[[Node], Made]) -> Made:
    """The value made from the only table under a key; a second table is a mistake."""
    made = node.children(key, make, needed=True)
    if len(made) > 1:
        raise node.mistake(key, "只能有一项")
    return made[0]


def _mentions(formats: Sequence[Format], node: Node) -> Mentions:
    mentions = Mentions(
        node.texts("trim_before"),
        node.texts("trim_after"),
        node.texts("filler"),
        node.texts("heads"),
        node.texts("joiners"),
        node.texts("totals"),
        node.texts("other_words"),
        node.texts("other_times"),
        node.texts("cumulative"),
        node.texts("last_year"),
        node.texts("offices"),
        node.texts("channels"),
        node.texts("named"),
        node.texts("other_parts"),
        node.texts("apart"),
        node.texts("adders"),
        node.texts("rests"),
        node.texts("parties"),
        node.children("subject", _subject, needed=True),
        node.children("phrase", _phrase, needed=True),
        node.children("column", _column),
        node.texts("columns_alone"),
        _only(node, "zero", _zero),
        node.children("all", _all),
        _only(node, "fee", _fee),
    )
    node.refuse_unknown()
    refuse_unknown_names(mentions, formats, node.mistake)
    return mentions


def _subject(node: Node) -> Subject:
    return Subject(
        node.text("table"),
        node.texts("words"),
        node.texts("strangers"),
        node.texts("units"),
        node.text("column", ""),
        node.texts("attributes"),
        node.texts("duties"),
        node.texts("duty_offices"),
        node.text("rule"),
    )


def _phrase(node: Node) -> Phrase:
    rank = Rank[node.text("rank", Rank.ROW.name.lower()).upper()]
    weak, rest = (node.text(key, "no") == "yes" for key in ("weak", "rest"))
    return Phrase(node.text("table"), _spellings(node, "words"), node.texts("rows"), rank, weak, rest)


def _column(node: Node) -> ColumnWords:
    return ColumnWords(node.texts("columns"), _spellings(node, "words"))


def _spellings(node: Node, key: str) -> tuple[str, ...]:
    """The words of a list with every [a|b|] spelled out: 结转[至|到|]下年 is three words."""
    spelled = (
        "".join(parts)
        for word in node.texts(key)
        for parts in product(*(piece.split("|") for piece in re.split(r"[\[\]]", word)))
    )
    return tuple(word for word in dict.fromkeys(spelled) if word)


def _all(node: Node) -> AllWords:
    parts = (node.texts(key) for key in ("marks", "words", "rates", "before_rates", "zero", "unless"))
    return AllWords(node.text("table"), *parts)


def _zero(node: Node) -> ZeroWords:
    return ZeroWords(*(node.texts(key) for key in ("tables", "none", "nouns", "tail")))


def _fee(node: Node) -> Fee:
    return Fee(node.texts("words"), node.texts("unless"), node.texts("noticed"), node.text("fees"))


def _regions(node: Node) -> Gazetteer:
    provinces = dict(node.children("province", lambda one: (one.text("name"), one.text("cities", "")), needed=True))
    node.refuse_unknown()
    return Gazetteer(provinces)


def _places(gazetteer: Gazetteer, node: Node) -> PlaceNames:
    keys = ("led", "not_behind", "behind", "honest", "agencies", "own_work", "verbs")
    led, not_behind, behind, honest, agencies, own_work, verbs = _only(
        node, "words", lambda one: [one.texts(key) for key in keys]
    )
    pronouns = node.children("pronoun", _pronoun)
    places = PlaceNames(gazetteer, led, not_behind, behind, honest, agencies, own_work, verbs, pronouns)
    node.refuse_unknown()
    return places


def _pronoun(node: Node) -> Pronoun:
    return Pronoun(node.texts("ends"), node.text("own"), node.texts("foreign"))


def _privacy(node: Node) -> Privacy:
    privacy = Privacy(
        node.texts("parties"),
        node.texts("formal_parties"),
        node.texts("acts"),
        node.texts("public_acts"),
        node.texts("contact"),
        node.texts("contact_labels"),
        node.text("surnames"),
        node.texts("never"),
        frozenset(node.text("province_codes").split()),
    )
    node.refuse_unknown()
    return privacy
