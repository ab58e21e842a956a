"""The gazetteer: one embedded, read-only index of places by name.

The index is ``gazetteer.npz``, made by ``python -m training.gazetteer`` of GeoNames' towns of
500 people and more, administrative units of the first and second level, and countries
(GeoNames, CC BY 4.0). It is sorted and searched in place: no dictionary of half a million
names is built in every process, and nothing is fetched at run time.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

INDEX = "gazetteer.npz"
COUNTRY, ADMIN1, ADMIN2, CITY = range(4)
# Degrees of what no town is known of, in the index's hundred-thousandths.
NOWHERE = 2**31 - 1

# --- names as keys ----------------------------------------------------------------------

# Letters that no decomposition takes apart.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe",
     "þ": "th", "ə": "e", "ŋ": "n", "’": None, "'": None, "‘": None, "`": None, "ʿ": None,
     "ʾ": None, "ʼ": None, "ʻ": None, "´": None, ".": None}
)  # fmt: skip
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_SHORTENED = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
# Their own spelling in capitals tells these from words and from names of three letters.
_ACRONYMS = frozenset("us usa uk uae drc dprk nyc".split())


@lru_cache(65536)
def fold(name: str) -> str:
    """A name as the index has it: ASCII, lower case, one blank between words.

    Empty where nothing of it is in Latin script.
    """
    lower = name.casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    if not plain.translate(_LETTERS).isascii() and any(
        c.isalpha() and not c.isascii() for c in plain
    ):
        return ""
    words = _NO_LETTER.sub(" ", plain).split()
    if len(words) > 1:
        words[0] = _SHORTENED.get(words[0], words[0])
    return " ".join(words)


def is_acronym(key: str) -> bool:
    """Whether a folded name is one only in capitals: "US", not "us"."""
    return key in _ACRONYMS


# --- the gazetteer ----------------------------------------------------------------------


class Entry(NamedTuple):
    """One place of the gazetteer.

    Attributes:
        kind: ``COUNTRY``, ``ADMIN1``, ``ADMIN2`` or ``CITY``.
        country: ISO 3166 alpha-3.
        admin1: number of the first-level unit that it lies in, -1 if none.
        people: who live there; of a unit, in those of its towns that are known.
        alternate: whether it was found by another name than its own.
    """

    number: int
    geonameid: int
    name: str
    kind: int
    country: str
    admin1: int
    lat: float
    lon: float
    people: int
    capital: bool
    alternate: bool


class _Keys(Sequence[bytes]):
    """The sorted names, cut from one block where they are asked for."""

    def __init__(self, block: bytes, starts: Any) -> None:
        self._block = block
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, at: Any) -> Any:
        return self._block[self._starts[at] : self._starts[at + 1]]


@dataclass(slots=True)
class Gazetteer:
    """Places by name. Made by ``load``; it is read only and safe to share."""

    _keys: _Keys
    _columns: dict[str, Any]
    _names: _Keys
    _countries: list[str]
    _found: dict[str, tuple[Entry, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, source: Traversable | None = None) -> Self:
        """Read an index, by default the shipped one (about 0.2 s and 20 MB).

        Raises:
            FileNotFoundError: the installation is incomplete.
        """
        source = source or files("sayso.resolving") / INDEX
        with source.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            columns: dict[str, Any] = {name: saved[name] for name in saved.files}
        blocks = [
            _Keys(columns.pop(name).tobytes(), memoryview(columns.pop(name + "_at")))
            for name in ("keys", "names")
        ]
        countries = columns.pop("countries").tobytes().decode("ascii").split()
        return cls(blocks[0], columns, blocks[1], countries)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, name: str) -> tuple[Entry, ...]:
        """All places of a name, whatever its case and accents."""
        key = fold(name)
        found = self._found.get(key)
        if found is None:
            if len(self._found) > 1 << 15:
                self._found.clear()
            found = self._found[key] = tuple(self._search(key))
        return found

    def entry(self, number: int, *, alternate: bool = False) -> Entry:
        """The place of a number."""
        row = {name: self._columns[name][number] for name in _ROW}
        return Entry(
            number,
            int(row["ids"]),
            self._names[number].decode("utf-8"),
            int(row["kinds"]),
            self._countries[row["country"]],
            int(row["admin1"]),
            round(int(row["lat"]) / 1e5, 5),
            round(int(row["lon"]) / 1e5, 5),
            int(row["people"]),
            bool(row["capital"]),
            alternate,
        )

    def states(self) -> list[Entry]:
        """All countries: they come first in the index."""
        return [self.entry(number) for number in range(len(self._countries))]

    def _search(self, key: str) -> Iterator[Entry]:
        sought = key.encode("ascii")
        at = bisect_left(self._keys, sought) if sought else len(self._keys)
        if at == len(self._keys) or self._keys[at] != sought:
            return
        starts = self._columns["refs_at"]
        for ref in self._columns["refs"][starts[at] : starts[at + 1]].tolist():
            yield self.entry(ref >> 1, alternate=bool(ref & 1))


_ROW = ("ids", "kinds", "country", "admin1", "lat", "lon", "people", "capital")


@cache
def shared() -> Gazetteer:
    """The shipped gazetteer, loaded once a process."""
    return Gazetteer.load()
