"""Tests that a data folder into which other users may write is named, and an ordinary one is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from model.base import folder_access, location

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the rights of a Windows folder are lists")
OTHER = 54321  # number of a user or group that is not ours


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "数据"
    folder.mkdir(mode=0o700)
    return folder


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755, 0o500])
def test_a_folder_of_our_own_is_not_named(data: Path, mode: int):
    data.chmod(mode)
    assert folder_access.open_to_others(data) == ()


@pytest.mark.parametrize("mode", [0o777, 0o707, 0o702, 0o1777, 0o733])
def test_a_folder_for_everybody_is_named_in_one_sentence(data: Path, mode: int):
    data.chmod(mode)
    (sentence,) = folder_access.open_to_others(data)
    assert f"“{data}”" in sentence
    assert "。" not in sentence
    assert sentence in location.warnings(data)


@pytest.mark.parametrize("name", ["备份", "formats"])
def test_a_folder_within_is_named(data: Path, name: str):
    (data / name).mkdir()
    (data / name).chmod(0o777)
    (sentence,) = folder_access.open_to_others(data)
    assert f"“{data / name}”" in sentence


def test_a_folder_above_is_named_unless_it_is_sticky(data: Path):
    data.parent.chmod(0o777)
    (sentence,) = folder_access.open_to_others(data)
    assert f"“{data.parent}”" in sentence
    data.parent.chmod(0o1777)
    assert folder_access.open_to_others(data) == ()


@pytest.mark.parametrize("private, named", [(True, 0), (False, 1)])
def test_a_group_is_named_unless_it_is_that_of_the_user_alone(data: Path, monkeypatch, private: bool, named: int):
    data.chmod(0o770)
    monkeypatch.setattr(folder_access, "_is_private_group", lambda _number, _place: private)
    assert len(folder_access.open_to_others(data)) == named


@pytest.mark.parametrize(
    "user, group, members, private",
    [
        ("zhang", "zhang", [], True), ("zhang", "zhang", ["zhang"], True), ("zhang", "zhang", ["li"], False),
        ("zhang", "users", [], False), (None, "zhang", [], False),
    ],
)  # fmt: skip
def test_the_group_of_the_user_alone(tmp_path: Path, monkeypatch, user: str | None, group: str, members, private: bool):
    class Entry:
        pw_name, pw_gid, gr_name, gr_mem = user, OTHER, group, members

    def find(_number: int) -> Entry:
        if user is None:
            raise KeyError
        return Entry()

    monkeypatch.setattr("pwd.getpwuid", find)
    monkeypatch.setattr("grp.getgrgid", lambda _number: Entry())
    assert folder_access._is_private_group(OTHER, tmp_path) == private
    assert not folder_access._is_private_group(0, tmp_path)


def test_a_folder_of_another_user_is_named(data: Path, monkeypatch: pytest.MonkeyPatch):
    owner = data.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + OTHER)
    assert len(folder_access.open_to_others(data)) == (0 if owner == 0 else 1)
    monkeypatch.undo()
    if os.geteuid() == 0:
        os.chown(data, OTHER, -1)
        assert len(folder_access.open_to_others(data)) == 1


@pytest.mark.parametrize("path", ["没有", "/dev/null", "x" * 300])
def test_what_is_no_folder_is_not_named(tmp_path: Path, path: str):
    assert folder_access.open_to_others(tmp_path / path) == ()
