"""Decodes the bytes of a text file: UTF-8, GB 18030 or UTF-16, with or without a byte order mark."""

from __future__ import annotations

import codecs
import re

from model.base import Trouble

MAX_CHARACTERS = 60_000  # a long report has about 8,000; checking a text takes up to 30 µs a character
MAX_BYTES = 4 * 1024 * 1024  # checked before decoding
MAX_BAD = 0.01  # share of undecodable characters above which the encoding counts as wrong

_UNLIKE = "不像是一份年度报告，请检查是否选错了文件"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOST = "\ufffd"
# Not in any real text: NUL, U+FFFD, private use (from a wrong GBK decoding) except the bullet U+F0B7 of Word's font.
_BAD = re.compile("[\0\ufffd\ue000-\uf0b6\uf0b8-\uf8ff\U000f0000-\U0010ffff]")
_READABLE = re.compile("[\t\r\n -~\u2000-\u206f\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def decode(name: str, data: bytes) -> str:
    """Decode a file as UTF-8, GB 18030 or UTF-16; raise `Trouble` if none of them fits.

    A few undecodable characters (at most 1 %) become U+FFFD.
    """
    if len(data) > MAX_BYTES:
        raise Trouble(f"文件“{name}”的文字超过 {MAX_BYTES // 1024 // 1024} MB，{_UNLIKE}")
    text = _decoded(data)
    if text is None or _bad(text) > MAX_BAD * len(text):
        raise Trouble(f"文件“{name}”的文字编码无法确定，请用记事本打开后另存为 UTF-8 编码的文本文件再读入")
    return text


def refuse_length(name: str, text: str) -> None:
    """Raise `Trouble` for a text longer than any report."""
    if len(text) > MAX_CHARACTERS:
        raise Trouble(f"文件“{name}”有 {len(text)} 个字，超过 {MAX_CHARACTERS} 字，{_UNLIKE}")


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        return _unmarked_utf16(data)
    text = data.decode("utf-8", errors="replace")
    if _LOST not in text or _bad(text) <= MAX_BAD * len(text):
        return text  # text in another encoding does not decode so well as UTF-8
    return data.decode("gb18030", errors="replace")


def _unmarked_utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark in the byte order that gives readable text; None if neither does."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, errors="replace")
        if len(_READABLE.findall(text)) > 0.95 * len(text):
            return text
    return None


def _bad(text: str) -> int:
    return len(_BAD.findall(text))
