"""Limits the work that one foreign file may cause, counted in bytes or items and therefore equal on every computer."""

from __future__ import annotations

from model.base.trouble import Trouble


class WorkLimit:
    """Allowance for reading one file, from which every loop over its content draws."""

    def __init__(self, says: str, most: int) -> None:
        self._says, self._left = says, most

    @property
    def left(self) -> int:
        """The bytes or items that may still be visited."""
        return self._left

    def spend(self, amount: int = 1) -> None:
        """Draw from the allowance; raise `Trouble` with the sentence given when it is used up."""
        self._left -= amount
        if self._left < 0:
            raise Trouble(self._says)


def too_much(name: str) -> str:
    """The sentence for a file whose content exceeds that of any report."""
    return f"文件“{name}”里的内容过多，不像是一份年度报告，请检查是否选错了文件"
