"""What leaves the ledger for other eyes: its key, and its tables with pseudonyms.

The key of the pseudonyms is a file of its own in the ledger's folder, readable by its owner
alone, made when it is first needed. It is in no table, catalog, index or export. Without it
pseudonyms cannot be told again: a copy of the ledger that is to give the same ones needs it.
"""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from sayso.engine.reading import PARTS
from sayso.errors import LedgerError
from sayso.ledger.adding import batched_items
from sayso.ledger.migrations import OWN_COLUMNS, RECORDS
from sayso.ledger.readings import readings
from sayso.pseudonyms import KEY_BYTES, Pseudonyms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sayso.ledger.store import Folder, Store
    from sayso.records import Reading
    from sayso.resolving.private import Person

    Rows = dict[str, list[dict[str, Any]]]

_BATCH_ROWS = 500
_FREE_TEXTS = {
    "judgements": ("explanation", "judge"),
    "reviews": ("value", "reviewer"),
    "rejections": ("reason",),
    "runs": ("settings",),
}
"""Columns of no article that people or inputs fill in: anybody may be named there."""


def pseudonyms_of(folder: Folder) -> Pseudonyms:
    """The pseudonyms of a ledger.

    Raises:
        LedgerError: its key cannot be read or made.
    """
    return Pseudonyms(_key(folder.key))


def _key(path: Path) -> bytes:
    try:
        if not path.exists():
            _make_key(path)
        with suppress(PermissionError):
            # A copy of the folder may have lost it.
            path.chmod(0o600)
        key = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise LedgerError(
            f"the key of the pseudonyms, {path}, cannot be read or made: {error}; without it "
            "private names can only be shown as they are (--private-names)"
        ) from error
    if len(key) != KEY_BYTES:
        raise LedgerError(
            f"{path} holds no key of {KEY_BYTES} bytes; put the right one there, or move it away "
            "for a new one, under which everybody gets another pseudonym"
        )
    return key


def _make_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(KEY_BYTES).hex())
            file.flush()
            os.fsync(file.fileno())
        # Of two processes that make one at once, the first wins.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


@contextmanager
def shared_tables(store: Store, near: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """All tables with pseudonyms, in a database that is gone afterwards.

    Args:
        store: the ledger's connections.
        near: a folder with room for it.

    Raises:
        QueryError, LedgerError: the ledger or its key cannot be read.
    """
    pseudonyms = pseudonyms_of(store.folder)
    with (
        TemporaryDirectory(dir=near, prefix=".sayso-share-") as folder,
        duckdb.connect(str(Path(folder) / "tables.duckdb")) as copy,
    ):
        copy.execute("SET TimeZone = 'UTC'")
        _fill(store, copy, pseudonyms)
        for _, statement in views(store):
            copy.execute(statement)
        yield copy


def views(store: Store) -> list[tuple[str, str]]:
    """Name and SQL of the ledger's views."""
    found = store.fetch(
        "SELECT view_name AS name, sql FROM duckdb_views() "
        "WHERE database_name = 'ledger' AND schema_name = 'main' AND NOT internal"
    )
    return [(row["name"], row["sql"]) for row in found.to_pylist()]


def _fill(store: Store, copy: duckdb.DuckDBPyConnection, pseudonyms: Pseudonyms) -> None:
    schemas = {name: store.fetch(f"SELECT * FROM {name} LIMIT 0").schema for name in RECORDS}
    for name, schema in schemas.items():
        _run(copy, f"CREATE TABLE {name} AS SELECT * FROM incoming", schema.empty_table())
    people: set[Person] = set()
    for some in batched_items(readings(store), _BATCH_ROWS):
        veils = [pseudonyms.veil(reading.article) for reading in some]
        hidden = [veil.reading(reading) for veil, reading in zip(veils, some, strict=True)]
        people.update(person for veil in veils for person in veil.people)
        for name, rows in _shared(store, hidden).items():
            _insert(copy, name, pa.Table.from_pylist(rows, schema=schemas[name]))
    everybody = pseudonyms.of_people(sorted(people, key=lambda person: person.name))
    for name in sorted(RECORDS.keys() - {"articles", *PARTS} | {"rejections"}):
        # Rejections of the intake are of no article.
        chosen = "WHERE article_id IS NULL" if name == "rejections" else ""
        rows = store.fetch(f"SELECT * FROM {name} {chosen}")
        for column in _FREE_TEXTS.get(name, ()):
            rows = _mapped(rows, column, everybody.text)
        if name == "rejections":
            # Files and pages are named for whom they tell of.
            rows = _mapped(rows, "input_id", lambda value: pseudonyms.of("Input", value))
        _insert(copy, name, rows)


def _mapped(rows: pa.Table, name: str, change: Callable[[str], str]) -> pa.Table:
    values = [None if value is None else change(value) for value in rows[name].to_pylist()]
    place = rows.schema.get_field_index(name)
    return rows.set_column(place, rows.schema.field(place), pa.array(values, pa.string()))


def _shared(store: Store, hidden: list[Reading]) -> Rows:
    """The rows of all tables for some articles; the ledger's own columns stay as they are."""
    ids = {"wanted": pa.table({"id": [reading.article.id for reading in hidden]})}
    of_articles = {row["id"]: row for row in store.fetch(_OWN_OF_ARTICLES, tables=ids).to_pylist()}
    of_rejections = {
        (row["article_id"], row["ordinal"]): row
        for row in store.fetch(_OWN_OF_REJECTIONS, tables=ids).to_pylist()
    }
    rows: Rows = {name: [] for name in ("articles", *PARTS)}
    for reading in hidden:
        name = reading.article.id
        rows["articles"].append({**of_articles[name], **reading.article.to_row()})
        for table in PARTS:
            for ordinal, item in enumerate(getattr(reading, table)):
                own = of_rejections[name, ordinal] if table == "rejections" else {}
                rows[table].append({**own, **item.to_row(), "ordinal": ordinal})
    return rows


def _own(table: str, key: str, *more: str) -> str:
    columns = ", ".join(dict.fromkeys((key, *more, *OWN_COLUMNS[table])))
    return f"SELECT {columns} FROM {table} WHERE {key} IN (SELECT id FROM wanted)"


_OWN_OF_ARTICLES = _own("articles", "id")
_OWN_OF_REJECTIONS = _own("rejections", "article_id")


def _insert(copy: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    if len(rows):
        _run(copy, f"INSERT INTO {name} BY NAME SELECT * FROM incoming", rows)


def _run(copy: duckdb.DuckDBPyConnection, statement: str, rows: pa.Table) -> None:
    copy.register("incoming", rows)
    copy.execute(statement)
    copy.unregister("incoming")
