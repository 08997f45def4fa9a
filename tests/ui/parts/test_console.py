"""Tests of the standard streams of the two programs for Windows."""

from __future__ import annotations

import sys

import pytest

from ui.parts import console


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the messages in boxes of a windowed program for Windows, which has no streams."""
    boxes: list[str] = []
    for name, value in (("platform", "win32"), ("frozen", True), ("stdout", None), ("stderr", None),
                        ("executable", r"C:\年报\zwgk-annual-report.exe")):  # fmt: skip
        monkeypatch.setattr(sys, name, value, raising=False)
    monkeypatch.setattr(console, "_show", boxes.append)
    return boxes


def test_a_command_to_the_windowed_program_names_the_other_one(shown: list[str]):
    with pytest.raises(console.OutputTrouble) as caught:
        console.require_output()
    assert "“zwgk-annual-report-cli.exe”" in str(caught.value)
    console.complain(str(caught.value))
    assert shown == [str(caught.value)]


def test_a_closed_stream_elsewhere_shows_no_box(shown: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "frozen", False, raising=False)
    with pytest.raises(console.OutputTrouble, match="标准输出已关闭"):
        console.require_output()
    console.complain("没有完成")
    assert shown == []
