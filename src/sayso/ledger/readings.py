"""Readings back from the tables: articles with all that was read in them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import duckdb

from sayso.engine.reading import PARTS
from sayso.errors import LedgerError, QueryError
from sayso.records import Article, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sayso.ledger.store import Store

GROUP_ROWS = 500
"""About how many articles are in memory at a time when all are read."""

COUNTS = {
    "attributions": "statements",
    "events": "events",
    "signals": "signals",
    "rejections": "rejections",
}
"""Where an article's row counts its parts, by the parts' table."""


def reading(store: Store, article_id: str) -> Reading | None:
    """The reading of one article, None if the ledger does not hold it.

    Raises:
        QueryError: the ledger cannot be read.
    """

    def work(cursor: duckdb.DuckDBPyConnection) -> Reading | None:
        cursor.execute("BEGIN")  # all tables at one snapshot
        found = _load(cursor, "id = ?", "article_id = ?", [article_id])
        return found[0] if found else None

    return store.read(work, f"the reading of {article_id}")


def readings(store: Store) -> Iterator[Reading]:
    """The readings of all articles in the order in which they were committed; streamed.

    Raises:
        QueryError: the ledger cannot be read.
        LedgerError: an article has not the parts that it counts.
    """
    # An article and its parts are committed together, so each commit can be read by itself:
    # one query over all of 100,000 articles took 2.6 GB.
    where = "snapshot_id BETWEEN ? AND ?"
    try:
        with store.cursor() as cursor:
            cursor.execute("BEGIN")
            for first, last in _groups(cursor):
                yield from _load(
                    cursor, where, f"article_id IS NOT NULL AND {where}", [first, last]
                )
    except duckdb.Error as error:
        raise QueryError(f"reading all articles: {error}") from error


def _groups(cursor: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """First and last snapshots of neighbouring commits with about ``GROUP_ROWS`` articles."""
    groups: list[tuple[int, int]] = []
    rows = GROUP_ROWS
    query = "SELECT snapshot_id, count(*) FROM articles GROUP BY snapshot_id ORDER BY snapshot_id"
    for snapshot, number in cursor.execute(query).fetchall():
        if rows + number > GROUP_ROWS:
            groups.append((snapshot, snapshot))
            rows = number
        else:
            groups[-1] = (groups[-1][0], snapshot)
            rows += number
    return groups


def _load(
    cursor: duckdb.DuckDBPyConnection, of_articles: str, of_parts: str, values: list[Any]
) -> list[Reading]:
    """The readings that fit a condition on articles, and one on their parts."""
    articles = _rows(cursor, f"FROM articles WHERE {of_articles} ORDER BY published, id", values)
    parts: dict[str, dict[str, list[Any]]] = {name: defaultdict(list) for name in PARTS}
    for name, record in PARTS.items():
        # Not even asked for if there are none: DuckLake plans an empty table in 40 to 90 ms.
        if any(article[COUNTS[name]] for article in articles):
            query = f"FROM {name} WHERE {of_parts} ORDER BY article_id, ordinal"
            for row in _rows(cursor, query, values):
                parts[name][row["article_id"]].append(record.from_row(row))
    return [
        _reading(row, {name: found[row["id"]] for name, found in parts.items()}) for row in articles
    ]


def _rows(cursor: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cursor.execute(query, values).to_arrow_table().to_pylist()
    return rows


def _reading(article: dict[str, Any], parts: dict[str, list[Any]]) -> Reading:
    for name, found in parts.items():
        if len(found) != article[COUNTS[name]]:
            raise LedgerError(
                f"the article {article['id']} counts {article[COUNTS[name]]} {name}, but "
                f"{len(found)} were found: the ledger was changed by other means than Sayso"
            )
    return Reading(
        Article.from_row(article), **{name: tuple(found) for name, found in parts.items()}
    )
