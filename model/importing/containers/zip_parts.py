"""Reads members of a zip file within limits: their number and sizes are checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from functools import cached_property

from model.importing.containers.source import damaged, too_large

MAX_MEMBERS = 5_000
MAX_PART = 32 * 1024 * 1024  # bytes of one member when unpacked
MAX_ALL = 96 * 1024 * 1024  # bytes of all members that are read
ENCRYPTED = 0x1  # bit of a member's flags


class ZipParts:
    """The members of one zip file; `name` is that of the file, for messages."""

    def __init__(self, name: str, data: bytes) -> None:
        self.file, self._left = name, MAX_ALL
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError) as error:
            raise damaged(name) from error
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise too_large(name)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self._zip.namelist())

    @property
    def encrypted(self) -> bool:
        """Tell whether a password is needed to read the members."""
        return any(member.flag_bits & ENCRYPTED for member in self._zip.infolist())

    def read(self, part: str) -> bytes:
        """Return a member unpacked; raises `Trouble` for one that is missing, damaged or too large."""
        try:
            member = self._zip.getinfo(part)
            if member.file_size > min(MAX_PART, self._left):
                raise too_large(self.file)
            with self._zip.open(member) as packed:  # the sizes in the directory may be wrong
                data = packed.read(min(MAX_PART, self._left) + 1)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise damaged(self.file, part) from error
        except (NotImplementedError, RuntimeError, OSError) as error:  # another method of packing, or a password
            raise damaged(self.file, part) from error
        if len(data) > min(MAX_PART, self._left):
            raise too_large(self.file)
        self._left -= len(data)
        return data
