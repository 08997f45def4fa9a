"""Tests of caching by paragraph: unchanged paragraphs are not checked again; findings equal those of a full check."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.checks.last_year import LastYear
from model.checks.paragraph_memo import BEFORE, BEHIND, Memo, ParagraphText, cut
from model.editing.opener import Opener
from model.editing.session import Editing
from model.form.cell import at
from tests.support.narratives import FORMATS, ROOT, cases, named

OPENER = Opener(FORMATS, ROOT / "resources" / "rules")
LINES = [text for _, _, text, *_ in (*cases("honest"), *cases("faulty"))]


@pytest.mark.parametrize(
    "text, paragraphs",
    [
        ("", []),
        ("一", [(0, "一")]),
        ("一\n二", [(0, "一"), (2, "二")]),
        ("\n一\n \n\n二\n", [(1, "一"), (6, "二")]),
    ],
)
def test_a_text_is_cut_at_its_line_ends(text: str, paragraphs: list[tuple[int, str]]):
    assert [(start, piece.text) for start, piece in cut(text)] == paragraphs


@given(st.text(alphabet="一。\n ", max_size=400))
def test_every_paragraph_stands_where_it_is_said_with_what_is_around_it(text: str):
    for start, piece in cut(text):
        end = start + len(piece.text)
        assert text[start:end] == piece.text
        assert text[:start].endswith(piece.before)
        assert text[end:].startswith(piece.behind)
        assert (len(piece.before), len(piece.behind)) == (min(BEFORE, start), min(BEHIND, len(text) - end))


def asked(memo: Memo, text: str, rests_on: object = None) -> list[str]:
    """Return the paragraphs that are checked."""
    seen: list[str] = []

    def look(piece: ParagraphText) -> int:
        seen.append(piece.text)
        return len(piece.text)

    pieces = [placed.piece for placed in cut(text)]
    assert memo.each("length", rests_on, pieces, look) == [len(piece.text) for piece in pieces]
    return seen


def test_a_copy_knows_the_results_so_far_and_goes_its_own_way():
    memo = Memo()
    asked(memo, "甲\n乙")
    twin = memo.copy()
    asked(memo, "丙")
    assert asked(twin, "甲\n乙") == []
    assert asked(twin, "丁") == ["丁"]
    assert asked(memo, "丙") == []


def test_only_what_changed_is_asked_again():
    long = [letter * 200 for letter in "甲乙丙丁"]
    memo = Memo()
    assert asked(memo, "\n".join(long)) == long
    changed = "\n".join([*long[:2], long[2] + "字", long[3]])
    assert asked(memo, changed) == [long[2] + "字", long[3]]  # the next paragraph depends on the end of the one before
    assert asked(memo, changed) == []
    assert asked(memo, "\n".join([*long, long[0]])) == [long[2], long[3], long[0]]
    assert len(asked(memo, changed, rests_on="another number")) == 4


def test_two_paragraphs_alike_are_asked_once():
    assert asked(Memo(), "\n".join(["甲" * 200] * 9)) == ["甲" * 200] * 3  # first and last have other neighbours


EDIT = st.tuples(
    st.sampled_from(["line", "line", "insert", "cut", "join", "cell", "year", "agency", "address", "kind", "undo"]),
    st.integers(0, 999),
    st.sampled_from([*LINES, "12", "0", "", "。", "“", "，收到申请5件", "沭阳县人民政府", "统计期限"]),
)
SECTIONS = ("overview", "preface", "problems")


def do(desk: Editing, edit: tuple[str, int, str]) -> None:
    """Perform one edit; the number chooses the position."""
    what, which, words = edit
    section = SECTIONS[which % 3]
    text = desk.report.text(section)
    place = which % (len(text) + 1)
    if what == "line":
        desk.write(section, f"{text}\n{words}" if which % 2 else f"{words}\n{text}")
    elif what == "insert":
        desk.write(section, text[:place] + words + text[place:])
    elif what == "cut":
        desk.write(section, text[:place] + text[place + which % 40 :])
    elif what == "join":
        desk.write(section, text.replace("\n", "", 1))
    elif what == "cell":
        desk.enter(desk.form.inputs[(which * 7) % len(desk.form.inputs)], str(which % 50))
    elif what in ("year", "agency", "kind"):
        heads = {"year": 2024 + which % 2, "agency": ("临江市财政局", "街道办事处")[which % 2]}
        desk.set_head(**({what: heads[what]} if what in heads else {"unit_kind": ("town", "government")[which % 2]}))
    elif what == "address":
        desk.note_fact("contact_address", ("江苏省沭阳县人民路", "")[which % 2])
    else:
        desk.undo()


@pytest.mark.parametrize("last_year", [False, True])
@given(st.lists(EDIT, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_after_any_edits_the_same_is_found_as_by_a_fresh_look(last_year: bool, edits):
    base = named("small-2025")
    last = LastYear.of(replace(base, year=2024, texts={"overview": LINES[0]}), FORMATS.for_year(2024))
    desk = OPENER.open(base, last if last_year else None)
    for edit in edits:
        do(desk, edit)
        fresh = OPENER.open(desk.report, desk.last)
        assert desk.findings == fresh.findings
        assert desk.number_summary() == fresh.number_summary()


def test_what_stands_close_before_a_paragraph_is_still_seen():
    """Check a share of a number that the paragraph before names; a period may be named there as well."""
    text = "全年受理咨询200件。\n本年答复咨询50件，其中网上40件，占20%。"
    desk = OPENER.open(replace(named("zero-2025"), texts={"overview": text}))
    assert [finding.code for finding in desk.findings if finding.code == "share"] == []
    desk.write("overview", text.replace("\n", "\n" + "加强管理。" * 40 + "\n"))
    assert [finding.code for finding in desk.findings if finding.code == "share"] == ["share"]


def test_half_width_signs_of_all_paragraphs_are_one_finding_and_one_click():
    desk = OPENER.open(replace(named("zero-2025"), texts={"overview": "加强管理,提高质量。\n完善制度,落实责任。"}))
    (finding,) = [finding for finding in desk.findings if finding.code == "half-width"]
    assert [span.start for span in finding.spans] == [4, 15]
    assert finding.fix
    desk.apply(finding.fix)
    assert desk.report.text("overview") == "加强管理，提高质量。\n完善制度，落实责任。"


def test_a_place_guessed_from_all_texts_is_guessed_anew_with_each_of_them():
    """Check an agency whose name contains no place: it is that of the authorities named in its texts."""
    desk = OPENER.open(replace(named("zero-2025"), agency="街道办事处", texts={"overview": "按照沭阳县人民政府部署。"}))
    assert [f.code for f in desk.findings if f.code == "other-place"] == []
    desk.write("problems", "按照绵阳市人民政府部署。\n落实绵阳市财政局要求。")
    told = [f for f in desk.findings if f.code == "other-place"]
    assert told == [f for f in OPENER.open(desk.report).findings if f.code == "other-place"]
    assert {f.section for f in told} == {"overview"}


def test_a_number_that_is_written_otherwise_is_said_otherwise():
    """Check with 1.5 and 1.50: equal numbers, but different words in a message."""
    fees = at("proactive/fees/amount")
    desk = OPENER.open(replace(named("zero-2025"), texts={"other_matters": "全年收取信息处理费90000元。"}))
    for typed in ("1.5", "1.50"):
        desk.enter(fees, typed)
        assert desk.findings == OPENER.open(desk.report).findings
