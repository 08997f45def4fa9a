"""Tells whether the system's clock can be right, from when the program was used before.

A dead battery sets the clock to another year until somebody corrects it.  What is deleted for ever by its age must wait
until the clock has been seen for a day of use without a jump: a wrong one is noticed and corrected sooner.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

DAY = timedelta(days=1)
BACK = timedelta(hours=1)  # of a clock that is corrected by the network
PAUSE = timedelta(hours=36)  # from one day of use to the next; a longer one may be a jump of the clock
OFTEN = timedelta(minutes=10)  # the record is not written more often


def ahead(stamp: datetime, now: datetime) -> bool:
    """Return True if something happened more than a day after the present time: the clock must be wrong."""
    return stamp - now > DAY


@dataclass(frozen=True)
class ClockRecord:
    """Use of the program by the system's clock, in UTC.

    `since`: first use after the last jump of the clock · `last`: last use · `reached`: latest time that was trusted.
    """

    since: datetime | None = None
    last: datetime | None = None
    reached: datetime | None = None

    def seen(self, now: datetime) -> ClockRecord:
        """Add the present time."""
        now = now.astimezone(UTC)
        if self.since is None or self.last is None or not self.last - BACK <= now <= self.last + PAUSE:
            return ClockRecord(now, now, self.reached)
        found = replace(self, last=max(now, self.last))
        return replace(found, reached=max(now, self.reached or now)) if found.trusted(now) else found

    def trusted(self, now: datetime) -> bool:
        """Return True if the clock ran for a day of use without a jump."""
        if self.since is None or self.last is None or not self.last - BACK <= now <= self.last + PAUSE:
            return False
        return now - self.since >= DAY

    def differs(self, other: ClockRecord) -> bool:
        """Return True if it is worth writing: a jump, or ten minutes later."""
        if self.last is None or other.last is None or self.since != other.since:
            return self != other
        return self.last - other.last >= OFTEN

    def text(self) -> str:
        """Write the record as JSON."""
        stamps = {"since": self.since, "last": self.last, "reached": self.reached}
        return json.dumps({name: at.isoformat() for name, at in stamps.items() if at})

    @classmethod
    def of(cls, text: str) -> ClockRecord:
        """Read a record; an empty one, which trusts no clock, if the text is none."""
        try:
            data = json.loads(text)
            stamps = {name: datetime.fromisoformat(data[name]) for name in ("since", "last", "reached") if name in data}
            if any(at.tzinfo is None for at in stamps.values()):
                return cls()
            return cls(**stamps)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return cls()


def highest(record: ClockRecord, *stamps: str) -> str:
    """Return the latest of stored times and of the time at which the clock was trusted last."""
    times = [datetime.fromisoformat(stamp) for stamp in stamps]
    return max([*times, *([record.reached] if record.reached else [])]).isoformat()
