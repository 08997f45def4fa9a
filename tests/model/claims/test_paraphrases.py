"""Tests on prose by other hands: nothing is said of it as it is, and no wrong number passes in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.form.format import Severity
from tests.bench import paraphrases

FILES = sorted(paraphrases.MATERIAL.glob("*/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_honest_prose_needs_no_explanation(path: Path):
    one = paraphrases.told(path)
    found = paraphrases.checked(one.report.year).findings(one.report)
    assert [finding.message for finding in found if finding.severity is not Severity.HINT] == []


def test_nearly_every_wrong_number_is_found_and_the_rest_is_listed():
    folders = {path.parent for path in FILES if path.parent.name.startswith("published")}
    counts = [paraphrases.measure(folder, listing=False) for folder in sorted(folders)]
    marks, found, listed = (sum(count[key] for count in counts) for key in ("marks", "found", "listed"))
    assert marks > 40
    assert found >= 0.95 * marks
    assert found + listed == marks
