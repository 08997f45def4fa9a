"""The window remembers its settings, and a broken file never stops the program."""

from __future__ import annotations

import pytest

from ui.parts.settings import ASIDE, FILE, Settings, SettingsFile


def test_what_is_written_is_read_again(tmp_path):
    wanted = Settings(width=1024, splitter=(700, 300), text_size=12).at(3, "requests", "requests/granted/business")
    assert SettingsFile(tmp_path / "新 文件夹").write(wanted)
    assert SettingsFile(tmp_path / "新 文件夹").read() == wanted


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"[1]", b'{"width": "wide"}', b'{"splitter": [1, "x"]}', b"\xff\xfe\x00", b'{"toured": 1}']
)
def test_a_broken_file_is_put_aside(tmp_path, broken):
    (tmp_path / FILE).write_bytes(broken)
    file = SettingsFile(tmp_path)
    assert (file.read(), file.reset) == (Settings(), True)
    assert (tmp_path / ASIDE).read_bytes() == broken


def test_a_setting_of_a_newer_version_is_left_alone(tmp_path):
    (tmp_path / FILE).write_text('{"width": 900, "colour": "red"}', "utf-8")
    assert SettingsFile(tmp_path).read() == Settings(width=900)


@pytest.mark.parametrize("size, used", [(1, 8), (12, 12), (99, 20)])
def test_text_stays_readable_whatever_the_file_says(tmp_path, size, used):
    (tmp_path / FILE).write_text(f'{{"text_size": {size}}}', "utf-8")
    assert SettingsFile(tmp_path).read().text_size == used


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    assert SettingsFile(tmp_path / "file").write(Settings()) is False
