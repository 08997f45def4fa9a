"""Sets a title centred in the type area, broken by sense."""

from __future__ import annotations

from collections.abc import Sequence

from export.layout.page_builder import PageBuilder
from export.lines import Atom, break_title, width_of


def set_title(sheet: PageBuilder, parts: Sequence[str], after: float) -> None:
    """Set a title with `after` points of space below it; the text continues on the line grid."""
    looks = sheet.style.title

    def cells(text: str) -> list[Atom]:
        return sheet.cells(looks.font, looks.size, looks.size, text)

    lines = break_title(parts, lambda text: width_of(cells(text)), sheet.width, looks.lines)
    height = len(lines) * looks.pitch + after
    sheet.turn_unless(height)
    # The space up to a whole number of grid lines goes above the title.
    sheet.y += -height % sheet.leading
    for line in lines:
        sheet.turn_unless(looks.pitch)
        sheet.centre(cells(line), looks.size, sheet.top + looks.pitch / 2, sheet.left, sheet.width)
        sheet.y += looks.pitch
    sheet.y += after
    sheet.snap()
