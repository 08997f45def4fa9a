"""Tells the report from what surrounds it on a web page: navigation, dates of publication, footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.importing.sections import SourceLine

# Words of a line that is no part of any report; a sentence with such a word is one, see `_SENTENCE`.
_AROUND = re.compile(
    r"发布(?:时间|日期|机构|人)|发文(?:日期|机关)|(?:信息|文章|稿件)?来源\s*[:：]|字\s*[体号]\s*[:：]|[【\[]\s*大\s*中\s*小|大\s+中\s+小"
    r"|(?:浏览|访问|点击|阅读)(?:次数|量|数)|索\s*引\s*号|组配分类|主题分类|(?:责任)?编辑\s*[:：]|作者\s*[:：]|分享(?:到|至)|收藏|打印(?:本页)?|关闭(?:本页|窗口)?$"
    r"|无障碍|适老|长者模式|关怀版|当前位置|您(?:所在|现在)的位置|返回(?:顶部|首页|列表)|上一[篇条]|下一[篇条]|相关(?:链接|文章|阅读|附件)"
    r"|友情链接|网站地图|联系我们|关于我们|隐私|版权所有|主办(?:单位)?\s*[:：]|承办(?:单位)?\s*[:：]|技术支持|备案|ICP备|网站标识码|公网安备|扫一扫|二维码"
    r"|手机(?:版|打开|查看)|微信|微博|附件下载|^下载|检索|搜\s*索|登录|注册|Copyright|©"
)
_SENTENCE = re.compile(r"[。！？；]\s*[”’）)]?\s*$")
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
