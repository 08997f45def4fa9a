"""Tests that typed content is stored in the drafts and their copies only."""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path

import pytest

from model.base import event_log
from model.base.event_log import NAME, OLDER, Log
from model.form.cell import BLANK, Entry, at
from model.recovery import open_database, other_files
from model.recovery.open_database import open_drafts
from model.report.report import Change, Report
from model.storage.database_file import StoreTrouble
from model.storage.maintenance import Maintenance
from model.storage.save_thread import SaveThread
from model.storage.store import Store, new_uid

CANARY = "金丝雀某某410102"
REPORT = Report(CANARY, 2023, "2021", texts={"overview": CANARY}, facts={"phone": CANARY})


def typed_everywhere(folder: Path) -> list[str]:
    """Use a data folder in all ways that store content; returns the messages shown."""
    opened = open_drafts(folder)
    store, said = opened.store, [opened.sentence]
    store.create(REPORT, CANARY)
    store.save(1, [Change(CANARY, cells={at("t/r/c"): (BLANK, Entry(1, remark=CANARY))})], new_uid())
    store.keep_version(1, CANARY)
    Maintenance()(store)
    looking = open_drafts(folder)
    said.append(looking.sentence)
    looking.store.close()
    with pytest.raises(StoreTrouble) as trouble:
        store.load(7)
    said.append(str(trouble.value))
    store.close()
    file = folder / "reports.db"
    file.write_bytes(file.read_bytes().replace(CANARY.encode(), CANARY[::-1].encode(), 3))
    opened = open_drafts(folder)
    said += [opened.sentence, other_files.look_into(file, opened.store).sentence(), opened.store.verify().sentence()]
    opened.store.close()
    return said


def test_no_name_of_a_file_no_sentence_and_no_other_file_holds_what_was_typed(tmp_path, monkeypatch):
    monkeypatch.setattr(open_database, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    said = typed_everywhere(tmp_path / "数据")
    assert CANARY not in "".join(said)
    holding = {path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()}
    assert {path.name.partition(".db")[1] or path.suffix for path in holding} == {".db", ".bak"}
    assert not any(CANARY in path.name for path in tmp_path.rglob("*"))
    assert list((tmp_path / "temp").iterdir()) == []
    assert not list(tmp_path.rglob("~*"))


def fail_with(content: str) -> None:
    raise KeyError(f"a library that quotes what it was given: {content}")


def test_the_log_says_what_happened_and_where_but_not_with_what(tmp_path):
    log = Log(tmp_path)
    log.note("save", changes=3, milliseconds=1.64)
    try:
        try:
            fail_with(CANARY)
        except KeyError as error:
            raise StoreTrouble(f"“{tmp_path}”{CANARY}") from error
    except StoreTrouble as trouble:
        log.note_error("save failed", trouble)
    content = (tmp_path / NAME).read_text(encoding="utf-8")
    assert "save changes=3 milliseconds=1.64" in content
    assert "StoreTrouble ← tests/model/storage/test_secrecy.py:" in content
    assert "← KeyError ← tests/model/storage/test_secrecy.py:" in content
    for secret in (CANARY, str(tmp_path), getpass.getuser() + "/", "quotes"):
        assert secret not in content
    if os.name != "nt":
        assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_a_mistake_of_the_program_that_quotes_values_is_logged_without_them(tmp_path, monkeypatch):
    def quote(_store: Store, _number: int, changes: list[Change], _uid: str, _counted: object) -> None:
        raise TypeError(repr(changes))

    monkeypatch.setattr(Store, "save", quote)
    (tmp_path / "log").mkdir()
    log = Log(tmp_path / "log")
    told: list[BaseException] = []
    writer = SaveThread(lambda: Store.open(tmp_path), on_failed=lambda _number, error, _waiting: told.append(error))
    writer.submit(1, Change(CANARY, texts={"overview": ("", CANARY)}))
    writer.flush(0.2)
    writer.abandon()
    log.note_error("save failed", told[0])
    content = (tmp_path / "log" / NAME).read_text(encoding="utf-8")
    assert CANARY in str(told[0])
    assert "TypeError" in content
    assert CANARY not in content


def test_the_log_is_two_files_that_do_not_grow(tmp_path, monkeypatch):
    monkeypatch.setattr(event_log, "BYTES", 100)
    for number in range(20):
        Log(tmp_path).note("save", number=number)
    assert {path.name for path in tmp_path.iterdir()} == {NAME, OLDER}
    assert all(path.stat().st_size <= 100 for path in tmp_path.iterdir())
    assert "number=19" in (tmp_path / NAME).read_text()


def test_a_log_that_the_disk_refuses_stops_nothing(tmp_path, capsys):
    (tmp_path / NAME).mkdir()
    Log(tmp_path).note("opened", steps=1)
    assert "".join(capsys.readouterr()) == ""
