"""Reads the report's data embedded in a PDF, without Qt.

Other programs may have saved the file meanwhile: packed, encrypted with an owner password, with more files attached.
The streams are searched in the order of the file and not along its cross references, so that no byte is visited twice
whatever the references say, and only a stream that begins like our data is unpacked whole. PDFium is needed to remove
an owner password; the work that this may cause is estimated before.
"""

from __future__ import annotations

import base64
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pypdfium2 import raw

from model.base import Trouble, WorkLimit, read_input, shown_name
from model.importing.containers import FILTER, PDFIUM, Stream, open_pdf, streams
from model.report import SCHEMA

MAX_BYTES = 20 * 1024 * 1024  # of a file
LIMIT = 16 * 1024 * 1024  # bytes: far above any report's data, far below a decompression bomb
WORK = 192 * 1024 * 1024  # bytes of a file that are visited or unpacked

_MARK = f'"{SCHEMA}/'.encode()
_END = re.compile(rb"[\r\n]{0,2}endstream")
_LENGTH = re.compile(rb"/Length\s{0,8}([0-9]{1,9})\s{0,8}(?=[/>])")
_OURS = re.compile(rb"/Subtype\s{0,8}/application(?:#2[Ff]|/)json")
_ARMOUR: dict[bytes, Callable[[bytes], bytes]] = {
    b"ASCII85": lambda body: base64.a85decode(body.partition(b"~>")[0]),
    b"ASCIIHex": lambda body: bytes.fromhex(body.partition(b">")[0].decode("ascii")),
}
_ARMOUR_COST = 16  # decoding a byte of armour takes as long as visiting so many
_DICTIONARY = 4096  # bytes before a stream that are searched for its filters
_STEP = 16 * 1024  # bytes that are unpacked at once
_SNIFFED = 64  # bytes of a stream that tell whether it may be ours


def read_data(path: Path) -> bytes | None:
    """Return the data in a PDF written by `pdf.write`, perhaps damaged; None if it contains none.

    Raises `Trouble` with one sentence for a file that cannot be read, is damaged, needs a password to be opened,
    takes more than `WORK`, or carries several reports or more than `LIMIT`.
    """
    name, content = shown_name(path), read_input(path, MAX_BYTES)
    if b"startxref" not in content:
        raise _damaged(name)
    attached = list(_Search(name, _plain(name, content)).attached())
    found = {data for data in attached if _MARK in data} or {data for data in attached if _torn(data)}
    if len(found) > 1:
        raise Trouble(f"“{name}”中的报告数据不止一份，不能确定用哪一份，请改用只含一份报告的 PDF")
    return found.pop() if found else None


def _torn(data: bytes) -> bool:
    """Tell whether attached JSON is incomplete; complete JSON without our mark is another program's."""
    return not (data.startswith(b"{") and data.rstrip().endswith(b"}"))


def _damaged(name: str) -> Trouble:
    return Trouble(f"“{name}”不完整或已损坏，请重新取得原文件")


def _too_large(name: str) -> str:
    return f"“{name}”解压后太大，不像是本软件导出的 PDF，请改用年度报告的文本文件"


# -- streams ----------------------------------------------------------------------------------------------------------


class _Search:
    """Searches the streams of an unencrypted file for attached JSON."""

    def __init__(self, name: str, content: bytes) -> None:
        self._name, self._content, self._view = name, content, memoryview(content)
        self._limit = WorkLimit(_too_large(name), WORK)

    def attached(self) -> Iterator[bytes]:
        """Yield every stream with our mark, and those declared as JSON, b"" for a broken one."""
        for stream in streams(self._content):
            self._limit.spend(_DICTIONARY)
            declared = bool(_OURS.search(stream.dictionary))
            if declared or self._may_be_ours(stream):
                data = self._unpacked(stream)
                if declared or _MARK in data:
                    yield data

    def _may_be_ours(self, stream: Stream) -> bool:
        """Look at the first bytes; a stream in armour or packed twice is decoded to see them."""
        filters = FILTER.findall(stream.dictionary)
        if not filters and b"/Filter" not in stream.dictionary:
            return self._content.startswith(b"{", stream.start)
        if filters not in ([], [b"Flate"]):
            return all(name == b"Flate" or name in _ARMOUR for name in filters)
        try:
            start = zlib.decompressobj().decompress(self._view[stream.start : stream.start + _SNIFFED], _SNIFFED)
        except zlib.error:
            return False
        return start.startswith(b"{")

    def _unpacked(self, stream: Stream) -> bytes:
        """Undo the filters of a stream; b"" if it is broken or one of them is none of ours."""
        filters = FILTER.findall(stream.dictionary)
        filters = filters or ([b"Flate"] if b"/Filter" in stream.dictionary else [])
        if filters[:1] == [b"Flate"]:  # zlib knows its end, and packed bytes may contain the word `endstream`
            body, filters = self._inflated(self._view[stream.start :]), filters[1:]
        else:
            body = self._body(stream)
        for name in filters:
            body = self._decoded(name, body)
        if len(body) > LIMIT:
            raise Trouble(_too_large(self._name))
        return body

    def _body(self, stream: Stream) -> bytes:
        """The bytes of a stream by its length, or up to `endstream` where the length is wrong or is elsewhere."""
        if length := _LENGTH.search(stream.dictionary):
            stop = stream.start + int(length[1])
            if _END.match(self._content, stop):
                self._limit.spend(stop - stream.start)
                return self._content[stream.start : stop]
        self._limit.spend(stream.end - stream.start)
        body = self._content[stream.start : stream.end]
        return body.removesuffix(b"\n").removesuffix(b"\r")

    def _decoded(self, name: bytes, body: bytes) -> bytes:
        if name == b"Flate":
            return self._inflated(memoryview(body))
        if name not in _ARMOUR:
            return b""
        self._limit.spend(len(body) * _ARMOUR_COST)
        try:
            return _ARMOUR[name](body)
        except ValueError:  # not such text
            return b""

    def _inflated(self, body: memoryview) -> bytes:
        unpacker, parts, size = zlib.decompressobj(), list[bytes](), 0
        for at in range(0, len(body), _STEP):
            self._limit.spend(_STEP)
            try:
                parts.append(unpacker.decompress(body[at : at + _STEP], LIMIT + 1))
            except zlib.error:
                break
            size += len(parts[-1])
            self._limit.spend(len(parts[-1]))
            if size > LIMIT or unpacker.unconsumed_tail:
                raise Trouble(_too_large(self._name))
            if unpacker.eof:
                break
        return b"".join(parts)


# -- owner passwords --------------------------------------------------------------------------------------------------

_VISITS = 400_000_000  # objects times bytes: PDFium may visit the rest of a file for each word that begins an object
_BEGINS = re.compile(rb"obj|stream|trailer|xref|\sR(?![0-9A-Za-z])")
# An object stream is unpacked on opening; a name with an escaped character, or one defined elsewhere, may mean one.
_OBJECT_STREAM = re.compile(rb"/Type\s{0,8}(?:/ObjStm|/XRef|[0-9])|#(?!2[Ff])")
_RATIO = 3000  # bytes that PDFium makes of one at most, with LZW


def _plain(name: str, content: bytes) -> bytes:
    """Return the file without encryption."""
    if b"/Encrypt" not in content:
        return content
    _refuse_work(name, content)
    with PDFIUM, open_pdf(name, content) as document:
        if raw.FPDF_GetSecurityHandlerRevision(document) < 0:
            return content
        target = io.BytesIO()
        document.save(target, flags=raw.FPDF_REMOVE_SECURITY)
    return target.getvalue()


def _refuse_work(name: str, content: bytes) -> None:
    """Raise `Trouble` for an encrypted file that may occupy PDFium for more than about a second."""
    says = f"“{name}”设有密码保护，内容又过多，请另存为没有密码的 PDF，再读入"
    visits, unpacked = WorkLimit(says, _VISITS), WorkLimit(_too_large(name), WORK)
    for _ in _BEGINS.finditer(content):
        visits.spend(len(content))
    for stream in streams(content):
        if _OBJECT_STREAM.search(stream.dictionary):
            filters = max(1, len(FILTER.findall(stream.dictionary)))
            unpacked.spend((stream.end - stream.start) * int(_RATIO**filters))
