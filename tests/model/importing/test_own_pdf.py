"""Tests of reading the data embedded in our PDF, also after other programs have saved the file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Encryption, Name, ObjectStreamMode, StreamDecodeLevel

from export.pdf import writer
from model.base.trouble import Trouble
from model.form import loader
from model.importing import own_pdf
from model.importing.containers.pdfium import PDFIUM
from model.importing.own_pdf import read_data
from model.importing.read import read_file
from tests.support.helpers import ROOT
from tests.support.printing import press, whole

DATA = json.dumps({"schema": "zwgk-annual-report/1", "agency": "应急管理局"}, ensure_ascii=False).encode()
OTHER = json.dumps({"schema": "zwgk-annual-report/1", "agency": "财政局"}, ensure_ascii=False).encode()

Edit = Callable[[pikepdf.Pdf], object]


@cache
def ours() -> bytes:
    return writer.render(whole(data=DATA), press())


def saved(edit: Edit | None = None, **how: Any) -> bytes:
    """Return our PDF as edited and saved by another program."""
    with pikepdf.open(io.BytesIO(ours())) as file:
        if edit:
            edit(file)
        target = io.BytesIO()
        file.save(target, **how)
        return target.getvalue()


def by_pdfium(content: bytes) -> bytes:
    target, document = io.BytesIO(), pypdfium2.PdfDocument(content)
    document.save(target)
    document.close()
    return target.getvalue()


def carrier(file: pikepdf.Pdf) -> Any:
    """Return the file specification of the data."""
    return file.Root.Names.EmbeddedFiles.Names[1]


def without(*keys: str) -> Edit:
    def edit(file: pikepdf.Pdf) -> None:
        for key in keys:
            del carrier(file).EF.F[key]

    return edit


def without_alias(key: str) -> Edit:
    def edit(file: pikepdf.Pdf) -> None:
        del carrier(file).EF[key]

    return edit


def deeper(file: pikepdf.Pdf) -> None:
    """Move the names one level down the name tree."""
    names = file.Root.Names.EmbeddedFiles.Names
    leaf = file.make_indirect(Dictionary(Names=names, Limits=[names[0], names[0]]))
    file.Root.Names.EmbeddedFiles = Dictionary(Kids=[leaf])


def renamed(file: pikepdf.Pdf) -> None:
    carrier(file).F = carrier(file).UF = pikepdf.String("别的名字.json")


def with_more(*more: bytes) -> Edit:
    """Attach other files beside ours."""

    def edit(file: pikepdf.Pdf) -> None:
        for number, content in enumerate(more):
            file.attachments[f"a{number}.json"] = content

    return edit


def locked(level: int, *, user: str = "") -> Encryption:
    old = {"aes": False, "metadata": False} if level < 4 else {}
    return Encryption(owner="所有者".encode().hex(), user=user, R=level, **old)  # type: ignore[arg-type]


def by_owner(level: int) -> bytes:
    return saved(encryption=locked(level))


VARIANTS: dict[str, Callable[[], bytes]] = {
    "as written": ours,
    "saved": saved,
    "object streams": lambda: saved(object_stream_mode=ObjectStreamMode.generate),
    "linearised": lambda: saved(linearize=True),
    "uncompressed": lambda: saved(compress_streams=False, stream_decode_level=StreamDecodeLevel.all),
    "saved by PDFium": lambda: by_pdfium(ours()),
    "no subtype": lambda: saved(without("/Subtype")),
    "no subtype, by hand": lambda: ours().replace(b"/Subtype /application#2Fjson", b""),
    "no parameters": lambda: saved(without("/Params", "/Type")),
    "F only": lambda: saved(without_alias("/UF")),
    "UF only": lambda: saved(without_alias("/F")),
    "names in a tree": lambda: saved(deeper),
    "another file attached": lambda: saved(with_more(b"{}", b"\x00\xff")),
    "under another name": lambda: saved(renamed),
    "our data twice": lambda: saved(with_more(DATA)),
    "bytes behind the end": lambda: ours() + b"\0" * 900,
    **{f"owner password, R{level}": partial(by_owner, level) for level in (2, 3, 4, 6)},
    "owner password, object streams": lambda: saved(encryption=locked(6), object_stream_mode=ObjectStreamMode.generate),
    "owner password, saved by PDFium": lambda: by_pdfium(saved(encryption=locked(6))),
}  # fmt: skip


@pytest.fixture
def at(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        (tmp_path / "年报.pdf").write_bytes(content)
        return tmp_path / "年报.pdf"

    return write


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_data_comes_out_of_every_variant(at: Callable[[bytes], Path], variant: str) -> None:
    assert read_data(at(VARIANTS[variant]())) == DATA


def no_data(file: pikepdf.Pdf) -> None:
    del file.Root.Names
    del file.Root.AF


def other_data(file: pikepdf.Pdf) -> None:
    no_data(file)
    with_more(b'{"a": 1}')(file)


@pytest.mark.parametrize("edit", [no_data, other_data])
def test_another_pdf_carries_none(at: Callable[[bytes], Path], edit: Edit) -> None:
    assert read_data(at(saved(edit))) is None


def test_pdfium_is_asked_by_one_thread_at_a_time(at: Callable[[bytes], Path]) -> None:
    """Check the lock, which the preview uses as well to draw; only an encrypted file needs PDFium."""
    reader = threading.Thread(target=read_data, args=[at(by_owner(6))], daemon=True)
    with PDFIUM:
        reader.start()
        reader.join(0.3)
        assert reader.is_alive()
    reader.join(30)
    assert not reader.is_alive()


@cache
def inflated(megabytes: int) -> bytes:
    """Return deflated zeros."""
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(megabytes)), packer.flush()])


def bomb(filters: Any = Name.FlateDecode, wrap: Callable[[bytes], bytes] = bytes) -> Edit:
    def edit(file: pikepdf.Pdf) -> None:
        carrier(file).EF.F.write(wrap(inflated(300)), filter=filters)

    return edit


TROUBLES: list[tuple[str, Callable[[], bytes]]] = [
    ("设有打开密码", lambda: saved(encryption=locked(6, user="abc"))),
    ("设有打开密码", lambda: saved(encryption=locked(3, user="abc"))),
    ("不完整或已损坏", lambda: ours()[: len(ours()) // 2]),
    ("不完整或已损坏", lambda: b"%PDF-1.7\n"),
    ("不完整或已损坏", lambda: b"%PDF- /Subtype /application#2Fjson"),
    ("不止一份", lambda: saved(with_more(OTHER))),
    ("太大", lambda: saved(bomb())),
    ("太大", lambda: saved(bomb(), encryption=locked(6))),
    ("太大", lambda: saved(bomb(pikepdf.Array([Name.FlateDecode, Name.FlateDecode]), zlib.compress))),
    ("太大", lambda: saved(bomb(pikepdf.Array([Name.ASCIIHexDecode, Name.FlateDecode]), lambda it: it.hex().encode()))),
]


@pytest.mark.parametrize("says, content", TROUBLES)
def test_what_cannot_be_read_is_said_in_one_sentence(at, says: str, content: Callable[[], bytes]) -> None:
    with pytest.raises(Trouble, match=says) as trouble:
        read_data(at(content()))
    assert "“年报.pdf”" in str(trouble.value)
    assert "。" not in str(trouble.value)


def test_no_memory_is_spent_on_a_bomb(at: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that the file is refused before PDFium would unpack it, with three times its size in memory."""
    path = at(saved(bomb()))
    monkeypatch.setattr(pypdfium2, "PdfDocument", pytest.fail)
    with pytest.raises(Trouble, match="太大"):
        read_data(path)


def test_data_above_the_limit_are_refused(at: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_pdf, "LIMIT", 10)
    with pytest.raises(Trouble, match="太大"):
        read_data(at(ours()))


def test_a_file_that_cannot_be_opened_is_a_trouble(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="找不到"):
        read_data(tmp_path / "没有.pdf")


@pytest.mark.parametrize("broken", [b"\xff" * 90, zlib.compress(DATA)[:-9], b""], ids=["noise", "torn", "none"])
def test_a_broken_attachment_of_ours_is_named_as_such(at: Callable[[bytes], Path], broken: bytes) -> None:
    path = at(saved(lambda file: carrier(file).EF.F.write(broken, filter=Name.FlateDecode)))
    with pytest.raises(Trouble, match="请重新取得原文件"):
        read_file(path, loader.load_all([ROOT / "resources" / "formats"]))


def test_a_file_of_stream_words_is_refused(at: Callable[[bytes], Path]) -> None:
    """Done in about a second; quadratic work on it would take hours."""
    with pytest.raises(Trouble):
        read_data(at(b"%PDF-1.7\n" + b"<</Filter /ASCII85Decode>> stream\n" * 200_000))


def by_hand(*objects: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(objects) + b"\nstartxref\n9\n%%EOF"


OURS = b"11 0 obj<</Subtype/application#2Fjson/Filter/FlateDecode>>stream\n"


def test_a_length_that_is_wrong_or_elsewhere_does_not_matter(at: Callable[[bytes], Path]) -> None:
    for length in (b"/Length 5", b"/Length 900000000", b"/Length 7 0 R", b""):
        content = by_hand(b"1 0 obj<<%s>>stream\n" % length + DATA + b"\nendstream endobj")
        assert read_data(at(content)) == DATA


def test_a_length_is_believed_where_the_stream_ends_there(at: Callable[[bytes], Path]) -> None:
    data = DATA[:-1] + b',"x":"endstream"}'
    content = by_hand(b"1 0 obj<</Length %d>>stream\n" % len(data) + data + b"\nendstream endobj")
    assert read_data(at(content)) == data


def test_packed_bytes_may_contain_the_word_that_ends_a_stream(at: Callable[[bytes], Path]) -> None:
    packer = zlib.compressobj(0)
    data = DATA[:-1] + b',"x":"endstream endobj"}'
    content = by_hand(OURS + packer.compress(data) + packer.flush() + b"\nendstream endobj")
    assert read_data(at(content)) == data


def test_one_stream_is_unpacked_once_however_many_attachments_name_it(
    at: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = b"".join(b"(a%d)<</Type/Filespec/EF<</F 11 0 R>>>>" % number for number in range(2000))
    monkeypatch.setattr(own_pdf, "WORK", 200_000)  # bytes; unpacking it for each of them would take more
    content = by_hand(b"1 0 obj<</Names[" + names + b"]>>endobj", OURS + zlib.compress(DATA) + b"\nendstream endobj")
    assert read_data(at(content)) == DATA


@pytest.mark.parametrize("more", [b"3 0 obj<</Length 5>>stream\n" * 10_000, b"1 0 R " * 100_000, b"obj " * 100_000])
def test_an_encrypted_file_that_would_occupy_pdfium_is_refused_before(
    at: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch, more: bytes
) -> None:
    monkeypatch.setattr(pypdfium2, "PdfDocument", pytest.fail)
    with pytest.raises(Trouble, match="设有密码保护，内容又过多"):
        read_data(at(by_hand(b"trailer<</Encrypt 1 0 R>>", more)))


def test_packed_objects_of_an_encrypted_file_are_estimated_before_they_are_unpacked(
    at: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pypdfium2, "PdfDocument", pytest.fail)
    for kind in (b"/Type/ObjStm", b"/Type/Obj#53tm", b"/Type 5 0 R"):
        stream = b"1 0 obj<<" + kind + b"/Filter/FlateDecode>>stream\n" + inflated(300) + b"\nendstream"
        with pytest.raises(Trouble, match="太大"):
            read_data(at(by_hand(b"trailer<</Encrypt 1 0 R>>", stream)))


# -- packages loaded for reading ----------------------------------------------------------------------------------


def loaded(lines: str) -> set[str]:
    """Return the packages that a new Python process has loaded after running some lines."""
    said = subprocess.run(
        [sys.executable, "-c", f"{lines}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(said.stdout.split()) & {"pypdfium2", "PySide6", "reportlab"}


def reads(path: Path) -> Iterator[str]:
    yield "from pathlib import Path\nfrom model.form import loader\nfrom model.importing.read import read_file"
    yield f"read_file(Path({str(path)!r}), loader.load_all([Path('resources/formats')]))"


@pytest.mark.parametrize("name", ["shuyang-2025.json", "jiyuan-emergency-2020.txt"])
def test_a_report_that_is_no_pdf_is_read_without_pdfium(name: str) -> None:
    assert loaded("\n".join(reads(ROOT / "tests" / "support" / "reports" / name))) == set()


def test_a_pdf_is_read_without_qt(at: Callable[[bytes], Path]) -> None:
    path = str(at(ours()))
    lines = f"from pathlib import Path\nfrom model.importing.own_pdf import read_data\nassert read_data(Path({path!r}))"
    assert loaded(lines) == {"pypdfium2"}
