"""Tests of the contrast of colours in all three palettes, by the formula of WCAG 2."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.parts.theme import SETS, Colours, Sign, SignLabel, colours, drawn

LIGHT, DARK, CONTRAST = SETS
each_set = pytest.mark.parametrize("colours_of", SETS, ids=["light", "dark", "contrast"])


def luminance(colour: QColor) -> float:
    shares = (colour.redF(), colour.greenF(), colour.blueF())
    parts: list[float] = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@contextmanager
def theme(qapp: QApplication, base: str, text: str) -> Iterator[None]:
    """Replace the application's palette temporarily."""
    before = QPalette(QGuiApplication.palette())
    palette = QPalette(before)
    palette.setColor(QPalette.ColorRole.Base, QColor(base))
    palette.setColor(QPalette.ColorRole.Text, QColor(text))
    qapp.setPalette(palette)
    try:
        yield
    finally:
        qapp.setPalette(before)


def strongest(pixmap: QPixmap) -> str:
    """Return the most frequent colour of a sign's opaque pixels."""
    image = pixmap.toImage()
    dots = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return Counter(dot.name() for dot in dots if dot.alpha() == 255).most_common(1)[0][0]


def seen_colours(hands: Hands) -> dict[str, str]:
    """Return the colours of ticks in the steps, the checklist and the banner."""
    labels = [sign for sign in hands.window.findChildren(SignLabel) if sign.isVisible() and sign.sign is Sign.DONE]
    step = hands.wizard.list.item(0)
    return {
        "step": strongest(step.icon().pixmap(16, 16)),
        **{f"label {number}": strongest(label.pixmap()) for number, label in enumerate(labels)},
        "ground": re.findall("#[0-9a-f]{6}", hands.window.banner.styleSheet())[0],
    }


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
    with theme(qapp, base, text):
        assert colours() is wanted


@each_set
@pytest.mark.parametrize("sign", Sign)
def test_a_sign_is_drawn_in_its_colour_and_no_other(hands: Hands, sign: Sign, colours_of: Colours):
    used = set(re.findall(rb"#[0-9a-f]{6}", drawn(sign, colours_of).partition(b">")[2]))
    own = {colours_of.of(sign).name().encode()}
    assert own <= used <= own | {colours_of.paper.name().encode()}


@NO_SCREEN
def test_an_open_window_follows_the_theme_of_the_system(hands: Hands, qapp):
    hands.begin(complete(FORM_2021))
    hands.wizard.go_to("overview")
    hands.window.banner.say("好")
    hands.qtbot.wait(50)
    before = seen_colours(hands)
    with theme(qapp, "#1e1e1e", "#e8e8e8"):
        hands.qtbot.wait(50)
        assert seen_colours(hands) == {name: DARK.done.name() for name in before} | {"ground": DARK.head.name()}
    hands.qtbot.wait(50)
    assert seen_colours(hands) == before == {name: LIGHT.done.name() for name in before} | {"ground": LIGHT.head.name()}
