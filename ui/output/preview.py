"""Preview and printing of the PDF itself, so that screen, file and paper show the same."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence

import pypdfium2
from PySide6.QtCore import QMarginsF, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QPageLayout,
    QPageSize,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from model.importing.containers import PDFIUM
from ui.parts import MARGIN, STEP, Banner, colours

POINTS_PER_INCH = 72
GAP = 4 * STEP  # between pages on the screen, in pixels
SHARPEST = 600  # dpi: laser printers resolve no finer detail, and 1200 dpi would render four times as many dots
NO_PRINTER = "这台电脑上没有可用的打印机。可以导出 PDF，到有打印机的电脑上打印；装好打印机后再点“打印”即可。"
KEPT = 6  # rendered pages kept in memory
STRIP = 600  # dots of height rendered for the printer at once: the screen waits for one strip at most
LAST_STRIP = 5.0  # seconds to wait for the strip being printed


class Pages:
    """Renders the pages of one PDF; the screen and the printing thread may call it at the same time."""

    def __init__(self, content: bytes) -> None:
        with PDFIUM:
            self._document = pypdfium2.PdfDocument(content)
            self.sizes = [self._document.get_page_size(number) for number in range(len(self._document))]  # points
        self._images: dict[tuple[int, float], QImage] = {}

    def __len__(self) -> int:
        return len(self.sizes)

    def image(self, number: int, scale: float) -> QImage:
        """Return page `number` (from 0) at `scale` pixels per point; the last `KEPT` images are cached."""
        key = (number, round(scale, 3))
        if key not in self._images:
            while len(self._images) >= KEPT:
                del self._images[next(iter(self._images))]
            self._images[key] = self.rendered(number, scale)
        return self._images[key]

    def rendered(self, number: int, scale: float) -> QImage:
        """Render a page without caching it."""
        return self._drawn(number, scale, (0, 0, 0, 0))

    def strip(self, number: int, scale: float, top: int, height: int) -> QImage:
        """Render a full-width strip of a page: up to `height` dots from dot `top` on."""
        whole = math.ceil(self.sizes[number][1] * scale)
        below = max(0, whole - top - height)
        # In points; PDFium's wrapper converts them to whole dots, rounding up.
        return self._drawn(number, scale, (0, max(0, below - 0.01) / scale, 0, max(0, top - 0.01) / scale))

    def _drawn(self, number: int, scale: float, cut: tuple[float, float, float, float]) -> QImage:
        """A page less what is cut off at its left, bottom, right and top, in points."""
        with PDFIUM:
            bitmap = self._document[number].render(scale=scale, crop=cut, rev_byteorder=True, prefer_bgrx=True)
        view = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
        return view.copy()  # the buffer is freed with the bitmap

    def close(self) -> None:
        """Release the document and the cached images."""
        self._images.clear()
        with PDFIUM:
            self._document.close()


class PageView(QAbstractScrollArea):
    """Scroll area with the pages one below the other, fitted to the view or zoomed."""

    seen = Signal(int)  # the page in the middle of the view, from 0

    def __init__(self, pages: Pages, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = pages
        self._zoom = 0.0  # pixels per point; 0 = fit the width
        self.setAccessibleName("打印预览")
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._say_page())

    def zoom(self, factor: float) -> None:
        """Multiply the scale by `factor`, within 0.3–4 pixels per point."""
        self._zoom = min(4.0, max(0.3, self.scale() * factor))
        self._fit()

    def fit_width(self) -> None:
        """Fit the pages to the width of the view."""
        self._zoom = 0.0
        self._fit()

    def fit_page(self) -> None:
        """Fit one whole page to the height of the view."""
        self._zoom = (self.viewport().height() - 2 * GAP) / max(height for _, height in self._pages.sizes)
        self._fit()

    def scale(self) -> float:
        """Return the scale in pixels per point."""
        widest = max(width for width, _ in self._pages.sizes)
        return self._zoom or max(0.3, min(1.6, (self.viewport().width() - 2 * GAP) / widest))

    def tops(self) -> list[float]:
        """Return the top of each page in pixels of the scrolled content, and one more entry for the end."""
        tops = [float(GAP)]
        for _, height in self._pages.sizes:
            tops.append(tops[-1] + height * self.scale() + GAP)
        return tops

    def go_to(self, number: int) -> None:
        """Scroll to a page (from 0)."""
        self.verticalScrollBar().setValue(round(self.tops()[number]) - GAP)

    def current(self) -> int:
        """Return the page in the middle of the view, from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() / 2
        return max(n for n, top in enumerate(self.tops()[:-1]) if top <= middle or n == 0)

    def _say_page(self) -> None:
        self.seen.emit(self.current())
        self.viewport().update()

    def _fit(self) -> None:
        whole, seen = round(self.tops()[-1]), self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, whole - seen))
        self.verticalScrollBar().setPageStep(seen)
        self.verticalScrollBar().setSingleStep(40)
        width = round(max(width for width, _ in self._pages.sizes) * self.scale()) + 2 * GAP
        self.horizontalScrollBar().setRange(0, max(0, width - self.viewport().width()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self._say_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_Space: 1, Qt.Key.Key_PageUp: -1}
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(0 if event.key() == Qt.Key.Key_Home else len(self._pages) - 1)
        elif step := steps.get(Qt.Key(event.key())):
            self.go_to(max(0, min(len(self._pages) - 1, self.current() + step)))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colours().line)
        top_edge, left_edge = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        ratio, scale = self.devicePixelRatioF(), self.scale()
        for number, (top, size) in enumerate(zip(self.tops(), self._pages.sizes, strict=False)):
            width, height = size[0] * scale, size[1] * scale
            place = QRectF(max(GAP, (self.viewport().width() - width) / 2) - left_edge, top - top_edge, width, height)
            if place.intersects(QRectF(self.viewport().rect())):
                painter.drawImage(place, self._pages.image(number, scale * ratio))


class Preview(QWidget):
    """Pages with a toolbar for printing, exporting and zooming."""

    closed = Signal()
    export_wanted = Signal()

    def __init__(self, content: bytes, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.pages = Pages(content)
        self.sheets = PageView(self.pages)
        self._place = QLabel()
        self._place.setAccessibleName("页码")
        self._progress = QProgressBar()
        self._progress.setAccessibleName("打印进度")
        self._progress.setMaximumWidth(160)
        self.stop = _button("取消打印(&C)", lambda: self.printing.cancel() if self.printing else None)
        self.printing: Printing | None = None
        self.notice = Banner()
        self.sheets.seen.connect(self._say_place)
        self._lay_out()
        self._say_place(0)

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 2 * STEP, MARGIN, 2 * STEP)
        row.setSpacing(2 * STEP)
        buttons = self._buttons()
        self.ask = buttons[1]
        for button in buttons:
            row.addWidget(button)
        row.insertStretch(3)
        row.insertWidget(4, self._progress)
        row.insertWidget(5, self.stop)
        self._show_printing(on=False)
        row.addWidget(self._place)
        box.addLayout(row)
        box.addWidget(self.notice)
        box.addWidget(self.sheets, 1)
        self.setFocusProxy(self.sheets)

    def _buttons(self) -> Sequence[QPushButton]:
        acts: Sequence[tuple[str, Callable[[], object]]] = (
            ("返回编辑(&B)", self.closed.emit),
            ("打印(&P)…", self.ask_print),
            ("导出 PDF(&E)…", self.export_wanted.emit),
            ("整页(&W)", self.sheets.fit_page),
            ("适合宽度(&F)", self.sheets.fit_width),
            ("放大(&L)", lambda: self.sheets.zoom(1.25)),
            ("缩小(&S)", lambda: self.sheets.zoom(0.8)),
        )
        return [_button(label, act) for label, act in acts]

    def _say_place(self, number: int) -> None:
        self._place.setText(f"第 {number + 1} 页，共 {len(self.pages)} 页")

    def ask_print(self) -> None:
        """Show the dialog for printer, range, copies and sides, then print; offer the export if there is no printer."""
        if not QPrinterInfo.availablePrinterNames():
            self.notice.say(NO_PRINTER, [("导出 PDF…", self.export_wanted.emit)], trouble=True)
            return
        printer = a4_printer(self._title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self.pages))
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        if dialog.exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Start printing and show the progress and the cancel button."""
        self.printing = Printing(self.pages, printer, self)
        self._progress.setRange(0, len(self.printing.numbers))
        self._progress.setValue(0)
        self.printing.printed.connect(self._progress.setValue)
        self.printing.ended.connect(self._on_printed)
        self._show_printing(on=True)
        self.printing.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return to the report on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Release the document, which would stay in memory until the next garbage collection."""
        super().closeEvent(event)
        self.pages.close()

    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel printing on return to the report; a minimised window continues printing."""
        if self.printing and not event.spontaneous():
            self.printing.cancel()
            self.printing.wait()  # the pages are released with this widget
        super().hideEvent(event)

    def _on_printed(self, done: bool) -> None:
        self._show_printing(on=False)
        self._place.setText("已送到打印机" if done else "没有打印，或已取消打印")

    def _show_printing(self, *, on: bool) -> None:
        self._progress.setVisible(on)
        self.stop.setVisible(on)
        self.ask.setEnabled(not on)


def _button(label: str, act: Callable[[], object]) -> QPushButton:
    made = QPushButton(label)
    made.clicked.connect(lambda: act())
    return made


def a4_printer(title: str) -> QPrinter:
    """Create a printer set to A4 portrait, duplex bound at the long edge, without margins."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    printer.setFullPage(True)
    printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    return printer


def chosen_pages(printer: QPrinter, count: int) -> list[int]:
    """Return the pages (from 0) selected in the print dialog, in printing order."""
    first, last = printer.fromPage() or 1, printer.toPage() or count
    numbers = list(range(max(1, first) - 1, min(count, last)))
    return numbers[::-1] if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst else numbers


class Printing(QObject):
    """Prints at true size in its own thread, so that the window stays usable."""

    printed = Signal(int)  # pages printed so far
    ended = Signal(bool)  # False if it was cancelled or the printer could not be started

    def __init__(self, pages: Pages, printer: QPrinter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages, self._printer = pages, printer
        self.numbers = chosen_pages(printer, len(pages))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printing", daemon=True)

    def start(self) -> None:
        """Start the thread; `ended` is emitted at its end."""
        self._thread.start()

    def cancel(self) -> None:
        """Stop printing and abort the print job where the printer allows it."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the strip being printed is done, at most `LAST_STRIP` seconds."""
        self._thread.join(LAST_STRIP)

    def _run(self) -> None:
        painter = QPainter()
        done = False
        try:
            done = painter.begin(self._printer) and self._print(painter)
        finally:
            if not done:
                self._printer.abort()
            ended = painter.end() if painter.isActive() else False
            self.ended.emit(done and ended)

    def _print(self, painter: QPainter) -> bool:
        """Print all pages; returns False if cancelled."""
        for count, number in enumerate(self.numbers, 1):
            if count > 1:
                self._printer.newPage()
            for top, strip, scale in self._strips(number):
                if self._stop.is_set():
                    return False
                painter.drawImage(self._place(top, strip, scale), strip)
            self.printed.emit(count)
        return True

    def _strips(self, number: int) -> Iterator[tuple[int, QImage, float]]:
        """Yield a page's strips from the top: first dot row, image, printer dots per image dot."""
        dots = min(SHARPEST, self._printer.resolution())
        scale = dots / POINTS_PER_INCH
        for top in range(0, math.ceil(self._pages.sizes[number][1] * scale), STRIP):
            strip = self._pages.strip(number, scale, top, STRIP).convertToFormat(QImage.Format.Format_RGB888)
            yield top, strip, self._printer.resolution() / dots

    def _place(self, top: int, strip: QImage, scale: float) -> QRectF:
        """Return a strip's rectangle in printer dots from the paper's corner; some printers have margins."""
        paper = self._printer.pageLayout().paintRectPixels(self._printer.resolution())
        return QRectF(-paper.left(), top * scale - paper.top(), strip.width() * scale, strip.height() * scale)
