"""Tests that a file of the program that holds anything, or is no file, stops nothing and is named once."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.base import Trouble, event_log, files, own_files
from model.recovery import undecided_values
from model.recovery.open_database import open_drafts
from model.storage import lock, progress
from model.storage.inventory import Mark
from model.storage.lock import Holder, Lock, holder_of
from model.storage.progress import Memory
from tests.support.hostile_files import CONTENTS, KINDS, VALUES, as_bytes
from ui.parts.settings import FILE, Settings, SettingsFile

LARGEST = 5_000_000  # bytes written for a test
POSIX = pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
READERS = {
    progress.PROGRESS_FILE: (progress.recall, Memory({})),
    undecided_values.NAME: (undecided_values.kept, ()),
    FILE: (lambda folder: SettingsFile(folder).read(), Settings()),
    lock.LOCK_FILE: (holder_of, None),
}
RENAMED = [name for name in READERS if name != lock.LOCK_FILE]  # the content of a lock is rewritten, not judged


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_files, "AGAIN", 0.0)


def told(folder: Path) -> tuple[str, ...]:
    """Return the sentences about a folder; each must be one in Chinese."""
    sentences = own_files.reports.take(folder)
    for sentence in sentences:
        assert re.search(r"[\u4e00-\u9fff]", sentence)
        assert "。" not in sentence
    return sentences


def reads_as_default(folder: Path, name: str) -> bool:
    read, default = READERS[name]
    return read(folder) == default


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", CONTENTS)
def test_content_of_any_kind_is_no_error(tmp_path: Path, name: str, content: str):
    (tmp_path / name).write_bytes(CONTENTS[content][:LARGEST])
    READERS[name][0](tmp_path)
    kept = list(tmp_path.glob("*.bad-*"))
    sentences = told(tmp_path)
    assert len(sentences) == len(kept)
    for path, sentence in zip(kept, sentences, strict=True):
        assert path.name in sentence
        assert path.read_bytes() == CONTENTS[content][:LARGEST]
    assert bool(kept) != (tmp_path / name).exists()


@pytest.mark.parametrize("name", RENAMED)
@pytest.mark.parametrize("content", ["nested", "infinite", "too many digits", "a list", "not UTF-8", "doubled key"])
def test_a_damaged_file_is_put_aside_and_named_once(tmp_path: Path, name: str, content: str):
    (tmp_path / name).write_bytes(CONTENTS[content])
    assert reads_as_default(tmp_path, name)
    assert len(told(tmp_path)) == 1
    assert reads_as_default(tmp_path, name)
    assert told(tmp_path) == ()


@given(value=VALUES, name=st.sampled_from([*READERS]))
@settings(max_examples=200, deadline=None)
def test_any_json_is_no_error(value: object, name: str):
    _read_in_a_folder(as_bytes(value), name)


@given(raw=st.binary(), name=st.sampled_from([*READERS]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_no_error(raw: bytes, name: str):
    _read_in_a_folder(raw, name)


def _read_in_a_folder(raw: bytes, name: str) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / name).write_bytes(raw)
        found = READERS[name][0](folder)
        if isinstance(found, Settings):
            assert SettingsFile(folder).write(found)
        told(folder)
    finally:
        shutil.rmtree(folder)


@POSIX
@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_neither_read_nor_followed(tmp_path: Path, name: str, kind):
    data, victim = tmp_path / "data", tmp_path / "victim"
    data.mkdir()
    victim.write_bytes(b"precious" * 100)
    kind(data / name, victim)
    READERS[name][0](data)
    progress.note_mark(data, Mark("a" * 32, 7))
    SettingsFile(data).write(Settings(width=900))
    event_log.Log(data).note("event")
    taken = Lock.take(data, Holder())
    assert taken
    taken.release()
    assert victim.read_bytes() == b"precious" * 100
    assert progress.recall(data).heads == {"a" * 32: 7}
    assert SettingsFile(data).read() == Settings(width=900)
    assert not (tmp_path / "nowhere").exists()
    told(data)


@POSIX
@pytest.mark.parametrize("name", [event_log.NAME, event_log.OLDER])
@pytest.mark.parametrize("kind", KINDS)
def test_the_log_goes_on_beside_what_is_no_file(tmp_path: Path, name: str, kind, monkeypatch):
    monkeypatch.setattr(event_log, "BYTES", 200)
    data, victim = tmp_path / "data", tmp_path / "victim"
    data.mkdir()
    victim.write_bytes(b"precious")
    kind(data / name, victim)
    for number in range(20):
        event_log.Log(data).note("event", number=number)
    assert victim.read_bytes() == b"precious"
    assert "number=19" in (data / event_log.NAME).read_text("utf-8")
    told(data)


@POSIX
def test_a_lock_that_is_a_link_is_replaced_and_locks(tmp_path: Path):
    (tmp_path / lock.LOCK_FILE).symlink_to(tmp_path / "victim")
    (tmp_path / "victim").write_text("precious")
    first = Lock.take(tmp_path, Holder())
    assert first
    assert Lock.take(tmp_path, Holder()) is None
    assert (tmp_path / "victim").read_text() == "precious"
    (sentence,) = told(tmp_path)
    assert "不是普通文件" in sentence
    first.release()


def test_a_state_that_was_being_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    progress.note_mark(tmp_path, Mark("a", 3))
    whole, torn = own_files.read_own, [b'{"heads"']
    monkeypatch.setattr(own_files, "read_own", lambda *given: torn.pop() if torn else whole(*given))
    assert progress.recall(tmp_path).heads == {"a": 3}
    assert (told(tmp_path), list(tmp_path.glob("*.bad-*"))) == ((), [])


def test_a_blank_state_is_what_a_power_cut_leaves(tmp_path: Path):
    (tmp_path / progress.PROGRESS_FILE).write_bytes(bytes(512))
    assert progress.recall(tmp_path) == Memory({})
    assert told(tmp_path) == ()


def test_a_file_that_cannot_be_renamed_is_named_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "rename_over", refuse)
    (tmp_path / FILE).write_bytes(b"{")
    for _ in range(3):
        SettingsFile(tmp_path).read()
    assert [f"请把“{FILE}”移走" in sentence for sentence in told(tmp_path)] == [True]


def test_a_listener_gets_what_waits_and_what_comes(tmp_path: Path):
    heard: list[str] = []
    own_files.reports.add(tmp_path, "甲")
    tell = heard.append
    own_files.reports.listen(tmp_path, tell)
    own_files.reports.add(tmp_path, "乙")
    own_files.reports.add(tmp_path, "乙")
    own_files.reports.leave(tmp_path, print)
    own_files.reports.add(tmp_path, "再")
    own_files.reports.leave(tmp_path, tell)
    assert heard == ["甲", "乙", "再"]
    own_files.reports.add(tmp_path, "丙")
    assert told(tmp_path) == ("丙",)


@pytest.mark.parametrize("content", CONTENTS)
def test_drafts_open_whatever_lies_beside_them(tmp_path: Path, content: str):
    data = tmp_path / "data"
    open_drafts(data).store.close()
    for name in READERS:
        (data / name).write_bytes(CONTENTS[content][:LARGEST])
    opened = open_drafts(data)
    assert opened.store.drafts() == ()
    assert opened.store.refusal == ""
    opened.store.close()
    told(data)


@POSIX
def test_leftovers_that_are_links_are_removed_and_not_followed(tmp_path: Path):
    (tmp_path / "victim").mkdir()
    for number, target in enumerate((tmp_path / "victim", tmp_path / "nowhere")):
        link = tmp_path / f"~x{number}.tmp"
        link.symlink_to(target)
        os.utime(link, (0, 0), follow_symlinks=False)
    files.remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["victim"]


# -- exports ------------------------------------------------------------------------------------------------------


@POSIX
def test_an_export_writes_the_file_that_a_link_leads_to(tmp_path: Path):
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.pdf").write_bytes(b"old")
    (tmp_path / "a.pdf").symlink_to(tmp_path / "share" / "a.pdf")
    files.write_atomic(tmp_path / "a.pdf", b"new")
    assert (tmp_path / "a.pdf").is_symlink()
    assert (tmp_path / "share" / "a.pdf").read_bytes() == b"new"


@POSIX
@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.__name__ in ("a_folder", "a_pipe", "a_device", "a_loop")]
)
def test_an_export_replaces_no_other_kind_of_file(tmp_path: Path, kind):
    kind(tmp_path / "a.pdf", tmp_path / "victim")
    before = os.lstat(tmp_path / "a.pdf")
    with pytest.raises(Trouble, match=r"^导出失败：“a\.pdf”是"):
        files.write_atomic(tmp_path / "a.pdf", b"new")
    assert os.lstat(tmp_path / "a.pdf").st_ino == before.st_ino


def test_a_name_is_chosen_beside_a_link_that_leads_nowhere(tmp_path: Path):
    if os.name != "nt":
        (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
        assert files.write_new(tmp_path / "a.txt", b"new").name == "a-2.txt"
