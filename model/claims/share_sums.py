"""Finds shares of one whole that add up to more than 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from model.checks import Finding
from model.claims.ratios import SHARE
from model.form import shown
from model.prose import Amount, Passage, Sentence, amounts, mark_years, sentences, within

_NEXT_SHARE = re.compile(r"[、和]|以及")


def find(passage: Passage) -> Iterator[Finding]:
    """Check that the shares of a list (分别占45%、35%、30%), or of columns, do not exceed 100 %."""
    text = passage.folded.text
    if "占" not in text or text.count("%") < 2:
        return
    for sentence in sentences(text):
        shares = [n for n in within(amounts(text), sentence.start, sentence.end) if n.unit == "%"]
        for listed in (_run_of_shares(text, shares), _of_columns(passage, sentence, shares)):
            total = sum((Decimal(one.value) for one in listed), Decimal(0))
            if total > 100 + sum((one.grain for one in listed), Decimal(0)):
                spans = [passage.span(one.start, one.end) for one in listed]
                yield passage.found("share-sum", spans, sum=f"{shown(total)}%")
                break


def _run_of_shares(text: str, shares: Sequence[Amount]) -> list[Amount]:
    """The shares with only 、 or 和 between them, the first of which follows 占."""
    run: list[Amount] = []
    for share in shares:
        if run and _NEXT_SHARE.fullmatch(text, run[-1].end, share.start):
            run.append(share)
        elif len(run) < 2:
            run = [share] if SHARE.search(text, max(0, share.start - 20), share.start) else []
    return run if len(run) > 1 else []


def _of_columns(passage: Passage, sentence: Sentence, shares: Sequence[Amount]) -> list[Amount]:
    """The shares that are told of different columns of one table, each once: 自然人占72%，法人占28%."""
    text = passage.folded.text
    found: dict[tuple[str, object], Amount] = {}
    marked = mark_years(text, passage.state.report.year)
    place = sentence.start
    for share in shares:
        terms = [(a, t[0]) for a, _, t in passage.ground.words.lexicon.find(marked, place, share.start) if t]
        place = share.end
        if terms and terms[-1][1].columns and not terms[-1][1].rows and SHARE.search(text, terms[-1][0], share.start):
            found.setdefault((terms[-1][1].table, terms[-1][1].columns), share)
    return [*found.values()]
