"""Which input method the desktop uses, and what Qt is to be told of it; see `inputmethod_fcitx` for the whole story."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

ASKED_BY = ("QT_IM_MODULE", "GTK_IM_MODULE")  # desktops set at least one of these, or the next
ASKED_BY_X = "XMODIFIERS"  # @im=fcitx


def wanted(environment: Mapping[str, str]) -> str:
    """The input method that the desktop uses: "fcitx", "ibus", or "" when it does not say."""
    words = [environment.get(name, "") for name in ASKED_BY]
    words.append(environment.get(ASKED_BY_X, "").removeprefix("@im="))
    for word in words:
        for known in ("fcitx", "ibus"):
            if word.lower().startswith(known):
                return known
    return ""


def prepare(environment: MutableMapping[str, str]) -> str:
    """Choose an input context that Qt has, and return what is `wanted`; must run before the QApplication is made.

    With fcitx it is the one of ibus: fcitx 5 answers it, and with fcitx 4 it lets every key pass.
    """
    method = wanted(environment)
    if method:
        environment["QT_IM_MODULE"] = "ibus"
    if method == "fcitx":
        environment["IBUS_USE_PORTAL"] = "1"
    return method
