"""What the pages ask of the ledger, and nothing else does here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.ledger import open_ledger

if TYPE_CHECKING:
    from sayso.records import Reading, Rejection


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list."""

    id: str
    title: str
    outlet: str | None
    published: str | None
    statements: int
    unread: str | None
    snippet: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how long the whole is."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class OutletCount:
    """An outlet and how many articles there are of it."""

    name: str
    articles: int


class Shelf:
    """The ledger as the pages read it."""

    def __init__(self, path: str | Path) -> None:
        self.name = str(path)
        self.ledger = open_ledger(path, create=False)
