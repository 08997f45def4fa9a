"""Tests that section and table ids of a format can be renamed consistently without any other change.

The purpose of a section is in the format's `[roles]`; rules, generated texts, screen and print use only these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from export.document.document import Approval, Block, Heading, Paragraph, PrintedTable
from export.document.report_document import compose
from model.base.trouble import Trouble
from model.checks.finding import Finding, Span
from model.editing.rule_descriptions import pages
from model.editing.run_rules import review
from model.editing.session import Editing
from model.form.cell import Address
from model.form.format import Format
from model.form.loader import Formats, load
from model.importing.json_file import read_json
from model.narrative.all_rules import rule_context, rules_on
from model.report.facts import CONTACT_OFFICE, FEES, WITH_APPROVAL
from model.report.generated_text import fee_problem, fees, preface
from model.report.report import Report
from tests.support.helpers import FORM_2021, LAW, ROOT, THIRD, published, zeros
from tests.support.helpers import report as written
from tests.support.narratives import RULES, cases

Names = Mapping[str, str]
SHIPPED = ROOT / "resources" / "formats" / "2021.toml"
OWN = [*dict.fromkeys([*(s.id for s in FORM_2021.sections), *(t.id for t in FORM_2021.tables)])]
FAULTY = [(section, text) for _, section, text, *_ in (*cases("faulty"), *cases("honest"))]
RULES_SEEN = {"problems-unstated", "measures-unstated", "fee-unstated", "aspect-government", "no-number", "figure"}


def renamed(text: str, names: Names) -> str:
    """Return the text of a format file with other ids for its sections and tables."""
    for old, new in names.items():
        text = re.sub(rf'"{old}"', f'"{new}"', text)
        text = re.sub(rf"\b{old}/", f"{new}/", text)
    return text


def with_names(report: Report, names: Names) -> Report:
    """Return the same report in the format with these names."""

    def at(address: Address) -> Address:
        return address._replace(table=names.get(address.table, address.table))

    return replace(
        report,
        cells={at(address): entry for address, entry in report.cells.items()},
        stated={at(address): number for address, number in report.stated.items()},
        texts={names.get(section, section): text for section, text in report.texts.items()},
    )


def told(report: Report, form: Format, names: Names) -> list[object]:
    """Return all messages and texts that the program makes for a report, with the original ids."""
    base = rule_context(form, RULES)
    editing = Editing(report, form, more=rules_on(base), context=base)
    back = {new: old for old, new in names.items()}
    document = compose(editing.now)
    assert form.fee
    generated = preface(report, form), fees(replace(report, facts=dict.fromkeys(FEES, "10")), form.fee)
    points = [must.point for section in form.sections for must in editing.required_in(section.id)]
    found = [told_finding(finding, back) for finding in editing.findings]
    printed = [printed_block(block) for block in document.blocks]
    return [found, editing.number_summary().sentence(), generated, points, pages(form, RULES), printed]


def printed_block(block: Block) -> object:
    """Return the printed content of a block, without the ids by which a click on it is located."""
    if isinstance(block, PrintedTable):
        return [(box.row, box.column, box.rows, box.columns, box.text, box.role) for box in block.grid.boxes]
    if isinstance(block, Heading | Paragraph):
        return block.text
    return block


def told_finding(finding: Finding, back: Names) -> tuple[object, ...]:
    def span(one: Span) -> tuple[str, int, int]:
        return back.get(one.section, one.section), one.start, one.length

    cells = [str(address._replace(table=back.get(address.table, address.table))) for address in finding.cells]
    said = finding.message, finding.advice, finding.basis, finding.fix.label if finding.fix else ""
    section = back.get(finding.section, finding.section)
    return finding.code, finding.severity, section, *said, cells, [span(one) for one in finding.spans]


@cache
def reports() -> tuple[Report, ...]:
    """Return a real report with all its texts, one without any, and one whose texts say 0 for larger numbers."""
    given_texts = {
        "overview": "未收到申请。",
        "problems": "无。",
        "other_matters": "信息处理费385元。",
        "preface": "无。",
    }
    numbers = zeros(FORM_2021, requests__new_received__natural_person=3, disputes__review__upheld=2)
    return (
        published("suqian-2024"),
        replace(written(FORM_2021, numbers, texts=given_texts), year=2024, unit_kind="government"),
        replace(written(FORM_2021, numbers, texts=dict.fromkeys(given_texts, "略。")), unit_kind="town"),
    )


RENAMING = st.lists(st.from_regex(r"[a-z][a-z0-9_]{3,12}", fullmatch=True), min_size=6, max_size=6, unique=True).map(
    lambda new: {old: f"x_{name}" for old, name in zip(OWN, new, strict=True)}
)
QUICK = settings(LAW, max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking takes minutes


def loaded(folder: Path, text: str) -> Format:
    path = folder / "renamed.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


@QUICK
@given(RENAMING, st.sampled_from(range(3)), st.sampled_from(FAULTY))
def test_other_ids_change_nothing_that_a_user_sees(
    tmp_path_factory: pytest.TempPathFactory, names: Names, which: int, more: tuple[str, str]
):
    form = loaded(tmp_path_factory.mktemp("formats"), renamed(SHIPPED.read_text(encoding="utf-8"), names))
    report, (section, text) = reports()[which], more
    report = replace(report, texts={**report.texts, section: f"{report.text(section)}\n{text}"})
    assert told(with_names(report, names), form, names) == told(report, FORM_2021, {})


def test_the_reports_above_touch_the_rules_that_once_vanished():
    base = rule_context(FORM_2021, RULES)
    codes = {
        finding.code
        for report in reports()
        for finding in Editing(report, FORM_2021, more=rules_on(base), context=base).findings
    }
    assert codes >= RULES_SEEN


def test_plain_tables_are_read_by_the_number_of_their_section(tmp_path: Path):
    names = {old: f"x_{old}" for old in OWN}
    data = (ROOT / "tests" / "support" / "reports" / "suqian-2024.json").read_text(encoding="utf-8")
    plain = json.loads(data) | {"texts": {}}
    told_as = json.dumps(plain).encode()
    new = Formats([loaded(tmp_path, renamed(SHIPPED.read_text(encoding="utf-8"), names))])
    old = read_json("a.json", told_as, told_as.decode(), Formats([FORM_2021])).report
    assert old.cells
    assert read_json("a.json", told_as, told_as.decode(), new).report == with_names(old, names)


def test_a_made_up_form_has_its_own_sentences_and_slip():
    report = Report(
        "某局", 2027, "2027", facts={**dict.fromkeys(FEES, "5"), WITH_APPROVAL: "1", CONTACT_OFFICE: "办公室"}
    )
    assert THIRD.fee
    said = "某局2027年的报告，依据国办公开办函〔2027〕99号（虚构）。统计期限为2027年1月1日至2027年12月31日。"
    assert preface(report, THIRD) == f"{said}联系办公室。"
    assert fees(report, THIRD.fee) == "2027年通知5件、5元，收到5元。"
    assert fee_problem({"fee_notices": "1", "fee_noticed_yuan": "7"}, THIRD.fee.step).endswith("5 元的整数倍，请核对")
    blocks = compose(review(report, THIRD)).blocks
    assert isinstance(blocks[-1], Approval)
    assert (blocks[-1].parts[-1], blocks[-1].steps) == ("签发单", ("起草", "签发"))


# -- incomplete renaming --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ('id = "other_matters"', 'id = "others"', "roles.fee：没有 id 为“other_matters”的部分"),
        ('id = "problems"', 'id = "shortfalls"', "roles.shortcomings：没有 id 为“problems”的部分"),
        ('id = "overview"', 'id = "summary"', "roles.general：没有 id 为“overview”的部分"),
        (
            '[[section]]\nid = "requests"',
            '[[section]]\nid = "asked"',
            "roles.applications：没有 id 为“requests”",
        ),
        ('[[table]]\nid = "requests"', '[[table]]\nid = "asked"', "section：没有 id 为“requests”的表"),
        ('table = "disputes"', 'table = "suits"', "section：没有 id 为“suits”的表"),
        ('remedies = "disputes"', 'remedies = "problems"', "roles.remedies：应是有表的部分，而“problems”不是"),
        ('fee = "other_matters"', 'fee = "requests"', "roles.fee：应是没有表的部分，而“requests”不是"),
        ('fee = "other_matters"', 'fee = ""', "roles.fee：格式写有 [fee]，而没有哪个部分报告信息处理费"),
        ('fee = "other_matters"\n', "", 'roles.fee：缺少这一项；格式中没有这样的部分时，写成空的 ""'),
        ('fee = "other_matters"', 'fees = "other_matters"', "roles.fee：缺少这一项"),
        ('general = "overview"', 'general = "overview"\nsummary = "overview"', "roles.summary：不认识这一项"),
        ("[approval]", "[approvals]", "approval：缺少 [approval]"),
        ("[fee]", "[fees]", "fees：不认识这一项"),
        ("step = 10", "step = 0", "fee.step：应大于 0，现为 0"),
        ('steps = ["拟稿", ', 'steps = ["", ', "approval.steps：至少要有一步，每一步都要有名称"),
        ("{sections}等{count}", "{section}", "preface[2]：“{section}”不可用，只能写 "),
        ("{office}联系{details}", "{office联系", "contact：花括号不成对"),
    ],
)
def test_an_id_that_is_renamed_in_one_place_only_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, expected: str
):
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Trouble) as caught:
        loaded(tmp_path, text.replace(old, new, 1))
    assert str(caught.value).startswith(f"格式文件 renamed.toml：{expected}")


def test_a_fee_without_its_words_is_refused(tmp_path: Path):
    text = SHIPPED.read_text(encoding="utf-8")
    without = text[: text.index("# 信息处理费, in force")] + text[text.index("# The kinds of unit") :]
    with pytest.raises(Trouble, match=r"roles.fee：指定了报告信息处理费的部分，而格式没有写 \[fee\]"):
        loaded(tmp_path, without)
