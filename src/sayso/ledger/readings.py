"""Readings back from the tables: articles with all that was read in them."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from sayso.engine.reading import PARTS
from sayso.errors import QueryError
from sayso.records import Article, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sayso.ledger.store import Store

_BATCH_ROWS = 500

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
    query = "SELECT * FROM articles WHERE id = ?"

    def work(cursor: duckdb.DuckDBPyConnection) -> Reading | None:
        cursor.execute("BEGIN")  # all tables at one snapshot
        rows = cursor.execute(query, [article_id]).to_arrow_table().to_pylist()
        if not rows:
            return None
        parts = {
            name: cursor.execute(
                f"SELECT * FROM {name} WHERE article_id = ? ORDER BY ordinal", [article_id]
            )
            .to_arrow_table()
            .to_pylist()
            for name, count in COUNTS.items()
            if rows[0][count]
        }
        return _reading({"article": rows[0], **parts})

    return store.read(work, query)


def readings(store: Store) -> Iterator[Reading]:
    """The readings of all articles, by date of publication and id; streamed.

    Raises:
        QueryError: the ledger cannot be read.
    """
    lists = ", ".join(f"{name}.members AS {name}" for name in PARTS)
    joins = " ".join(
        f"LEFT JOIN (SELECT article_id, list({name} ORDER BY ordinal) AS members "
        f"FROM {name} GROUP BY article_id) AS {name} ON {name}.article_id = a.id"
        for name in PARTS
    )
    order = "ORDER BY a.published NULLS LAST, a.id"
    query = f"SELECT a AS article, {lists} FROM articles AS a {joins} {order}"
    try:
        with store.cursor() as cursor:
            for batch in cursor.execute(query).to_arrow_reader(_BATCH_ROWS):
                yield from (_reading(row) for row in batch.to_pylist())
    except duckdb.Error as error:
        raise QueryError(f"{error}\nThe query was: {query}") from error


def _reading(row: Mapping[str, Any]) -> Reading:
    parts = {
        name: tuple(record.from_row(member) for member in row.get(name) or ())
        for name, record in PARTS.items()
    }
    return Reading(Article.from_row(row["article"]), **parts)  # type: ignore[arg-type]
