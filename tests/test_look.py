"""The colours can be told apart, by the formula of WCAG 2, in all three sets."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from ui.look import SETS, Colours, Sign, colours

LIGHT, DARK, CONTRAST = SETS
each_set = pytest.mark.parametrize("colours_of", SETS, ids=["light", "dark", "contrast"])


def luminance(colour: QColor) -> float:
    shares = (colour.redF(), colour.greenF(), colour.blueF())
    parts: list[float] = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@each_set
def test_ink_is_readable_on_every_ground(colours_of: Colours):
    grounds = ("paper", "head", "band", "total", "bad", "warn")
    assert {g: c for g in grounds if (c := contrast(colours_of.ink, getattr(colours_of, g))) < 7} == {}


@each_set
def test_signs_stand_out_where_they_are_drawn(colours_of: Colours):
    grounds = {"paper": colours_of.paper, "band": colours_of.band}
    faint = {
        (sign.value, name): round(c, 2)
        for sign in Sign
        for name, ground in grounds.items()
        if sign is not Sign.BLANK and (c := contrast(colours_of.of(sign), ground)) < 3
    }
    assert faint == {}


@pytest.mark.parametrize(
    "base, text, wanted",
    [("#ffffff", "#000000", LIGHT), ("#1e1e1e", "#e8e8e8", DARK), ("#000000", "#ffffff", CONTRAST)],
)
def test_the_systems_palette_chooses_the_set(qapp, base: str, text: str, wanted: Colours):
    before = QPalette(QGuiApplication.palette())
    palette = QPalette(before)
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    qapp.setPalette(palette)
    try:
        assert colours() is wanted
    finally:
        qapp.setPalette(before)
