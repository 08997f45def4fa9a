"""Reads the tables of a form from the lines of its sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from model.base import excerpt, excerpt_of_row
from model.form import Band, Format, Layout, Severity
from model.importing.column_heads import HeadRows, Heads, by_elimination, compare, series
from model.importing.labels import Labels, has_number, is_number, is_value
from model.importing.row_matching import Match, Matching, cells_of, match, own_cells, values_under
from model.importing.sections import Parts, SourceLine
from model.importing.values import Collected, RawRow, TablePlace, fit, is_mostly_values, put_all, put_row, sums_fit

MAX_HEAD_LINES = 30  # the form has at most 3 above a table, or 24 headings with one on each line
MAX_NOTES = 10  # lines of one table quoted individually


@dataclass(frozen=True, slots=True)
class _LeftOver:
    """A line of a table's section that is not a row of the table; `code` is "" for running text."""

    place: TablePlace
    line: SourceLine
    code: str
    says: str = ""


def read_tables(found: Collected, form: Format, parts: Parts, lines: Sequence[SourceLine]) -> None:
    """Read all tables: each from its section, or from all unclaimed lines if the section heading is missing."""
    places = list(TablePlace.all_of(form))
    left: list[_LeftOver] = []
    for place in places:
        if place.section.id in parts.sections:
            left += _read_table(found, place, parts.sections[place.section.id], places)
    for place in places:
        if place.section.id not in parts.sections:
            _read_table(found, place, [line for line in lines if line.number not in found.claimed], places)
    _note_left_over(found, [item for item in left if not _is_of_another(item.line, item.place, places, found)])


def _is_of_another(line: SourceLine, own: TablePlace, places: Iterable[TablePlace], found: Collected) -> bool:
    """Return True for a line already read as part of a table, or a heading of another table than its section's."""
    others = [place for place in places if place != own]
    return line.number in found.claimed or any(place.labels.is_heading(cells_of(line)) for place in others)


def _read_table(
    found: Collected, place: TablePlace, lines: Sequence[SourceLine], places: Sequence[TablePlace]
) -> list[_LeftOver]:
    matching = match(place.labels, lines)
    if place.table.layout is Layout.STRIP and len(matching.rows) < 2:  # with more, the file has labelled rows
        others = [other.labels for other in places if other != place]
        return _read_strip(found, place, [line for line in lines if not any(map(_labelled(line), others))])
    if not matching.rows:
        _note_missing_table(found, place, lines)
        return [_LeftOver(place, lines[index], "") for index in matching.texts]
    for band in place.table.bands:
        if rows := [row.id for row in band.rows if row.id in matching.rows]:
            _read_band(found, place, lines, matching, band, rows)
    _note_rows(found, place, matching)
    return list(_left_over(place, lines, matching))


def _read_band(
    found: Collected,
    place: TablePlace,
    lines: Sequence[SourceLine],
    matching: Matching,
    band: Band,
    rows: Sequence[str],
) -> None:
    """Read the rows of a band below its headings."""
    found.claimed.update(lines[matching.rows[row].line].number for row in rows)
    above = _above(lines, matching, rows)
    heads = compare([cells_of(line) for line in above], band.columns, band.head or place.table.corner)
    width = max(len(lines[hit.line].cells) for hit in matching.rows.values())
    raws = {row: _raw_row(place, lines[matching.rows[row].line], matching.rows[row], heads, width) for row in rows}
    proven = heads.allows or _proven(place, band, above, raws)
    if _note_heads(found, place, above, heads, proven, place.row_name(rows[0])):
        for row, raw in raws.items():
            if put_row(found, place, row, raw, _missing_totals(heads)):
                found.used.add(lines[matching.rows[row].line].number)


def _raw_row(place: TablePlace, line: SourceLine, hit: Match, heads: HeadRows, width: int) -> RawRow:
    """The values of a row; where the file says what stands in which column, those below the headings."""
    cells = cells_of(line)
    if not line.placed:
        torn = place.table.layout is Layout.MATRIX and len(line.cells) < width
        return RawRow(hit.values, cells, torn=torn)
    own = own_cells(line, len(line.cells) - len(hit.values))
    return RawRow(values_under(own, heads.places) or list(own.values()), cells, placed=True)


def _missing_totals(heads: HeadRows) -> AbstractSet[int]:
    """The columns without a heading where all other columns have one: totals that the file does not print."""
    missing = {index for index, at in enumerate(heads.places) if at is None}
    return missing if heads.verdict is Heads.ALIKE else set()


# -- column headings ----------------------------------------------------------------------------------------------


def _above(lines: Sequence[SourceLine], matching: Matching, rows: Sequence[str]) -> Sequence[SourceLine]:
    """The lines between the row before and the first of these rows."""
    first = min(matching.rows[row].line for row in rows)
    before = [hit.line for hit in matching.rows.values() if hit.line < first]
    return lines[max(before, default=-1) + 1 : first][-MAX_HEAD_LINES:]


def _proven(place: TablePlace, band: Band, above: Sequence[SourceLine], raws: Mapping[str, RawRow]) -> bool:
    """Tell whether rows below unknown headings can only be what their names say.

    Either every row has as many numbers as the form and these add up to the totals, or all headings but one are known.
    """
    cells = [cells_of(line) for line in above]
    heads = compare(cells, band.columns, band.head or place.table.corner)
    if heads.verdict is not Heads.UNKNOWN:
        return False
    return sums_fit(place, raws) or by_elimination(cells, band.columns, band.head or place.table.corner)


def _note_heads(
    found: Collected, place: TablePlace, above: Sequence[SourceLine], heads: HeadRows, proven: bool, where: str
) -> bool:
    """Note how the headings above a row differ from the form's; False if its numbers cannot be read."""
    original = excerpt_of_row(_cells_of_all(above))
    found.claimed.update(line.number for line in above if line.cells and not any(map(is_number, line.cells)))
    document = place.form.document
    if not proven:
        message = f"{where}上方的列名与{document}的格式不符，各数未读入，请对照原文填写；原文列名为：{original}"
        found.note("column-heads", Severity.ERROR, place.section, message)
    elif heads.verdict is Heads.UNKNOWN:
        message = f"{where}上方的列名与{document}的格式不符，因行名、数的个数与合计都相符，已按格式的列顺序读入"
        found.note("column-heads", Severity.EXPLAIN, place.section, f"{message}，请与原文核对；原文列名为：{original}")
    elif heads.verdict is Heads.ABSENT:
        message = f"{where}上方没有列名，已按格式的列顺序读入，请与原文核对"
        found.note("column-heads", Severity.EXPLAIN, place.section, message)
    elif heads.verdict is Heads.ALIKE:
        message = f"{where}上方的列名与格式略有不同，已按相近的列读入，请与原文核对；原文列名为：{original}"
        found.note("column-heads", Severity.EXPLAIN, place.section, message)
    return proven


# -- lines left over ------------------------------------------------------------------------------------------------


def _note_rows(found: Collected, place: TablePlace, matching: Matching) -> None:
    missing = [place.row_name(row.id) for row in place.table.rows if row.id not in matching.rows]
    if missing:
        message = f"的表格缺少 {len(missing)} 行，相应各格留空，请对照原文填写：{'、'.join(missing)}"
        found.note("row-missing", Severity.EXPLAIN, place.section, message)
    for row in matching.moved:
        message = f"{place.row_name(row)}这一行不在格式规定的位置，已按行名读入，请与原文核对"
        found.note("row-order", Severity.EXPLAIN, place.section, message)
    for row in matching.similar:
        message = f"{place.row_name(row)}这一行的行名与格式略有不同，已按此行读入，请与原文核对"
        found.note("row-similar", Severity.EXPLAIN, place.section, message)


def _left_over(place: TablePlace, lines: Sequence[SourceLine], matching: Matching) -> Iterator[_LeftOver]:
    for code, indices, says in (
        ("row-twice", matching.twice, "有一行重复出现，只读入了第一次"),
        ("row-unclear", matching.unclear, "有一行无法确定是哪一行，未读入"),
        ("row-unknown", matching.unknown, "有一行在格式中没有对应的行，未读入"),
        ("", matching.texts, ""),
    ):
        for index in indices:
            yield _LeftOver(place, lines[index], code, says)


def _note_left_over(found: Collected, left: Sequence[_LeftOver]) -> None:
    for place in {item.place.section.id: item.place for item in left}.values():
        own = [item for item in left if item.place.section.id == place.section.id]
        rows = [item for item in own if item.code]
        for item in rows[:MAX_NOTES]:
            message = f"{item.says}，请与原文核对；原文为：{excerpt_of_row(cells_of(item.line))}"
            found.note(item.code, Severity.EXPLAIN, place.section, message)
        if rest := len(rows) - MAX_NOTES if len(rows) > MAX_NOTES else 0:
            found.note("row-unknown", Severity.EXPLAIN, place.section, f"另有 {rest} 行未读入，请与原文核对")
        _note_texts(found, place, [item.line.text for item in own if not item.code])


def _note_texts(found: Collected, place: TablePlace, texts: Sequence[str]) -> None:
    if texts:
        message = f"的表格之外还有文字，未读入，需要时请写到其他部分；原文为：{excerpt(' '.join(texts))}"
        found.note("table-text", Severity.HINT, place.section, message)


def _note_missing_table(found: Collected, place: TablePlace, lines: Iterable[SourceLine]) -> None:
    picture = any(line.picture for line in lines)
    why = "是图片，读不到数字" if picture else "没有找到"
    message = f"的表格{why}，各格留空，请对照原文填写"
    found.note("table-missing", Severity.ERROR, place.section, message)


# -- a table on a single line -------------------------------------------------------------------------------------


def _read_strip(found: Collected, place: TablePlace, lines: Sequence[SourceLine]) -> list[_LeftOver]:
    """Read rows printed side by side: the numbers follow in order, under headings that repeat for each row."""
    start = _first_heading(place, lines)
    data = _data_lines(place, lines, start)
    numbers = {line.number for line in data}
    texts = [line for line in lines if line.number not in numbers and not place.labels.is_heading(cells_of(line))]
    if data:
        _read_strip_data(found, place, lines[start : lines.index(data[0])][-MAX_HEAD_LINES:], data)
    else:
        _note_missing_table(found, place, lines)
    found.claimed.update(numbers)
    return [_LeftOver(place, line, "") for line in texts]


def _read_strip_data(
    found: Collected, place: TablePlace, above: Sequence[SourceLine], data: Sequence[SourceLine]
) -> None:
    band = place.table.bands[0]
    cells = [cells_of(line) for line in above]
    heads = compare(cells, band.columns, band.head or place.table.corner)
    columns = series(cells, band.columns, len(place.table.rows))
    raw = _strip_row(data, columns)
    addresses = [address for row in place.table.rows for address in place.addresses(row.id)]
    if columns and fit(raw, len(addresses)) is None:  # the file prints no totals
        addresses = [address for address, at in zip(addresses, columns, strict=True) if at is not None]
    proven = heads.allows or (heads.verdict is Heads.UNKNOWN and sums_fit(place, {"": raw}, addresses))
    if _note_heads(found, place, above, heads, proven, "数据行") and put_all(found, place, addresses, "的数据行", raw):
        found.used.update(line.number for line in data)


def _strip_row(data: Sequence[SourceLine], columns: Sequence[int | None]) -> RawRow:
    """The numbers of the data row, without a leading word; those of a row broken over several lines together."""
    line, cells = data[0], _cells_of_all(data)
    if not line.placed or len(data) > 1:
        return RawRow(_values(data), cells)
    own = own_cells(line, 0)
    words = [place for place, cell in own.items() if cell and not is_value(cell)]
    own = {place: cell for place, cell in own.items() if place > max(words, default=-1)}
    return RawRow(values_under(own, columns) or list(own.values()), cells, placed=True)


def _cells_of_all(lines: Iterable[SourceLine]) -> list[str]:
    return [cell for line in lines for cell in cells_of(line)]


def _labelled(line: SourceLine) -> Callable[[Labels], bool]:
    """Build a test that tells if the line is a row of numbers by the labels of another table."""
    cells = cells_of(line)

    def fits(labels: Labels) -> bool:
        label = labels.find(cells) if has_number(cells) else None
        return label is not None and sum(map(bool, label.values)) <= labels.columns

    return fits


def _first_heading(place: TablePlace, lines: Sequence[SourceLine]) -> int:
    """The index of the first line of the strip's headings; 0 if there are none."""
    for index, line in enumerate(lines):
        filled = [cell for cell in cells_of(line) if cell]
        if len(filled) > 1 and all(map(place.labels.is_word, filled)):
            return index
    return 0


def _data_lines(place: TablePlace, lines: Sequence[SourceLine], start: int) -> list[SourceLine]:
    """The first line of numbers after the headings, and the number lines directly after it."""
    data: list[SourceLine] = []
    for line in lines[start:]:
        cells = cells_of(line)
        if is_mostly_values(cells) and not any(map(place.labels.is_word, cells[1:])) and has_number(cells):
            data.append(line)
        elif data:
            break
    return data


def _values(data: Sequence[SourceLine]) -> Sequence[str]:
    """The cells of the data row without a leading word; the filled cells of a row broken over several lines."""
    cells = cells_of(data[0])
    if len(data) > 1:
        cells = tuple(cell for line in data for cell in cells_of(line) if cell)
    return cells if is_value(cells[0]) or not cells[0] else cells[1:]
