"""Rules about numbers computed from others: 同比增长 1.05%, 占 73.5%, 共 260 条，其中……, the fee in section 六."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from model.checks import BEFORE, Finding
from model.claims.claim_check import ClaimReading, Verdict, claim_readings, said
from model.form import Address, Number, at, shown
from model.prose import Amount, Passage, Sentence, amounts, mend, rows_under, sentences, within

_GROWTH = re.compile(
    r"(?:同比|(?:较|比|与)(?:上年|去年|上一年|(?P<year>20\d\d)年)(?:度|同期|相比|同比)?)(?:，)?"
    r"(?P<word>增长|增加|上升|提高|增幅|增多|多|下降|减少|降低|降幅|少)(?:了|为|约|达)?$"
)
_UP = ("增长", "增加", "上升", "提高", "增幅", "增多", "多")
SHARE = re.compile(r"占[^，。；：%\d]{0,16}$")
# Shares of something else than the total told or counted, or of several numbers at once.
_OTHER_BASE = re.compile(r"占(?:其|已|审结|办结|答复|不予|比?(?:依次|分别))")
_PARTS = re.compile(r"[，。：；（]{0,2}(?:其中|包括|分别是|分别为|含)[，：:]?|：")
_OUT_OF_LIST = re.compile(r"另|此外|同时|还|共计|合计|累计|同比|比上年|较|增长|下降|举办|召开|开展|组织|培训|等")
# A list whose parts reach this share of the total counts as complete: `_ALMOST` for two parts, `_MOST` for more.
_ALMOST, _MOST = Decimal("0.9"), Decimal("0.75")


# -- 同比 -----------------------------------------------------------------------------------------------------------


def find_growth(passage: Passage) -> Iterator[Finding]:
    """Check growth rates against last year's numbers, using the same cells in both years."""
    last_year = passage.ground.last_year
    text = passage.folded.text
    if not last_year or ("同比" not in text and "比" not in text and "较" not in text):
        return
    known = claim_readings(passage)
    for amount in amounts(text):
        match = _GROWTH.search(text, max(0, amount.start - 24), amount.start)
        if match and (not match["year"] or int(match["year"]) == passage.state.report.year - 1):
            base = [r for r in known if r.claim.end <= match.start() and match.start() - r.claim.end <= 12]
            if base and base[-1].verdict is Verdict.AGREES and not base[-1].claim.last_year:
                yield from _wrong_growth(passage, amount, match, base[-1], last_year)


def _wrong_growth(
    passage: Passage,
    amount: Amount,
    match: re.Match[str],
    base: ClaimReading,
    last_year: Mapping[Address, Number | None],
) -> Iterator[Finding]:
    pairs = []
    for meaning, now in base.numbers:
        before = meaning.value(last_year)
        if now is not None and before and base.claim.amount.near(now):
            pairs.append((meaning, Decimal(now), Decimal(before)))
    changes = [_change(amount, now, before) for _, now, before in pairs]
    sign = 1 if match["word"] in _UP else -1
    if not changes or any(abs(change - sign * amount.value) < max(amount.grain, Decimal("0.01")) for change in changes):
        return
    (meaning, now, before), change = pairs[0], changes[0]
    unit = "%" if amount.unit == "%" else amount.unit
    right = _rounded(change, amount)
    word = "增长" if change >= 0 else "下降"
    span = passage.span(match.start("word"), amount.end)
    yield passage.found(
        "growth",
        [span],
        cells=meaning.linear.names(),
        fix=mend(f"改为{word}{right}{unit}", (span, f"{word}{right}{unit}")),
        cells_said=f"{meaning.name}上年为 {_shown(before)}、本年为 {_shown(now)}，应为{word} {right}{unit}",
    )


def _change(amount: Amount, now: Decimal, before: Decimal) -> Decimal:
    return (now - before) / before * 100 if amount.unit == "%" else now - before


def _rounded(value: Decimal, amount: Amount) -> str:
    grain = amount.grain if amount.unit == "%" else Decimal(1)
    return shown(abs(value).quantize(grain))


def _shown(value: Decimal) -> str:
    return shown(int(value) if value == value.to_integral_value() else value)


# -- 占比 -----------------------------------------------------------------------------------------------------------


def find_shares(passage: Passage) -> Iterator[Finding]:
    """Check shares (25件，占73.5%) against every total that the text or the table may mean."""
    text = passage.folded.text
    if "占" not in text:
        return
    numbers = amounts(text)
    for sentence in sentences(text):
        inside = within(numbers, sentence.start, sentence.end)
        for part, printed in itertools.pairwise(inside):
            if printed.unit == "%" and _shares(text, part, printed.start) and not printed.about:
                yield from _wrong_share(passage, sentence, part, printed)
        for part, whole, printed in zip(inside, inside[1:], inside[2:], strict=False):
            of = printed.unit == "%" and text[whole.end : printed.start] == "的"
            if of and _shares(text, part, whole.start) and _differs(part, Decimal(whole.value), printed):
                yield _share_finding(passage, part, printed, Decimal(whole.value))


def _shares(text: str, part: Amount, end: int) -> bool:
    """Return True if 占 follows the number and only its object stands between 占 and `end`."""
    match = SHARE.search(text, part.end, end)
    if match and (_OTHER_BASE.match(text, match.start()) or _in_closed_bracket(text, part, match.start())):
        return False
    return match is not None and match.start() - part.end <= 2 and part.count and not part.about


def _in_closed_bracket(text: str, part: Amount, end: int) -> bool:
    """Return True for 36 in 其他处理41件（其中撤销36件），占49.4%."""
    closed = text.find("）", part.end, end)
    return closed >= 0 and text.find("（", part.end, closed) < 0


def _differs(part: Amount, whole: Decimal, printed: Amount) -> bool:
    return whole > 0 and abs(_share(part, whole) - printed.value) >= printed.grain


def _wrong_share(passage: Passage, sentence: Sentence, part: Amount, printed: Amount) -> Iterator[Finding]:
    """Yield a finding if no candidate total gives the share and one is certain: named before, or found in a table."""
    numbers = within(amounts(passage.folded.text), sentence.start - BEFORE, sentence.end)
    wholes = [a for a in numbers if a.count and a.value and a.value >= part.value and a is not part]
    text = passage.folded.text
    beside = {a.start for a in numbers if text.startswith(("占", "，占", "（占"), a.end)}  # parts of the same whole
    named = [a for a in wholes if sentence.start <= a.start < part.start and a.start not in beside]
    table = _table_wholes(passage, part)
    earlier = amounts(passage.before[sentence.start :])  # only of the paragraph just before
    above = [a for a in earlier if a.count and a.value and a.value >= part.value]
    candidates = [*(Decimal(a.value) for a in (*wholes, *above)), *table]
    meant = [Decimal(a.value) for a in named] + table
    if meant and all(_differs(part, whole, printed) for whole in candidates):
        whole = min(meant, key=lambda number: abs(_share(part, number) - printed.value))
        yield _share_finding(passage, part, printed, whole)


def _share_finding(passage: Passage, part: Amount, printed: Amount, whole: Decimal) -> Finding:
    right = shown(_share(part, whole).quantize(printed.grain))
    span = passage.span(printed.start, printed.end)
    return passage.found(
        "share",
        [span, passage.span(part.start, part.end)],
        fix=mend(f"改为 {right}%", (span, f"{right}%")),
        number=shown(part.value),
        whole=_shown(whole),
        share=f"{right}%",
    )


def _share(part: Amount, whole: Decimal) -> Decimal:
    return Decimal(part.value) / whole * 100


def _table_wholes(passage: Passage, part: Amount) -> list[Decimal]:
    """The totals of the tables in which `part` agrees with a cell: the cells that the generic words of a table mean."""
    words, values = passage.ground.words, passage.state.printed_values
    tables = {r.claim.table for r in claim_readings(passage) if r.claim.amount is part and r.verdict is Verdict.AGREES}
    rows = {(p.table, row) for p in words.mentions.phrases if p.generic and p.table in tables for row in p.rows}
    meanings = filter(None, (words.meaning(table, row, (), money=False) for table, row in sorted(rows)))
    return [Decimal(number) for meaning in meanings if (number := meaning.value(values)) and number >= part.value]


# -- 其中 -----------------------------------------------------------------------------------------------------------


def find_parts(passage: Passage) -> Iterator[Finding]:
    """Check that the parts of a complete list (共 260 条，其中……) add up to its total."""
    text = passage.folded.text
    numbers = amounts(text)
    for sentence in sentences(text):
        inside = within(numbers, sentence.start, sentence.end)
        for place, whole in enumerate(inside[:-1]):
            opening = _PARTS.match(text, whole.end, inside[place + 1].start)
            if opening and whole.unit and whole.count and whole.exact:
                parts = _parts(text, whole, opening, inside[place + 1 :])
                yield from _wrong_sum(passage, whole, parts)
                break


def _parts(text: str, whole: Amount, opening: re.Match[str], rest: Sequence[Amount]) -> list[Amount]:
    """The listed numbers of the same unit up to the end of the list; numbers in a part's own brackets are skipped."""
    closing = text.find("）", opening.end()) if "（" in opening.group() else -1
    parts: list[Amount] = []
    place = opening.end()
    for amount in rest:
        label = text[place : amount.start]
        if (closing >= 0 and amount.start > closing) or _OUT_OF_LIST.search(label) or (parts and "；" in label):
            break
        bracket = text.rfind("（", opening.end(), amount.start)
        if amount.unit == whole.unit and amount.exact and not bracket > text.rfind("）", opening.end(), amount.start):
            parts.append(amount)
        elif not bracket >= 0 and amount.unit != "%":
            return []
        place = amount.end
    return parts


def _wrong_sum(passage: Passage, whole: Amount, parts: Sequence[Amount]) -> Iterator[Finding]:
    total = sum((Decimal(amount.value) for amount in parts), Decimal(0))
    if len(parts) < 2 or total == whole.value or _selected(passage, whole, parts, total):
        return
    yield passage.found(
        "parts",
        [passage.span(whole.start, whole.end), *(passage.span(part.start, part.end) for part in parts)],
        sum=_shown(total),
        number=shown(whole.value),
        gap=_shown(abs(total - whole.value)),
    )


def _selected(passage: Passage, whole: Amount, parts: Sequence[Amount], total: Decimal) -> bool:
    """Return True if the list names a selection, counts one thing in several ways, or has parts compared with cells."""
    claimed = [r.claim.amount for r in claim_readings(passage)]
    if not whole.value or any(part.value == whole.value for part in parts) or any(part in claimed for part in parts):
        return True
    enough = _ALMOST if len(parts) < 3 else _MOST
    end = passage.folded.text[parts[-1].end : parts[-1].end + 12]
    meant = total / Decimal(whole.value) >= enough or _one_digit(whole, total)
    return total < whole.value and (not meant or "等" in end)


def _one_digit(whole: Amount, total: Decimal) -> bool:
    """Return True if one wrong digit explains the gap; 1 in 40 of the lists that are selections do so by chance."""
    return whole.value >= 100 and len(_shown(abs(total - whole.value)).rstrip("0")) == 1


# -- 信息处理费 -------------------------------------------------------------------------------------------------------


def find_fees(passage: Passage) -> Iterator[Finding]:
    """Check that the fee is a multiple of 10 元 and not above the table's total that contains it."""
    text, fee = passage.folded.text, passage.ground.words.mentions.fee
    numbers = amounts(text)
    for sentence in sentences(text):
        money = [amount for amount in within(numbers, sentence.start, sentence.end) if amount.money]
        for amount in money:
            named = max((text.rfind(word, sentence.start, amount.start) for word in fee.words), default=-1)
            between = text[named : amount.start]
            first = not any(named < other.start and other.end <= amount.start for other in money)
            if named >= 0 and first and not any(word in between for word in fee.unless):
                received = not any(word in between for word in fee.noticed)
                yield from _odd_fee(passage, amount, received=received)


def _odd_fee(passage: Passage, amount: Amount, *, received: bool) -> Iterator[Finding]:
    words = passage.ground.words
    span = passage.span(amount.start, amount.end)
    if words.form.fee and amount.value % words.form.fee.step:
        yield passage.found("fee-scale", [span])
    address = at(words.mentions.fee.fees)
    if not received or not words.form.has(address):
        # The form of 2019 counts kinds of 行政事业性收费 (上一年项目数量, 本年增/减) and has no amounts to compare.
        # Nor does it need such a kind: 国办函〔2020〕109号, the basis of the fee, applies from 2021.
        return
    meaning = words.meaning(address.table, address.row, (address.column,), money=True)
    if meaning and not rows_under(words, meaning) & passage.state.blank_rows:
        held = meaning.value(passage.state.printed_values)
        if held is not None and amount.value > held:
            yield passage.found("fee-above-total", [span], cells=(address,), cells_said=said(((meaning, held),)))
