"""Tests that settings are kept, and that a broken file never prevents the start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.base import own_files
from ui.parts.settings import FILE, MAX_BYTES, PLACES, Settings, SettingsFile


def aside(folder: Path) -> list[bytes]:
    """Return the content of the damaged files that were kept, once the user was told of them."""
    kept = sorted(folder.glob(f"{FILE}.bad-*"))
    told = own_files.reports.take(folder)
    assert len(told) == len(kept)
    assert all(sentence.startswith("设置文件已损坏") and kept[0].name in sentence for sentence in told)
    return [path.read_bytes() for path in kept]


def test_what_is_written_is_read_again(tmp_path):
    wanted = Settings(width=1024, splitter=(700, 300), text_size=12).at(3, "requests", "requests/granted/business")
    (tmp_path / "新 文件夹").mkdir()
    assert SettingsFile(tmp_path / "新 文件夹").write(wanted)
    assert SettingsFile(tmp_path / "新 文件夹").read() == wanted


def test_a_data_folder_that_is_away_is_not_made_anew(tmp_path):
    assert not SettingsFile(tmp_path / "data").write(Settings())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"{",
        b"[1]",
        b'{"width": "wide"}',
        b'{"splitter": [1, "x"]}',
        b"\xff\xfe\x00",
        b'{"toured": 1}',
        b"[" * 100_000,
        b'{"width": 99999999999}',
        b'{"height": -1}',
        b'{"splitter": [700, 99999999999]}',
        b'{"width": ' + b"9" * 100_000 + b"}",
        b'{"width": 1e999}',
        b'{"width": NaN}',
        b'{"width": 900, "width": 901}',
        b'{"pages": {"1": "\\ud800"}}',
        b'{"pages": {"1": {"2": []}}}',
        b'{"unknown": ' + b"[" * 100_000 + b"}",
    ],
)
def test_a_broken_file_is_put_aside(tmp_path, broken):
    (tmp_path / FILE).write_bytes(broken)
    assert SettingsFile(tmp_path).read() == Settings()
    assert aside(tmp_path) == [broken]


def test_a_setting_of_a_newer_version_is_left_alone(tmp_path):
    (tmp_path / FILE).write_text('{"width": 900, "colour": "red"}', "utf-8")
    assert SettingsFile(tmp_path).read() == Settings(width=900)


def where(number: int) -> tuple[int, str, str]:
    return number, "government_information", f"active_disclosure/regulations/{number}"


def test_thousands_of_drafts_do_not_cost_the_settings(tmp_path):
    file, settings = SettingsFile(tmp_path), Settings(width=1024, text_size=12, toured=True)
    for number in range(1, 3001):
        settings = settings.at(*where(number))
    assert file.write(settings)
    assert (file.read(), aside(tmp_path)) == (settings, [])
    assert (tmp_path / FILE).stat().st_size < MAX_BYTES
    assert len(settings.pages) == len(settings.cells) == PLACES


def test_the_drafts_used_last_are_remembered():
    settings = Settings().at(*where(1))
    for number in range(2, PLACES + 1):
        settings = settings.at(*where(number)).at(*where(1))
    settings = settings.at(*where(PLACES + 1))
    assert list(settings.pages)[-2:] == ["1", str(PLACES + 1)]
    assert "2" not in settings.pages
    assert settings.pages.keys() == settings.cells.keys()


def test_a_file_that_has_grown_over_the_old_limit_is_still_read(tmp_path):
    """Check a large file: earlier versions wrote positions of all drafts, and refused files from 100,000 bytes on."""
    places = {str(number): where(number)[2] for number in range(3000)}
    (tmp_path / FILE).write_text(json.dumps({"toured": True, "pages": places, "cells": places}, indent=1), "utf-8")
    file = SettingsFile(tmp_path)
    settings = file.read()
    assert (settings.toured, aside(tmp_path)) == (True, [])
    assert list(settings.pages) == list(settings.cells) == [str(number) for number in range(3000 - PLACES, 3000)]


def test_a_file_without_end_is_put_aside(tmp_path):
    (tmp_path / FILE).write_text('{"width": 900}' + " " * MAX_BYTES, "utf-8")
    assert SettingsFile(tmp_path).read() == Settings()
    assert len(aside(tmp_path)) == 1


@pytest.mark.parametrize("size, used", [(1, 8), (12, 12), (99, 20)])
def test_text_stays_readable_whatever_the_file_says(tmp_path, size, used):
    (tmp_path / FILE).write_text(f'{{"text_size": {size}}}', "utf-8")
    assert SettingsFile(tmp_path).read().text_size == used


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    assert SettingsFile(tmp_path / "file").write(Settings()) is False


def test_a_failed_write_leaves_the_old_settings_and_nothing_else(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    SettingsFile(tmp_path).write(Settings(width=900))
    monkeypatch.setattr(Path, "replace", full)
    assert SettingsFile(tmp_path).write(Settings(width=1000)) is False
    assert SettingsFile(tmp_path).read() == Settings(width=900)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
