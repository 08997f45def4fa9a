"""Reads the tables of a form out of the lines of its sections."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from model.cell import read
from model.format import Layout, Severity
from model.importing.heads import Heads, compare
from model.importing.labels import fold
from model.importing.matching import Labels, Matching, cells_of, match
from model.importing.parts import Line
from model.importing.values import Collected, Place, fit_or_note, put, put_row, quoted, quoted_row

MAX_HEAD_LINES = 8  # the form has no more than 3 over a table


def read_table(found: Collected, place: Place, lines: Sequence[Line]) -> None:
    """Enter what the lines hold of one table; whatever does not fit becomes a note."""
    if place.table.layout is Layout.STRIP:
        _read_strip(found, place, lines)
    else:
        _read_rows(found, place, lines)


def copies(place: Place, lines: Sequence[Line]) -> int:
    """How many times most rows of a table stand in these lines with numbers: 2 for two reports in one file."""
    if place.table.layout is Layout.STRIP:
        return 0
    matching = match(place.table, lines)
    labels = Labels(place.table)
    counts = dict.fromkeys(matching.rows, 1)
    for index in matching.twice:
        label = labels.find(cells_of(lines[index]))
        for row in label.rows if label else ():
            name = place.table.rows[row].id
            counts[name] = counts.get(name, 0) + 1
    numbers = [counts.get(row.id, 0) for row in place.table.rows]
    return statistics.median_low(numbers)


# -- tables with row labels ---------------------------------------------------------------------------------------


def _read_rows(found: Collected, place: Place, lines: Sequence[Line]) -> None:
    matching = match(place.table, lines)
    if not matching.rows:
        _note_missing_table(found, place)
        return
    for band in place.table.bands:
        rows = [row.id for row in band.rows if row.id in matching.rows]
        if rows and _heads_fit(found, place, lines, matching, rows):
            for row in rows:
                hit = matching.rows[row]
                put_row(found, place, row, hit.values, lines[hit.line].text)
    _note_left_over(found, place, lines, matching)


def _heads_fit(found: Collected, place: Place, lines: Sequence[Line], matching: Matching, rows: Sequence[str]) -> bool:
    """Whether the headings over a band's rows let its numbers be read; says why not."""
    columns = place.table.columns(rows[0])
    first = min(matching.rows[row].line for row in rows)
    before = [hit.line for hit in matching.rows.values() if hit.line < first]
    heads = [cells_of(line) for line in lines[max(before, default=-1) + 1 : first][-MAX_HEAD_LINES:]]
    return _judge_heads(found, place, compare(heads, columns), f"「{place.row_name(rows[0])}」", heads)


def _judge_heads(found: Collected, place: Place, heads: Heads, where: str, cells: Sequence[Sequence[str]]) -> bool:
    title = place.section.title
    if heads is Heads.OTHER:
        original = quoted(" ".join(" ".join(row) for row in cells))
        message = f"「{title}」{where}上方的列名与「{place.form.document}」的格式不符，以下各数未读入，请对照原文填写；原文列名为：{original}"
        found.note("column-heads", Severity.ERROR, place.section, message)
    elif heads is Heads.ABSENT:
        message = f"「{title}」{where}上方没有列名，已按格式的列顺序读入，请与原文核对"
        found.note("column-heads", Severity.EXPLAIN, place.section, message)
    elif heads is Heads.ALIKE:
        original = quoted(" ".join(" ".join(row) for row in cells))
        message = f"「{title}」{where}上方的列名与格式不完全相同，已按相近的列读入，请与原文核对；原文列名为：{original}"
        found.note("column-heads", Severity.EXPLAIN, place.section, message)
    return heads is not Heads.OTHER


def _note_left_over(found: Collected, place: Place, lines: Sequence[Line], matching: Matching) -> None:
    title = place.section.title
    missing = [row.id for row in place.table.rows if row.id not in matching.rows]
    if missing:
        names = "、".join(quoted_row(place, row) for row in missing)
        message = f"「{title}」的表格缺少 {len(missing)} 行，相应各格留空，请对照原文填写：{names}"
        found.note("row-missing", Severity.EXPLAIN, place.section, message)
    for row in matching.moved:
        message = f"「{title}」的{quoted_row(place, row)}不在格式规定的位置，已按行名读入，请与原文核对"
        found.note("row-order", Severity.EXPLAIN, place.section, message)
    for code, indices, says in (
        ("row-twice", matching.twice, "重复出现，只读入第一次"),
        ("row-unclear", matching.unclear, "可能是不止一行，未读入"),
        ("row-unknown", matching.unknown, "在本格式中没有对应的行，未读入"),
    ):
        for index in indices:
            message = f"「{title}」有一行{says}，请与原文核对；原文为：{quoted(lines[index].text)}"
            found.note(code, Severity.EXPLAIN, place.section, message)
    _note_texts(found, place, [lines[index].text for index in matching.texts])


def _note_texts(found: Collected, place: Place, texts: Sequence[str]) -> None:
    if texts:
        message = f"「{place.section.title}」表格之外还有文字，未读入，需要的请移到其他部分；原文为：{quoted(' '.join(texts))}"
        found.note("table-text", Severity.HINT, place.section, message)


def _note_missing_table(found: Collected, place: Place) -> None:
    message = f"「{place.section.title}」的表格没有找到（可能是图片），各格留空，请对照原文填写"
    found.note("table-missing", Severity.ERROR, place.section, message)


# -- a table on a single line -------------------------------------------------------------------------------------


def _read_strip(found: Collected, place: Place, lines: Sequence[Line]) -> None:
    """The rows of the form side by side: the numbers come in their order, under headings that are said over again."""
    if len(match(place.table, lines).rows) > 1:  # set out with a label before each row
        _read_rows(found, place, lines)
        return
    words = Labels(place.table).words
    rows = [index for index, line in enumerate(lines) if _is_data(line, words)]
    if not rows:
        _note_missing_table(found, place)
        return
    heads = [cells_of(line) for line in lines[: rows[0]][-MAX_HEAD_LINES:]]
    columns = place.table.bands[0].columns
    if not _judge_heads(found, place, compare(heads, columns), "数据行", heads):
        return
    addresses = [address for row in place.table.rows for address in place.addresses(row.id)]
    values = list(cells_of(lines[rows[0]]))
    if len(rows) > 1:  # torn over several lines
        values = [value for index in rows for value in cells_of(lines[index]) if value]
    raw = " / ".join(lines[index].text for index in rows)
    fitted = fit_or_note(found, place, "的数据行", values, len(addresses), raw)
    for address, text in zip(addresses, fitted, strict=False):
        put(found, place.form, address, text)
    texts = [line.text for index, line in enumerate(lines) if index not in rows]
    _note_texts(found, place, [text for text in texts if not _all_words(text, words)])


def _is_data(line: Line, words: frozenset[str]) -> bool:
    """True for a row of numbers: no word of the form on it, and few other words."""
    cells = [cell for cell in cells_of(line) if cell]
    numbers = sum(read(cell).number is not None for cell in cells)
    return 2 * numbers > len(cells) and not any(fold(cell) in words for cell in cells)


def _all_words(text: str, words: frozenset[str]) -> bool:
    return all(fold(part) in words for part in text.split())
