"""Builds the grid of each table of a format, for screen and paper alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from model.form.cell import Address
from model.form.format import Band, Column, Format, Group, Layout, Row, Table
from model.form.grid import Box, Grid, Role

Written = Callable[[Address], tuple[str, str]]  # returns a cell's text and its remark


def blank(_: Address) -> tuple[str, str]:
    """Return the text and the remark of a cell in an empty form."""
    return "", ""


def build(form: Format, table: Table, written: Written = blank) -> Grid:
    """Build the grid of a table; `written` gives the text and the remark of each cell."""
    makers = {Layout.BANDS: _bands, Layout.MATRIX: _matrix, Layout.STRIP: _strip}
    return makers[table.layout](form, table, written)


def _cell(form: Format, address: Address, place: tuple[int, int, int, int], written: Written) -> Box:
    text, remark = written(address)
    role = Role.TOTAL if address in form.totals else Role.VALUE
    return Box(*place, role, text, address, remark)


# -- 二: bands ----------------------------------------------------------------------------------------------------


def _bands(form: Format, table: Table, written: Written) -> Grid:
    width = 1 + max(len(band.columns) for band in table.bands)
    boxes: list[Box] = []
    row = 0
    for band in table.bands:
        boxes.append(Box(row, 0, 1, width, Role.BAND, band.label))
        boxes += _band_line(row + 1, width, band.head, band.columns)
        for offset, line in enumerate(band.rows, 2):
            boxes.append(Box(row + offset, 0, 1, 1, Role.LABEL, line.label))
            places = _last_takes_the_rest(row + offset, len(band.columns), width)
            cells = [Address(table.id, line.id, column.id) for column in band.columns]
            boxes += [_cell(form, a, place, written) for a, place in zip(cells, places, strict=True)]
        row += 2 + len(band.rows)
    return Grid(row, width, tuple(boxes), 0, 1, table.widths)


def _band_line(row: int, width: int, head: str, columns: Sequence[Column]) -> Iterator[Box]:
    yield Box(row, 0, 1, 1, Role.HEAD, head)
    for column, place in zip(columns, _last_takes_the_rest(row, len(columns), width), strict=True):
        yield Box(*place, Role.HEAD, column.label)


def _last_takes_the_rest(row: int, count: int, width: int) -> list[tuple[int, int, int, int]]:
    """Return places (row, column, rows, columns) for `count` cells after the label; the last spans the rest."""
    places = [(row, 1 + n, 1, 1) for n in range(count)]
    places[-1] = (row, count, 1, width - count)
    return places


# -- heads as trees -----------------------------------------------------------------------------------------------

Head = tuple[str, "list[Head]"]  # a heading and those under it


def _depth(heads: Iterable[Head]) -> int:
    return max((1 + _depth(under) for _, under in heads), default=0)


def _leaves(head: Head) -> int:
    return sum(map(_leaves, head[1])) or 1


def _head_boxes(heads: Iterable[Head], row: int, column: int, depth: int) -> Iterator[Box]:
    """Yield the boxes of a tree of headings; a heading with none under it reaches down to the last head row."""
    for text, under in heads:
        width = _leaves((text, under))
        yield Box(row, column, 1 if under else depth - row, width, Role.HEAD, text)
        yield from _head_boxes(under, row + 1, column, depth)
        column += width


def _nested(groups: Mapping[str, Group], leaves: Iterable[tuple[str, Head]]) -> list[Head]:
    """Put headings under their groups, keeping their order; each leaf comes with the id of its group."""
    top: list[Head] = []
    made: dict[str, Head] = {}

    def home(group: str) -> list[Head]:
        if not group:
            return top
        if group not in made:
            made[group] = (groups[group].label, [])
            home(groups[group].within).append(made[group])
        return made[group][1]

    for within, head in leaves:
        home(within).append(head)
    return top


def _column_heads(table: Table, band: Band) -> list[Head]:
    groups = {group.id: group for group in table.column_groups}
    return _nested(groups, [(column.within, (column.label, [])) for column in band.columns])


# -- 三: matrix ---------------------------------------------------------------------------------------------------


def _matrix(form: Format, table: Table, written: Written) -> Grid:
    band = table.bands[0]
    heads = _column_heads(table, band)
    depth = _depth(heads)
    chains = [_chain(table, row) for row in band.rows]
    labels = max(len(chain) + 1 for chain in chains)
    boxes = [Box(0, 0, depth, labels, Role.CORNER, table.corner), *_head_boxes(heads, 0, labels, depth)]
    boxes += _label_boxes(table, band.rows, chains, labels, depth)
    for number, row in enumerate(band.rows, depth):
        for offset, column in enumerate(band.columns, labels):
            boxes.append(_cell(form, Address(table.id, row.id, column.id), (number, offset, 1, 1), written))
    boxes.sort(key=lambda box: (box.row, box.column))
    return Grid(depth + len(band.rows), labels + len(band.columns), tuple(boxes), depth, labels, table.widths)


def _chain(table: Table, row: Row) -> list[str]:
    """Return the ids of a row's groups, outermost first."""
    chain: list[str] = []
    group = row.within
    while group:
        chain.insert(0, group)
        group = table.row_group(group).within
    return chain


def _label_boxes(
    table: Table, rows: Sequence[Row], chains: Sequence[list[str]], labels: int, top: int
) -> Iterator[Box]:
    for number, (row, chain) in enumerate(zip(rows, chains, strict=True)):
        for level, group in enumerate(chain):
            if number == 0 or chains[number - 1][: level + 1] != chain[: level + 1]:
                height = sum(other[: level + 1] == chain[: level + 1] for other in chains)
                yield Box(top + number, level, height, 1, Role.LABEL, table.row_group(group).label)
        yield Box(top + number, len(chain), 1, labels - len(chain), Role.LABEL, row.label)


# -- 四: strip ----------------------------------------------------------------------------------------------------


def _strip(form: Format, table: Table, written: Written) -> Grid:
    band = table.bands[0]
    groups = {group.id: group for group in table.row_groups}
    heads = _nested(groups, [(row.within, (row.label, _column_heads(table, band))) for row in band.rows])
    depth = _depth(heads)
    cells = [Address(table.id, row.id, column.id) for row in band.rows for column in band.columns]
    line = [_cell(form, address, (depth, n, 1, 1), written) for n, address in enumerate(cells)]
    boxes = (*_head_boxes(heads, 0, 0, depth), *line)
    return Grid(depth + 1, len(cells), tuple(sorted(boxes, key=lambda b: (b.row, b.column))), depth, 0, table.widths)
