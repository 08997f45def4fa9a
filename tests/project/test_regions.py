"""Tests of the lists of places that a tool writes: they agree with each other."""

from __future__ import annotations

import runpy
from pathlib import Path

from tests.support.helpers import FORMATS

ROOT = Path(__file__).resolve().parents[2]


def test_the_districts_are_those_of_the_regions():
    tool = runpy.run_path(str(ROOT / "tools" / "regions.py"))
    text = tool["TARGET"].read_text(encoding="utf-8")
    assert tool["districts"](text) == tool["DISTRICTS"].read_text(encoding="utf-8")


def test_the_districts_have_a_government_of_their_own():
    assert FORMATS.districts >= {"海淀区", "浦东新区", "沈北新区", "城区", "老城区", "神农架林区", "六枝特区", "绿园区"}
    assert not FORMATS.districts & {"两江新区", "兰州新区", "五台山风景名胜区", "阿里地区", "市辖区", "内蒙古自治区"}
