"""A disk that takes two seconds for each save never makes the clerk wait."""

from __future__ import annotations

import statistics
import time

import pytest

from model.form.cell import at
from model.storage.store import Store
from tests.support.helpers import FORM_2021, complete
from tests.support.ui_helpers import NO_SCREEN, Hands

pytestmark = NO_SCREEN
SLOW = 2.0  # seconds


@pytest.fixture
def slow(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> Hands:
    hands.begin(complete(FORM_2021))
    save = Store.save

    def late(self, number, changes, uid):
        time.sleep(SLOW)
        return save(self, number, changes, uid)

    monkeypatch.setattr(Store, "save", late)
    return hands


def test_typing_does_not_wait_for_the_save_and_all_of_it_is_saved(slow: Hands):
    addresses = [address for address in FORM_2021.inputs if address.table == "requests"][:25]
    waits = []
    for number, address in enumerate(addresses, 1):
        start = time.perf_counter()
        slow.desk.enter(address, str(number))
        waits.append(time.perf_counter() - start)
    assert statistics.median(waits) < 0.016
    assert max(waits) < SLOW / 4  # a busy machine may be late, but nothing has waited for a save
    slow.qtbot.waitUntil(lambda: slow.status.startswith("已保存 "), timeout=15_000)
    number = slow.desk.number
    report = slow.window._save_queue.ask(lambda store: store.load(number))
    assert [report.entry(at(str(a))).number for a in addresses] == list(range(1, 26))
