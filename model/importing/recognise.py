"""Turns a source into a report: format, agency, year, texts and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from model.base import Trouble, excerpt
from model.form import PREFACE, Format, Formats, Severity
from model.importing.containers import Source
from model.importing.cover import CoverTitle, fuller_names, is_title, year_in
from model.importing.labels import fold, unnumbered
from model.importing.left_over import note_left_over
from model.importing.reading_result import Reading
from model.importing.row_matching import cells_of, copies
from model.importing.sections import Outline, Parts, SourceLine, lines_of, of_last_section, of_preface, paragraphs
from model.importing.several_reports import chosen, split, title_of
from model.importing.tables import read_tables
from model.importing.values import Collected, TablePlace
from model.report import Report, unit_kind_of

_ENOUGH = 0.3  # share of a format's labels needed to recognise its tables
_MARGIN = 2  # lead in score (labels found minus missing) that decides between two formats
_HEADINGS = 4  # section headings needed to recognise a report without tables
_JOINED = 3  # neighbouring cells that may make up one label


def recognise(source: Source, formats: Formats, wanted: int | None = None) -> Reading:
    """Make a report of a source; raise `Trouble` if it contains none, or several of which `wanted` chooses no year."""
    lines: Sequence[SourceLine] = lines_of(source)
    form = _format(source.name, lines, formats, year_in(lines, formats, source.name))
    copies_of = max(copies(place.labels, lines) for place in TablePlace.all_of(form))
    if copies_of > 1 or wanted:
        lines = chosen(source.name, split(lines, formats), copies_of, wanted)
        form = _format(source.name, lines, formats, wanted)
    title = title_of(lines, formats)
    year = title.year if title else year_in(lines, formats, source.name)
    if year is None:
        raise Trouble(f"文件“{source.name}”里没有找到报告的年度，请在开头写明带年度的标题后再读入")
    reading = _reading(source.name, lines, _format(source.name, lines, formats, year), title, year)
    return _with_kind(reading, formats)


def _with_kind(reading: Reading, formats: Formats) -> Reading:
    """Return the reading with the kind of unit that the agency's name tells."""
    kind = unit_kind_of(reading.report.agency, formats.districts)
    return replace(reading, report=replace(reading.report, unit_kind=kind))


def _reading(name: str, lines: Sequence[SourceLine], form: Format, title: CoverTitle | None, year: int) -> Reading:
    parts = Outline(form).cut(lines)
    found = Collected()
    _note_cover(found, form, title, year)
    _note_headings(found, form, parts)
    read_tables(found, form, parts, lines)
    agency = title.agency if title else ""
    agencies = fuller_names(agency, "\n".join(line.text for line in lines))
    texts = _texts(found, form, parts, title)
    left = note_left_over(found, form, lines)
    report = Report(
        agency, year, form.id, unit_kind_of(agency), found.cells, found.stated, texts, notes=found.all_notes()
    )
    return Reading(report, agencies, name, left)


def _texts(found: Collected, form: Format, parts: Parts, title: CoverTitle | None) -> Mapping[str, str]:
    """The text of every section without a table, and of the preface (the lines between title and first section)."""
    lines = {section.id: parts.sections.get(section.id, ()) for section in form.sections if not section.table}
    final = max((part[-1].number for part in parts.sections.values() if part), default=-1)
    kept: dict[str, Sequence[SourceLine]] = {
        name: of_last_section(part) if part and part[-1].number == final else part for name, part in lines.items()
    }
    titles = [line for line in parts.before if is_title(line, title)]
    kept[PREFACE] = [
        line for line in of_preface(parts.before, titles[-1].number if titles else -1) if line not in titles
    ]
    found.used.update(line.number for line in titles)
    free = {name: [line for line in part if line.number not in found.claimed] for name, part in kept.items()}
    found.used.update(line.number for part in free.values() for line in part)
    return {name: text for name, part in free.items() if (text := paragraphs(part))}


def _note_cover(found: Collected, form: Format, title: CoverTitle | None, year: int) -> None:
    if not title or not title.agency:
        message = f"没有找到写明编制机关的标题，年度按 {year} 年读入，请填写编制机关并核对年度"
        found.note_cover("title-missing", form, message)
    if not form.covers(year):
        message = f"报告年度是 {year} 年，而表格采用{form.document}的格式（{_years(form)}），已按表格读入，请核对"
        found.note_cover("format-year", form, message)


def _years(form: Format) -> str:
    return f"适用 {form.first_year}—{form.last_year} 年" if form.last_year else f"适用 {form.first_year} 年以后"


def _note_headings(found: Collected, form: Format, parts: Parts) -> None:
    for section in form.sections:
        if section.id in parts.alike:
            message = (
                f"这个标题与格式略有不同，已按此部分读入，请与原文核对；原文为：{excerpt(parts.alike[section.id])}"
            )
            found.note("section-similar", Severity.EXPLAIN, section, message)
        elif section.id not in parts.sections:
            message = "这个标题没有找到，请与原文核对"
            found.note("section-missing", Severity.EXPLAIN, section, message)


# -- which format -------------------------------------------------------------------------------------------------


def _format(name: str, lines: Sequence[SourceLine], formats: Formats, year: int | None) -> Format:
    """The format whose labels occur in the file; the year decides only if the labels do not."""
    said = _said(lines)
    known = [(form, _vocabulary(form)) for form in formats]
    scores = [(form, _score(words, said)) for form, words in known if _has_tables(words, said)]
    if not scores:
        return _format_without_tables(name, lines, formats, year)
    best = max(score for _, score in scores)
    close = [form for form, score in scores if best - score < _MARGIN]
    fitting = [form for form in close if year and form.covers(year)] or close
    if len(fitting) > 1:
        documents = "、".join(form.document for form in fitting)
        raise Trouble(f"无法确定文件“{name}”采用哪一版年度报告格式（{documents}），请在标题写明年度后再读入")
    return fitting[0]


def _format_without_tables(name: str, lines: Sequence[SourceLine], formats: Formats, year: int | None) -> Format:
    """The format by headings and year, for a report whose tables are pictures; raise `Trouble` if there is none."""
    for form in formats:
        outline = Outline(form)
        if year and form.covers(year) and len(set(map(outline.named, lines)) - {""}) >= _HEADINGS:
            return form
    raise Trouble(f"文件“{name}”里没有找到年度报告的表格，请选择含有第二至第四部分表格的年度报告文件")


def _vocabulary(form: Format) -> frozenset[str]:
    """The folded labels of all rows and columns."""
    labels: list[str] = []
    for table in form.tables:
        for band in table.bands:
            labels += [column.label for column in band.columns]
            labels += [wording for row in band.rows for wording in (row.label, *row.variants)]
    return frozenset(fold(unnumbered(label)) for label in labels)


def _has_tables(vocabulary: frozenset[str], said: frozenset[str]) -> bool:
    return len(vocabulary & said) >= _ENOUGH * len(vocabulary)


def _score(vocabulary: frozenset[str], said: frozenset[str]) -> int:
    """The number of labels found minus the number missing."""
    found = len(vocabulary & said)
    return found - (len(vocabulary) - found)


def _said(lines: Iterable[SourceLine]) -> frozenset[str]:
    """Every cell or word, and the joined texts of up to three neighbours, folded."""
    said: set[str] = set()
    for line in lines:
        words = [word for cell in cells_of(line) if (word := fold(unnumbered(cell))) and not word.isdigit()]
        for count in range(1, _JOINED + 1):
            said.update("".join(words[start : start + count]) for start in range(len(words) - count + 1))
    return frozenset(said)
