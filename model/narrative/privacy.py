"""Finds personal data in a text about to be published, by pattern, check digit and context.

Every repetition is bounded and every pattern has a lookbehind, so the time stays linear (tested with 200,000 digits).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from model.checks import Finding
from model.form import PREFACE
from model.prose import Passage, Privacy, Sentence, mend, sentences

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ESTATES = ("小区", "花园", "新村", "家园", "公寓", "里弄", "苑")
_CHECKS = "10X98765432"  # check digits of GB 11643
_LONG_NUMBER = re.compile(r"\d(?:[\-－—–·./_]?\d){10}")
_GAP = r"[\-－—–·./_]?"  # without spaces: a folded text has none


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of data; searched only in a text with one of the `signs` (none: with a long number)."""

    code: str
    signs: tuple[str, ...]
    written: str  # the pattern, compiled on first use
    real: Callable[[str], bool]
    keep: tuple[int, int]  # characters left unmasked in front and behind; (0, 0): no mask is offered


@lru_cache(maxsize=16)
def _compiled(written: str) -> re.Pattern[str]:
    return re.compile(written)


def find(passage: Passage) -> Iterator[Finding]:
    """Yield everything that looks like personal data; overlapping matches are reported once, as the first kind."""
    text, privacy = passage.folded.text, passage.ground.rules.privacy
    if not text:
        return
    taken: list[tuple[int, int]] = []
    numbered = bool(_LONG_NUMBER.search(text))
    for kind in _kinds(privacy):
        shown = any(sign in text for sign in kind.signs) if kind.signs else numbered
        for match in _compiled(kind.written).finditer(text) if shown else ():
            start, end = match.span(match.lastgroup or "it")
            if kind.real(text[start:end]) and not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                if not (kind.code == "privacy-mobile" and _in_contact(passage, start, privacy)):
                    yield _finding(passage, kind, start, end)


def _finding(passage: Passage, kind: _Kind, start: int, end: int) -> Finding:
    span = passage.span(start, end)
    front, back = kind.keep
    typed = passage.typed[span.start : span.start + span.length]
    fix = None
    if front or back:
        fix = mend(
            "隐去部分数字", (span, typed[:front] + "*" * (len(typed) - front - back) + typed[len(typed) - back :])
        )
    return passage.found(kind.code, [span], fix=fix, phrase=typed if kind.code == "privacy-name" else _hint(typed))


def _hint(typed: str) -> str:
    """The first 3 and last 4 characters: enough to find the place, not enough to copy the number."""
    return typed if len(typed) < 8 else f"{typed[:3]}…{typed[-4:]}"


def _in_contact(passage: Passage, place: int, privacy: Privacy) -> bool:
    """Tell whether a number stands in a sentence with the office's contact: named in the preface, else labelled."""
    text = passage.folded.text
    sentence = next((s for s in sentences(text) if s.start <= place < s.end), Sentence(0, len(text)))
    inside = text[max(sentence.start, place - 120) : min(sentence.end, place + 60)]
    if passage.section == PREFACE:
        return any(word in inside for word in privacy.contact)
    return any(f"{label}：" in inside for label in privacy.contact_labels)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789Xx").upper()


def _id_number(privacy: Privacy, text: str) -> bool:
    digits = _digits(text)
    if digits[:2] not in privacy.province_codes or not _date(digits[6:10], digits[10:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == digits[17]


def _old_id_number(privacy: Privacy, text: str) -> bool:
    return text[:2] in privacy.province_codes and _date(f"19{text[6:8]}", text[8:12])


def _date(year: str, day: str) -> bool:
    try:
        born = dt.date(int(year), int(day[:2]), int(day[2:]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def _bank_card(text: str) -> bool:
    """Check 16–19 digits by Luhn's algorithm; a random number passes with a probability of 1 in 10."""
    digits = _digits(text)
    total = 0
    for place, letter in enumerate(reversed(digits)):
        number = int(letter) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return 16 <= len(digits) <= 19 and total % 10 == 0


def _always(_: str) -> bool:
    return True


@lru_cache(maxsize=4)
def _kinds(privacy: Privacy) -> tuple[_Kind, ...]:
    return (*_labelled_numbers(), *_numbers_of_persons(privacy), _address(), _name(privacy))


def _labelled_numbers() -> tuple[_Kind, ...]:
    """Identity and account numbers behind their label, which need no right check digit."""
    return (
        _Kind(
            "privacy-id",
            ("身份证", "证件号"),
            rf"(?:身份证|证件)号?[^，。；\n0-9]{{0,6}}?(?P<it>(?:\d{_GAP}){{17}}[0-9Xx])(?![0-9A-Za-z])",
            _always,
            (3, 4),
        ),
        _Kind(
            "privacy-bank",
            ("账户", "账号", "卡号", "银行卡"),
            rf"(?:账户|账号|卡号|银行卡)[^，。；\n0-9]{{0,6}}?(?P<it>\d(?:{_GAP}\d){{14,18}})(?![0-9.])",
            _always,
            (4, 4),
        ),
    )


def _numbers_of_persons(privacy: Privacy) -> tuple[_Kind, ...]:
    """Identity, bank card, mobile phone and passport numbers."""
    return (
        _Kind(
            "privacy-id",
            (),
            rf"(?<![0-9A-Za-z])(?P<it>(?:\d{_GAP}){{17}}[0-9Xx])(?![0-9A-Za-z])",
            lambda text: _id_number(privacy, text),
            (3, 4),
        ),
        _Kind(
            "privacy-bank",
            (),
            rf"(?<![0-9.])(?P<it>(?:6{_GAP}2|4{_GAP}\d|5{_GAP}[1-5]|3{_GAP}5)(?:{_GAP}\d){{14,17}})(?![0-9.])",
            _bank_card,
            (4, 4),
        ),
        _Kind(
            "privacy-old-id",
            (),
            r"(?<![0-9.])(?P<it>\d{15})(?![0-9.])",
            lambda text: _old_id_number(privacy, text),
            (3, 4),
        ),
        _Kind(
            "privacy-mobile",
            (),
            rf"(?<![0-9.\-/])(?:\+?86{_GAP})?(?P<it>1{_GAP}[3-9](?:{_GAP}\d){{9}})(?![0-9.%元万件条\-/])",
            _always,
            (3, 4),
        ),
        _Kind(
            "privacy-passport",
            ("护照", "通行证"),
            r"(?:护照|通行证)[^，。；\n0-9]{0,8}?(?P<it>[A-Z][A-Z0-9]\d{7})(?!\d)",
            _always,
            (2, 2),
        ),
    )


def _address() -> _Kind:
    """A flat in a housing estate."""
    pattern = (
        rf"(?P<it>[\u4e00-\u9fff]{{2,6}}(?:{'|'.join(_ESTATES)})\d{{1,4}}(?:号楼|栋|幢|座)"
        r"[^，。；\n]{0,8}?\d{1,4}(?:室|号))"
    )
    return _Kind("privacy-address", _ESTATES, pattern, _always, (0, 0))


# Characters that end a name or belong to the grammar around it.
_NO_NAME = "的了和与及在为是被对等于向诉因就所其以可将应提不已未方，。、；：（）“”\n"


def _name(privacy: Privacy) -> _Kind:
    """The full name of a party, with a second sign of a person: what the person does, or a place as subject."""
    formal, given = _any(privacy.formal_parties), rf"[^{_NO_NAME}\x00-\u4dff]"
    public = _any(set(privacy.parties) - set(privacy.formal_parties))
    behind = rf"(?:系|为|：|“)?(?!{_any(privacy.never)})"

    def named(acts: str) -> str:
        masked = rf"某{{1,2}}|[×xX*]{{1,2}}|{given}{{1,2}}?(?={acts})|{given}{{1,2}}"
        return rf"[{privacy.surnames}](?:{masked})"

    acts, public_acts = "|".join(privacy.acts), "|".join(privacy.public_acts)
    pattern = (
        rf"(?:(?:{formal}){behind}(?P<it>{named(acts)})(?={acts})"
        rf"|(?:{public}){behind}(?P<one>{named(public_acts)})(?={public_acts})"
        rf"|(?:^|(?<=[，。；：\n]))(?:{formal}){behind}"
        rf"(?P<subject>[{privacy.surnames}]{given}{{2}})(?=[，。；）（\n]|$))"
    )
    return _Kind("privacy-name", privacy.parties, pattern, lambda text: not re.search(r"[某×xX*]", text), (1, 0))


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))
