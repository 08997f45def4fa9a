"""Tests of versions: comparing, restoring, and undo that persists across sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.editing.session import Editing
from model.form.cell import BLANK, Address, Entry, at
from model.recovery.undecided_values import confirmed
from model.recovery.window_conflicts import conflicts
from model.report import diff
from model.report.report import Change, Report, applied
from model.report.undo import DEPTH, GOING_ON, Stacks, joined
from model.storage import step_writer
from model.storage.database_file import StoreTrouble
from model.storage.store import BEFORE, DAILY, Store, new_uid
from tests.support.helpers import FORM_2021

CELL, OTHER = at("requests/new_received/natural_person"), at("requests/denied/total")
REPORT = Report("应急管理局", 2023, "2021", cells={CELL: Entry(12)}, texts={"overview": "总体情况"})


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    store.create(REPORT, "新建")
    yield store
    store.close()


def enter(store: Store, number: int, place: Address = CELL) -> None:
    before = store.load(1).entry(place)
    store.save(1, [Change("填写", cells={place: (before, Entry(number))})], new_uid())


def in_file(store: Store, sql: str) -> None:
    store.database.execute(sql)


# -- versions --------------------------------------------------------------------------------------------------------


def test_a_version_keeps_the_report_as_it_was_under_its_name(store):
    enter(store, 13)
    version = store.keep_version(1, "送审稿")
    enter(store, 14)
    assert (version.name, version.step, version.automatic) == ("送审稿", 2, False)
    assert store.version(version.number).entry(CELL) == Entry(13)
    assert store.versions(1) == (version,)


def test_automatic_versions_give_way_to_newer_ones_and_named_ones_never(store):
    named = store.keep_version(1, "送审稿")
    for number in range(25):
        store.keep_version(1, f"导入前 {number}", BEFORE)
    kept = store.versions(1)
    assert [version.name for version in kept if version.automatic] == [f"导入前 {n}" for n in range(24, 4, -1)]
    assert named in kept


def test_the_state_of_the_day_before_is_kept_at_the_first_save_of_a_day(store, monkeypatch):
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat
    monkeypatch.setattr(step_writer, "stamp", yesterday)
    enter(store, 13)
    monkeypatch.undo()
    enter(store, 14)
    enter(store, 15)
    (version,) = store.versions(1)
    assert (version.kind, store.version(version.number).entry(CELL)) == (DAILY, Entry(13))


def test_a_version_with_a_wrong_byte_is_not_shown(store):
    version = store.keep_version(1, "送审稿")
    in_file(store, "UPDATE version SET report = replace(report, '12', '72')")
    for look in (lambda: store.version(version.number), store.verify, lambda: store.versions(1)):
        with pytest.raises(StoreTrouble, match="已损坏（草稿 1 的版本 1）"):
            look()


def test_a_version_is_forgotten_only_when_told(store):
    version = store.keep_version(1, "送审稿")
    store.forget_version(version.number)
    assert store.versions(1) == ()
    with pytest.raises(StoreTrouble, match="没有编号为 1 的版本"):
        store.version(version.number)


def test_going_back_is_a_step_that_can_be_undone(store):
    version = store.keep_version(1, "送审稿")
    enter(store, 13)
    now = store.load(1)
    change = diff.going_back(now, store.version(version.number), version.name)
    store.save(1, [change], new_uid())
    assert (store.load(1), change.cause) == (REPORT, "回到版本“送审稿”")
    assert applied(store.load(1), store.history(1).done[-1].inverse()) == now


def test_what_was_checked_is_said(store):
    store.keep_version(1, "送审稿")
    assert store.verify().sentence() == "检查了 1 份草稿、1 处修改、1 个版本，全部完好"


# -- side by side ----------------------------------------------------------------------------------------------------


def test_two_versions_are_compared_by_cell_text_and_cover():
    new = Report("应急局", 2023, "2021", cells={CELL: Entry(13), OTHER: Entry(1)}, facts={"phone": "0391"})
    found = diff.compare(REPORT, new)
    assert [(d.address, d.old, d.new) for d in found.cells] == [
        (OTHER, BLANK, Entry(1)),
        (CELL, Entry(12), Entry(13)),
    ]
    assert [(d.place, d.old, d.new) for d in found.texts] == [("overview", "总体情况", "")]
    assert [(d.place, d.old, d.new) for d in found.facts] == [("phone", "", "0391")]
    assert [(d.place, d.old, d.new) for d in found.head] == [("agency", "应急管理局", "应急局")]
    assert diff.compare(new, new).same


@pytest.mark.parametrize(
    "old, new, pieces",
    [
        ("一、总体情况。", "一、总体的情况。", [("一、总体", "一、总体"), ("", "的"), ("情况。", "情况。")]),
        ("甲\n乙\n丙\n", "甲\n丙\n", [("甲\n", "甲\n"), ("乙\n", ""), ("丙\n", "丙\n")]),
        ("", "", []),
        ("", "新", [("", "新")]),
    ],
)
def test_texts_are_cut_where_they_differ(old, new, pieces):
    assert [(piece.old, piece.new) for piece in diff.pieces(old, new)] == pieces


words = st.lists(st.sampled_from(["甲", "乙", "主动公开", "。", "\n"]), max_size=60).map("".join)


@given(old=words, new=words)
def test_the_pieces_make_up_both_texts(old, new):
    found = diff.TextDifference("overview", diff.pieces(old, new))
    assert (found.old, found.new) == (old, new)
    assert any(not piece.same for piece in found.pieces) is (old != new)


def test_long_texts_are_compared_by_paragraph():
    one, other = ("甲" * 9000 + "\n" + "乙" * 9000, "甲" * 9000 + "\n" + "丙" * 9000)
    assert [piece.same for piece in diff.pieces(one, other)] == [True, False]


# -- undo across sessions --------------------------------------------------------------------------------------------


class Pencil:
    """Undo stack of one draft, used as an open report does."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.done: list[Change] = []
        self.undone: list[Change] = []

    def do(self, change: Change) -> Change:
        one = joined(self.done[-1], change) if self.done else None
        if one is None:
            change = replace(change, cause=change.cause.removeprefix(GOING_ON))
        self.done[-1 if one else len(self.done) :] = [one or change]
        self.undone.clear()
        return self.perform(change)

    def undo(self) -> Change:
        change = self.done.pop()
        self.undone.append(change)
        inverse = change.inverse()
        return self.perform(Change(f"撤销{change.cause}", inverse.cells, texts=inverse.texts))

    def redo(self) -> Change:
        self.done.append(self.undone.pop())
        return self.perform(self.done[-1])

    def perform(self, change: Change) -> Change:
        self.report = applied(self.report, change)
        return change


acts = st.one_of(
    st.tuples(st.sampled_from(["enter", "go on"]), st.sampled_from([CELL, OTHER]), st.integers(0, 9)),
    st.tuples(st.just("write"), st.just("overview"), words),
    st.tuples(st.sampled_from(["undo", "redo", "save", "reopen"]), st.none(), st.none()),
)


@given(done=st.lists(acts, max_size=25))
@settings(deadline=None, max_examples=60)
def test_what_can_be_undone_is_the_same_after_a_restart(tmp_path_factory, done):
    folder = tmp_path_factory.mktemp("数据")
    store, pencil, waiting = Store.open(folder), Pencil(REPORT), list[Change]()
    store.create(REPORT, "新建")
    for act, place, value in [*done, ("reopen", None, None)]:
        if act in {"enter", "go on"} and pencil.report.entry(place) != Entry(value):
            cause = "填写" if act == "enter" else "接着填写"
            waiting.append(pencil.do(Change(cause, cells={place: (pencil.report.entry(place), Entry(value))})))
        elif act == "write" and pencil.report.text(place) != value:
            waiting.append(pencil.do(Change("改写", texts={place: (pencil.report.text(place), value)})))
        elif act == "undo" and pencil.done:
            waiting.append(pencil.undo())
        elif act == "redo" and pencil.undone:
            waiting.append(pencil.redo())
        elif act in {"save", "reopen"}:
            store.save(1, waiting, new_uid())
            waiting = []
            if act == "reopen":
                store.close()
                store = Store.open(folder)
    found = store.history(1)
    assert (store.load(1), list(found.done)) == (pencil.report, pencil.done)
    # A manual edit equal to the next redo counts as that redo, so a new session can redo more than the old one could.
    assert list(found.undone)[-len(pencil.undone) :] == pencil.undone or not pencil.undone
    store.close()


def test_typing_that_goes_on_is_taken_back_and_done_again_at_once_before_and_after_a_restart(store):
    desk = Editing(store.load(1), FORM_2021)
    for going_on, typed in ((False, "1"), (True, "12"), (True, "123"), (False, "5")):
        store.save(1, [desk.enter(CELL, typed, going_on=going_on).change], new_uid())
    store.save(1, [desk.undo().change], new_uid())
    assert desk.report.entry(CELL) == Entry(123)
    again = Editing(store.load(1), FORM_2021)
    history = store.history(1)
    again.remember(history.done, history.undone)
    store.save(1, [again.undo().change], new_uid())
    assert (again.report, store.load(1)) == (REPORT, REPORT)
    store.save(1, [again.redo().change], new_uid())
    assert store.load(1).entry(CELL) == Entry(123)
    assert len(store.history(1).undone) == 1


@pytest.mark.parametrize("between", ["another cell", "undo"])
def test_typing_does_not_go_on_over_something_else(between):
    desk = Editing(REPORT, FORM_2021)
    desk.enter(CELL, "1")
    if between == "undo":
        desk.undo()
    else:
        desk.enter(at("requests/granted/natural_person"), "4")
    before = desk.report
    assert desk.enter(CELL, "13", going_on=True).change.cause == "填写"
    desk.undo()
    assert desk.report == before


def test_typing_does_not_go_on_over_what_another_window_wrote():
    first, second = (Change(cause, cells={CELL: (was, now)}) for cause, was, now in (
        ("填写", BLANK, Entry(1)), ("接着填写", Entry(2), Entry(3)),
    ))  # fmt: skip
    assert joined(first, second) is None


def test_undo_goes_so_many_steps_back_after_a_restart():
    stacks = Stacks()
    for step in range(2, 1000):
        stacks = stacks.after(step, Change(str(step)), None)
    assert [change.cause for change in stacks.history().done] == [str(n) for n in range(1000 - DEPTH, 1000)]


def test_typing_fills_the_journal_with_what_differs_only(store):
    text = "主动公开" * 1000
    store.save(1, [Change("改写", texts={"overview": ("总体情况", text)})], new_uid())
    store.save(1, [Change("改写", texts={"overview": (text, text[:2000] + "政府" + text[2000:])})], new_uid())
    (row,) = store.database.table("journal").rows_where("step = 3")
    assert row["change"] == '{"texts":{"overview":[2000,"","政府",2000]}}'
    assert store.journal(1)[2].change.texts["overview"] == (text, text[:2000] + "政府" + text[2000:])


# -- two windows in one place ----------------------------------------------------------------------------------------


def test_what_another_window_wrote_meanwhile_is_shown_with_both_values(store):
    seen = store.load(1)
    store.save(1, [Change("填写", cells={CELL: (seen.entry(CELL), Entry(13))})], new_uid())
    mine = Change("填写", cells={CELL: (seen.entry(CELL), Entry(14)), OTHER: (BLANK, Entry(1))})
    store.save(1, [mine], new_uid())
    (found,) = conflicts(store.journal(1), 1)
    assert (found.step, found.place, found.theirs, found.mine) == (3, CELL, Entry(13), Entry(14))
    assert conflicts(store.journal(1), 3) == ()
    undecided = found.undecided(store.draft(1))
    assert (undecided.found, confirmed(undecided, store.load(1)).cells) == ("13", {CELL: (Entry(14), Entry(13))})
    assert found.differs(store.load(1))
    store.save(1, [confirmed(undecided, store.load(1))], new_uid())
    assert not found.differs(store.load(1))


def test_texts_and_fields_of_the_cover_that_two_windows_wrote_are_seen_too(store):
    for text, fact in (("他人", "乙"), ("我", "甲")):  # the second has not seen the first
        change = Change("改写", texts={"problems": ("", text)}, facts={"contact_fax": ("", fact)})
        store.save(1, [change], new_uid())
    found = conflicts(store.journal(1), 1)
    assert [(one.part, one.place, one.theirs, one.mine) for one in found] == [
        ("texts", "problems", "他人", "我"),
        ("facts", "contact_fax", "乙", "甲"),
    ]


def test_what_two_windows_wrote_alike_is_no_conflict(store):
    seen = store.load(1)
    for _ in range(2):
        store.save(1, [Change("填写", cells={CELL: (seen.entry(CELL), Entry(13))})], new_uid())
    assert conflicts(store.journal(1), 1) == ()
