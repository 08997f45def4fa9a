"""Tests of tables on the screen: cells as on the form, keys as in a spreadsheet, no loss of typing."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemDelegate, QApplication, QPushButton

from model.form.cell import at, read
from model.form.format import Format
from model.form.grid import Box, Role
from model.report.report import Report
from tests.support.helpers import FORM_2019, FORM_2021, complete
from tests.support.ui_helpers import NEW, NEW_TOTAL, NO_SCREEN, Hands, commit
from ui.table.model import DEAD, LOCKED
from ui.table.view import TableView

pytestmark = NO_SCREEN

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Key = Qt.Key
TABLES = [(form, table.id) for form in (FORM_2019, FORM_2021) for table in form.tables]
each_table = pytest.mark.parametrize("form, table", TABLES, ids=[f"{form.id}-{table}" for form, table in TABLES])


@pytest.fixture
def zeros(hands: Hands) -> Hands:
    """Open a report with every cell 0, at 自然人 of 新收."""
    hands.begin(complete(FORM_2021))
    hands.stand_on(str(NEW))
    return hands


def opened(hands: Hands, form: Format, table: str) -> TableView:
    """Return the table of a blank report."""
    hands.begin(Report("应急管理局", form.first_year, form.id))
    hands.wizard.go_to(form.section_of(table).id).take_focus()
    return hands.table


# -- what is shown ------------------------------------------------------------------------------------------------


def _places(view: TableView, box: Box) -> list[QRect]:
    """Return the rectangles of a box on the screen: in the frozen head, the frozen labels, the body."""
    head, labels = view.grid.head_rows, view.grid.label_columns
    seen: list[QRect] = []
    for orientation in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
        seen += [view.rect_in_head(box, orientation) for shown in view.frozen_boxes(orientation) if shown is box]
    if box.row >= head and box.column >= labels:
        seen.append(view.visualRect(view.model().index(box.row - head, box.column - labels)))
    return seen


@each_table
def test_each_box_of_the_paper_is_shown_once_with_its_span(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    head, labels = view.grid.head_rows, view.grid.label_columns
    for box in view.grid.boxes:
        if box.role is Role.CORNER:
            continue
        (place,) = _places(view, box)
        assert place.width() > 0
        assert place.height() > 0
        if box.row >= head and box.column >= labels:
            assert view.rowSpan(box.row - head, box.column - labels) == box.rows, box
            assert view.columnSpan(box.row - head, box.column - labels) == box.columns, box


@each_table
def test_boxes_on_the_screen_meet_without_gap_or_overlap(hands: Hands, form: Format, table: str):
    """Check that their areas, the corner's included, add up to the area of the whole table."""
    view = opened(hands, form, table)
    width = view.verticalHeader().width() * (view.grid.label_columns > 0)
    width += sum(view.columnWidth(column) for column in range(view.model().columnCount()))
    height = view.horizontalHeader().height() * (view.grid.head_rows > 0)
    height += sum(view.rowHeight(row) for row in range(view.model().rowCount()))
    shown = [place for box in view.grid.boxes if box.role is not Role.CORNER for place in _places(view, box)]
    corner = width * height - sum(place.width() * place.height() for place in shown)
    has_corner = any(box.role is Role.CORNER for box in view.grid.boxes)
    assert corner == (view.verticalHeader().width() * view.horizontalHeader().height() if has_corner else 0)


@each_table
def test_every_word_of_the_paper_fits_into_its_box(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    room, everything = view.fontMetrics(), view.grid.boxes
    for box in (box for box in everything if box.text and box.role is not Role.CORNER):
        (place,) = _places(view, box)
        flags = int(Qt.TextFlag.TextWordWrap)
        needed = room.boundingRect(QRect(0, 0, place.width(), 9999), flags, box.text)
        air = 3 * box.rows  # pixels of spacing per row that a dense table removes
        assert needed.height() <= place.height() + air, box.text


@each_table
def test_totals_and_headings_are_locked(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    model = view.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            index = model.index(row, column)
            box = model.box(index)  # type: ignore[attr-defined]
            if box.role is Role.VALUE:
                continue
            assert model.flags(index) == (LOCKED if box.role is Role.TOTAL else DEAD), box
            assert not model.setData(index, "7")
    assert not hands.desk.editing.report.cells


def test_a_total_swallows_what_is_typed_on_it(zeros: Hands):
    zeros.stand_on(str(NEW_TOTAL))
    zeros.type("3")
    assert (zeros.editor, zeros.here, zeros.shown(str(NEW_TOTAL))) == (None, str(NEW_TOTAL), "0")


@each_table
def test_every_cell_speaks_row_column_value_unit_and_state(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    model = view.model()
    spoken = [
        model.index_of(address).data(int(Qt.ItemDataRole.AccessibleTextRole))  # type: ignore[attr-defined]
        for address in form.table(table).addresses()
    ]
    assert Counter(spoken).most_common(1)[0][1] == 1  # no two cells have the same accessible text
    for address, words in zip(form.table(table).addresses(), spoken, strict=True):
        column = form.column(address)
        assert form.row_name(address) in words
        assert column.label in words
        assert f"空白{column.unit}" in words
        assert ("自动计算" in words) == (address in form.totals)


def test_a_screen_reader_reaches_the_cells_and_hears_what_is_wrong(zeros: Hands):
    zeros.fill("x")
    interface = QAccessible.queryAccessibleInterface(zeros.table)
    names = [interface.child(n).text(QAccessible.Text.Name) for n in range(interface.childCount())]
    assert [name for name in names if "自然人，x件，错误" in name and "本年新收" in name]


def test_what_is_wrong_is_marked_by_shape_and_colour(zeros: Hands):
    """Check that an unreadable cell, a broken balance and a correct cell look different, in grey, too."""

    def picture(path: str) -> QImage:
        index = zeros.table.model().index_of(at(path))  # type: ignore[attr-defined]
        grabbed = zeros.table.viewport().grab(zeros.table.visualRect(index))
        return grabbed.toImage().convertToFormat(QImage.Format.Format_Grayscale8)

    zeros.wizard.list.setFocus()
    sound = picture("requests/granted/natural_person")
    zeros.desk.enter(at("requests/granted/natural_person"), "0 ")
    assert picture("requests/granted/natural_person") == sound
    zeros.desk.enter(NEW, "3")
    zeros.desk.enter(at("requests/new_received/business"), "0")
    assert picture(str(NEW)).pixelColor(3, 3).lightness() < 128 < sound.pixelColor(3, 3).lightness()


# -- keys ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key, modifier, there",
    [
        (Key.Key_Return, NONE, "requests/carried_over/business"),
        (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "requests/carried_over/business"),
        (Key.Key_Down, NONE, "requests/carried_over/business"),
        (Key.Key_Tab, NONE, "requests/new_received/research"),
        (Key.Key_Backtab, SHIFT, "requests/new_received/natural_person"),
        (Key.Key_Left, NONE, "requests/new_received/natural_person"),
        (Key.Key_Right, NONE, "requests/new_received/research"),
        (Key.Key_Up, NONE, "requests/new_received/business"),
        (Key.Key_Home, NONE, "requests/new_received/natural_person"),
        (Key.Key_End, NONE, "requests/new_received/total"),
        (Key.Key_Home, CTRL, "requests/new_received/natural_person"),
        (Key.Key_End, CTRL, "requests/carried_forward/total"),
    ],
)
def test_keys_move_the_cursor(zeros: Hands, key: Key, modifier: Qt.KeyboardModifier, there: str):
    zeros.stand_on("requests/new_received/business")
    zeros.press(key, modifier)
    assert (zeros.here, zeros.step) == (there, "requests")


@pytest.mark.parametrize(
    "key, there",
    [
        (Key.Key_Return, "requests/carried_over/business"),
        (Key.Key_Enter, "requests/carried_over/business"),
        (Key.Key_Down, "requests/carried_over/business"),
        (Key.Key_Up, "requests/new_received/business"),
        (Key.Key_Tab, "requests/new_received/research"),
        (Key.Key_Backtab, "requests/new_received/natural_person"),
    ],
)
def test_keys_in_an_editor_take_the_value_over_and_move(zeros: Hands, key: Key, there: str):
    zeros.stand_on("requests/new_received/business")
    zeros.type("12")
    zeros.press(key)
    assert (zeros.here, zeros.step, zeros.editor) == (there, "requests", None)
    assert zeros.shown("requests/new_received/business") == "12"
    assert QApplication.focusWidget() is zeros.table


def test_tab_goes_on_in_the_next_line_and_back(zeros: Hands):
    zeros.stand_on("requests/new_received/other_org")
    zeros.press(Key.Key_Tab)
    assert zeros.here == "requests/carried_over/natural_person"
    zeros.press(Key.Key_Backtab)
    assert zeros.here == "requests/new_received/other_org"


def test_the_second_of_two_cells_typed_in_one_breath_is_taken_over(zeros: Hands):
    zeros.type("4")
    zeros.press(Key.Key_Down)  # the first line is closed, but Qt has not deleted it yet
    zeros.type("5")
    zeros.desk.commit_pending()
    assert zeros.shown("requests/new_received/natural_person") == "4"
    assert zeros.shown("requests/carried_over/natural_person") == "5"


def test_enter_passes_over_what_is_computed(zeros: Hands):
    zeros.stand_on("requests/other_misc/natural_person")
    zeros.press(Key.Key_Return)
    assert zeros.here == "requests/carried_forward/natural_person"
    zeros.press(Key.Key_Up)
    assert zeros.here == "requests/results_total/natural_person"  # arrow keys stop there


@each_table
def test_tab_visits_every_open_cell_once_in_the_order_of_the_paper(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    cells = [str(address) for address in form.table(table).addresses() if address not in form.totals]
    visited = [hands.here]
    for _ in cells[1:]:
        hands.press(Key.Key_Tab)
        visited.append(hands.here)
    assert visited == cells
    hands.press(Key.Key_Tab)
    assert hands.here == cells[-1]  # stays in the last cell
    assert view.hasFocus()


@each_table
def test_enter_after_the_last_line_goes_to_the_first_open_cell_and_then_to_the_next_step(
    hands: Hands, form: Format, table: str
):
    view = opened(hands, form, table)
    cells = [address for address in form.table(table).addresses() if address not in form.totals]
    hands.desk.enter_all({cell: read("7") for cell in cells if cell != cells[1]}, "填写")
    view.show_cell(cells[-1])
    hands.press(Key.Key_Return)
    assert hands.here == str(cells[1])
    hands.desk.enter_all({cells[1]: read("8")}, "填写")
    view.show_cell(cells[-1])
    hands.type("3")
    hands.press(Key.Key_Return)
    assert not view.hasFocus()
    after = QApplication.focusWidget()
    assert isinstance(after, QPushButton)
    assert after.text() == "下一部分(&N)"
    QTest.keyClicks(after, "45")
    assert hands.desk.editing.entry(cells[-1]).number == 3


@each_table
def test_no_key_ever_leads_onto_a_heading(hands: Hands, form: Format, table: str):
    view = opened(hands, form, table)
    keys = [Key.Key_Down, Key.Key_Up, Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End]
    keys += [Key.Key_PageDown, Key.Key_PageUp, Key.Key_Return]
    for address in form.table(table).addresses():
        for key in keys:
            view.show_cell(address)
            hands.press(key)
            assert hands.here, (address, key)
            place = view.model().index_of(at(hands.here))  # type: ignore[attr-defined]
            assert place == view.currentIndex(), (address, key)  # the frame is drawn where the cursor is


def test_typing_replaces_and_f2_goes_on_writing(zeros: Hands):
    zeros.fill("34")
    zeros.stand_on(str(NEW))
    zeros.fill("5")
    assert zeros.shown(str(NEW)) == "5"
    zeros.stand_on(str(NEW))
    zeros.press(Key.Key_F2)
    assert zeros.editor
    zeros.press(Key.Key_End)
    zeros.type("6")
    zeros.press(Key.Key_Return)
    assert zeros.shown(str(NEW)) == "56"


def test_escape_leaves_the_editor_and_keeps_the_old_number(zeros: Hands):
    zeros.fill("34")
    zeros.stand_on(str(NEW))
    zeros.type("9")
    zeros.press(Key.Key_Escape)
    assert (zeros.editor, zeros.shown(str(NEW)), zeros.here, zeros.step) == (None, "34", str(NEW), "requests")
    assert QApplication.focusWidget() is zeros.table


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_empties_the_selected_cells_as_one_step(zeros: Hands, key: Key):
    zeros.press(Key.Key_Down, SHIFT)
    zeros.press(Key.Key_Right, SHIFT)
    zeros.press(key)
    row = ["natural_person", "business"]
    emptied = [f"requests/{line}/{column}" for line in ("new_received", "carried_over") for column in row]
    assert [zeros.shown(path) for path in emptied] == [""] * 4
    assert zeros.findings("cell-open")[0].message.startswith("还有 4 格未填")
    zeros.press(Key.Key_Z, CTRL)
    assert [zeros.shown(path) for path in emptied] == ["0"] * 4


@pytest.mark.parametrize(
    "typed, shown", [("１２", "12"), ("1,204", "1204"), ("12件", "12"), ("22（其中修订16件）", "22（其中修订16件）")]
)
def test_an_input_method_writes_into_the_cell(zeros: Hands, typed: str, shown: str):
    commit(zeros.focus, typed)
    zeros.press(Key.Key_Return)
    assert zeros.shown(str(NEW)) == shown


def test_signs_and_decimals_are_taken_where_the_form_has_them(hands: Hands):
    hands.begin(Report("应急管理局", 2020, "2019"))
    for row, column, typed in [("licence", "items_change", "-17"), ("procurement", "amount", "104.1572")]:
        path = f"proactive/{row}/{column}"
        hands.stand_on(path)
        hands.fill(typed)
        assert hands.shown(path) == typed
    assert not hands.findings("cell-unread")


def test_ctrl_wheel_zooms_and_rows_grow_with_the_words(zeros: Hands):
    before = zeros.table.rowHeight(0), zeros.table.font().pointSizeF()
    zeros.table.zoom_by(3)
    assert zeros.table.font().pointSizeF() == before[1] + 3
    assert zeros.table.rowHeight(0) > before[0]
    zeros.table.zoom_by(-3)
    assert (zeros.table.rowHeight(0), zeros.table.font().pointSizeF()) == before


# -- what cannot be read ------------------------------------------------------------------------------------------


def test_unreadable_input_stays_as_typed_and_is_marked(zeros: Hands):
    zeros.fill("约12")
    (finding,) = zeros.findings("cell-unread")
    assert zeros.shown(str(NEW)) == "约12"
    assert finding.cells == (NEW,)
    assert "约12" in finding.message
    index = zeros.table.model().index_of(NEW)  # type: ignore[attr-defined]
    assert index.data(int(Qt.ItemDataRole.ToolTipRole)).startswith("错误：")


def test_a_half_typed_cell_is_taken_over_and_never_typed_twice(zeros: Hands):
    zeros.type("34")
    zeros.desk.commit_pending()
    assert zeros.desk.editing.entry(NEW).number == 34
    editor = zeros.editor
    assert editor
    zeros.table.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)
    zeros.desk.undo()
    assert zeros.desk.editing.entry(NEW).number == 0
    assert not zeros.desk.editing.can_undo
