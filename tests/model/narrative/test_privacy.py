"""Tests of the rules that find personal data: identity numbers, telephone numbers, bank cards and names."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from model.form.format import Severity
from tests.support.narratives import RULES, findings, named, underlined

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def found(text: str, section: str = "overview") -> list[tuple[str, str]]:
    report = replace(named("small-2025"), texts={section: text})
    return [(f.code, underlined(f, text)) for f in findings(report) if f.code.startswith("privacy")]


def id_number(chance: random.Random) -> str:
    birth = f"{chance.randrange(1940, 2010)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}"
    body = f"{chance.choice(sorted(RULES.privacy.province_codes))}{chance.randrange(10000):04}{birth}"
    body += f"{chance.randrange(1000):03}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def wide(number: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in number)


def spaced(number: str) -> str:
    return f"{number[:6]} {number[6:14]} {number[14:]}"


@pytest.mark.parametrize("written", [str, str.lower, wide, spaced])
def test_every_id_number_is_found_however_it_is_written(written):
    chance = random.Random(7)
    for _ in range(100):
        number = written(id_number(chance))
        assert found(f"证件号{number}，") == [("privacy-id", number)]


def test_an_id_number_stands_in_the_way_of_publishing_and_can_be_masked():
    text = "身份证号220681199003070016。"
    report = replace(named("small-2025"), texts={"overview": text})
    finding = next(f for f in findings(report) if f.code == "privacy-id")
    assert finding.severity is Severity.ERROR
    assert "220681199003070016" not in finding.message
    assert finding.fix
    assert finding.fix.texts[0].replacement == "220***********0016"


def test_random_digits_are_no_id_number():
    chance = random.Random(8)
    text = "。".join(f"编号{chance.randrange(10**17, 10**18)}" for _ in range(2000))
    assert [item for item in found(text) if item[0] == "privacy-id"] == []


@pytest.mark.parametrize(
    "text, code, words",
    [
        ("群众13843912345来访。", "privacy-mobile", "13843912345"),
        ("电话13843912345反映较多。", "privacy-mobile", "13843912345"),
        ("群众来电（电话13843912345）咨询。", "privacy-mobile", "13843912345"),
        ("群众138-4391-2345来访。", "privacy-mobile", "138-4391-2345"),
        ("账号6222021234567890128。", "privacy-bank", "6222021234567890128"),
        ("申请人张伟提出申请。", "privacy-name", "张伟"),
        ("原告：李建国，不服。", "privacy-name", "李建国"),
        ("第三人王小明提起上诉。", "privacy-name", "王小明"),
        ("持护照E12345678。", "privacy-passport", "E12345678"),
        ("住阳光花园3号楼2单元501室。", "privacy-address", "住阳光花园3号楼2单元501室"),
    ],
)
def test_personal_data_is_found(text: str, code: str, words: str):
    assert found(text) == [(code, words)]


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：0439-5225566，手机13843912345。",
        "金额138.43912345万元，共13843912345元。",
        "国办公开办函〔2021〕30号，邮编134600。",
        "申请人可以提出申请，申请人提交材料，申请人应当补正，申请人对答复不服。",
        "申请人王某提出申请，原告李×不服。",
        "申请人权益、申请人姓名、申请人身份、当事人合法权益、第三人意见。",
        "地址：济源第二行政区8号楼8301室。",
        "市民关心、群众关注、群众满意、群众来访。",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str):
    assert found(text) == []


@pytest.mark.parametrize("evil", ["1", "1 ", "12345678901234567X"])
def test_two_hundred_thousand_digits_are_read_to_the_end(evil: str):
    """Check the running time: a pattern with backtracking would not end."""
    assert found((evil * 200_000)[:200_000]) == []
