"""Reads the report's data embedded in a PDF, with PDFium and without Qt.

Other programs may have saved the file meanwhile: packed, encrypted with an owner password, with more files attached.
PDFium unpacks a stream whole, up to 1 GB and with three times that in memory, so all streams are measured before.
"""

from __future__ import annotations

import base64
import io
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
from pypdfium2 import raw

from model.base import Trouble
from model.importing.source_file import contents, shown_name
from model.report import SCHEMA

NAME = "report.json"  # of the attached file
LIMIT = 16 * 1024 * 1024  # bytes: far above any report's data, far below a decompression bomb
UNPACKED = 256 * 1024 * 1024  # bytes of all streams of a file together; ours have less than 10 MB
PDFIUM = threading.Lock()  # PDFium is not thread-safe, even with different documents

_MARK = f'"{SCHEMA}/'.encode()
_STREAM = re.compile(rb"(?<!end)stream[^\r\n]*(?:\r\n?|\n)")
_FILTER = re.compile(rb"/(Flate|LZW|RunLength|ASCII85|ASCIIHex|DCT|JPX|JBIG2|CCITTFax)Decode")
_PACKING = (b"Flate", b"LZW", b"RunLength")
_ARMOUR: dict[bytes, Callable[[bytes], bytes]] = {
    b"ASCII85": lambda body: base64.a85decode(body.partition(b"~>")[0]),
    b"ASCIIHex": lambda body: bytes.fromhex(body.partition(b">")[0].decode("ascii")),
}
_RATIO = 3000  # bytes that LZW makes of one at most; deflate makes 1032
_DICTIONARY = 4096  # bytes before a stream that are searched for its filters
_STEP = 16 * 1024  # bytes that are unpacked at once: 16 MB at most


def read_data(path: Path) -> bytes | None:
    """Return the data in a PDF written by `pdf.write`, perhaps damaged; None if it contains none.

    Raises `Trouble` with one sentence for a file that cannot be read, is damaged, needs a password to be opened,
    unpacks to more than `UNPACKED`, or carries several reports or more than `LIMIT`.
    """
    name, content = shown_name(path.name), contents(path)
    attached = _attachments(name, _plain(name, content))
    found = {data for _, data in attached if _MARK in data} or {data for called, data in attached if called == NAME}
    if len(found) > 1:
        raise Trouble(f"“{name}”中的报告数据不止一份，不能确定用哪一份，请改用只含一份报告的 PDF")
    return found.pop() if found else None


def _plain(name: str, content: bytes) -> bytes:
    """Return the file without encryption, since the streams of an encrypted file cannot be measured."""
    _refuse_bomb(name, content)
    with PDFIUM, _opened(name, content) as document:
        if raw.FPDF_GetSecurityHandlerRevision(document) < 0:
            return content
        target = io.BytesIO()
        document.save(target, flags=raw.FPDF_REMOVE_SECURITY)
    _refuse_bomb(name, target.getvalue())
    return target.getvalue()


def _attachments(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """Return the attached files with their names."""
    with PDFIUM, _opened(name, content) as document:
        found = [document.get_attachment(number) for number in range(document.count_attachments())]
        attached = [(_called(attachment), _unpacked(attachment)) for attachment in found]
    if any(len(data) > LIMIT for _, data in attached):
        raise _too_large(name)
    return attached


def _called(attachment: pypdfium2.PdfAttachment) -> str:
    try:
        return str(attachment.get_name())
    except pypdfium2.PdfiumError:  # without a name
        return ""


def _unpacked(attachment: pypdfium2.PdfAttachment) -> bytes:
    """Return the content of an attached file; b"" if it is empty or broken."""
    try:
        return bytes(attachment.get_data())
    except pypdfium2.PdfiumError:
        return b""


def _opened(name: str, content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            said = "设有打开密码，请用密码打开后另存为没有密码的 PDF，再读入"
        elif error.err_code == raw.FPDF_ERR_SECURITY:
            said = "的加密方式不能识别，请另存为没有密码的 PDF，再读入"
        else:
            said = "不完整或已损坏，请重新取得原文件"
        raise Trouble(f"“{name}”{said}") from error


# -- unpacked size --------------------------------------------------------------------------------------------------


def _refuse_bomb(name: str, content: bytes) -> None:
    total = 0
    for size in _sizes(content):
        total += size
        if total > UNPACKED:
            raise _too_large(name)


def _too_large(name: str) -> Trouble:
    return Trouble(f"“{name}”解压后太大，不像是本软件导出的 PDF，请改用年报的文本文件")


def _sizes(content: bytes) -> Iterator[int]:
    """Return the unpacked size of each stream in bytes; an upper bound if only PDFium could measure it."""
    end, view = 0, memoryview(content)
    for place in _STREAM.finditer(content):
        if end < place.end():
            end = content.find(b"endstream", place.end())
            end = end if end >= 0 else len(content)
        earliest = max(0, place.start() - _DICTIONARY)
        begins = max(earliest, content.rfind(b"obj", earliest, place.start()))
        yield _size(content[begins : place.start()], view[place.end() : end])


def _size(dictionary: bytes, body: memoryview | bytes) -> int:
    filters = _FILTER.findall(dictionary)
    if filters and filters[0] in _ARMOUR:
        try:
            return len(body) + _packed_size(dictionary, filters[1:], _ARMOUR[filters[0]](bytes(body)))
        except ValueError:  # not such text; PDFium may still decode some of it
            return len(body) * _RATIO
    return _packed_size(dictionary, filters, body)


def _packed_size(dictionary: bytes, filters: list[bytes], body: memoryview | bytes) -> int:
    if filters == [b"Flate"]:
        return _inflated(body)
    packed = sum(name in _PACKING for name in filters)
    unknown = not filters and b"/Filter" in dictionary  # defined elsewhere, or with an escaped character
    return len(body) * int(_RATIO ** (packed + unknown))


def _inflated(body: memoryview | bytes) -> int:
    unpacker, size = zlib.decompressobj(), 0
    for at in range(0, len(body), _STEP):
        try:
            size += len(unpacker.decompress(body[at : at + _STEP]))
        except zlib.error:  # PDFium ends here as well
            break
        if unpacker.eof or size > UNPACKED:
            break
    return size
