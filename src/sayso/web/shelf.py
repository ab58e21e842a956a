"""What the pages ask of the ledger; nothing else here does. Every answer is of the newest state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.glance import on_one_line, shortened
from sayso.ledger import open_ledger
from sayso.records import moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sayso.ledger import Hit, Ledger
    from sayso.ledger.search import SearchIndex
    from sayso.records import Reading

Snippet = tuple[tuple[str, bool], ...]

_ROWS = """
SELECT {columns}, statements,
    (SELECT first(reason) FROM rejections WHERE article_id = articles.id) AS unread
FROM articles WHERE id IN (SELECT unnest($ids::VARCHAR[]))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An article in a list.

    Attributes:
        published: as exact as it is known.
        unread: why it was not read, if so.
        snippet: where a search found it: (text, is it a word of the search).
    """

    id: str
    title: str
    outlet: str | None
    published: str | None
    statements: int
    unread: str | None
    snippet: Snippet = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, and how long the whole is."""

    rows: tuple[Row, ...]
    total: int


class Shelf:
    """The ledger as the pages read it. Safe for threads, as the ledger is.

    Here everything is shown as it stands; ``SharedShelf`` shows private names to nobody.
    """

    columns = "id, coalesce(title, left(text, 200)) AS title, outlet, published, precision"
    """What a list needs of an article."""

    def __init__(self, path: str | Path) -> None:
        self.name = str(path)
        self._ledger = open_ledger(path, create=False)

    def close(self) -> None:
        """Give the ledger back."""
        self._ledger.close()

    def listing(self, outlet: str, page: int, size: int) -> Found:
        """The articles, of one outlet if it is named, newest first."""
        wanted = self._outlet(outlet)
        rows = self._ledger.articles(outlet=wanted, limit=size, offset=(page - 1) * size).rows()
        counts = self._ledger.outlets().rows()
        total = sum(row["articles"] for row in counts if wanted in (None, row["outlet"]))
        return Found(self._rows({row["id"]: () for row in rows}), total)

    def search(self, query: str, outlet: str, page: int, size: int) -> Found:
        """The articles that fit a query, the best first."""
        hits = self._index().search(
            query, limit=size, offset=(page - 1) * size, outlet=outlet or None
        )
        return Found(self._rows({hit.article_id: _snippet(hit) for hit in hits}), hits.total)

    def outlets(self) -> list[dict[str, Any]]:
        """Outlets with their numbers of articles."""
        return self._ledger.outlets().rows()

    def reading(self, article_id: str) -> Reading | None:
        """One article with all that was read in it."""
        return self._ledger.reading(article_id)

    def rejected(self) -> int:
        """How many inputs were not taken in or not read."""
        return len(self._ledger.rejections())

    def rejections(self, limit: int) -> list[dict[str, Any]]:
        """Those, in the order in which they came."""
        query = "SELECT * FROM rejections ORDER BY added, input_id, ordinal LIMIT $limit"
        return self._ledger.sql(query, {"limit": limit}).rows()

    def _index(self) -> Ledger | SearchIndex:
        """What is searched."""
        return self._ledger

    def _outlet(self, shown: str) -> str | None:
        """The outlet that is shown so; None for all of them."""
        return shown or None

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        """An article's row as it is shown."""
        return row

    def _rows(self, snippets: Mapping[str, Snippet]) -> tuple[Row, ...]:
        """The rows of these articles, in the order of the mapping."""
        query, ids = _ROWS.format(columns=self.columns), {"ids": list(snippets)}
        found = {row["id"]: self._told(row) for row in self._ledger.sql(query, ids).rows()}
        return tuple(_row(found[name], snippets[name]) for name in snippets if name in found)


def _row(values: Mapping[str, Any], snippet: Snippet) -> Row:
    return Row(
        id=values["id"],
        title=shortened(on_one_line(values["title"]), 140) or "Untitled",
        outlet=values["outlet"],
        published=moment_text(values["published"], values["precision"]),
        statements=values["statements"],
        unread=values["unread"],
        snippet=snippet,
    )


def _snippet(hit: Hit) -> Snippet:
    """The snippet cut at the words that were found."""
    if not hit.snippet:
        return ()
    pieces: list[tuple[str, bool]] = [("… ", False)] if hit.span[0] else []
    at = 0
    for start, end in _sorted_apart(hit.marks):
        pieces += [(hit.snippet[at:start], False), (hit.snippet[start:end], True)]
        at = end
    return tuple(piece for piece in (*pieces, (f"{hit.snippet[at:]} …", False)) if piece[0])


def _sorted_apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, without those that lie over an earlier one."""
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart
