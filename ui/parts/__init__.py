"""Widgets and helpers that know no report."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.parts import console
    from ui.parts.background_jobs import Job, Jobs
    from ui.parts.banner import Banner, BannerAction
    from ui.parts.console import OutputTrouble
    from ui.parts.fields import ChoiceBox, DateField, LineField, NumberBox, local_files
    from ui.parts.folders import Folders
    from ui.parts.layout_helpers import docked, emptied
    from ui.parts.offer_strip import OfferStrip
    from ui.parts.question_box import ask_question
    from ui.parts.settings import Settings, SettingsFile
    from ui.parts.theme import (
        FONTS,
        MARGIN,
        SIGN_OF,
        SIGNS,
        STEP,
        WORD_OF,
        Colours,
        Sign,
        SignLabel,
        calm_selection,
        colours,
        icon,
        redress,
    )
    from ui.parts.typing_debounce import TypingDebounce

__all__ = [
    "FONTS",
    "MARGIN",
    "SIGNS",
    "SIGN_OF",
    "STEP",
    "WORD_OF",
    "Banner",
    "BannerAction",
    "ChoiceBox",
    "Colours",
    "DateField",
    "Folders",
    "Job",
    "Jobs",
    "LineField",
    "NumberBox",
    "OfferStrip",
    "OutputTrouble",
    "Settings",
    "SettingsFile",
    "Sign",
    "SignLabel",
    "TypingDebounce",
    "ask_question",
    "calm_selection",
    "colours",
    "console",
    "docked",
    "emptied",
    "icon",
    "local_files",
    "redress",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "background_jobs": ("Job Jobs"),
            "banner": ("Banner BannerAction"),
            "console": ("OutputTrouble"),
            "fields": ("ChoiceBox DateField LineField NumberBox local_files"),
            "folders": ("Folders"),
            "layout_helpers": ("docked emptied"),
            "offer_strip": ("OfferStrip"),
            "question_box": ("ask_question"),
            "settings": ("Settings SettingsFile"),
            "theme": (
                "Colours FONTS MARGIN SIGNS SIGN_OF STEP Sign SignLabel WORD_OF calm_selection colours icon redress"
            ),
            "typing_debounce": ("TypingDebounce"),
        },
    )
