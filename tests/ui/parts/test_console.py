"""Tests of the standard streams of the two programs for Windows."""

from __future__ import annotations

import sys

import pytest

from ui.parts import console


def windowed(monkeypatch: pytest.MonkeyPatch, *, frozen: bool) -> list[str]:
    """Make this a program for Windows without streams; return the messages that it will show in boxes.

    Called in the test itself: pytest exchanges the streams between a fixture and its test.
    """
    boxes: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "frozen", frozen, raising=False)
    monkeypatch.setattr(sys, "executable", r"C:\年报\zwgk-annual-report.exe")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(console, "_show", boxes.append)
    return boxes


def test_a_command_to_the_windowed_program_names_the_other_one(monkeypatch: pytest.MonkeyPatch):
    shown = windowed(monkeypatch, frozen=True)
    with pytest.raises(console.OutputTrouble) as caught:
        console.require_output()
    console.complain(str(caught.value))
    monkeypatch.undo()
    assert "“zwgk-annual-report-cli.exe”" in str(caught.value)
    assert shown == [str(caught.value)]


def test_a_closed_stream_elsewhere_shows_no_box(monkeypatch: pytest.MonkeyPatch):
    shown = windowed(monkeypatch, frozen=False)
    with pytest.raises(console.OutputTrouble) as caught:
        console.require_output()
    console.complain("没有完成")
    monkeypatch.undo()
    assert "标准输出已关闭" in str(caught.value)
    assert shown == []
