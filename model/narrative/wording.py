"""Rules about wording that is wrong anywhere (patterns in the rule data), and about required statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from model.checks import Finding, Span
from model.form import Aspect, Format
from model.prose import Passage, Pattern, RequiredStatement, clause_end, clause_start, mend

_FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_HALF_WIDTH_RULE = "half-width"


def find_patterns(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for every pattern match; overlapping matches are reported once, by the first pattern."""
    taken: list[Span] = []
    typed, folded = passage.typed, passage.folded.text
    for pattern in passage.ground.rules.patterns:
        if pattern.role and passage.role != pattern.role:
            continue
        if not pattern.find.search(typed if pattern.raw else folded):  # the usual case
            continue
        spans = [(span, match) for span, match in _matches(passage, pattern) if not _over(span, taken)]
        taken += [span for span, _ in spans]
        if pattern.rule == _HALF_WIDTH_RULE:
            yield from _half_width(passage, [span for span, _ in spans])
        else:
            for span, match in spans:
                cure = None if pattern.cure is None else match.expand(pattern.cure)
                fix = None if cure is None else mend(f"改为“{cure}”" if cure else "删去", (span, cure))
                yield passage.found(pattern.rule, [span], fix=fix, right=f"，应为“{cure}”" if cure else "")


def _matches(passage: Passage, pattern: Pattern) -> Iterator[tuple[Span, re.Match[str]]]:
    text = passage.typed if pattern.raw else passage.folded.text
    for match in pattern.find.finditer(text):
        clause = text[clause_start(text, match.start()) : clause_end(text, match.end())]
        if not (pattern.unless and pattern.unless.search(clause)):
            if pattern.raw:
                yield Span(passage.section, match.start(), len(match.group())), match
            else:
                yield passage.span(match.start(), match.end()), match


def _over(span: Span, taken: list[Span]) -> bool:
    return any(span.start < other.start + other.length and other.start < span.start + span.length for other in taken)


def gathered(passage: Passage, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of all paragraphs of a text, with the half-width signs merged into one finding."""
    yield from (finding for finding in findings if finding.code != _HALF_WIDTH_RULE)
    half = [span for finding in findings if finding.code == _HALF_WIDTH_RULE for span in finding.spans]
    yield from _half_width(passage, half)


def _half_width(passage: Passage, spans: list[Span]) -> Iterator[Finding]:
    """Yield one finding with one fix for all signs."""
    if spans:
        edits = [(span, _FULL_WIDTH[passage.typed[span.start]]) for span in spans]
        yield passage.found(_HALF_WIDTH_RULE, spans, fix=mend("全部改为全角", *edits), count=str(len(spans)))


def find_typos(passage: Passage) -> Iterator[Finding]:
    """Yield a finding for each wrong word of the list; a longer wrong word hides the shorter ones in it."""
    text, taken = passage.folded.text, list[Span]()
    typos = passage.ground.rules.typos
    for wrong in sorted((word for word in typos if word in text), key=len, reverse=True):
        for match in re.finditer(re.escape(wrong), text):
            span, right = passage.span(match.start(), match.end()), typos[wrong]
            if not _over(span, taken):
                taken.append(span)
                yield passage.found("typo", [span], fix=mend(f"改为“{right}”", (span, right)), right=right)


# -- facts of the form and the law ----------------------------------------------------------------------------------

_BRACKETS = str.maketrans("", "", "〔〕[]（）()【】﹝﹞ ")


def find_facts(passage: Passage) -> Iterator[Finding]:
    """Report document numbers and a number of parts that differ from the published ones."""
    for fact in passage.ground.rules.facts:
        for match in fact.find.finditer(passage.folded.text) if fact.role in ("", passage.role) else ():
            right = list(_spelled(fact.right, passage.ground.form))
            if match["it"].translate(_BRACKETS) not in {one.translate(_BRACKETS) for one in right}:
                span = passage.span(match.start("it"), match.end("it"))
                yield passage.found(
                    "form-fact", [span], fix=mend(f"改为“{right[0]}”", (span, right[0])), right=right[0]
                )


def _spelled(right: Iterable[str], form: Format) -> Iterator[str]:
    """The right wordings for a form, its number of sections in characters and in digits."""
    count = len(form.sections)
    for wording in right:
        yield wording.format(document=form.document, count="零一二三四五六七八九"[count])
        if "{count}" in wording:
            yield wording.format(count=count)


# -- required statements --------------------------------------------------------------------------------------------


def says(passage: Passage) -> frozenset[RequiredStatement | Aspect]:
    """The required statements and aspects of the section that a paragraph contains."""
    text = passage.folded.text
    musts = [must for must in _musts(passage) if _any_in(must.signs, text) or (must.match and must.match.search(text))]
    aspects = [aspect for aspect in _aspects(passage) if _any_in(aspect.signs, text)]
    return frozenset([*musts, *aspects])


def find_missing(passage: Passage, told: Sequence[frozenset[RequiredStatement | Aspect]]) -> Iterator[Finding]:
    """Report the required statements missing from the section; `told`: the results of `says` for its paragraphs."""
    if not told:
        return
    report, said = passage.state.report, frozenset().union(*told)
    for must in _musts(passage):
        if must.applies_to(report.unit_kind, report.agency) and must not in said:
            yield passage.found(must.rule, [])
    missing = [aspect.label for aspect in _aspects(passage) if aspect not in said]
    if missing:
        yield passage.found("aspect-missing", [], aspects="、".join(missing))


def _musts(passage: Passage) -> tuple[RequiredStatement, ...]:
    return passage.ground.musts(passage.section)


def _aspects(passage: Passage) -> tuple[Aspect, ...]:
    return next((s.aspects for s in passage.ground.form.sections if s.id == passage.section), ())


def _any_in(signs: Iterable[str], text: str) -> bool:
    return any(sign in text for sign in signs)


def find_title(passage: Passage) -> Iterator[Finding]:
    """Report an agency's name that contains a year or the name of the report."""
    agency = passage.state.report.agency
    if re.search(r"\d{4}年?|年度|年报|工作报告|政府信息公开工作", agency):
        yield passage.found("title-odd", [], phrase=agency)
