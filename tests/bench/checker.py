"""Measures recall, precision and running time of the rules; prints Markdown tables.

    python -m tests.bench.checker [--each 200] [--seed 1]

Recall: real reports with true sentences about their own numbers, into which one slip of each kind is put, `--each`
times.  发现 counts slips named by some new finding (for cells: their row or column).  首条恰是 counts those where the
first new finding names a wrong cell first, or underlines the wrong words.  可定 counts, for slips in numbers, those for
which a search through all slips of the same kind finds no second one that balances every equation; 其中首条恰是 is the
share of these with 首条恰是: if two slips fit, the right one cannot be known.  Precision: findings in correct reports
and sentences.  Then come the faulty sentences that are found, and the times.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import combinations, cycle, islice

from model.checks.finding import Finding, RuleInput
from model.checks.rules import Rule, find_all, flat, rules_of
from model.editing.opener import Opener
from model.form.cell import Address, Entry, Number
from model.form.format import Severity
from model.form.relation import Relation, evaluate, holds
from model.form.relation_binding import cases as of_check
from model.narrative.all_rules import text_rules
from model.report.report import Report
from model.report.totals import Engine
from tests.support.narratives import FORMATS, ROOT, RULES, cases, named, state

REAL = ("suqian-2023", "suqian-2024", "shuyang-2025", "jiyuan-2020")
LAST = {"suqian-2024": "suqian-2023"}
WHOLE = {"aspect-missing", "aspect-government", "no-number", "period-missing", "text-empty"}


@dataclass(frozen=True)
class Slip:
    """A report with one slip: the cells or the words that are wrong."""

    report: Report
    cells: tuple[Address, ...] = ()
    words: str = ""
    section: str = ""


Make = Callable[[random.Random, str, Report], Slip | None]


# -- correct reports to put slips into ------------------------------------------------------------------------------

OVERVIEW = (
    "{year}年，{who}新收政府信息公开申请{new}件，上年结转{old}件，共答复{done}件，结转下年度继续办理{left}件。",
    "依申请公开方面，{year}年共受理申请{all}件（含上年结转{old}件），其中自然人{person}件、法人或其他组织{firm}件。",
    "从办理结果看，予以公开{granted}件、部分公开{partly}件、不予公开{denied}件、无法提供{none}件、不予处理{rejected}件。",
    "办结的申请中，予以公开{granted}件，占{granted_share}%；部分公开{partly}件，占{partly_share}%，共办结{done}件。",
    "因政府信息公开引发行政复议{review}件，其中维持{upheld}件，纠正{corrected}件；行政诉讼{suits}件。",
    "全年通过网站、新媒体等主动公开政府信息{total}条，其中政策文件{a}条、工作动态{b}条、公示公告{c}条。",
    "依法作出行政许可{licence}件、行政处罚{penalty}件。",
    "坚持以公开为常态、不公开为例外，加强政府信息管理和平台建设，落实监督保障和社会评议要求，未发生责任追究情形。",
)
PREFACE = (
    "本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。如有疑问，请与办公室联系，电话：0527-84368216。"
)
PROBLEMS = "存在的主要问题：一是政策解读形式不够丰富，二是业务培训有待加强。下一步，将强化培训，提升解读质量。"
OTHER = "{year}年，依申请公开收取信息处理费{fee}元。"


def facts(chance: random.Random, report: Report, values: Mapping[Address, Number | None]) -> dict[str, object]:
    """Return a report's numbers by the placeholder names of the sentences."""

    def cell(row: str, column: str = "total", table: str = "requests") -> Number:
        return values.get(Address(table, row, column)) or 0

    def group(*rows: str) -> Number:
        return sum((cell(row) for row in rows), 0)

    rows = [a.row for a in values if a.table == "requests" and a.column == "total"]
    done, person = cell("results_total"), cell("new_received", "natural_person")
    parts = [chance.randrange(11, 900) for _ in range(3)]
    new, old, old_person = cell("new_received"), cell("carried_over"), cell("carried_over", "natural_person")
    return {
        "who": chance.choice(["我机关", "各单位", "全年"]),
        "year": report.year, "new": new, "old": old, "done": done, "left": cell("carried_forward"),
        "all": new + old, "person": person + old_person, "firm": new + old - person - old_person,
        "granted": cell("granted"), "partly": cell("partly_granted"),
        "denied": group(*(r for r in rows if r.startswith("denied"))),
        "none": group(*(r for r in rows if r.startswith("unavailable"))),
        "rejected": group(*(r for r in rows if r.startswith("rejected"))),
        "granted_share": share(cell("granted"), done), "partly_share": share(cell("partly_granted"), done),
        "review": cell("review", table="disputes"), "upheld": cell("review", "upheld", "disputes"),
        "corrected": cell("review", "corrected", "disputes"),
        "suits": cell("suit_direct", table="disputes") + cell("suit_after_review", table="disputes"),
        "total": sum(parts), "a": parts[0], "b": parts[1], "c": parts[2],
        "licence": cell("licence", "decisions", "proactive"), "penalty": cell("penalty", "decisions", "proactive"),
        "fee": chance.randrange(1, 300) * 10,
    }  # fmt: skip


def share(part: Number, whole: Number) -> str:
    return f"{Decimal(part) / Decimal(whole) * 100:.2f}" if whole else "0.00"


def honest(chance: random.Random, name: str) -> Report:
    """Return a real report with correct sentences about its own numbers, in a random order."""
    report = real(name)
    words = facts(chance, report, state(report).values)
    sentences = chance.sample(OVERVIEW, chance.randrange(6, len(OVERVIEW) + 1))
    overview = report.text("overview") + "".join(sentences).format(**words)
    texts = {
        "preface": PREFACE.format(**words),
        "overview": overview,
        "problems": report.text("problems") or PROBLEMS,
        "other_matters": OTHER.format(**words),
    }
    stated = {
        a: n for a, n in state(report).values.items() if a in FORMATS.for_year(report.year).totals and n is not None
    }
    return replace(report, texts=texts, stated=stated)


def real(name: str) -> Report:
    """Return a real report with its own texts, without three numbers that are wrong as published (suqian-2024)."""
    report = named(name)
    if name != "jiyuan-2020":
        text = report.text("overview").replace("全年备案行政复议案件134件，行政诉讼案件57件。", "")
        return replace(report, texts={**report.texts, "overview": text.replace("1.05%", "1.08%")})
    printed = (ROOT / "tests" / "support" / "reports" / "jiyuan-emergency-2020.txt").read_text(encoding="utf-8")
    texts = {
        section: re.search(rf"^#+ {title}.*?\n(.*?)(?=\n#|\Z)", printed, re.DOTALL | re.MULTILINE)
        for section, title in (("overview", "一、"), ("problems", "五、"), ("other_matters", "六、"))
    }
    return replace(report, texts={section: match[1].strip() for section, match in texts.items() if match})


# -- slips in numbers -----------------------------------------------------------------------------------------------


def filled(report: Report, table: str = "requests") -> list[Address]:
    return [a for a, e in report.cells.items() if a.table == table and e.number]


def put(report: Report, numbers: Mapping[Address, Number]) -> Report:
    return replace(report, cells={**report.cells, **{a: Entry(n) for a, n in numbers.items()}})


def one_cell(chance: random.Random, _: str, report: Report) -> Slip | None:
    if not (cells := filled(report)):
        return None
    cell = chance.choice(cells)
    return Slip(put(report, {cell: number(report, cell) + chance.choice([1, 2, 9, 10, 90])}), (cell,))


def number(report: Report, cell: Address) -> int:
    return int(report.entry(cell).number or 0)


def two_swapped(chance: random.Random, _: str, report: Report) -> Slip | None:
    if not (cells := filled(report)):
        return None
    one = chance.choice(cells)
    form = FORMATS.for_year(report.year)
    others = [
        a for a in form.inputs if a.table == one.table and a.row == one.row and number(report, a) != number(report, one)
    ]
    if not others:
        return None
    other = chance.choice(others)
    swapped = {one: number(report, other), other: number(report, one)}
    return Slip(put(report, swapped), (one, other))


def total_off(chance: random.Random, _: str, report: Report) -> Slip | None:
    cell = chance.choice([a for a in report.stated if report.stated[a]] or [next(iter(report.stated))])
    return Slip(
        replace(report, stated={**report.stated, cell: (report.stated[cell] or 0) + chance.choice([1, 10, 3])}), (cell,)
    )


def row_shifted(chance: random.Random, _: str, report: Report) -> Slip | None:
    rows = list(dict.fromkeys(a.row for a in report.cells if a.table == "requests"))
    place = chance.randrange(len(rows) - 1)
    cells = [a for a in report.cells if a.table == "requests"]
    one = {a.column: number(report, a) for a in cells if a.row == rows[place]}
    two = {a.column: number(report, a) for a in cells if a.row == rows[place + 1]}
    if sum(one.values()) == sum(two.values()):
        return None  # every sum stays the same: the slip cannot be found
    moved = {a: (two if a.row == rows[place] else one)[a.column] for a in cells if a.row in rows[place : place + 2]}
    return Slip(put(report, moved), tuple(a for a in moved if moved[a] != number(report, a)))


def stretch_shifted(chance: random.Random, _: str, report: Report) -> Slip | None:
    """Shift three to eight rows of 三 down by one: zeros in the first, the last one lost; the printed totals stay."""
    rows = list(dict.fromkeys(a.row for a in report.cells if a.table == "requests"))
    length = chance.randrange(3, 9)
    start = chance.randrange(len(rows) - length)
    stretch = rows[start : start + length]
    above = dict(zip(stretch[1:], stretch, strict=False))
    cells = [a for a in report.cells if a.table == "requests" and a.row in stretch]
    moved = {a: number(report, a._replace(row=above[a.row])) if a.row in above else 0 for a in cells}
    changed = tuple(a for a in cells if moved[a] != number(report, a))
    return Slip(put(report, moved), changed) if len({a.row for a in changed}) > 2 else None


def forward_off(chance: random.Random, _: str, report: Report) -> Slip | None:
    cell = Address("requests", chance.choice(["carried_forward", "carried_over"]), "natural_person")
    return Slip(put(report, {cell: number(report, cell) + chance.choice([1, 2, 5])}), (cell,))


def dispute_off(chance: random.Random, _: str, report: Report) -> Slip | None:
    cell = chance.choice([a for a in report.cells if a.table == "disputes"])
    return Slip(put(report, {cell: number(report, cell) + chance.choice([1, 2, 5])}), (cell,))


# -- slips in words -------------------------------------------------------------------------------------------------


def replaced(report: Report, section: str, start: int, end: int, words: str, wrong: str = "") -> Slip:
    text = report.text(section)
    return Slip(
        replace(report, texts={**report.texts, section: text[:start] + words + text[end:]}), (), wrong or words, section
    )


def inserted(chance: random.Random, report: Report, section: str, sentence: str, wrong: str) -> Slip:
    text = report.text(section)
    places = [m.end() for m in re.finditer("。", text)]
    place = chance.choice(places) if places else len(text)
    return replaced(report, section, place, place, sentence, wrong)


def a_number(pattern: str, section: str = "overview") -> Make:
    """Make a slip that changes one digit of a number found by `pattern` (its first group)."""

    def make(chance: random.Random, _: str, report: Report) -> Slip | None:
        found = [m for m in re.finditer(pattern, report.text(section)) if int(m[1]) > 0]
        if not found:
            return None
        match = chance.choice(found)
        old = match[1]
        place = chance.randrange(len(old))
        digit = chance.choice([d for d in "0123456789" if d != old[place] and not (place == 0 and d == "0")])
        return replaced(report, section, match.start(1), match.end(1), old[:place] + digit + old[place + 1 :])

    return make


def numbers_swapped(chance: random.Random, _: str, report: Report) -> Slip | None:
    text = report.text("overview")
    found = list(
        re.finditer(
            r"(?:予以公开|部分公开|不予公开|无法提供|不予处理)(\d+)件[，、](?:部分公开|不予公开|无法提供|不予处理)(\d+)件",
            text,
        )
    )
    found = [m for m in found if m[1] != m[2]]
    if not found:
        return None
    m = chance.choice(found)
    words = text[: m.start(1)] + m[2] + text[m.end(1) : m.start(2)] + m[1] + text[m.end(2) :]
    return Slip(replace(report, texts={**report.texts, "overview": words}), (), m[2], "overview")


def a_sentence(section: str, *choices: tuple[str, str]) -> Make:
    """Make a slip that inserts one of these sentences; each comes with its wrong words."""

    def make(chance: random.Random, _: str, report: Report) -> Slip | None:
        sentence, wrong = chance.choice(choices)
        years = {"year": report.year, "last": report.year - 1, "before": report.year - 2}
        return inserted(chance, report, section, sentence.format(**years), wrong.format(**years))

    return make


def zero_in_words(chance: random.Random, _: str, report: Report) -> Slip | None:
    choices = []
    if number(report, Address("requests", "new_received", "natural_person")):
        choices += [("本年没有收到政府信息公开申请。", "没有收到"), ("全年未接到依申请公开。", "未接到")]
    if number(report, Address("disputes", "review", "upheld")):
        choices += [("未发生行政复议、行政诉讼案件。", "未发生"), ("全年无因政府信息公开引起的行政复议。", "无因")]
    return inserted(chance, report, "overview", *chance.choice(choices)) if choices else None


def all_in_words(chance: random.Random, _: str, report: Report) -> Slip | None:
    if not number(report, Address("requests", "carried_forward", "natural_person")):
        return None
    text = re.sub(r"[，、][^，。、]*结转[^，。、]*|（[^（）]*结转[^（）]*）", "", report.text("overview"))
    report = replace(report, texts={**report.texts, "overview": text})
    sentence = chance.choice(
        ["收到的政府信息公开申请全部办理完毕。", "所有申请均已在法定期限内办结。", "依申请公开办结率为100%。"]
    )
    return inserted(chance, report, "overview", sentence, sentence[-5:-1])


def growth_wrong(chance: random.Random, name: str, report: Report) -> Slip | None:
    if name not in LAST:
        return None
    value = chance.choice(
        ["1.8%", "10.8%", "0.18%", "2.08%", "11.08%", f"{chance.randrange(3, 90)}.{chance.randrange(1, 9)}%"]
    )
    word = chance.choice(["同比增长", "较上年下降", f"比{report.year - 1}年增加"])
    return inserted(chance, report, "overview", f"共收办政府信息公开申请3646件，{word}{value}。", value)


def doubled(chance: random.Random, _: str, report: Report) -> Slip | None:
    text = report.text("problems")
    found = list(
        re.finditer(r"(?<![\u4e00-\u9fff])(?:下一步|一是|二是)?[，]?([\u4e00-\u9fff]{2})(?=[\u4e00-\u9fff]{2})", text)
    )
    match = chance.choice(found)
    return replaced(report, "problems", match.end(1), match.end(1), match[1], match[1] * 2)


def half_width(chance: random.Random, _: str, report: Report) -> Slip | None:
    text = report.text("problems")
    found = [m.start() for m in re.finditer(r"(?<=[\u4e00-\u9fff])[，；](?=[\u4e00-\u9fff])", text)]
    place = chance.choice(found)
    return replaced(report, "problems", place, place + 1, {"，": ",", "；": ";"}[text[place]])


def year_left(chance: random.Random, _: str, report: Report) -> Slip | None:
    """Replace the report year by the year before, in a sentence about the year's work."""
    text, year = report.text("overview"), str(report.year)
    found = [m.start() for m in re.finditer(rf"(?:^|(?<=[。\n]))(?:{year})(?=年，)", text)]
    if not found:
        return None
    place = chance.choice(found)
    return replaced(report, "overview", place, place + 4, str(report.year - 1))


def period_left(chance: random.Random, _: str, report: Report) -> Slip | None:
    years = [m.start() for m in re.finditer(r"\d{4}(?=年1月1日|年12月31日)", report.text("preface"))]
    place = chance.choice(years)
    return replaced(report, "preface", place, place + 4, str(report.year - 1))


def id_number(chance: random.Random, _: str, report: Report) -> Slip | None:
    body = f"3213{chance.randrange(22, 25)}{chance.randrange(1950, 2005)}{chance.randrange(1, 13):02}"
    body += f"{chance.randrange(1, 29):02}{chance.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    body += "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
    return inserted(chance, report, "overview", f"其中一件申请（证件号{body}）已答复。", body)


def fee_slip(chance: random.Random, _: str, report: Report) -> Slip | None:
    amount = chance.randrange(1, 400) * 10 + chance.randrange(1, 10)
    return replaced(
        report, "other_matters", 0, len(report.text("other_matters")), f"全年收取信息处理费{amount}元。", f"{amount}元"
    )


def unit_slip(chance: random.Random, _: str, report: Report) -> Slip | None:
    fees = report.entry(Address("proactive", "fees", "amount")).number
    if not fees:
        return None
    wrong = chance.choice([f"{fees}元", f"{int(fees * 10_000)}万元", f"{fees * 10}万元"])
    return inserted(chance, report, "other_matters", f"全年收取行政事业性收费{wrong}。", wrong)


def name_left(chance: random.Random, _: str, report: Report) -> Slip | None:
    if report.agency.endswith("局"):
        wrong = chance.choice(["我镇", "我街道", "我厅"])
    else:
        wrong = chance.choice(["我局", "我镇", "我厅"])
    return inserted(
        chance, report, "overview", f"{wrong}{chance.choice(['高度重视公开工作', '持续完善公开制度'])}。", wrong
    )


def place_left(chance: random.Random, _: str, report: Report) -> Slip | None:
    """Insert a city or county of another province, or a neighbouring city, as the superior authority."""
    far = (
        "绵阳市",
        "台州市",
        "韶关市",
        "曲靖市",
        "宝鸡市",
        "襄阳市",
        "长兴县",
        "岳麓区",
        "朝天区",
        "凤县",
        "开远市",
        "定南县",
    )
    near = ("洛阳市", "焦作市") if report.agency.startswith("济源") else ("徐州市", "淮安市", "海州区")
    wrong = chance.choice([*far, *near])
    behind = chance.choice(["人民政府", "政府", "财政局", "委、" + wrong[-1] + "政府"])
    return inserted(chance, report, "overview", f"按照{wrong}{behind}统一部署，扎实推进公开。", wrong)


SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"


def person_named(chance: random.Random, _: str, report: Report) -> Slip | None:
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice([1, 2])))
    party, rest = chance.choice(
        [("申请人", "不服答复"), ("原告", "提起上诉"), ("举报人", "反映的问题已核实"), ("第三人", "，已征求意见")]
    )
    return inserted(chance, report, "overview", f"{party}{name}{rest}。", name)


def mobile(chance: random.Random, _: str, report: Report) -> Slip | None:
    phone = f"1{chance.choice('3456789')}{chance.randrange(10**8, 10**9)}"
    return inserted(chance, report, "overview", f"有群众（{phone}）提出建议。", phone)


FIGURES = (
    r"(?:新收政府信息公开申请|上年结转|共答复|继续办理|受理申请|自然人|予以公开|部分公开|不予公开|无法提供|不予处理"
    r"|行政复议|行政诉讼|维持|纠正)(\d+)件"
)
ARITHMETIC: dict[str, Make] = {
    "一格数字错": one_cell,
    "两格互换": two_swapped,
    "总计不符": total_off,
    "两行错位": row_shifted,
    "整段错行": stretch_shifted,
    "结转错": forward_off,
    "表四一格错": dispute_off,
}
WORDS: dict[str, Make] = {
    "文中数字错": a_number(FIGURES),
    "文中两数互换": numbers_swapped,
    "未收到、未发生与表不符": zero_in_words,
    "均已办结而有结转": all_in_words,
    "占比错": a_number(r"件，占(\d+)\.\d+%"),
    "分项之和不符": a_number(r"(?:主动公开政府信息|政策文件|工作动态|公示公告)(\d+)条(?=，其中政策|、工作|、公示|。)"),
    "同比错": growth_wrong,
    "收费元、万元错位": unit_slip,
    "信息处理费不合标准": fee_slip,
    "上年年份未改（句首）": year_left,
    "上年年份未改（其他）": a_sentence(
        "overview",
        ("截至{last}年底，网站运行平稳。", "{last}年"),
        ("现公布{last}年政府信息公开工作年度报告。", "{last}年"),
        ("{last}年度，全年培训两次。", "{last}年"),
        ("各单位{last}年共发布信息五百条。", "{last}年"),
    ),
    "统计期限年份错": period_left,
    "模板未替换": a_sentence(
        "overview",
        ("xx单位认真落实要求。", "xx"),
        ("某某市高度重视。", "某某"),
        ("全年发布信息___条。", "___"),
        ("【请根据实际填写】", "【请根据实际填写】"),
        ("（黑体三号字）加强管理。", "（黑体三号字）"),
        ("××局加强管理。", "××"),
    ),
    "漏数字": a_sentence(
        "overview",
        ("通过微信公众号发布信息条。", "信息条"),
        ("全年组织培训次，效果良好。", "培训次"),
        ("共收到件，均已答复。", "收到件"),
        ("全年信息增长%。", "增长%"),
        ("目前现行有效的行政规范性文件。", "现行有效的行政规范性文件"),
    ),
    "重复词": doubled,
    "固定提法错": a_sentence(
        "overview",
        ("坚持公开为例外、不公开为常态。", "公开为例外、不公开为常态"),
        ("依据《中华人民共和国政府信息公开条列》。", "条列"),
        ("坚持以习近平新时代特色社会主义思想为指导。", "习近平新时代特色社会主义思想"),
        ("认真贯彻《中国人民共和国政府信息公开条例》。", "中国人民共和国"),
    ),
    "半角标点": half_width,
    "截止、持平等": a_sentence(
        "overview",
        ("截止{year}年12月31日，共更新栏目12个。", "截止"),
        ("信息总量较上年减少持平。", "减少持平"),
        ("截止目前，运行正常。", "截止"),
        ("20{year}-，工作有序开展。".replace("20{year}", "{before}"), "{before}-"),
    ),
    "他机关称谓": name_left,
    "外地地名": place_left,
    "身份证号": id_number,
    "手机号": mobile,
    "申请人姓名": person_named,
}


# -- measuring ------------------------------------------------------------------------------------------------------


def rules_for(name: str, report: Report) -> tuple[Rule, ...]:
    form = FORMATS.for_year(report.year)
    last = state(named(LAST[name])).values if name in LAST else None
    own = [rule for rule in rules_of(form) if not rule.code.startswith("text:")]
    return (*own, *text_rules(form, RULES, last))


def told(rules: Sequence[Rule], report: Report) -> list[Finding]:
    values = Engine(FORMATS.for_year(report.year)).values(report)
    found = flat(find_all(rules, RuleInput(report, values)))
    return [finding for finding in found if finding.code not in WHOLE]


def names_it(slip: Slip, finding: Finding) -> bool:
    """Tell whether a finding names the slip; for cells, one of their rows or columns."""
    if slip.cells:
        near = {(c.table, c.row) for c in slip.cells} | {(c.table, c.column) for c in slip.cells}
        return any((c.table, c.row) in near or (c.table, c.column) in near for c in finding.cells)
    text = slip.report.text(slip.section)
    return any(
        slip.section == s.section and (slip.words in (said := text[s.start : s.start + s.length]) or said in slip.words)
        for s in finding.spans
    )


def exactly(slip: Slip, finding: Finding) -> bool:
    """Tell whether the finding's first cell is a wrong one, or the wrong words are underlined."""
    return finding.cells[:1] != () and finding.cells[0] in slip.cells if slip.cells else names_it(slip, finding)


def measure(kinds: Mapping[str, Make], each: int, chance: random.Random) -> None:
    for kind, make in kinds.items():
        found = exact = done = sure = sure_exact = 0
        for name, base, slip in slips(make, each, chance):
            done += 1
            rules = RULES_OF.setdefault(name, rules_for(name, base))
            before = Counter((finding.code, finding.message) for finding in told(rules, base))
            new = [f for f in told(rules, slip.report) if not taken(before, (f.code, f.message))]
            hit = bool(new) and exactly(slip, new[0])
            found += any(names_it(slip, finding) for finding in new)
            exact += hit
            if kind in CURES and len(list(islice(settling(kind, slip.report), 2))) == 1:
                sure, sure_exact = sure + 1, sure_exact + hit
        if done:
            known = f"{sure / done:.1%} | {sure_exact / sure:.1%}" if sure else "0 | —" if kind in CURES else " | "
            print(f"| {kind} | {done} | {found / done:.1%} | {exact / done:.1%} | {known} |")


def slips(make: Make, each: int, chance: random.Random) -> Iterator[tuple[str, Report, Slip]]:
    """Yield `each` real reports with a slip: name, report before the slip, slip."""
    done = tries = 0
    while done < each and tries < each * 40:
        tries += 1
        name = chance.choice(REAL)
        base = honest(chance, name)
        slip = make(chance, name, base)
        if slip and slip.report != base:
            done += 1
            yield name, base, slip


# -- slips that balance the equations -------------------------------------------------------------------------------


def settling(kind: str, report: Report) -> Iterator[object]:
    """Yield all corrections of one kind of slip that balance every equation of a report, found by trying each."""
    form = FORMATS.for_year(report.year)
    engine, values = Engine(form), state(report).values
    for entries, stated in CURES[kind](report, values):
        new, _ = engine.recompute(values, {a: Entry(n) for a, n in entries.items()})
        if holding(report.year, new, {**report.stated, **stated}):
            yield entries, stated


def holding(year: int, values: Mapping[Address, Number | None], stated: Mapping[Address, Number | None]) -> bool:
    return all(values[a] == n for a, n in stated.items()) and all(holds(r, values) for r in balances(year))


@cache
def balances(year: int) -> tuple[Relation[Address], ...]:
    form = FORMATS.for_year(year)
    checks = ((table, check) for table in form.tables for check in table.checks if check.severity is Severity.ERROR)
    return tuple(case.holds for table, check in checks for case in of_check(table, check) if case.holds.sign == "=")


Tried = tuple[Mapping[Address, Number], Mapping[Address, Number]]  # cells, printed totals


def one_number(report: Report, values: Mapping[Address, Number | None]) -> Iterator[Tried]:
    """Yield changes of one cell or one printed total by any difference found in the equations."""
    off = {(values[a] or 0) - (n or 0) for a, n in report.stated.items()}
    off |= {evaluate(r.left, values) - evaluate(r.right, values) for r in balances(report.year)}
    for gap in {sign * gap for gap in off if gap for sign in (1, -1)}:
        yield from (({a: number(report, a) + gap}, {}) for a in report.cells if number(report, a) + gap >= 0)
        yield from (({}, {a: (n or 0) + gap}) for a, n in report.stated.items())


def two_cells(report: Report, _: object) -> Iterator[Tried]:
    """Yield swaps of two different numbers of one row."""
    for one, other in combinations(report.cells, 2):
        if (one.table, one.row) == (other.table, other.row) and number(report, one) != number(report, other):
            yield {one: number(report, other), other: number(report, one)}, {}


def two_rows(report: Report, _: object) -> Iterator[Tried]:
    """Yield swaps of two rows of table 三."""
    cells = [a for a in report.cells if a.table == "requests"]
    for one, other in combinations(dict.fromkeys(a.row for a in cells), 2):
        place = {one: other, other: one}
        yield {a: number(report, a._replace(row=place[a.row])) for a in cells if a.row in place}, {}


CURES: dict[str, Callable[[Report, Mapping[Address, Number | None]], Iterator[Tried]]] = {
    "一格数字错": one_number,
    "两格互换": two_cells,
    "总计不符": one_number,
    "两行错位": two_rows,
    "结转错": one_number,
    "表四一格错": one_number,
}


def taken(before: Counter[tuple[str, str]], finding: tuple[str, str]) -> bool:
    """Tell whether a finding existed before; each one counts only once."""
    before[finding] -= 1
    return before[finding] >= 0


RULES_OF: dict[str, tuple[Rule, ...]] = {}


def precision(chance: random.Random) -> None:
    print("\n| 真实、诚实的文字 | 份（句） | 错误 | 须说明 | 提示 | 每份 |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    reports = [(name, real(name)) for name in REAL]
    line("公开的年报原文", [told(rules_for(name, r), r) for name, r in reports])
    made = [(name, honest(chance, name)) for name in REAL for _ in range(50)]
    line("同上，加写本机关数字的句子", [told(RULES_OF.setdefault(n, rules_for(n, r)), r) for n, r in made])
    for part, held in (("句子（调整规则时看过）", False), ("句子（留出，未看过）", True)):
        chosen = [case for place, case in enumerate(cases("honest")) if (place % 3 == 2) == held]
        found = []
        for name, section, text in chosen:
            report = replace(named(name), texts={section: text})
            found.append([f for f in told(rules_for(name, report), report) if f.spans])
        line(part, found)


def line(what: str, found: Sequence[Sequence[Finding]]) -> None:
    counts = [sum(f.severity.label == label for one in found for f in one) for label in ("错误", "须说明", "提示")]
    print(f"| {what} | {len(found)} | {' | '.join(map(str, counts))} | {sum(counts) / len(found):.2f} |")
    seen = sorted({(f.code, f.message) for one in found for f in one})
    for code, message in seen[:6]:
        print(f"<!-- {code}: {message[:100]} -->")


def faulty() -> None:
    print("\n| 有错的句子 | 句 | 发现 |\n| --- | ---: | ---: |")
    for part, held in (("调整规则时看过", False), ("留出，未看过", True)):
        chosen = [case for place, case in enumerate(cases("faulty")) if (place % 3 == 2) == held]
        hits = 0
        for name, section, text, code, _ in chosen:
            report = replace(named(name), texts={section: text})
            last = state(named(LAST[name])).values if name in LAST else None
            values = state(report)
            found = flat(find_all(text_rules(FORMATS.for_year(report.year), RULES, last), values))
            hits += any(f.code.startswith(code) for f in found)
        print(f"| {part} | {len(chosen)} | {hits / len(chosen):.1%} |")


COLD = """
import random, time
from tests.bench.checker import *
report = honest(random.Random(3), "shuyang-2025")
values = state(report)
before = time.perf_counter()
found = find_all(text_rules(FORMATS.for_year(2025), RULES), values)
print((time.perf_counter() - before) * 1000)
"""


def times(chance: random.Random) -> None:
    report = honest(chance, "shuyang-2025")
    rules = text_rules(FORMATS.for_year(report.year), RULES)
    cold = sorted(
        float(subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True, cwd=ROOT).stdout)
        for _ in range(5)
    )
    desk = Opener(FORMATS, ROOT / "resources" / "rules").open(report)
    cell, typed = Address("requests", "granted", "natural_person"), cycle(["7", "8"])
    digits = replace(report, texts={"overview": "1" * 200_000})
    print(f"\n全文冷启动（含编译）{cold[0]:.0f}—{cold[-1]:.0f} ms，", end="")
    print(f"再次 {best(lambda: find_all(rules, state(report))):.1f} ms，", end="")
    print(f"改一格 {best(lambda: desk.enter(cell, next(typed))):.2f} ms，", end="")
    length = sum(map(len, report.texts.values()))
    print(f"20 万个数字 {best(lambda: find_all(rules, state(digits)), 1):.0f} ms；全文 {length} 字")
    for what, paragraphs in (("每段一句", 1), ("每段四句", 4)):
        median, worst = typing(report, paragraphs)
        print(f"2 万字的总体情况（{what}），在中间打一个字：中位 {median:.1f} ms，最多 {worst:.1f} ms")


def typing(report: Report, sentences: int, length: int = 20_000, turns: int = 40) -> tuple[float, float]:
    """Return median and worst milliseconds of all checks after typing a character amid a long text."""
    own = [f"{sentence}。" for sentence in report.text("overview").replace("\n", "").split("。") if sentence]
    lines = ["".join(own[place : place + sentences]) for place in range(0, len(own), sentences)]
    text = "\n".join(islice(cycle(lines), length // (len("\n".join(lines)) // len(lines) + 1)))
    desk = Opener(FORMATS, ROOT / "resources" / "rules").open(replace(report, texts={"overview": text}))
    taken = []
    for turn in range(1, turns + 1):
        typed = text[: len(text) // 2] + "字" * turn + text[len(text) // 2 :]
        before = time.perf_counter()
        desk.write("overview", typed, going_on=True)
        taken.append(time.perf_counter() - before)
    return statistics.median(taken) * 1000, max(taken) * 1000


def best(work: Callable[[], object], times: int = 20) -> float:
    taken = []
    for _ in range(times):
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
    return min(taken) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    print("| 差错 | 次 | 发现 | 首条恰是 | 可定 | 其中首条恰是 |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    measure({**ARITHMETIC, **WORDS}, options.each, chance)
    precision(chance)
    faulty()
    times(chance)


if __name__ == "__main__":
    main()
