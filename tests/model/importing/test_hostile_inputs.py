"""Tests that no content occupies a reader, ends it with an exception, or fills a message.

The mill `hostile_inputs` has many more kinds and larger files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.base.text import MAX_EXCERPT, excerpt, excerpt_of_row
from model.base.trouble import Trouble
from model.base.work_limit import WorkLimit
from model.editing.opener import Opener
from model.form.cell import at
from model.importing import clipboard
from model.importing.pasting import propose
from model.importing.read import read_bytes
from model.importing.values import MAX_ALIKE
from model.report.exchange import dumps, loads
from model.report.report import Report
from tests.mills import hostile_inputs
from tests.mills.hostile_inputs import SECONDS, exchange, exchanged, kinds, measured
from tests.support.importing_cases import FORMATS, REPORTS, ROOT, SAMPLE, outcome
from ui.cli import check_output

KINDS = kinds()
# One kind for each loop over foreign content that once took quadratic time, or that has a limit of its own.
SLOW_ONCE = (
    "json rows", "json columns", "json numbers in a row", "json texts in a row", "json names of columns",
    "json one key", "json empty objects", "json a cell of brackets", "exchange unknown list of {}",
    "exchange unknown list of 1",
    "exchange notes", "text strip with many lines", "text heads", "pdf '1 0 obj<</Length 5>>stream\\n'",
    "pdf encrypted '1 0 obj<</Length 5>>stream\\n'", "pdf one stream for 2,000 attachments", "pdf 500 bombs",
    "pdf 20 MB of streams", "pdf armour", "html '<a '", "html '<td a='", "html '<!--'", "html '<?'",
    "html '<td rowspan=2000 colspan=64>'", "html '<td a=\\'<td a=\"'", "tsv '1\\t1\\n'",
)  # fmt: skip


@pytest.mark.parametrize("kind", SLOW_ONCE)
def test_no_content_takes_long(tmp_path: Path, kind: str) -> None:
    """Find what takes minutes: with other work on a shared core, CPU time can be twice that of the mill."""
    seconds, said = measured(kind, KINDS[kind], tmp_path)
    assert not said.startswith("EXCEPTION")
    assert seconds < 2.5 * SECONDS


def test_an_allowance_ends_with_its_sentence() -> None:
    limit = WorkLimit("过多", 3)
    limit.spend(3)
    assert limit.left == 0
    with pytest.raises(Trouble, match="过多"):
        limit.spend()


# -- notes ------------------------------------------------------------------------------------------------------------


def plain(**parts: object) -> bytes:
    return json.dumps({"agency": "某局", "year": 2020, "table2": {}, **parts}).encode()


def test_notes_of_one_kind_are_listed_up_to_a_number_and_then_counted() -> None:
    rows: dict[str, object] = {f"r{number}": {} for number in range(MAX_ALIKE + 7)}
    report = read_bytes("a.json", plain(table2=rows), FORMATS).report
    found = [note.message for note in report.notes if note.code == "row-unknown"]
    assert len(found) == MAX_ALIKE + 1
    assert "“r0”" in found[0]
    assert "还有 7 处同样的问题，没有逐一列出" in found[-1]


def test_few_notes_are_all_listed() -> None:
    rows: dict[str, object] = {f"r{number}": {} for number in range(MAX_ALIKE)}
    report = read_bytes("a.json", plain(table2=rows), FORMATS).report
    assert [note.code for note in report.notes].count("row-unknown") == MAX_ALIKE


def test_a_number_of_values_that_is_a_limit_says_so() -> None:
    form = FORMATS.newest
    table = form.tables[0]
    start = at(str(next(address for address in form.inputs if address.table == table.id)))

    def said(count: int) -> str:
        rows = clipboard.rows_of("1\t2\n" * count)
        return " ".join(propose(Report("某局", 2024, form.id), form, table, rows, start).problems)

    assert "有 300" not in said(100)
    assert "至少有" not in said(100)
    assert "至少有" in said(clipboard.MAX_ROWS + 500)


# -- quotations -------------------------------------------------------------------------------------------------------

LONG = "ab" * 2500
LONG_RUN = LONG[: MAX_EXCERPT + 1]


def changed(**parts: object) -> bytes:
    return json.dumps({**exchanged(), **parts}).encode()


QUOTING: dict[str, Callable[[], bytes]] = {
    "format of a plain file": lambda: plain(format=LONG),
    "row": lambda: plain(table2={LONG: {}}),
    "column": lambda: plain(table2={"rules": {LONG: 1}}),
    "total": lambda: plain(table3={"total_processed": {"total": LONG}}),
    "key of texts": lambda: plain(texts={LONG: ""}),
    "key twice": lambda: plain().replace(b'"agency"', f'"{LONG}":1,"{LONG}":2,"agency"'.encode()),
    "format": lambda: changed(format=LONG),
    "schema": lambda: changed(schema="zwgk-annual-report/" + LONG),
    "unit kind": lambda: changed(unit_kind=LONG),
    "unknown key": lambda: changed(**{LONG: 1}),
    "cell": lambda: changed(cells={LONG: 1}),
    "cell of no table": lambda: changed(cells={f"{LONG}/a/b": 1}),
    "number": lambda: changed(cells={f"{LONG}/a/b": "x"}),
    "text": lambda: changed(texts={LONG: "x"}),
    "row label": lambda: SAMPLE.replace("规章\t0", f"{LONG}\t1\t2\t3\n规章\t0").encode(),
    "row of words": lambda: SAMPLE.replace("规章\t0\t0\t0", f"规章\t{LONG}\t1\t2\t3\t4\t5\t6\t7\t8").encode(),
    "column head": lambda: SAMPLE.replace("本年新制作数量", LONG).encode(),
    "text beside a table": lambda: SAMPLE.replace("规章\t0", f"{LONG}\n规章\t0").encode(),
    "title": lambda: SAMPLE.replace("# ", f"# {LONG} ", 1).encode(),
}


@pytest.mark.parametrize("case", QUOTING)
def test_a_message_quotes_little_of_what_a_file_holds(case: str) -> None:
    found = outcome(QUOTING[case]())
    said = [found] if isinstance(found, str) else [note.message for note in found.report.notes]
    assert said
    assert [message for message in said if LONG_RUN in message] == []
    assert max(map(len, said)) < 800


def test_an_excerpt_is_one_line_of_visible_characters() -> None:
    assert excerpt("一\n二\t三\u202e\ud800") == "一 二 三"
    assert excerpt("x" * 40) == "x" * 40
    assert excerpt("x" * 41) == "x" * 40 + "……"
    assert excerpt(" " * 5000) == "……"
    assert excerpt_of_row(["规章", "", "1", "2"]) == "规章 1 2"
    assert len(excerpt_of_row(["规章", *["1"] * 5000])) == 162


# -- mutations --------------------------------------------------------------------------------------------------------

OPENER = Opener(FORMATS, ROOT / "resources" / "rules")
SOURCES = [
    (REPORTS / "suqian-2024.json").read_text("utf-8"),
    exchange().decode(),
    plain(table2={"rules": [1]}).decode(),
]
PIECES = st.sampled_from(
    [
        "\\ud800",
        "\\udfff",
        "\\u0000",
        "\\u202e",
        '"',
        "{}",
        "[",
        "null",
        "1e999",
        "NaN",
        "-0",
        "9" * 30,
        ",",
        '"a":1,',
        "",
    ]
) | st.text(max_size=4)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return the JSON of a report with pieces put over it at a few places."""
    text = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(text))), draw(st.integers(0, 6))
        text = text[:place] + draw(PIECES) + text[place + length :]
    return text.encode("utf-8", "surrogatepass")


def parts_as_data() -> st.SearchStrategy[bytes]:
    """JSON of the right outline with any values in it, half of a surrogate pair included."""
    words = st.text(st.characters(), max_size=8) | st.just("\ud800")
    values = st.none() | st.booleans() | st.integers() | st.floats() | words
    strange = st.recursive(
        values,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=6,
    )
    names = st.sampled_from(
        ["agency", "year", "format", "table2", "table3", "table4", "table3_columns", "texts", "\ud800"]
    )
    return st.dictionaries(names, strange, max_size=6).map(lambda parts: plain(**parts))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(mutated(), parts_as_data()))
def test_what_was_read_can_be_checked_and_written_and_what_was_not_is_one_sentence(data: bytes) -> None:
    found = outcome(data)
    if isinstance(found, str):
        assert "\n" not in found
        found.encode()
        return
    reviewed = OPENER.review(found.report)
    check_output.as_text(reviewed).encode()
    check_output.written(check_output.as_data(reviewed)).encode()
    assert loads(dumps(found.report)) == found.report


@pytest.mark.parametrize("place", ["table2", "texts", "agency", "format", "key", "row", "cell"])
def test_half_of_a_surrogate_pair_never_leaves_the_reader(place: str) -> None:
    half = "\ud800"
    parts: dict[str, dict[str, object]] = {
        "table2": {"table2": {half: {}}},
        "texts": {"texts": {"overview": f"一{half}二"}},
        "agency": {"agency": f"某{half}局"},
        "format": {"format": half},
        "key": {half: 1},
        "row": {"table2": {"rules": {half: 1}}},
        "cell": {"table2": {"rules": [half, half, half]}},
    }
    found = outcome(plain(**parts[place]))
    (found if isinstance(found, str) else dumps(found.report).decode()).encode()


def test_the_mill_names_an_exception(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile_inputs, "result", lambda *_: 1 / 0)
    assert measured("x", bytes, tmp_path)[1].startswith("EXCEPTION ZeroDivisionError")
