"""Files made to occupy a reader: each must be refused in one sentence, or read, within two seconds of processor time.

`python -m tests.mills.hostile_inputs` makes every kind in its full size, reads it in a process of its own, which is
ended after `--patience` seconds, and prints time and result; `--only json` chooses kinds by a part of their name. The
time is that of the processor: other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path

from model.base.trouble import Trouble
from model.editing.opener import Opener
from model.form.format import Format
from model.form.loader import Formats, load_all
from model.importing import clipboard
from model.importing.containers.decoding import MAX_CHARACTERS
from model.importing.pasting import propose
from model.importing.read import read_file
from model.report.exchange import dumps
from model.report.report import Report

if sys.platform != "win32":
    import resource

ROOT = Path(__file__).resolve().parents[2]
REPORTS = ROOT / "tests" / "support" / "reports"
SECONDS = 2.0
JSON_BYTES, PDF_BYTES, HTML_CHARACTERS = 4_000_000, 1_000_000, 2_000_000
TEXT_CHARACTERS = MAX_CHARACTERS - 1_000

DENSE = ("2020年", "12件，", "（一）", "“", "13800000000", "规章1件。", "a1", "予以公开1件、", "身份证", "同比增长1%，")

Make = Callable[[], bytes]


@cache
def known() -> list[Format]:
    return list(formats())


@cache
def formats() -> Formats:
    return load_all([ROOT / "resources" / "formats"])


def filled(unit: str, size: int) -> str:
    """Return `unit` repeated up to a size; {n} in it is the number of the repetition."""
    if "{n}" not in unit:
        return unit * (size // len(unit))
    count = size // (len(unit) + 4)
    return "".join(unit.replace("{n}", str(number)) for number in range(count))


def encoded(unit: str, size: int, begins: str = "") -> bytes:
    return (begins + filled(unit, size)).encode()


# -- JSON -------------------------------------------------------------------------------------------------------------


def plain(body: str) -> bytes:
    return f'{{"agency":"a","year":2020,{body}}}'.encode()


def plain_table(unit: str) -> Make:
    return lambda: plain('"table2":{' + filled(unit, JSON_BYTES).rstrip(",") + "}")


def exchange(**changed: object) -> bytes:
    return json.dumps({**exchanged(), **changed}, sort_keys=True, ensure_ascii=False).encode()


@cache
def exchanged() -> dict[str, object]:
    """Return the data file of a real report, parsed."""
    data: dict[str, object] = json.loads(dumps(read_file(REPORTS / "suqian-2024.json", formats()).report))
    return data


def notes(count: int) -> bytes:
    note = {"code": "row-unknown", "severity": "explain", "section": "proactive", "message": "m"}
    return exchange(notes=[{**note, "message": str(number)} for number in range(count)])


def jsons() -> Iterator[tuple[str, Make]]:
    row = known()[-1].tables[0].rows[0].id
    columns = filled('"c{n}":1,', JSON_BYTES).rstrip(",")
    yield "json rows", plain_table('"r{n}":{},')
    yield "json rows that are lists", plain_table('"r{n}":[1],')
    yield "json columns", lambda: plain(f'"table2":{{"{row}":{{{columns}}}}}')
    yield "json numbers in a row", lambda: plain(f'"table2":{{"{row}":[' + filled("0,", JSON_BYTES) + "0]}")
    yield "json texts in a row", lambda: plain(f'"table2":{{"{row}":[' + filled('"0",', JSON_BYTES) + '"0"]}')
    yield "json blanks in a row", lambda: plain(f'"table2":{{"{row}":[' + filled("null,", JSON_BYTES) + "null]}")
    yield (
        "json names of columns",
        lambda: plain(f'"table2":{{"{row}":[1]}},"table3_columns":[' + filled('"c{n}",', JSON_BYTES) + '"a"]'),
    )
    yield "json tables", lambda: plain('"table2":{},' + filled('"table{n}":{},', JSON_BYTES).rstrip(","))
    yield "json keys", lambda: plain('"table2":{},' + filled('"k{n}":1,', JSON_BYTES).rstrip(","))
    yield "json texts", lambda: plain('"table2":{},"texts":{' + filled('"k{n}":"",', JSON_BYTES).rstrip(",") + "}")
    yield "json one key", plain_table('"r":{},')
    yield "json empty objects", lambda: plain('"table2":[' + filled("{},", JSON_BYTES) + "1]")
    yield "json brackets", lambda: plain('"table2":' + "[" * 1_000_000)
    yield "json braces", lambda: plain('"table2":' + '{"a":' * 700_000)
    yield "json digits", lambda: plain(f'"table2":{{"{row}":[' + "9" * JSON_BYTES + "]}")
    yield "json a long cell", lambda: plain(f'"table2":{{"{row}":["' + "1 " * (JSON_BYTES // 2) + '"]}')
    yield "json a cell of brackets", lambda: plain(f'"table2":{{"{row}":["' + "(" * JSON_BYTES + '"]}')
    yield "json a long text", lambda: plain('"table2":{},"texts":{"overview":"' + "年" * 1_300_000 + '"}')
    yield "json a long format", lambda: plain('"table2":{},"format":"' + "x" * JSON_BYTES + '"')
    yield "json escapes", lambda: plain('"table2":{"' + "\\ud800" * 600_000 + '":{}}')


def with_unknown(value: str) -> bytes:
    values = filled(value, JSON_BYTES - 60_000).encode()
    return exchange().replace(b'{"agency"', b'{"aaa":[' + values + b'0],"agency"')


def with_texts_of(unit: str) -> bytes:
    return exchange(texts=dict.fromkeys(("overview", "problems", "other_matters"), filled(unit, 33_000)))


def exchanges() -> Iterator[tuple[str, Make]]:
    for name, value in (("{}", "{},"), ("1", "1,"), ("strings", '"",'), ("lists", "[],")):
        yield f"exchange unknown list of {name}", partial(with_unknown, value)
    yield "exchange notes", lambda: notes(30_000)
    yield "exchange 10,000 notes", lambda: notes(10_000)
    yield "exchange cells", lambda: exchange(cells={f"requests/granted/c{n}": n for n in range(9_999)})
    yield "exchange facts", lambda: exchange(facts={f"f{n}": "" for n in range(9_999)})
    yield "exchange a long text", lambda: exchange(texts={"overview": "一" * 100_000})
    for unit in DENSE:
        yield f"exchange texts of {unit}", partial(with_texts_of, unit)
    yield "exchange torn", lambda: exchange() + b" " * (JSON_BYTES - 100_000) + b"{"


# -- text -------------------------------------------------------------------------------------------------------------


def sample() -> str:
    return (REPORTS / "jiyuan-emergency-2020.txt").read_text(encoding="utf-8")


def around_the_sample(unit: str, order: str) -> bytes:
    return order.format(unit=filled(unit, TEXT_CHARACTERS - 3000), sample=sample()).encode()


def within_the_sample(unit: str) -> bytes:
    row = f"规章\t{filled(unit, TEXT_CHARACTERS - 3000)}\n规章\t0\t0\t0"
    return sample().replace("规章\t0\t0\t0", row).encode()


def texts() -> Iterator[tuple[str, Make]]:
    units = (
        "1", "1,", "(", "（一）", "1 ", "1\t", "规章\t", "|", "# ", "-", '"', "\u3000", "a\u0323\u0301", "二〇二〇年",
        "2020年\n", "应急管理局", "一、总体情况\n", "甲\n", "规章\t0\t0\t0\n", "# 甲\n", "|甲|乙|\n", "1\t1\n甲\n",
        "2020年报告报告报告\n", "信息内容\t本年\n", "本年新制作数量x{n}\t本年新公开数量{n}\t", "{n}\t{n}\n", "\x85",
        "四、政府信息公开行政复议、行政诉讼情况\n1\t1\n", "予以公开{n}\t1\n", "&#9;",
        "2020年某某局政府信息公开工作年度报告{n}\n",
    )  # fmt: skip
    for unit in units:
        yield f"text {unit!r}", partial(encoded, unit, TEXT_CHARACTERS)
        yield f"text {unit!r} ahead", partial(around_the_sample, unit, "{unit}\n{sample}")
        yield f"text {unit!r} behind", partial(around_the_sample, unit, "{sample}{unit}")
        yield f"text {unit!r} within", partial(within_the_sample, unit)
    short = "甲\n" * ((TEXT_CHARACTERS - 16_000) // 2)
    yield "text strip with many lines", (sample() + "0\t0\n" * 2800 + short).encode
    heads = "\t".join(f"本年新制作公开数量件数{n}" for n in range(60))
    yield "text heads", lambda: sample().replace("规章\t0", f"{heads}\n" * 8 + "规章\t0").encode()
    yield "text bytes", lambda: b"\xff\xfe" * 2_000_000
    yield "text half UTF-16", lambda: b"\x00a" * 1_900_000


# -- PDF --------------------------------------------------------------------------------------------------------------

HEAD, TAIL = b"%PDF-1.7\n", b"\nstartxref\n9\n%%EOF"
ENCRYPT = b"trailer<</Encrypt 1 0 R>>"


def deflated(size: int, begins: bytes = b"{") -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(begins), *(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)), packer.flush()]
    return b"".join(parts)


def wrapped(unit: bytes, *, encrypted: bool) -> Make:
    return lambda: HEAD + (ENCRYPT if encrypted else b"") + unit * (PDF_BYTES // len(unit)) + TAIL


def by_reference(count: int) -> bytes:
    """Return a PDF with one stream that unpacks to 15 MB, to which many attachments refer."""
    specs = b"".join(b"(a%d)<</Type/Filespec/F(a)/EF<</F 2 0 R>>>>" % number for number in range(count))
    body = deflated(15 << 20)
    objects = [
        b"1 0 obj<</Type/Catalog/Pages 3 0 R/Names<</EmbeddedFiles<</Names[" + specs + b"]>>>>>>endobj\n",
        b"2 0 obj<</Subtype/application#2Fjson/Filter/FlateDecode/Length %d>>stream\n" % len(body) + body,
        b"\nendstream endobj\n3 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>",
    ]
    return HEAD + b"".join(objects) + TAIL


def pdfs() -> Iterator[tuple[str, Make]]:
    units = (
        b"/Subtype/application#2Fjson ", b"1 0 obj /Subtype/application#2Fjson ", b"<<", b"[", b"(", b"1 0 obj ",
        b"1 0 obj<</Length 5>>stream\n", b"1 0 obj<</Filter/FlateDecode>>stream\n{", b"stream\n", b"endstream",
        b"1 0 obj<</Filter/ASCII85Decode>>stream\n", b"1 0 obj<</Subtype/application#2Fjson>>stream\n{",
        b"trailer <<>> ", b"trailer <</Prev 9>>", b"xref\n0 1\n", b"startxref\n9\n", b"1 0 obj[1 0 R ", b"obj ", b"\n",
        b"1 0 obj<</Filter[/ASCIIHexDecode/FlateDecode]/Subtype/application#2Fjson>>stream\n41 ", b"1 0 R ", b"%",
    )  # fmt: skip
    for unit in units:
        yield f"pdf {unit.decode()!r}", wrapped(unit, encrypted=False)
        yield f"pdf encrypted {unit.decode()!r}", wrapped(unit, encrypted=True)
    yield "pdf one stream for 2,000 attachments", lambda: by_reference(2_000)
    bomb = deflated(15 << 20)
    stream = b"1 0 obj<</Subtype/application#2Fjson/Filter/FlateDecode>>stream\n" + bomb + b"\nendstream endobj\n"
    yield "pdf 500 bombs", lambda: HEAD + stream * 500 + TAIL
    yield "pdf 5,000 streams", lambda: HEAD + b"1 0 obj<</Filter/FlateDecode>>stream\n{}\nendstream\n" * 5_000 + TAIL
    one = b"1 0 obj<</Subtype/application#2Fjson/Filter/FlateDecode>>stream\n"
    yield "pdf a bomb of 500 MB", lambda: HEAD + one + deflated(500 << 20) + b"\nendstream endobj" + TAIL
    yield "pdf 20 MB of nothing", lambda: HEAD + b"\n" * 20_000_000 + TAIL
    yield "pdf 20 MB of streams", lambda: HEAD + b"stream\n" * 2_800_000 + TAIL
    half = b"<</Filter/ASCII85Decode/Subtype/application#2Fjson>>stream\n" + b"z" * 9_000_000
    yield "pdf armour", lambda: HEAD + half * 2 + TAIL


# -- clipboard --------------------------------------------------------------------------------------------------------


def clips() -> Iterator[tuple[str, Make]]:
    units = (
        "<", "</", "<!", "<!--", "<!-", "<a ", '<a "', "<a '", "<![CDATA[", "<?", "<td", "<td a=", '<td a="', "<table>",
        "<td>", "<tr>", "<td></td>", "&", "&#", "&#9", "&#x", "&amp", "&amp;", "<table><tr><td>", "<script>", "<style>",
        "<td rowspan=2000 colspan=64>", "<td rowspan=99999999999999>", "<tr><td>1", "<br>", "</a ", "</table>",
        "x", '"', "<td a='<td a=\"", "<tr><td rowspan=2000>", "&#99999999999999999999;", "<svg/onload=",
        "a\u0301\u0323" * 40,
    )  # fmt: skip
    for unit in units:
        yield f"html {unit!r}", partial(encoded, unit, HTML_CHARACTERS, "<table><tr><td>")
    yield "html digits", ("<table><tr><td>&#" + "9" * 1_000_000 + ";").encode
    yield "html colspan", ("<table><tr><td colspan=" + "9" * 1_000_000 + ">1").encode
    for unit in ("\t", "1\t", "\n", "1\n", '"', '"\n', "1\t1\n", "规章\t1\n", "\r", "予以公开\t{n}\n", "x"):
        yield f"tsv {unit!r}", partial(encoded, unit, HTML_CHARACTERS)


def kinds() -> dict[str, Make]:
    """All kinds of hostile files by name; the first word says which reader gets it."""
    return {**dict(jsons()), **dict(exchanges()), **dict(texts()), **dict(pdfs()), **dict(clips())}


# -- reading ----------------------------------------------------------------------------------------------------------


def result(kind: str, content: bytes, folder: Path) -> str:
    """Read one file as the program would, check and write what was read; return the sentence of refusal, or "read"."""
    try:
        if kind.startswith(("html", "tsv")):
            return _pasted(content.decode(), html=kind.startswith("html"))
        path = folder / "年报"
        path.write_bytes(content)
        report = read_file(path, formats()).report
        Opener(formats(), ROOT / "resources" / "rules").review(report)
        return f"read, {len(report.notes)} notes, {len(dumps(report))} bytes"
    except Trouble as trouble:
        return str(trouble)


def _pasted(text: str, *, html: bool) -> str:
    rows = clipboard.rows_of("" if html else text, text if html else "")
    said = []
    for table in known()[-1].tables:
        start = next(address for address in known()[-1].inputs if address.table == table.id)
        proposal = propose(Report("某局", 2024, known()[-1].id), known()[-1], table, rows, start)
        said.append(len(proposal.problems))
    return f"read, {len(rows)} rows, {said} problems"


def measured(kind: str, make: Make, folder: Path) -> tuple[float, str]:
    """Return the seconds of processor time for one file, and the result; an exception is named as such."""
    content = make()
    began = time.process_time()
    try:
        said = result(kind, content, folder)
    except Exception as error:  # noqa: BLE001 - a mistake of the program, which the mill is to find
        said = f"EXCEPTION {type(error).__name__} {str(error)[:60]}"
    return time.process_time() - began, said


def _child(kind: str, answer: Connection, patience: int) -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 1))
    with tempfile.TemporaryDirectory() as folder:
        answer.send(measured(kind, kinds()[kind], Path(folder)))


def in_a_process(kind: str, patience: int) -> tuple[float, str]:
    """Measure one file in a process that the system ends after `patience` seconds of processor time (Linux, macOS)."""
    receive, send = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_child, args=(kind, send, patience))
    child.start()
    send.close()
    try:
        seconds, said = receive.recv()
    except EOFError:
        seconds, said = float(patience), "ENDED"
    child.join()
    return seconds, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of the kinds")
    parser.add_argument(
        "--patience", type=int, default=30, help="seconds of processor time after which a process is ended"
    )
    chosen = parser.parse_args()
    names = [kind for kind in kinds() if chosen.only in kind]
    slow = 0
    for kind in names:
        seconds, said = in_a_process(kind, chosen.patience)
        bad = seconds > SECONDS or said.startswith(("EXCEPTION", "ENDED"))
        slow += bad
        print(f"{'!' if bad else ' '} {seconds:6.2f} s  {kind:45} {said}", flush=True)
    print(f"{len(names)} files, {slow} of them above {SECONDS} s or with an exception")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
