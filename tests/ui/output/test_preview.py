"""Tests that preview and print show the pages of the PDF itself."""

from __future__ import annotations

import itertools
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter

from export.document.report_document import compose
from export.fonts.font_set import FontSet
from export.pdf.writer import render
from model.editing.run_rules import review
from model.form import loader
from model.report.report import Report
from ui.output.preview import Pages, Preview, Printing, a4_printer, chosen_pages

RESOURCES = Path(__file__).resolve().parents[3] / "resources"


@pytest.fixture(scope="module")
def content() -> bytes:
    form = loader.load_all([RESOURCES / "formats"]).for_year(2023)
    return render(compose(review(Report("示例局", 2023, form.id), form)), FontSet.load(RESOURCES))


def dark_places(path: Path, number: int) -> tuple[int, int, int, int]:
    """Return the bounding box of all dark pixels on a page of a PDF, in half points."""
    image = pypdfium2.PdfDocument(path)[number].render(scale=2, grayscale=True).to_pil()
    box: tuple[int, int, int, int] | None = image.point(lambda grey: 255 if grey < 100 else 0).getbbox()
    assert box is not None
    return box


def test_every_page_of_the_file_is_shown(qtbot, content) -> None:
    preview = Preview(content, "年报")
    qtbot.addWidget(preview)
    assert len(preview.pages) == len(pypdfium2.PdfDocument(content))
    assert preview.pages.sizes[0] == pytest.approx((595.28, 841.89), abs=0.1)


def test_keys_go_through_the_pages(qtbot, content) -> None:
    preview = Preview(content, "年报")
    qtbot.addWidget(preview)
    preview.resize(900, 700)
    with qtbot.waitExposed(preview):
        preview.show()
    preview.sheets.fit_page()
    seen = []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        qtbot.keyClick(preview.sheets, key)
        seen.append(preview.sheets.current() + 1)
    last = len(preview.pages)
    assert seen == [2, last, last - 1, 1]


@pytest.mark.parametrize(
    "first, last, order, printed",
    [
        (0, 0, QPrinter.PageOrder.FirstPageFirst, [0, 1, 2]),
        (2, 3, QPrinter.PageOrder.FirstPageFirst, [1, 2]),
        (1, 9, QPrinter.PageOrder.LastPageFirst, [2, 1, 0]),
    ],
)
def test_the_chosen_range_is_printed(qapp, first, last, order, printed) -> None:
    printer = a4_printer("年报")
    printer.setFromTo(first, last)
    printer.setPageOrder(order)
    assert chosen_pages(printer, 3) == printed


def test_paper_shows_the_same_at_the_same_place(qtbot, content, tmp_path) -> None:
    printer = a4_printer("年报")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    printer.setFromTo(2, 2)
    printing = Printing(Pages(content), printer)
    with qtbot.waitSignal(printing.ended) as ended:
        printing.start()
    assert ended.args == [True]
    (tmp_path / "文件.pdf").write_bytes(content)
    on_paper, in_file = dark_places(tmp_path / "纸.pdf", 0), dark_places(tmp_path / "文件.pdf", 1)
    assert len(pypdfium2.PdfDocument(tmp_path / "纸.pdf")) == 1
    assert on_paper == pytest.approx(in_file, abs=2)


def test_printing_can_be_cancelled_between_two_pages(qtbot, content, tmp_path) -> None:
    preview = Preview(content, "年报")
    qtbot.addWidget(preview)
    preview.show()
    printer = a4_printer("年报")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    preview.print_on(printer)
    assert preview.printing
    assert preview.stop.isVisible()
    assert not preview.ask.isEnabled()
    with qtbot.waitSignal(preview.printing.printed):
        pass
    with qtbot.waitSignal(preview.printing.ended) as ended:
        qtbot.mouseClick(preview.stop, Qt.MouseButton.LeftButton)
    assert ended.args == [False]
    assert not preview.stop.isVisible()
    assert preview.ask.isEnabled()


def unlike(one: QImage, other: QImage) -> int:
    """Return the largest difference between two pictures of one size, in levels of a colour; rounding makes one."""
    assert one.size() == other.size()
    one, other = (image.convertToFormat(QImage.Format.Format_RGBX8888) for image in (one, other))  # no padding
    return max(abs(here - there) for here, there in zip(bytes(one.constBits()), bytes(other.constBits()), strict=True))


def test_strips_of_a_page_are_the_page(qapp, content) -> None:
    pages = Pages(content)
    whole = pages.rendered(1, 2.0)
    strips = [(top, pages.strip(1, 2.0, top, 600)) for top in (0, 600, 1200)]
    assert sum(strip.height() for _, strip in strips) == whole.height()
    assert max(unlike(strip, whole.copy(0, top, whole.width(), strip.height())) for top, strip in strips) <= 2


def test_the_window_goes_on_while_a_page_is_printed(qtbot, content, tmp_path) -> None:
    printer = a4_printer("年报")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "纸.pdf"))
    turns = []
    clock = QTimer()
    clock.timeout.connect(lambda: turns.append(1))
    clock.start(1)
    printing = Printing(Pages(content), printer)
    at_page: list[int] = []
    printing.printed.connect(lambda _page: at_page.append(len(turns)))
    with qtbot.waitSignal(printing.ended, timeout=60_000):
        printing.start()
    assert len(at_page) == len(printing.numbers)
    assert all(later - earlier > 3 for earlier, later in itertools.pairwise([0, *at_page]))


def test_a_report_is_printed_on_a4_from_the_papers_corner(qapp) -> None:
    layout = a4_printer("年报").pageLayout()
    assert (layout.pageSize().name(), layout.paintRectPixels(72).topLeft().toTuple()) == ("A4", (0, 0))
