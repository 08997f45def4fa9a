"""Infers the kind of unit (government, town, department) from the name of an agency."""

from __future__ import annotations

# The last word of an agency's name shows its kind.
_ENDINGS = (
    ("government", ("人民政府", "自治州", "自治县", "市", "县", "区", "旗", "省", "盟")),
    ("town", ("镇", "乡", "街道", "街道办事处", "苏木")),
)


def unit_kind_of(agency: str) -> str:
    """Guess the kind of unit from its name: 宿迁市 → government, 某某街道办事处 → town, else department."""
    if agency.endswith(("镇人民政府", "乡人民政府")):
        return "town"
    for kind, endings in _ENDINGS:
        if agency.endswith(endings):
            return kind
    return "department"
