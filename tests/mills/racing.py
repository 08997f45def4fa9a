"""One of two windows that save into the same draft: `python -m tests.mills.racing FOLDER DRAFT COLUMN SAVES`."""

from __future__ import annotations

import sys
from pathlib import Path

from model.cell import BLANK, Entry, at
from model.report import Change
from model.store import Store, new_uid


def main(folder: str, draft: str, column: str, saves: str) -> None:
    store = Store.open(Path(folder))
    for number in range(int(saves)):
        change = Change("填写", cells={at(f"race/row_{number}/{column}"): (BLANK, Entry(number))})
        store.save(int(draft), [change], new_uid())
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
