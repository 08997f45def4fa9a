"""Selects Qt's input context by the desktop's input method; `app/fcitx` describes the protocols."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

ASKED_BY = ("QT_IM_MODULE", "GTK_IM_MODULE")  # desktops set at least one of these, or `ASKED_BY_X`
ASKED_BY_X = "XMODIFIERS"  # @im=fcitx


def wanted(environment: Mapping[str, str]) -> str:
    """Return the input method that the desktop uses: "fcitx", "ibus", or "" when no variable names it."""
    words = [environment.get(name, "") for name in ASKED_BY]
    words.append(environment.get(ASKED_BY_X, "").removeprefix("@im="))
    for word in words:
        for known in ("fcitx", "ibus"):
            if word.lower().startswith(known):
                return known
    return ""


def prepare(environment: MutableMapping[str, str]) -> str:
    """Select an input context that Qt has and return the result of `wanted`; must run before QApplication is created.

    For fcitx it is that of ibus: fcitx 5 implements its protocol, and with fcitx 4 it passes every key on.
    """
    method = wanted(environment)
    if method:
        environment["QT_IM_MODULE"] = "ibus"
    if method == "fcitx":
        environment["IBUS_USE_PORTAL"] = "1"
    return method
