from pathlib import Path

from model.importing import read_report
from model.formats import load_all
import pytest
ROOT=Path(__file__).resolve().parent.parent
F=load_all([ROOT/"resources"/"formats"])
R=ROOT/"tests"/"reports"
@pytest.mark.parametrize("n",["jiyuan-emergency-2020.txt","suqian-2023.json","suqian-2024.json","shuyang-2025.json"])
def test_x(n):
    r=read_report(R/n,F)
    print(r.report.agency, r.report.year, len(r.report.cells), len(r.report.stated), r.report.notes)
    assert len(r.report.notes)<=1
