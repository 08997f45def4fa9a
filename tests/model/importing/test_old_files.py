"""Tests that last year's report is read whatever file it lies in, and that no number of it is lost in silence."""

from __future__ import annotations

import io
import json
import random
import re
from collections import Counter
from pathlib import Path

import pikepdf
import pytest

from model.base.trouble import Trouble
from model.editing.session import Editing
from model.form.cell import at, shown
from model.importing.read import read_bytes, read_file
from model.importing.reading_result import Reading
from model.report.exchange import loads
from model.report.report import Report
from tests.bench.reading import score
from tests.support.importing_cases import FORMATS, outcome
from tests.support.old_files import members, unpack

FILES = {name: data for name, data in members("files").items() if not name.endswith(".json")}
TRAPS = members("traps")
EXPECTED = json.loads(TRAPS["expected.json"])
READ = sorted(name for name in TRAPS if f"{name}.json" in TRAPS)
OTHER = "requests/other_misc/"  # where the numbers of an old row may stay blank, if a note names it


def truth(folder: str, name: str) -> Report:
    return loads(members(folder)[f"{name}.json"])


# -- every kind of file -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_cell_and_every_character_is_read(tmp_path: Path, name: str):
    reading = read_file(unpack("files", tmp_path) / name, FORMATS)
    found = score(reading, truth("files", name), FORMATS)
    assert (found.wrong, found.missing) == ([], [])
    assert min(found.texts.values()) >= 0.99
    assert found.breaks == 0


@pytest.mark.parametrize("name", FILES)
def test_the_bytes_tell_the_kind_and_not_the_extension(name: str):
    assert read_bytes("年报.txt", FILES[name], FORMATS).report.cells


@pytest.mark.parametrize("name", FILES)
def test_the_preface_and_the_last_section_are_those_of_the_report_and_not_of_the_page_around_it(name: str):
    report, original = read_bytes(name, FILES[name], FORMATS).report, truth("files", name)
    for part in ("preface", "other_matters"):
        assert "".join(report.text(part).split()) == "".join(original.text(part).split())


# -- no number is lost --------------------------------------------------------------------------------------------

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers(text: str) -> Counter[str]:
    return Counter(digits for digits in NUMBER.findall(text) if float(digits))


def held(reading: Reading) -> Counter[str]:
    """Return the numbers in the draft and in the list of what was left over."""
    report = reading.report
    words = [entry.shown() for entry in report.cells.values()] + [shown(total) for total in report.stated.values()]
    words += [*report.texts.values(), str(report.year), report.agency, *reading.left_over]
    words += [note.message for note in report.notes if note.code == "total-unread"]
    return numbers(" ".join(words))


@pytest.mark.parametrize("folder, name", [*(("files", name) for name in FILES), *(("traps", name) for name in READ)])
def test_every_number_of_a_file_is_in_the_draft_or_listed(folder: str, name: str):
    original = truth(folder, name)
    cells = [entry.shown() for entry in original.cells.values()] + [shown(it) for it in original.stated.values()]
    reading = read_bytes(name, members(folder)[name], FORMATS)
    assert numbers(" ".join([*cells, *original.texts.values()])) - held(reading) == Counter()


@pytest.mark.parametrize("name", sorted(name for name in FILES if "site" not in name))
def test_little_of_a_file_without_a_page_around_it_is_left_over(name: str):
    reading = read_bytes(name, FILES[name], FORMATS)
    left = sum(numbers(" ".join(reading.left_over)).values())
    assert left <= 0.02 * sum(held(reading).values())


# -- traps --------------------------------------------------------------------------------------------------------


def told(reading: Reading) -> str:
    form = FORMATS.named(reading.report.format)
    return " ".join(finding.message + finding.advice for finding in Editing(reading.report, form).findings)


def locked() -> bytes:
    """Return a PDF with a password."""
    target = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(target, encryption=pikepdf.Encryption(user="123456", owner="123456"))
    return target.getvalue()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_trap_is_read_or_refused_as_expected_and_says_why(name: str):
    wanted = EXPECTED[name]
    found = outcome(TRAPS.get(name) or locked(), name)
    said = found if isinstance(found, str) else told(found)
    assert isinstance(found, str) == (wanted["outcome"] == "refuse")
    assert [words for words in wanted["must_say"] if not any(word in said for word in words)] == []
    assert [word for word in wanted.get("must_not_say", ()) if word in said] == []


@pytest.mark.parametrize("name", READ)
def test_a_trap_puts_no_number_into_a_wrong_cell(name: str):
    found = score(read_bytes(name, TRAPS[name], FORMATS), truth("traps", name), FORMATS)
    assert found.wrong == []
    assert [cell for cell in found.missing if not cell.startswith(OTHER)] == []


def test_a_remark_a_blank_row_and_an_amount_in_yuan_stay_what_they_are():
    remark = read_bytes("a", TRAPS["remark.html"], FORMATS).report
    assert "其中修订16件" in [entry.remark for entry in remark.cells.values()]
    yuan = read_bytes("a", TRAPS["yuan.docx"], FORMATS).report.cells[at("proactive/fees/amount")]
    assert (yuan.number, "72701.2578" in yuan.problem) == (None, True)


# -- several reports ----------------------------------------------------------------------------------------------


def test_of_several_reports_in_a_file_one_is_read_by_its_year(tmp_path: Path):
    path = unpack("traps", tmp_path) / "two-reports.docx"
    with pytest.raises(Trouble, match="2 份报告（宿迁市 2023 年、宿迁市 2024 年）"):
        read_file(path, FORMATS)
    reports = [read_file(path, FORMATS, year).report for year in (2023, 2024)]
    assert [report.year for report in reports] == [2023, 2024]
    received = at("requests/new_received/natural_person")
    assert reports[0].cells[received] != reports[1].cells[received]
    with pytest.raises(Trouble, match="里没有 2022 年的报告"):
        read_file(path, FORMATS, 2022)


def test_another_year_than_that_of_the_only_report_is_refused(tmp_path: Path):
    with pytest.raises(Trouble, match="2019 年的"):
        read_file(unpack("files", tmp_path) / "page-gbk-noisy.htm", FORMATS, 2019)


# -- damaged files ------------------------------------------------------------------------------------------------


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with some of them changed, lost or put in, or with the end cut off."""
    content = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 30, 200])):
        place = chance.randrange(len(content))
        kind = chance.randrange(5)
        if kind == 0:
            content[place] = chance.randrange(256)
        elif kind == 1:
            del content[place : place + chance.choice([1, 4, 100, 5000])]
        elif kind == 2:
            content[place:place] = chance.randbytes(chance.choice([1, 4, 50]))
        elif kind == 3:
            content[place : place + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"9999"])
        elif chance.random() < 0.1 and place > 100:
            del content[place:]
        if len(content) < 8:
            break
    return bytes(content)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name: str):
    chance = random.Random(name)
    for _ in range(25):
        found = outcome(spoiled(FILES[name], chance), name)
        if isinstance(found, str):
            assert "\n" not in found
            assert len(found) < 300
        else:
            form = FORMATS.named(found.report.format)
            assert set(found.report.cells) <= set(form.inputs)
