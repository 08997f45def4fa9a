"""Tests that a format file of the user, whatever it holds or is, stops nothing and is named in one sentence."""

from __future__ import annotations

import os
import re
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.form import loader
from tests.support.helpers import ROOT
from tests.support.hostile_files import KINDS

SHIPPED = ROOT / "resources" / "formats"
SOUND = (SHIPPED / "2021.toml").read_text("utf-8")
NEXT = SOUND.replace('id = "2021"', 'id = "2030"', 1).replace("first_year = 2021", "first_year = 2030", 1)
LIMIT = 5.0  # seconds of CPU, of which other processes on the core can double each: the mill measures the 2 s
ROWS = NEXT.index("\nrows = [\n", NEXT.index('layout = "matrix"')) + len("\nrows = [\n")


def row(number: int) -> str:
    return f'{{ id = "z{number}", label = "l" }},\n'


HOSTILE = {
    "nested list": "a = " + "[" * 5000 + "]" * 5000,
    "nested tables": "a = " + "{a=" * 3000 + "1" + "}" * 3000,
    "hexadecimal": "first_year = 0x" + "f" * 100_000,
    "decimal": "first_year = " + "9" * 100_000,
    "400 digits": NEXT.replace("first_year = 2030", "first_year = " + "9" * 400),
    "400 digits for a width": NEXT.replace("widths = [", "widths = [" + "9" * 400 + ", ", 1),
    "infinite": NEXT.replace("first_year = 2030", "first_year = inf"),
    "infinite width": NEXT.replace("widths = [", "widths = [inf, ", 1),
    "width that is no number": NEXT.replace("widths = [", "widths = [nan, ", 1),
    "a key of 100,000 parts": ".".join(["a"] * 100_000) + " = 1",
    "a quoted key of parts": '"=".' + ".".join(["a"] * 100_000) + " = 1",
    "a table of 100,000 parts": "[" + ".".join(["a"] * 100_000) + "]",
    "many keys of parts": "\n".join(f"a.{'.'.join('b' * 99)}.c{n} = 1" for n in range(2000)),
    "100,000 tables": "\n".join(f"[t{n}]" for n in range(100_000)),
    "8,000 rows": NEXT[:ROWS] + "".join(row(n) for n in range(8000)) + NEXT[ROWS:],
    "a sum of 20,000 names": NEXT.replace('sum = "', 'sum = "' + "x+" * 20_000, 1),
    "brackets in a sum": NEXT.replace('sum = "', 'sum = "' + "(" * 5000, 1),
    "digits in a sum": NEXT.replace('sum = "', 'sum = "' + "9" * 1900 + " + ", 1),
    "an endless text": 'id = "' + "x" * 900_000 + '"',
    "a mistyped long text": NEXT.replace("first_year = 2030", 'first_year = "' + "x" * 9000 + '"'),
    "not closed": "a = '''" + "'\n" * 400_000,
    "backslashes": 'a = "' + "\\" * 900_000,
    "no date": "a = 2021-13-45\nb = 99:99:99",
    "2 MB": "#" * 2_000_000,
    "nothing": "",
}  # fmt: skip


def refused(folder: Path) -> str:
    """Return the sentence about the only file of the folder, which must be short; the shipped formats are loaded."""
    installed = loader.load_installed(SHIPPED, folder)
    assert {form.id for form in installed.formats} >= {"2019", "2021"}
    (sentence,) = installed.refused
    assert re.search(r"[\u4e00-\u9fff]", sentence)
    assert len(sentence) < loader.LONGEST + 200 + len(str(folder))
    return sentence


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_format_is_named_and_the_others_are_loaded(tmp_path: Path, content: str):
    (tmp_path / "甲.toml").write_text(content, "utf-8")
    (tmp_path / "乙.toml").write_text(
        NEXT.replace('"2030"', '"2040"', 1).replace("year = 2030", "year = 2040"), "utf-8"
    )
    began = time.process_time()
    installed = loader.load_installed(SHIPPED, tmp_path)
    assert time.process_time() - began < LIMIT
    (sentence,) = installed.refused
    assert "甲.toml" in sentence
    assert [form.id for form in installed.added] == ["2040"]
    (tmp_path / "乙.toml").unlink()
    assert refused(tmp_path) == sentence


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_named(tmp_path: Path, kind):
    folder, victim = tmp_path / "formats", tmp_path / "victim"
    folder.mkdir()
    victim.write_text("a = 1")
    kind(folder / "x.toml", victim)
    assert "x.toml" in refused(folder)


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(loader, "_files", lambda folder: refuse(folder) if folder == tmp_path else real(folder))
    assert str(tmp_path) in refused(tmp_path)


real = loader._files


def test_a_file_instead_of_the_folder_adds_nothing(tmp_path: Path):
    (tmp_path / "formats").write_text("")
    assert loader.load_installed(SHIPPED, tmp_path / "formats").refused == ()


KEYS = st.sampled_from(sorted(set(re.findall(r"^([a-z_]+) =", SOUND, re.MULTILINE))))
NUMBERS = st.one_of(st.integers(), st.sampled_from([10**400, -(10**20), 2**63]))
TOML_VALUES = st.recursive(
    st.one_of(
        NUMBERS.map(str), st.floats().map(lambda x: str(float(x))), st.sampled_from(["true", '""', '"a"', "1979-05-27"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda values: f"[{', '.join(values)}]"),
        st.dictionaries(KEYS, inner, max_size=4).map(
            lambda found: "{" + ", ".join(f"{key} = {value}" for key, value in found.items()) + "}"
        ),
    ),
    max_leaves=10,
)


@given(key=KEYS, value=TOML_VALUES, number=st.integers(0, 30))
@settings(max_examples=150, deadline=None)
def test_any_value_of_any_key_is_read_or_named(key: str, value: str, number: int):
    lines = NEXT.splitlines()
    places = [place for place, line in enumerate(lines) if line.startswith(f"{key} =")]
    lines[places[number % len(places)]] = f"{key} = {value}"
    _load("\n".join(lines).encode())


@given(raw=st.binary())
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_named(raw: bytes):
    _load(raw)


def _load(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.toml").write_bytes(raw)
        installed = loader.load_installed(SHIPPED, Path(folder))
        assert len(installed.added) + len(installed.refused) == 1
