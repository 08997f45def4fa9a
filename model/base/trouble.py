"""The one family of errors that a user can do something about."""

from __future__ import annotations


class Trouble(Exception):
    """Something outside the program is in the way: a file, a disk, a database of another version.

    The message is one Chinese sentence that says where, what, what was expected and what to do.
    """
