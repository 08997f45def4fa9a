"""Measures the text rules on reports written by people who have not seen the rules.

    python -m tests.bench.paraphrases [FOLDER …] [--list]

Each report is a JSON file with tables and prose; in the prose every number that has a partner in the tables stands in
⟦ ⟧.  Recall: each of these numbers is made wrong, one at a time, and counts as found if a finding that was not there
before underlines it.  Listed: of the rest, those shown as 未能判断.  Precision: the findings on the prose as written.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.checks.finding import Finding, RuleInput
from model.checks.rules import Rule, find_all, flat
from model.claims.number_summary import summarise_numbers
from model.form.cell import Entry
from model.narrative.all_rules import rule_context, text_rules
from model.prose.amount import in_words
from model.prose.context import RuleContext
from model.report.report import Report
from model.report.totals import Engine
from tests.support.narratives import FORMATS, RULES, entries

MATERIAL = Path(__file__).resolve().parents[1] / "support" / "paraphrases"
# Found in a whole text only; the files hold excerpts.
WHOLE = {"aspect-missing", "aspect-government", "no-number", "period-missing", "text-empty", "fee-unstated",
         "problems-unstated", "measures-unstated"}  # fmt: skip
COLUMNS = ("natural_person", "business", "research", "nonprofit", "legal_service", "other_org")
_MARK = re.compile("⟦(.*?)⟧")


@dataclass(frozen=True)
class Mark:
    """A number with a partner in the tables: its section and its stretch of the text without marks."""

    section: str
    start: int
    end: int


@dataclass(frozen=True)
class Told:
    """A report with the marks of its texts."""

    name: str
    report: Report
    marks: tuple[Mark, ...]


def told(path: Path) -> Told:
    """Read one file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    form = FORMATS.for_year(data["year"])
    requests = {row: dict(zip(COLUMNS, numbers, strict=False)) for row, numbers in data.get("table3", {}).items()}
    tables = {"proactive": data.get("table2", {}), "requests": requests, "disputes": data.get("table4", {})}
    cells = dict.fromkeys(form.inputs, Entry(0)) | entries(form, tables)
    texts = {section: _MARK.sub(r"\1", text) for section, text in data["texts"].items()}
    marks = tuple(mark for section, text in data["texts"].items() for mark in _marks(section, text))
    return Told(path.stem, Report(data["agency"], data["year"], form.id, data["unit_kind"], cells, texts=texts), marks)


def _marks(section: str, text: str) -> Iterator[Mark]:
    for place, match in enumerate(_MARK.finditer(text)):
        start = match.start() - 2 * place
        yield Mark(section, start, start + len(match[1]))


def wrong_digits(digits: str) -> str:
    """Return another number in the same notation: 26 → 37, 十一 → 十四, 1,204 → 1,315."""
    if digits[0] in "0123456789":
        place = next((i for i in range(len(digits) - 1, -1, -1) if digits[i].isdigit()), 0)
        changed = str((int(digits[place]) + 3) % 10)
        return digits[:place] + changed + digits[place + 1 :]
    value = in_words(digits) if not set(digits) - set("零一二三四五六七八九十百千万两") else 0
    return str(value + 3)


@dataclass(frozen=True)
class Checked:
    """The rules of one format."""

    rules: Sequence[Rule]
    ground: RuleContext

    def findings(self, report: Report) -> list[Finding]:
        return [f for f in flat(find_all(self.rules, _state(report))) if f.code not in WHOLE]


def _state(report: Report) -> RuleInput:
    return RuleInput(report, Engine(FORMATS.for_year(report.year)).values(report))


def checked(year: int) -> Checked:
    form = FORMATS.for_year(year)
    return Checked(text_rules(form, RULES), rule_context(form, RULES))


def found(before: Sequence[Finding], after: Sequence[Finding], mark: Mark, end: int) -> bool:
    """Tell whether a new finding underlines the mark."""
    known = Counter((f.code, f.message) for f in before)
    for finding in after:
        known[finding.code, finding.message] -= 1
        inside = any(
            s.section == mark.section and s.start < end and s.start + s.length > mark.start for s in finding.spans
        )
        if known[finding.code, finding.message] < 0 and inside:
            return True
    return False


def measure(folder: Path, *, listing: bool) -> Mapping[str, Any]:
    """Return the figures of one folder; `listing` prints every miss and every alarm."""
    count: Counter[str] = Counter()
    checks: dict[str, Checked] = {}
    for path in sorted(folder.glob("*.json")):
        one = told(path)
        rules = checks.setdefault(one.report.format, checked(one.report.year))
        honest = rules.findings(one.report)
        count["reports"] += 1
        count["characters"] += sum(map(len, one.report.texts.values()))
        for finding in honest:
            count[finding.severity.label] += 1
            if listing:
                print(f"{one.name} {finding.severity.label} {finding.code}: {finding.message}")
        _recall(one, rules, honest, count, listing=listing)
    return count


def _recall(one: Told, rules: Checked, honest: Sequence[Finding], count: Counter[str], *, listing: bool) -> None:
    for mark in one.marks:
        text = one.report.text(mark.section)
        wrong = wrong_digits(text[mark.start : mark.end])
        changed = text[: mark.start] + wrong + text[mark.end :]
        report = replace(one.report, texts={**one.report.texts, mark.section: changed})
        count["marks"] += 1
        end = mark.start + len(wrong)
        if found(honest, rules.findings(report), mark, end):
            count["found"] += 1
            continue
        spans = [o.span for o in summarise_numbers(rules.ground, _state(report), mark.section).open]
        listed = any(s.start < end and s.start + s.length > mark.start for s in spans)
        count["listed"] += listed
        if listing:
            about = text[max(0, mark.start - 40) : mark.start] + "⟦" + text[mark.start : mark.end] + "⟧"
            print(
                f"{one.name} {'listed' if listed else 'MISSED'}: {about}{text[mark.end : mark.end + 25]}".replace(
                    "\n", "/"
                )
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--list", action="store_true", dest="listing")
    options = parser.parse_args()
    folders = options.folders or sorted(path for path in MATERIAL.iterdir() if path.is_dir())
    rows = [(folder.name, measure(folder, listing=options.listing)) for folder in folders]
    print("| 材料 | 份 | 字 | 应核对的数 | 改错后发现 | 其余列为未能判断 | 错误 | 须说明 | 提示 | 每千字误报 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, c in rows:
        alarms = c["错误"] + c["须说明"] + c["提示"]
        print(
            f"| {name} | {c['reports']} | {c['characters']} | {c['marks']} | {c['found'] / max(1, c['marks']):.1%} |"
            f" {c['listed']} | {c['错误']} | {c['须说明']} | {c['提示']} |"
            f" {alarms * 1000 / max(1, c['characters']):.2f} |"
        )


if __name__ == "__main__":
    main()
