"""Recognises the kind of a file by its bytes and reads it; the extension says nothing.

Each reader is loaded only when a file needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from model.base import Trouble
from model.importing.containers import CompoundFile, Source, ZipParts, damaged

# First bytes of files that contain no report, with the rest of the message.
_OTHER = "请选择年度报告的文件，如 .docx、.xlsx、.pdf 或网页"
_FOREIGN = (
    (b"PK\x05\x06", f"是空的压缩文件，{_OTHER}"),
    (b"L\0\0\0\x01\x14\x02\0", "是快捷方式，不是文件本身，请选择它指向的文件"),
    (b"\x89PNG", "是图片，读不到文字，请改用原来的电子文档，或对照它在本软件中填写"),
    (b"\xff\xd8\xff", "是图片，读不到文字，请改用原来的电子文档，或对照它在本软件中填写"),
    (b"GIF8", "是图片，读不到文字，请改用原来的电子文档，或对照它在本软件中填写"),
    (b"BM", "是图片，读不到文字，请改用原来的电子文档，或对照它在本软件中填写"),
    (b"II*\0", "是图片，读不到文字，请改用原来的电子文档，或对照它在本软件中填写"),
    (b"SQLite format 3\0", f"是数据库文件，{_OTHER}"),
    (b"Rar!", "是压缩包，请解压后选择其中的年度报告文件"),
    (b"7z\xbc\xaf", "是压缩包，请解压后选择其中的年度报告文件"),
    (b"MZ", f"是可执行文件，不是年度报告，{_OTHER}"),
)
LOCKED = "加了打开密码，请在原程序中用密码打开，去掉密码另存一份后再读取"

_HEAD = 4096  # bytes that tell the kind of a text
_MHT = re.compile(rb"^(?:MIME-Version|From|Content-Type|Subject|Date|X-[A-Za-z-]+):", re.IGNORECASE)
_PICTURE = re.compile(rb"data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=\s]*")  # within a page; may be large
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|p)\b", re.IGNORECASE)
_WORD_XML = (b"schemas.microsoft.com/office/2006/xmlPackage", b"schemas.microsoft.com/office/word/2003/wordml")
_OPEN_XML = b"urn:oasis:names:tc:opendocument:xmlns:office"

Decode = Callable[[bytes], str]


def read_foreign(name: str, data: bytes, decode: Decode) -> Source | None:
    """Read a file of another program; None for a plain text or JSON.

    `decode` turns the bytes of a web page into text.  Raises `Trouble` for a kind that contains no report, a password,
    or a damaged file.
    """
    if data.startswith(b"PK\x03\x04"):
        return _read_zip(name, data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _read_compound(name, data)
    if b"%PDF-" in data[:1024]:
        from model.importing.readers.pdf_pages import read_pdf

        return read_pdf(name, data)
    _refuse_foreign(name, data)
    return _read_marked(name, data, decode)


def _refuse_foreign(name: str, data: bytes) -> None:
    for start, says in _FOREIGN:
        if data.startswith(start) and (len(start) > 2 or b"\0" in data[:_HEAD]):
            raise Trouble(f"文件“{name}”{says}")


# -- packed files -----------------------------------------------------------------------------------------------------


def _read_zip(name: str, data: bytes) -> Source:
    from model.importing.readers import word_xml, xlsx_sheets

    parts = ZipParts(name, data)
    if parts.encrypted:
        raise Trouble(f"文件“{name}”{LOCKED}")
    if word_xml.DOCUMENT in parts.names:
        return word_xml.read_docx(name, parts)
    if xlsx_sheets.WORKBOOK in parts.names:
        return xlsx_sheets.read_xlsx(name, parts)
    return _read_other_zip(name, parts)


def _read_other_zip(name: str, parts: ZipParts) -> Source:
    from model.importing.readers import ofd_pages, open_document

    if open_document.CONTENT in parts.names:
        return open_document.read_open_document(name, parts)
    if ofd_pages.ROOT in parts.names:
        return ofd_pages.read_ofd(name, parts)
    if any(part.startswith(("ppt/", "slides/")) for part in parts.names):
        raise Trouble(f"文件“{name}”是演示文稿，不是年度报告，{_OTHER}")
    raise Trouble(f"文件“{name}”是压缩包，请解压后选择其中的年度报告文件")


# -- compound files ---------------------------------------------------------------------------------------------------


def _read_compound(name: str, data: bytes) -> Source:
    from model.importing.readers import excel_binary, word_binary

    container = CompoundFile(name, data)
    if {"EncryptedPackage", "EncryptionInfo"} & container.names:
        raise Trouble(f"文件“{name}”{LOCKED}")
    if word_binary.STREAM in container.names:
        return word_binary.read_doc(name, container)
    if container.names.intersection(excel_binary.STREAMS):
        return excel_binary.read_xls(name, container)
    raise Trouble(f"文件“{name}”不是 Word、Excel 或 WPS 的文档，{_OTHER}")


# -- texts with marks -------------------------------------------------------------------------------------------------


def _read_marked(name: str, data: bytes, decode: Decode) -> Source | None:
    """Read RTF, XML, MHT or HTML; None if the file begins like none of them."""
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{\\rtf"):
        from model.importing.readers.rich_text import read_rtf

        return read_rtf(name, data)
    if head.startswith(b"<?xml") or any(mark in head for mark in (*_WORD_XML, _OPEN_XML)):
        return _read_xml(name, data, head, decode)
    if _MHT.match(head) and b"\n" in head and re.search(rb"^Content-", head, re.IGNORECASE | re.MULTILINE):
        from model.importing.readers.saved_archive import page_in

        return _read_page(name, page_in(name, data), decode)
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    if _HTML.search(head.replace(b"\0", b"") if wide else head):
        return _read_page(name, data, decode)
    return None


def _read_xml(name: str, data: bytes, head: bytes, decode: Decode) -> Source:
    if any(mark in head for mark in _WORD_XML):
        from model.importing.readers.word_xml import read_flat

        return read_flat(name, data)
    if _OPEN_XML in head:
        from model.importing.readers.open_document import read_flat_open_document

        return read_flat_open_document(name, data)
    if _HTML.search(head):  # XHTML
        return _read_page(name, data, decode)
    raise damaged(name, "XML")


def _read_page(name: str, data: bytes, decode: Decode) -> Source:
    from model.importing.readers.html_page import read_html

    return read_html(name, decode(_PICTURE.sub(b"", data)))
