"""Helpers that know no report: errors for users, text, files, TOML, log, location of the data."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from model.base import clock, crash_report, files, folder_access, location, own_files
    from model.base.clock import PAUSE, ClockRecord
    from model.base.crash_report import crash_text, write_crash_report
    from model.base.days import day_in_words, read_day
    from model.base.event_log import Log
    from model.base.filenames import safe_name, unused
    from model.base.files import write_atomic
    from model.base.held_files import HeldError, errno_of, wait_for
    from model.base.input_file import begins_with, input_size, is_folder, is_there, read_input, refuse_size, shown_name
    from model.base.json_objects import RepeatedKeyError, unique_keys
    from model.base.text import MAX_EXCERPT, as_message, clean, excerpt, excerpt_of_row, in_quotes, nested
    from model.base.toml import MAX_TOML, Node, digest_of, digest_of_contents, parse_toml, read_toml
    from model.base.trouble import Trouble
    from model.base.version import VERSION
    from model.base.work_limit import WorkLimit, too_much

__all__ = [
    "MAX_EXCERPT",
    "MAX_TOML",
    "PAUSE",
    "VERSION",
    "ClockRecord",
    "HeldError",
    "Log",
    "Node",
    "RepeatedKeyError",
    "Trouble",
    "WorkLimit",
    "as_message",
    "begins_with",
    "clean",
    "clock",
    "crash_report",
    "crash_text",
    "day_in_words",
    "digest_of",
    "digest_of_contents",
    "errno_of",
    "excerpt",
    "excerpt_of_row",
    "files",
    "folder_access",
    "in_quotes",
    "input_size",
    "is_folder",
    "is_there",
    "location",
    "nested",
    "own_files",
    "parse_toml",
    "read_day",
    "read_input",
    "read_toml",
    "refuse_size",
    "safe_name",
    "shown_name",
    "too_much",
    "unique_keys",
    "unused",
    "wait_for",
    "write_atomic",
    "write_crash_report",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {
            "clock": ("ClockRecord PAUSE"),
            "crash_report": ("crash_text write_crash_report"),
            "days": ("day_in_words read_day"),
            "event_log": ("Log"),
            "filenames": ("safe_name unused"),
            "files": ("write_atomic"),
            "held_files": ("HeldError errno_of wait_for"),
            "input_file": ("begins_with input_size is_folder is_there read_input refuse_size shown_name"),
            "json_objects": ("RepeatedKeyError unique_keys"),
            "text": ("MAX_EXCERPT as_message clean excerpt excerpt_of_row in_quotes nested"),
            "toml": ("MAX_TOML Node digest_of digest_of_contents parse_toml read_toml"),
            "trouble": ("Trouble"),
            "version": ("VERSION"),
            "work_limit": ("WorkLimit too_much"),
        },
    )
