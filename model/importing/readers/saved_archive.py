"""Reads MHT, a web page or document saved with its pictures in one file."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import cast

from model.importing.containers import damaged, too_large

_MAX_PARTS = 2_000
_DECODED = 16 * 1024 * 1024  # bytes


def page_in(name: str, data: bytes) -> bytes:
    """Return the first HTML page of the archive, in its own encoding; raises `Trouble` if there is none."""
    if data.count(b"\n--") > _MAX_PARTS:
        raise too_large(name)
    try:
        message = cast(EmailMessage, message_from_bytes(data, policy=policy.compat32))
        for part in message.walk():
            if part.get_content_type() == "text/html":
                content = part.get_payload(decode=True)
                if isinstance(content, bytes) and content:
                    return _marked(content, part.get_content_charset())
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError) as error:
        raise damaged(name, "MHT") from error
    raise damaged(name, "MHT")


def _marked(content: bytes, charset: str | None) -> bytes:
    """Return the page as UTF-8 if the archive names its encoding."""
    if not charset or len(content) > _DECODED:
        return content
    try:
        return content.decode(charset).encode()
    except (LookupError, UnicodeDecodeError):
        return content
