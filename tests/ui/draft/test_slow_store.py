"""Tests that typing does not wait for a disk that is busy with a save."""

from __future__ import annotations

import threading

import pytest

from model.form.cell import at
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
AT_LAST = 60.0  # seconds after which a save goes on by itself: then a test has failed


class BusyDisk:
    """Holds every save back until `free` is set; counts the saves that are done."""

    def __init__(self) -> None:
        self.free, self.saves = threading.Event(), 0


@pytest.fixture
def disk(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> BusyDisk:
    hands.begin(complete(FORM_2021))
    busy, save = BusyDisk(), Store.save

    def late(self, *arguments, **words):
        busy.free.wait(AT_LAST)
        done = save(self, *arguments, **words)
        busy.saves += 1
        return done

    monkeypatch.setattr(Store, "save", late)
    return busy


def test_typing_does_not_wait_for_the_save_and_all_of_it_is_saved(hands: Hands, disk: BusyDisk):
    addresses = [address for address in FORM_2021.inputs if address.table == "requests"][:25]
    for number, address in enumerate(addresses, 1):
        hands.desk.enter(address, str(number))
    assert disk.saves == 0  # all 25 were typed while the first save was still held back
    disk.free.set()
    hands.qtbot.waitUntil(lambda: hands.status.startswith("已保存 "), timeout=15_000)
    number = hands.desk.number
    report = hands.window._save_queue.ask(lambda store: store.load(number))
    assert [report.entry(at(str(a))).number for a in addresses] == list(range(1, 26))
