"""Builders shared by the tests of the model: formats, reports in a short notation, random edits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from model.checks.finding import Finding
from model.editing.reviewed import Reviewed
from model.editing.session import Editing, Effect
from model.form import loader
from model.form.cell import BLANK, Address, Entry, Number, at
from model.form.format import Format
from model.report.report import Report

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "tests" / "support" / "reports"
FORMATS = loader.load_all([ROOT / "resources" / "formats"])
FORM_2019, FORM_2021 = FORMATS.named("2019"), FORMATS.named("2021")
THIRD = loader.load(ROOT / "tests" / "support" / "formats" / "third.toml")
FORMS = (FORM_2019, FORM_2021, THIRD)

# Few examples keep a test run short; no deadline, since a busy machine is no fault of the model.
LAW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def lines(form: Format, table: str, text: str) -> dict[Address, Number]:
    """Parse `new_received 100 50 10 5 3 2 170` for each row: numbers in the order of the form, `.` for a blank cell."""
    numbers: dict[Address, Number] = {}
    for line in text.strip().splitlines():
        row, *cells = line.split()
        columns = form.table(table).columns(row)
        assert len(cells) == len(columns), line
        numbers |= {
            Address(table, row, column.id): Decimal(cell) if "." in cell else int(cell)
            for column, cell in zip(columns, cells, strict=True)
            if cell != "."
        }
    return numbers


def report(form: Format, numbers: Mapping[Address, Number], **fields: Any) -> Report:
    """Return a report with these numbers; those of computed cells become its printed totals."""
    return Report(
        fields.pop("agency", "某某县应急管理局"),
        fields.pop("year", form.first_year),
        form.id,
        cells={address: Entry(number) for address, number in numbers.items() if address not in form.totals},
        stated={address: number for address, number in numbers.items() if address in form.totals},
        **fields,
    )


def zeros(form: Format, **numbers: int | str) -> dict[Address, Number]:
    """Return 0 for every cell but those given as `table__row__column=12`; computed cells are left out."""
    given = {at(name.replace("__", "/")): Decimal(n) if isinstance(n, str) else n for name, n in numbers.items()}
    return {address: given.get(address, 0) for address in form.inputs}


WORDS = {
    "overview": "（一）主动公开。全年主动公开政府信息12条。\n（二）依申请公开。依法办理公开申请，依法答复。\n"
    "（三）政府信息管理。落实公开审查制度。\n（四）政府信息公开平台建设。维护门户网站公开平台。\n"
    "（五）监督保障。开展工作考核、社会评议，未发生责任追究。",
    "problems": "存在的主要问题是公开信息不够及时。下一步改进措施是加强培训，按时公开。",
    "other_matters": "本年度未发出信息处理费收费通知，未收取信息处理费。",
}


def texts(form: Format) -> dict[str, str]:
    """Return a text without findings for every section without a table."""
    return {section.id: WORDS.get(section.id, "已经写好。") for section in form.sections if not section.table}


def complete(form: Format, **numbers: int | str) -> Report:
    """Return a report without open findings: texts written, every cell 0 but those given."""
    return report(form, zeros(form, **numbers), texts=texts(form))


def editing(form: Format, numbers: Mapping[Address, Number] | None = None, **fields: Any) -> Editing:
    """Open a report with these numbers."""
    return Editing(report(form, numbers or {}, **fields), form)


def messages(found: tuple[Finding, ...], *codes: str) -> list[str]:
    """Return the messages of the findings with these codes (all without a code), in order."""
    return [finding.message for finding in found if not codes or finding.code in codes]


def published(name: str) -> Report:
    """Return a real report from `tests/support/reports`, its printed totals included."""
    data = json.loads((REPORTS / f"{name}.json").read_text(encoding="utf-8"))
    form = FORMATS.named(data["format"])
    numbers: dict[Address, Number] = {}
    for table, rows in (("proactive", data["table2"]), ("requests", data["table3"]), ("disputes", data["table4"])):
        for row, cells in rows.items():
            pairs = cells.items() if isinstance(cells, dict) else zip(data["table3_columns"], cells, strict=True)
            for column, number in pairs:
                numbers[Address(table, row, column)] = Decimal(number) if isinstance(number, str) else number
    kind = {"unit_kind": "government"}
    return report(form, numbers, agency=data["agency"], year=data["year"], texts=data["texts"], **kind)


# -- random edits ---------------------------------------------------------------------------------------------------

Step = tuple[str, int, str]
TYPED = st.sampled_from(["0", "1", "2", "5", "12", "-17", "1.5", "1.50", "3.25", "", "/", "abc", "7（其中修订2件）"])
WHAT = st.sampled_from(["enter", "enter", "enter", "fix", "write", "kind", "undo", "redo"])
STEP = st.tuples(WHAT, st.integers(0, 999), TYPED)


def started(form: Format, stated: dict[int, int]) -> Editing:
    """Return a report of small numbers with some blanks and printed totals, so that random edits trigger every rule."""
    numbers: dict[Address, Number] = {a: n % 3 for n, a in enumerate(form.inputs) if n % 7}
    totals = list(form.totals)
    numbers |= {totals[place % len(totals)]: number for place, number in stated.items()}
    return editing(form, numbers)


def do(desk: Editing, step: Step) -> Effect:
    """Perform one random edit; the number chooses the cell, finding or text."""
    what, which, typed = step
    if what == "enter":
        # a few cells only, so that edits concern the same ones
        return desk.enter(desk.form.inputs[(which % 12) * 13 % len(desk.form.inputs)], typed)
    if what == "write":
        return desk.write(desk.form.sections[which % len(desk.form.sections)].id, typed)
    if what == "kind":
        return desk.set_head(unit_kind=("department", "government")[which % 2])
    if what == "fix":
        fixes = [finding.fix for finding in desk.findings if finding.fix]
        return desk.apply(fixes[which % len(fixes)]) if fixes else desk.undo()
    return desk.undo() if what == "undo" else desk.redo()


def seen(desk: Editing | Reviewed) -> tuple[object, ...]:
    """Return all that an open report shows, in a form that tells 1.5 from 1.50 and 12 from 12.0."""
    return desk.report, {address: str(number) for address, number in desk.values.items()}, desk.findings


def entry(desk: Editing, path: str) -> Entry:
    """Return the entry at `table/row/column`."""
    return desk.report.cells.get(at(path), BLANK)
