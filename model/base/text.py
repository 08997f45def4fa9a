"""Normalises a text that comes from a file, the keyboard or the clipboard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

BULLET = "●"
MAX_EXCERPT = 40  # characters of a text or label of a file that a message repeats
MAX_ROW_EXCERPT = 160  # characters of a row of a table, whose numbers have to be compared with the original

# Combining marks are sorted in quadratic time; no script needs more of them in a row (UAX #15, stream-safe text).
MAX_MARKS = 30

_NOT_A_LETTER_RUN = re.compile(rf"[^\w\s]{{{MAX_MARKS + 1},}}")  # marks are no letters: only here can there be too many
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNSEEN = (
    *range(0x20), *range(0x7F, 0xA0),  # C0 and C1 controls
    0x00AD, 0x061C, 0x180E,  # soft hyphen, Arabic letter mark, Mongolian vowel separator
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),  # zero width, direction
    0xFEFF, 0xFFFE, 0xFFFF,  # byte order mark, noncharacters
    *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),  # surrogates, tags
)  # fmt: skip
# Radicals look like characters; browsers write them into PDFs in their place. NFKC knows the first block only.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | dict(
    zip(
        map(ord, "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻪⻫⻬⻭⻮⻰⻳"),
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄黾齐齐齿齿龙龟",
        strict=True,
    )
)
_CLEANED: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **_RADICALS,
    0xFE5D: "〔",  # small brackets, which the fonts of the form do not have
    0xFE5E: "〕",
    ord("\n"): "\n",
    ord("\t"): "\t",
    0xF0B7: BULLET,  # the bullet of Word's Symbol font
}
_NESTED = str.maketrans("“”", "‘’")


def clean(text: str) -> str:
    """Return the text in NFC without invisible characters: controls, zero width, direction marks, surrogates.

    Every line end becomes one newline, tabs stay; full-width letters stay full-width; radicals and small brackets
    become the characters they look like.  Linear in the length.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = _LINE_ENDS.sub("\n", text).translate(_CLEANED)
    return unicodedata.normalize("NFC", _NOT_A_LETTER_RUN.sub(_fewer_marks, seen))


def _fewer_marks(run: re.Match[str]) -> str:
    """Return the run with no more than `MAX_MARKS` combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for character in run.group():
        marks = marks + len(unicodedata.normalize("NFD", character)) if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def excerpt(text: str, most: int = MAX_EXCERPT) -> str:
    """Return a foreign text for a message: one line without invisible characters, cut to `most` characters and ……."""
    line = " ".join(clean(text[: 4 * most]).split())
    return f"{line[:most]}……" if len(line) > most or len(text) > 4 * most else line


def excerpt_of_row(cells: Sequence[str]) -> str:
    """Return the filled cells of a foreign row for a message, each cut as by `excerpt`, together 160 characters."""
    line = " ".join(filter(None, map(excerpt, cells[:MAX_ROW_EXCERPT])))
    return f"{line[:MAX_ROW_EXCERPT]}……" if len(line) > MAX_ROW_EXCERPT or len(cells) > MAX_ROW_EXCERPT else line


def nested(text: str) -> str:
    """Return a text that is to stand in “ ” with its own quotation marks as ‘ ’ (GB/T 15834—2011, 4.8.3.4)."""
    return text.translate(_NESTED)


def in_quotes(text: str) -> str:
    """Return a text in “ ”, its own quotation marks as ‘ ’."""
    return f"“{nested(text)}”"


def as_message(*sentences: str) -> str:
    """Join sentences into a message: several end with a full stop each, a single one has none; empty ones are left out.

    A sentence that ends with a full stop already, such as an inner message of several sentences, gets no second one.
    """
    said = [sentence for sentence in sentences if sentence]
    if len(said) == 1:
        return said[0]
    return "".join(sentence if sentence.endswith("。") else f"{sentence}。" for sentence in said)
