"""Splits a source into the sections of a form by the wording of their headings, whose numbering varies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from model.form import Format, Section
from model.importing.containers import Cell, RawTable, Source, SourcePicture
from model.importing.labels import fold, numbered_as_section, numbered_within, section_number, unnumbered

MAX_HEADING = 60  # characters
_HEADING_LINES = 3  # over which a heading may be broken
_ALIKE, _LONGER = 0.5, 8  # similarity of a heading in other words, and the characters it may have more


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A numbered line of a source: running text, or a table row with its cells (`text` joins the filled ones).

    `placed` rows come from a file that says which cells are merged: those covered by others are listed by index in
    `covered`, and any other empty cell is a blank one.  `picture` marks a picture in place of a line.
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()
    covered: frozenset[int] = frozenset()
    placed: bool = False
    picture: bool = False


@dataclass(frozen=True)
class Parts:
    """The lines of each section found, and those before the first."""

    before: tuple[SourceLine, ...]
    sections: Mapping[str, tuple[SourceLine, ...]]
    alike: Mapping[str, str] = field(default_factory=dict)  # headings in other words, by section


@dataclass(frozen=True, slots=True)
class _Mark:
    """A heading: its place, its length in lines, and its section; `alike` if it has other words."""

    place: int
    length: int
    section: str
    alike: bool = False


def lines_of(source: Source) -> tuple[SourceLine, ...]:
    """All lines of a source, numbered from 0."""
    return tuple(replace(line, number=number) for number, line in enumerate(_lines(source)))


def _lines(source: Source) -> Iterator[SourceLine]:
    for block in source.blocks:
        if isinstance(block, RawTable):
            yield from (_row_line(row, placed=block.placed) for row in block.rows)
        elif isinstance(block, SourcePicture):
            yield SourceLine(0, "", picture=True)
        else:
            yield SourceLine(0, block.text)


def _row_line(row: Sequence[Cell], *, placed: bool) -> SourceLine:
    covered = frozenset(place for place, cell in enumerate(row) if cell is None)
    return SourceLine(0, " ".join(filter(None, row)), tuple(cell or "" for cell in row), covered, placed)


class Outline:
    """An index of the sections of a form by the wordings of their headings."""

    def __init__(self, form: Format) -> None:
        self._first = form.sections[0].id
        self._sections = form.sections
        self._by_wording = {
            fold(unnumbered(wording)): section.id
            for section in reversed(form.sections)
            for wording in (section.title, *section.variants)
        }

    def named(self, line: SourceLine) -> str:
        """The id of the section whose heading this line is, or ""; （一） and 1. never number a section."""
        if len(line.text) > MAX_HEADING or numbered_within(line.text) or sum(map(bool, line.cells)) > 1:
            return ""
        return self._by_wording.get(fold(unnumbered(line.text)), "")

    def start(self, lines: Sequence[SourceLine]) -> int:
        """The place of the last heading of the first section, where the report begins; 0 if there is none."""
        return max((mark.place for mark in self._marks(lines) if mark.section == self._first), default=0)

    def starts(self, lines: Sequence[SourceLine]) -> list[int]:
        """The places of all headings of the first section."""
        return [mark.place for mark in self._marks(lines) if mark.section == self._first]

    def cut(self, lines: Sequence[SourceLine]) -> Parts:
        """Split at the section headings; the report begins at the last heading of its first section.

        Lines before it (title page, table of contents, an incomplete first copy) belong to no section.
        """
        marks = self._marks(lines)
        starts = [mark.place for mark in marks if mark.section == self._first]
        marks = [mark for mark in marks if not starts or mark.place >= starts[-1]]
        marks = sorted([*marks, *self._alike_marks(lines, marks)], key=lambda mark: mark.place)
        ends = [*(mark.place for mark in marks[1:]), len(lines)]
        found: dict[str, list[SourceLine]] = {mark.section: [] for mark in marks}
        for mark, end in zip(marks, ends, strict=False):
            found[mark.section] += lines[mark.place + mark.length : end]
        before = lines[: marks[0].place] if marks else lines
        sections = {section: tuple(part) for section, part in found.items()}
        alike = {mark.section: lines[mark.place].text for mark in marks if mark.alike}
        return Parts(tuple(line for line in before if not self.named(line)), sections, alike)

    def _marks(self, lines: Sequence[SourceLine]) -> list[_Mark]:
        """The headings of all sections; an unnumbered one counts only if that section has no numbered one."""
        named = [mark for place in range(len(lines)) if (mark := self._mark_at(lines, place))]
        numbered = {mark.section for mark in named if numbered_as_section(lines[mark.place].text)}
        return [mark for mark in named if mark.section not in numbered or numbered_as_section(lines[mark.place].text)]

    def _mark_at(self, lines: Sequence[SourceLine], place: int) -> _Mark | None:
        """The heading that begins on a line and may be broken over the next ones."""
        if section := self.named(lines[place]):
            return _Mark(place, 1, section)
        text = lines[place].text
        for length in range(2, _HEADING_LINES + 1):
            if not self._may_begin(text) or place + length > len(lines):
                return None
            text += lines[place + length - 1].text
            if section := self.named(SourceLine(place, text)):
                return _Mark(place, length, section)
        return None

    def _may_begin(self, text: str) -> bool:
        """Tell whether a heading begins with this text."""
        if len(text) > MAX_HEADING or numbered_within(text) or not (text and fold(text)):
            return False
        return any(wording.startswith(fold(unnumbered(text))) for wording in self._by_wording)

    def _alike_marks(self, lines: Sequence[SourceLine], marks: Sequence[_Mark]) -> Iterator[_Mark]:
        """Yield headings in other words: numbered as the missing section, in its place, and similar to its title."""
        order = [section.id for section in self._sections]
        for index, section in enumerate(self._sections):
            if any(mark.section == section.id for mark in marks):
                continue
            after = max((mark.place for mark in marks if order.index(mark.section) < index), default=-1)
            until = min((mark.place for mark in marks if order.index(mark.section) > index), default=len(lines))
            for place in range(after + 1, until):
                if self._is_alike(lines[place], section):
                    yield _Mark(place, 1, section.id, alike=True)
                    break

    def _is_alike(self, line: SourceLine, section: Section) -> bool:
        if len(line.text) > len(section.title) + _LONGER or sum(map(bool, line.cells)) > 1:
            return False
        if section_number(line.text) != section_number(section.title) or line.text.endswith("。"):
            return False
        word, title = fold(unnumbered(line.text)), fold(unnumbered(section.title))
        return SequenceMatcher(None, word, title).ratio() >= _ALIKE


# -- running text -------------------------------------------------------------------------------------------------

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\u3007"
_COPY_SPACE = re.compile(rf"(?<=[0-9]) (?=[{_HAN}])|(?<=[{_HAN}]) (?=[0-9])")
_RUN_IN = re.compile(r"(?<=[。！？])[ \u3000]*(?=[（(][一二三四五六七八九十]{1,3}[）)])")


def paragraphs(lines: Iterable[SourceLine]) -> str:
    """The text of a section as it will be printed, one paragraph a line.

    （一） … （五） that begins a sentence within a line begins a new paragraph. A single space between a digit and a
    Chinese character (`2020 年`) comes from copying and is removed: GB/T 9704 and GB/T 15834 print none.
    """
    texts = (_COPY_SPACE.sub("", line.text.strip()) for line in lines)
    return "\n".join(_RUN_IN.sub("\n", text) for text in texts if text)


# -- what surrounds a report on a web page: navigation, dates of publication, footers --------------------------------

# Words of a line that is no part of any report; a sentence with such a word is one, see `_SENTENCE`.
_AROUND = re.compile(
    r"发布(?:时间|日期|机构|人)|发文(?:日期|机关)|(?:信息|文章|稿件)?来源\s*[:：]|字\s*[体号]\s*[:：]|[【\[]\s*大\s*中\s*小|大\s+中\s+小"
    r"|(?:浏览|访问|点击|阅读)(?:次数|量|数)|索\s*引\s*号|组配分类|主题分类|(?:责任)?编辑\s*[:：]|作者\s*[:：]|分享(?:到|至)|收藏|打印(?:本页)?|关闭(?:本页|窗口)?$"
    r"|无障碍|适老|长者模式|关怀版|当前位置|您(?:所在|现在)的位置|返回(?:顶部|首页|列表)|上一[篇条]|下一[篇条]|相关(?:链接|文章|阅读|附件)"
    r"|友情链接|网站地图|联系我们|关于我们|隐私|版权所有|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|技术支持|备案|ICP备|网站标识码|公网安备|扫一扫|二维码"
    r"|手机(?:版|打开|查看)|微信|微博|附件下载|^下载|检索|搜\s*索|登录|注册|Copyright|©"
)
_SENTENCE = re.compile(r"[。！？；]\s*[\u201d\u2019）)]?\s*$")
_LONGEST = 120  # characters of a line around a report
_BARE = re.compile(r"[\d\s:：/年月日.\-—]+")  # a date, a count or a page number alone
_LEAST = 12  # characters of a sentence


def is_around(line: SourceLine) -> bool:
    """Tell whether a line belongs to the page and not to the report."""
    text = line.text.strip()
    if len(text) > _LONGEST or (len(text) >= _LEAST and _SENTENCE.search(text)):
        return False
    return bool(_AROUND.search(text)) or bool(text and _BARE.fullmatch(text) and not _is_date(text))


def _is_date(text: str) -> bool:
    """Tell whether a text is a day as it stands below a report, or the year in its title."""
    return bool(re.fullmatch(r"\d{4}\s*年(?:\s*\d{1,2}\s*月\s*\d{1,2}\s*日)?", text))


def of_preface(lines: Sequence[SourceLine], after: int) -> list[SourceLine]:
    """The lines of the preface: those behind the title, up to line number `after`, that are text of the report."""
    return [line for line in lines if line.number > after and not line.cells and line.text and not is_around(line)]


def of_last_section(lines: Sequence[SourceLine]) -> Sequence[SourceLine]:
    """The lines of the last section without the footer of the page, which begins behind its last sentence."""
    said = [place for place, line in enumerate(lines) if _SENTENCE.search(line.text) and not _AROUND.search(line.text)]
    after = max(said, default=-1) + 1
    footer = next((place for place in range(after, len(lines)) if is_around(lines[place])), len(lines))
    return lines[:footer]
