"""Base class of the errors that a user can act on."""

from __future__ import annotations


class Trouble(Exception):
    """Error caused from outside the program: by a file, a disk, a database of another version.

    The message is one Chinese sentence with the place, the problem, what was expected and what to do.
    """
