"""Tests that last year's report is found among the drafts and used by the checks."""

from __future__ import annotations

import pytest

from model.report.report import Report
from model.storage.store import Store
from tests.support.helpers import FORMATS, published
from tests.support.ui_helpers import NO_SCREEN, Hands
from ui.draft.find_last_year import last_year_of


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize(
    "agency, year, found",
    [
        ("应急管理局", 2024, True),
        ("济源示范区应急管理局", 2024, True),
        ("管理局", 2024, True),
        ("应急管理局", 2025, False),
        ("应急管理局", 2023, False),
        ("财政局", 2024, False),
        ("", 2024, False),
    ],
)
def test_the_year_before_of_the_same_agency_is_found(store, agency, year, found):
    store.create(Report("应急管理局", 2023, "2021"), "新建")
    last = last_year_of(store, Report(agency, year, "2021"), FORMATS)
    assert (last is not None) is found


def test_the_draft_used_last_is_taken(store):
    store.create(Report("应急管理局", 2023, "2021"), "新建")
    store.create(Report("应急管理局", 2023, "2021", facts={"mark": "second"}), "新建")
    last = last_year_of(store, Report("应急管理局", 2024, "2021"), FORMATS)
    assert last
    assert last.report.facts == {"mark": "second"}


def test_a_format_that_is_not_installed_stops_nothing(store):
    store.create(Report("应急管理局", 2023, "2099"), "新建")
    assert last_year_of(store, Report("应急管理局", 2024, "2021"), FORMATS) is None


@NO_SCREEN
def test_a_carry_that_is_off_is_found_in_the_window(hands: Hands):
    hands.begin(published("suqian-2023"))
    hands.begin(published("suqian-2024"))
    hands.stand_on("requests/carried_over/natural_person")
    hands.fill("120")
    assert "year-carry" in [finding.code for finding in hands.desk.findings]
