"""Computes column widths: the form's proportions, adjusted where long numbers would become too small to read."""

from __future__ import annotations

from collections.abc import Sequence

_TEXT_LEAST, _NUMBERS_LEAST = 0.6, 0.8  # share of its width that a column of labels or of numbers keeps
_TEXT_FROM = 100.0  # points: minimum width of a label column that is narrowed


def settled(relative: Sequence[float], width: float, needs: Sequence[float], grow: float = 1.0) -> list[float]:
    """Widths in points that sum to `width`: the form's proportions, but each column as wide as its numbers need.

    `needs` (pt) has 0 for a column without numbers. The missing width (or the share `grow` of it) is taken first from
    wide label columns, then from number columns that need less; if that is not enough, all get the same share.
    """
    scale = width / sum(relative)
    widths = [part * scale for part in relative]
    wanted = [own + grow * max(0.0, need - own) for own, need in zip(widths, needs, strict=True)]
    for spared in (_spare_text, _spare_numbers):
        lacks = [max(0.0, want - own) for own, want in zip(widths, wanted, strict=True)]
        if any(lacks):
            widths = _moved(widths, [spared(own, need) for own, need in zip(widths, needs, strict=True)], lacks)
    return widths


def _spare_text(own: float, need: float) -> float:
    return own * (1 - _TEXT_LEAST) if not need and own >= _TEXT_FROM else 0.0


def _spare_numbers(own: float, need: float) -> float:
    return max(0.0, own - max(need, own * _NUMBERS_LEAST)) if need else 0.0


def _moved(widths: Sequence[float], spare: Sequence[float], lacks: Sequence[float]) -> list[float]:
    """Take as much as possible of the missing widths (`lacks`) from the spare ones."""
    total = min(sum(spare), sum(lacks))
    if total <= 0:
        return list(widths)
    gives, gets = total / sum(spare), total / sum(lacks)
    return [own - gives * more + gets * less for own, more, less in zip(widths, spare, lacks, strict=True)]
