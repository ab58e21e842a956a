"""Who is who: countries, organisations, people and role nouns, read from CSV files.

The files lie beside this module and are told of in ``README.md``; a user's folder with files
of the same names adds to them. All names go through one ``fold``, for tables and mentions
alike, so that accents, capitals, plurals and the spelling of a transliteration do not matter.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Self

from sayso.errors import CodebookError

#: PLOVER's sectors: of the state and of force, then of society.
SECTORS = frozenset(
    "COP GOV JUD LEG MIL PRM PTY REB SPY UAF UNK "
    "AGR BUS CRM CVL EDU ELI JRN LAB MED OPP PRE REF REL SOC".split()
)
#: Bodies that belong to no one country.
IGOS = frozenset("UNO EUR NGO ISM IMG MNC IGO".split())

_FILES = ("countries.csv", "organisations.csv", "people.csv", "agents.csv")
_HERE = Path(__file__).parent


class Place(NamedTuple):
    """What a country's name, demonym, capital, city or region says.

    Attributes:
        kind: ``country``, ``capital``, ``demonym``, ``city`` or ``region``.
    """

    code: str
    kind: str


class Agent(NamedTuple):
    """A role noun's sectors.

    Attributes:
        weak: whether it yields to what it belongs to: "president of the court", "army cook".
    """

    sectors: tuple[str, ...]
    weak: bool


class Term(NamedTuple):
    """Days from the first to the last; None is open."""

    start: dt.date | None
    end: dt.date | None

    def has(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return (self.start or day) <= day <= (self.end or day)


class Organisation(NamedTuple):
    """An organisation in one term of its life."""

    name: str
    country: str | None
    sectors: tuple[str, ...]
    term: Term


class Office(NamedTuple):
    """What a person was in one term."""

    name: str | None
    country: str | None
    sectors: tuple[str, ...]
    term: Term


class Person(NamedTuple):
    """A person with all offices, the earliest first."""

    name: str
    offices: tuple[Office, ...]


# Compared by identity: hashing thousands of entries for every cached mention would not pay.
@dataclass(frozen=True, slots=True, eq=False)
class ActorTables:
    """All that is known of actors, by folded name.

    Attributes:
        surnames: people by the last word of their names.
        longest: the first word of every name to the number of words of the longest.
        capitals: keys that are names only in capitals ("US", not "us").
        horizon: the last day on which someone is known to have taken office.
    """

    places: Mapping[str, Place]
    organisations: Mapping[str, tuple[Organisation, ...]]
    people: Mapping[str, tuple[Person, ...]]
    surnames: Mapping[str, tuple[Person, ...]]
    agents: Mapping[str, Agent]
    longest: Mapping[str, int]
    capitals: frozenset[str]
    horizon: dt.date

    @classmethod
    def load(cls, *folders: Path) -> Self:
        """The shipped tables, and those of further folders, whose entries come first."""
        return cls(**_tables((_HERE, *folders)))


# --- folding ----------------------------------------------------------------------------

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "ß": "ss",
     "þ": "th", "ə": "e", "ŋ": "n", "’": None, "'": None, "‘": None, "`": None, "ʿ": None,
     "ʾ": None, "ʼ": None, "ʻ": None, "´": None, ".": None, "&": None}
)  # fmt: skip
#: A word and its possessive ending; an apostrophe, a stop or "&" inside belongs to the word:
#: "N'Djamena", "U.S.", "AT&T".
WORD = re.compile(
    r"([^\W_]+(?:(?:['’](?![sS]\b)|[‘`ʿʾʼʻ´.&])[^\W_]+)*|&)"
    r"(?:\.?(['’](?:[sS]\b|(?<=[sS]['’])(?!\w))))?"
)

_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "people": "people",
    "children": "child",
    "thieves": "thief",
    "wives": "wife",
    "wolves": "wolf",
    "media": "media",
    "clergies": "clergy",
    "emirates": "emirates",
    "series": "series",
}
# "Zelenskyy", "Zelenskiy", "Zelenski"
_ENDING = re.compile(r"(?<=[a-z]{3})(?:iy|yy|ii|ij|yi|(?<=sk)i)$")
_MEN = re.compile(r"(?<=.)(men|women)$")
# One spelling for names that are transliterated in many ways.
_SPELLINGS = {
    variant: spelling
    for spelling, variants in {
        "muhammad": "mohammed mohamed mohammad mohamad muhammed muhamed mohamud muhammadu",
        "ahmed": "ahmad ahmet achmed",
        "hussein": "hussain husayn husein hossein hussien",
        "hassan": "hasan hassen",
        "ali": "aly",
        "yusuf": "youssef yousef yousuf yussuf yusef",
        "ibrahim": "ebrahim",
        "abdullah": "abdallah abdulla abdollah",
        "omar": "umar omer",
        "osama": "usama",
        "sheikh": "shaikh sheik shaykh",
        "said": "saeed saied sayed sayyid",
        "andrei": "andrey andrej",
        "sergei": "sergey serhii serhiy sergiy",
        "alexei": "alexey aleksei aleksey alexej",
        "alexander": "aleksandr aleksander alexandr oleksandr",
        "dmitri": "dmitry dmitriy dmitrii dmytro",
        "yuri": "yury yuriy yurii",
        "vladimir": "volodymyr vladimer",
        "nikolai": "nikolay nikolaj mykola",
        "anatoli": "anatoly anatoliy anatolii",
        "yevgeni": "yevgeny evgeny evgeni yevgeniy",
        "valeri": "valery valeriy valerii",
        "mikhail": "mikhael mykhailo",
        "gennadi": "gennady gennadiy",
        "kim": "kym",
        "defense": "defence",
        "labor": "labour",
        "organisation": "organization",
        "center": "centre",
        "program": "programme",
    }.items()
    for variant in variants.split()
}


@lru_cache(65536)
def fold_word(word: str) -> str:
    """One word as the tables have it: ASCII, lower case, singular, one spelling."""
    plain = word.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = "and" if plain == "&" else plain.translate(_LETTERS)
    # "MPs" are more than one MP, "MPS" is a party.
    if len(word) > 2 and word[-1] == "s" and word[:-1].isupper():
        plain = plain[:-1]
    elif len(word) > 5 or not word.isupper():
        plain = _singular(_ENDING.sub("y", plain))
    return _SPELLINGS.get(plain, plain)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 5:
        return _MEN.sub(lambda match: match[0].replace("men", "man"), word)
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def is_acronym(word: str) -> bool:
    """Whether two of a word's letters are capitals: "US", "AfD", "U.N."."""
    return sum(letter.isupper() for letter in word) > 1


def fold(name: str) -> str:
    """A name as the tables have it, its words apart by one blank."""
    return " ".join(fold_word(match[1]) for match in WORD.finditer(name))


# --- reading the files ------------------------------------------------------------------


class _Row(NamedTuple):
    """One line of a file, with where it stands."""

    cells: Mapping[str, str]
    where: str

    def list(self, column: str) -> list[str]:
        """The parts of a cell."""
        return [part for part in (p.strip() for p in self.cells[column].split(";")) if part]

    def sectors(self) -> tuple[str, ...]:
        found = tuple(part.removeprefix("?") for part in self.list("sectors"))
        wrong = [sector for sector in found if sector not in SECTORS]
        if wrong:
            raise CodebookError(
                f"{self.where}: unknown sector {wrong[0]!r}; known are {' '.join(sorted(SECTORS))}"
            )
        return found

    def country(self) -> str | None:
        code = self.cells["country"].strip()
        if code and not (len(code) == 3 and code.isascii() and code.isupper()):
            raise CodebookError(
                f"{self.where}: country {code!r} is no code of three capitals (ISO 3166 alpha-3, "
                f"or {' '.join(sorted(IGOS))})"
            )
        return code or None

    def name(self, column: str = "name") -> str:
        name = self.cells[column].strip()
        if not fold(name):
            raise CodebookError(f"{self.where}: the {column} is empty")
        return name

    def term(self) -> Term:
        term = Term(_day(self, "from", last=False), _day(self, "to", last=True))
        if term.start and term.end and term.start > term.end:
            raise CodebookError(f"{self.where}: it ends ({term.end}) before it begins")
        return term


_COLUMNS = {
    "countries.csv": "code name names demonyms capital cities regions",
    "organisations.csv": "name names country sectors from to",
    "people.csv": "name names country office sectors from to",
    "agents.csv": "pattern sectors",
}


def _day(row: _Row, column: str, *, last: bool) -> dt.date | None:
    text = row.cells[column].strip()
    if not text:
        return None
    if re.fullmatch(r"\d{4}", text):
        text += "-12" if last else "-01"
    try:
        if re.fullmatch(r"\d{4}-\d\d", text):
            year, month = map(int, text.split("-"))
            return dt.date(year, month, monthrange(year, month)[1] if last else 1)
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CodebookError(
            f"{row.where}: {column} is {text!r}; write YYYY-MM-DD, YYYY-MM, YYYY, "
            "or nothing for open"
        ) from error


def _rows(path: Path) -> Iterator[_Row]:
    if not path.is_file():
        return
    columns = _COLUMNS[path.name].split()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            head = next(reader, [])
            if head != columns:
                raise CodebookError(
                    f"{path}:1: the columns are {','.join(head)}; they must be {','.join(columns)}"
                )
            for cells in reader:
                where = f"{path}:{reader.line_num}"
                if not cells:
                    continue
                if len(cells) > len(columns):
                    raise CodebookError(f"{where}: {len(cells)} cells, not {len(columns)}")
                # Empty cells at the end may be left out.
                full = cells + [""] * (len(columns) - len(cells))
                yield _Row(dict(zip(columns, full, strict=True)), where)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CodebookError(f"{path}: it cannot be read: {error}") from error


def _tables(folders: tuple[Path, ...]) -> dict[str, Any]:
    for folder in folders[1:]:
        if not any((folder / name).is_file() for name in _FILES):
            raise CodebookError(f"{folder}: none of {', '.join(_FILES)} is there")

    def rows(name: str) -> Iterator[_Row]:
        # The user's entries come first, and so win.
        for folder in reversed(folders):
            yield from _rows(folder / name)

    seen = _Seen()
    places = _places(rows("countries.csv"), seen)
    organisations = _organisations(rows("organisations.csv"), seen)
    people, surnames = _people(rows("people.csv"), seen)
    agents = _agents(rows("agents.csv"), seen)
    return {
        "places": places,
        "organisations": organisations,
        "people": people,
        "surnames": surnames,
        "agents": agents,
        "longest": seen.longest,
        "capitals": frozenset(seen.capitals - seen.plain),
        "horizon": max(
            (
                o.term.start
                for bearers in people.values()
                for p in bearers
                for o in p.offices
                if o.term.start
            ),
            default=dt.date.min,
        ),
    }


class _Seen:
    """What is gathered of all names on the way."""

    def __init__(self) -> None:
        self.longest: dict[str, int] = {}
        self.capitals: set[str] = set()
        self.plain: set[str] = set()

    def key(self, name: str) -> str:
        """A name's key, noted."""
        key = self.noun(name)
        short = len(name) < 7 and " " not in key and is_acronym(name)
        (self.capitals if short else self.plain).add(key)
        return key

    def noun(self, name: str) -> str:
        """A key whose capitals tell nothing, noted."""
        key = fold(name).removeprefix("the ")
        first, count = key.split(" ", 1)[0], key.count(" ") + 1
        if self.longest.get(first, 0) < count:
            self.longest[first] = count
        return key


def _places(rows: Iterable[_Row], seen: _Seen) -> dict[str, Place]:
    ranked: tuple[dict[str, Place], ...] = ({}, {}, {}, {}, {})
    columns = ("names", "capital", "demonyms", "cities", "regions")
    kinds = ("country", "capital", "demonym", "city", "region")
    for row in rows:
        code = row.name("code")
        if len(code) != 3 or not code.isupper():
            raise CodebookError(f"{row.where}: country {code!r} is no code of three capitals")
        for rank, column in enumerate(columns):
            names = row.list(column) + ([row.name()] if rank == 0 else [])
            for name in names:
                ranked[rank].setdefault(seen.key(name), Place(code, kinds[rank]))
    places: dict[str, Place] = {}
    for found in reversed(ranked):
        places.update(found)
    places.pop("", None)
    return places


def _organisations(rows: Iterable[_Row], seen: _Seen) -> dict[str, tuple[Organisation, ...]]:
    found: dict[str, list[Organisation]] = {}
    for row in rows:
        entry = Organisation(row.name(), row.country(), row.sectors(), row.term())
        for key in dict.fromkeys(seen.key(n) for n in (entry.name, *row.list("names"))):
            if key:
                found.setdefault(key, []).append(entry)
    return {key: tuple(entries) for key, entries in found.items()}


def _people(
    rows: Iterable[_Row], seen: _Seen
) -> tuple[dict[str, tuple[Person, ...]], dict[str, tuple[Person, ...]]]:
    offices: dict[str, list[Office]] = {}
    names: dict[str, dict[str, None]] = {}
    for row in rows:
        name = row.name()
        office = row.cells["office"].strip() or None
        offices.setdefault(name, []).append(
            Office(office, row.country(), row.sectors(), row.term())
        )
        names.setdefault(name, {}).update(
            dict.fromkeys(key for n in (name, *row.list("names")) if (key := seen.key(n)))
        )
    people: dict[str, list[Person]] = {}
    surnames: dict[str, list[Person]] = {}
    for name, held in offices.items():
        held.sort(key=lambda office: office.term.start or dt.date.min)
        person = Person(name, tuple(held))
        for key in names[name]:
            people.setdefault(key, []).append(person)
        for last in dict.fromkeys(key.rsplit(" ", 1)[-1] for key in names[name]):
            surnames.setdefault(last, []).append(person)
            seen.longest.setdefault(last, 1)
    return _frozen(people), _frozen(surnames)


def _frozen(found: dict[str, list[Person]]) -> dict[str, tuple[Person, ...]]:
    return {key: tuple(people) for key, people in found.items()}


def _agents(rows: Iterable[_Row], seen: _Seen) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    for row in rows:
        weak = row.cells["sectors"].startswith("?") or not row.cells["sectors"].strip()
        agents.setdefault(seen.noun(row.name("pattern")), Agent(row.sectors(), weak))
    return agents
