"""The tables of actors: folding, loading, and errors that name the line."""

from __future__ import annotations

import csv
import datetime as dt
import time
from pathlib import Path

import pytest

from sayso.codebook import actors
from sayso.codebook.actors import IGOS, SECTORS, ActorTables, Place, fold
from sayso.errors import CodebookError


@pytest.fixture(scope="module")
def tables() -> ActorTables:
    return ActorTables.load()


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("N'Djamena", "NDjamena"),
        ("U.S.", "US"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina"),
        ("Guinea-Bissau", "Guinea Bissau"),
        ("the policewomen", "the policewoman"),
        ("ministries", "ministry"),
        ("Members of Parliament", "member of parliament"),
        ("Mohammed Hussain", "Muhammad Hussein"),
        ("Zelenskyy", "Zelenski"),
        ("Defence Ministry's", "Defense Ministry"),
        ("MPs", "MP"),
    ],
)
def test_one_name_has_one_key(name: str, same: str) -> None:
    assert fold(name) == fold(same)


def test_an_acronym_in_s_is_no_plural() -> None:
    assert fold("MPS") != fold("MP")


def test_what_is_shipped_loads_at_once(tables: ActorTables) -> None:
    started = time.process_time()
    ActorTables.load()
    assert time.process_time() - started < 2  # 0.15 s on an idle core
    assert len(tables.places) > 3000
    assert len(tables.agents) > 3000


def test_every_code_shipped_is_one_of_plover(tables: ActorTables) -> None:
    countries = {place.code for place in tables.places.values()} | IGOS
    for agent in tables.agents.values():
        assert {*agent.sectors} <= SECTORS
    for bodies in tables.organisations.values():
        assert all(body.country is None or len(body.country) == 3 for body in bodies)
    assert {"FRA", "XKX", "TWN", "PSE", "UNO"} <= countries


def test_no_role_noun_is_listed_twice() -> None:
    path = Path(actors.__file__).parent / "agents.csv"
    with path.open(encoding="utf-8", newline="") as file:
        keys = [fold(row["pattern"]) for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Peru", Place("PER", "country")),
        ("The Gambia", Place("GMB", "country")),
        ("Nairobi", Place("KEN", "capital")),
        ("Ghanaian", Place("GHA", "demonym")),
        ("Osaka", Place("JPN", "city")),
        ("Bavaria", Place("DEU", "region")),
    ],
)
def test_places_know_their_country(tables: ActorTables, name: str, place: Place) -> None:
    assert tables.places[fold(name).removeprefix("the ")] == place


def test_a_folder_of_ones_own_wins(tmp_path: Path) -> None:
    (tmp_path / "agents.csv").write_text("pattern,sectors\nferryman,?LAB\nsoldier,PRM\n", "utf-8")
    (tmp_path / "people.csv").write_text(
        "name,names,country,office,sectors,from,to\n"
        "Ada Holm,Ada J. Holm,ISL,Minister of Tides,GOV,2015,2019-03-01\n"
        "Ada Holm,,ISL,Mayor of Vik,GOV,2001-05-02,2009-02\n",
        "utf-8",
    )
    (tmp_path / "organisations.csv").write_text(
        "name,names,country,sectors,from,to\nTidewatch,TW,ISL,SOC\n", "utf-8"
    )
    tables = ActorTables.load(tmp_path)
    assert tables.agents["ferryman"].weak
    assert tables.agents["soldier"].sectors == ("PRM",)
    (person,) = tables.people["ada holm"]
    assert [office.name for office in person.offices] == ["Mayor of Vik", "Minister of Tides"]
    assert person.offices[0].term == (dt.date(2001, 5, 2), dt.date(2009, 2, 28))
    assert tables.surnames["holm"] == (person,)
    assert tables.organisations["tw"][0].name == "Tidewatch"
    assert "tw" in tables.capitals


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "agents.csv",
            "pattern,sectors\nferryman,LAB\ndiver,LAP\n",
            r"agents.csv:3: unknown .*LAP",
        ),
        ("agents.csv", "pattern;sectors\n", r"agents.csv:1: the columns are"),
        ("agents.csv", "pattern,sectors\n ,LAB\n", r"agents.csv:2: the pattern is empty"),
        ("agents.csv", "pattern,sectors\ndiver,LAB,x\n", r"agents.csv:2: 3 cells, not 2"),
        (
            "people.csv",
            "name,names,country,office,sectors,from,to\nAda Holm,,Iceland,,GOV,,\n",
            r"people.csv:2: country 'Iceland' is no code",
        ),
        (
            "people.csv",
            "name,names,country,office,sectors,from,to\nAda Holm,,ISL,,GOV,May 2001,\n",
            r"people.csv:2: from is 'May 2001'",
        ),
        (
            "people.csv",
            "name,names,country,office,sectors,from,to\nAda Holm,,ISL,,GOV,2009,2001\n",
            r"people.csv:2: it ends",
        ),
        ("countries.csv", "code,name,names,demonyms,capital,cities,regions\nxx,X\n", r"csv:2: cou"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(CodebookError, match=message):
        ActorTables.load(tmp_path)


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match=r"none of countries\.csv"):
        ActorTables.load(tmp_path)
