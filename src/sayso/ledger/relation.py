"""A query over the ledger that runs when its result is asked for; and what a stranger may ask."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

import duckdb

from sayso.errors import MissingExtraError, QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd  # type: ignore[import-untyped]
    import polars as pl
    import pyarrow as pa

    from sayso.ledger.store import Parameters, Store


class Relation:
    """Rows of the ledger. Each use runs the query again, on the newest state.

    Raises:
        QueryError: at any use, with the query and the cause.
    """

    __slots__ = ("_parameters", "_store", "query")

    def __init__(self, store: Store, query: str, parameters: Parameters = None) -> None:
        self._store = store
        self._parameters = parameters
        self.query = query

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table; moments are microseconds in UTC."""
        return self._store.fetch(self.query, self._parameters)

    def to_polars(self) -> pl.DataFrame:
        """The rows as a Polars frame; needs the extra ``notebook``."""
        frame: pl.DataFrame = _notebook("polars", "to_polars()").DataFrame(self.to_arrow())
        return frame

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame; needs the extra ``notebook``."""
        _notebook("pandas", "to_pandas()")
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame

    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values by column."""
        rows: list[dict[str, Any]] = self.to_arrow().to_pylist()
        return rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        described = self._store.fetch(f"DESCRIBE {self.query}", self._parameters)
        return tuple(described["column_name"].to_pylist())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows())

    def __len__(self) -> int:
        # The line end closes a comment at the query's end.
        counted = self._store.fetch(f"SELECT count(*) FROM ({self.query}\n)", self._parameters)
        return int(counted[0][0].as_py())

    def __bool__(self) -> bool:
        return len(self) > 0

    def __repr__(self) -> str:
        return f"Relation({' '.join(self.query.split())})"


def _notebook(module: str, need: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtraError("notebook", need) from error


HARMLESS_FUNCTIONS = frozenset(
    {
        "range",
        "generate_series",
        "unnest",
        "repeat",
        "repeat_row",
        "json_each",
        "json_tree",
        "duckdb_columns",
        "duckdb_tables",
        "duckdb_views",
        "duckdb_functions",
        "duckdb_types",
        "duckdb_keywords",
        "pragma_table_info",
        "snapshots",
        "current_snapshot",
        "last_committed_snapshot",
        "table_info",
        "table_changes",
        "table_insertions",
        "table_deletions",
        "options",
        "ducklake_snapshots",
        "ducklake_current_snapshot",
        "ducklake_table_info",
        "ducklake_options",
        "ducklake_table_changes",
        "ducklake_table_insertions",
        "ducklake_table_deletions",
    }
)
"""The table functions that a stranger's SQL may call: none of them reaches for a file."""


def check_query(store: Store, query: str) -> str:
    """The query without its closing semicolon, if it does nothing but read the ledger.

    The connection itself is read-only, can open no file but the ledger's data, and cannot
    be configured. This refuses what would be left: several statements, ATTACH, COPY, and
    table functions that open files, clean the ledger up, or run SQL given as text.

    Raises:
        QueryError: it does not parse, is no single SELECT, or calls such a function.
    """
    with store.cursor() as cursor:
        try:
            statements = cursor.extract_statements(query)
        except duckdb.Error as error:
            raise QueryError(f"{error}\nThe query was: {query}") from error
        if len(statements) != 1:
            raise QueryError(f"one SELECT is expected, here are {len(statements)}: {query}")
        (text,) = cursor.execute("SELECT json_serialize_sql(?::VARCHAR)", [query]).fetchall()[0]
    tree = json.loads(text)
    if statements[0].type != duckdb.StatementType.SELECT or tree["error"]:
        kind = statements[0].type.name
        raise QueryError(f"only SELECT, FROM, DESCRIBE and SHOW may read here, not {kind}: {query}")
    for name in _table_functions(tree):
        if name not in HARMLESS_FUNCTIONS:
            raise QueryError(f"the table function {name} is not allowed here: {query}")
    return _without_end(query)


def _without_end(query: str) -> str:
    """The query up to its closing semicolons; a comment may follow those."""
    text = query.encode()
    for position, _ in reversed(duckdb.tokenize(query)):  # bytes; comments are no tokens
        if text[position : position + 1] != b";":
            break
        text = text[:position]
    return text.decode()


def _table_functions(node: Any) -> Iterator[str]:
    """The names of all functions that stand where a table may, in DuckDB's own parse tree."""
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield str(node["function"].get("function_name", "")).lower()
        node = list(node.values())
    if isinstance(node, list):
        for member in node:
            yield from _table_functions(member)
