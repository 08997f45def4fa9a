"""Infers the kind of unit (government, town, department, other office) from the name of an agency.

Only a government publishes by 31 March; every other unit is reminded two months earlier. So a name counts as that of a
government only if it can be nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_TOWN = re.compile("(?:[镇乡]|苏木)(?:人民政府|政府)?$|街道(?:办事处)?$")
_GOVERNMENT = re.compile("政府$|(?:[省市县旗]|自治州|自治区)$")
# Agencies of a government (派出机构、派出机关) and zones: they have no people's government of their own.
_OFFICE = re.compile("(?:区|园|新城|盟|公署|行署|管委会|管理委员会|区公所)$")
_OF_A_PLACE = re.compile("(?:^|[省市州]|自治区)$")  # before the name of a district


def unit_kind_of(agency: str, districts: Collection[str] = ()) -> str:
    """Guess the kind of unit: 宿迁市 → government, 某某街道办事处 → town, 某某开发区 → office, else department.

    A name in 区 is a government's only if it is one of `districts`.
    """
    name = agency.strip()
    if _TOWN.search(name):
        return "town"
    if _GOVERNMENT.search(name) or _is_district(name, districts):
        return "government"
    return "office" if _OFFICE.search(name) else "department"


def is_doubtful(agency: str, districts: Collection[str] = ()) -> bool:
    """Tell whether the name leaves the kind of unit open, so that the user should look at it."""
    return unit_kind_of(agency, districts) == "office"


def _is_district(name: str, districts: Collection[str]) -> bool:
    """Tell whether a name is a district, alone or behind its place: 南京市鼓楼区, not 苏州工业园区东区."""
    return any(name[start:] in districts and _OF_A_PLACE.search(name[:start]) for start in range(len(name)))
