"""The ledger's content in files of common formats."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow.csv
import pyarrow.parquet

from sayso.errors import LedgerError, SettingsError
from sayso.ledger.migrations import RECORDS
from sayso.ledger.readings import readings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from sayso.ledger.store import Store

_BATCH_ROWS = 10_000
_TEXT_GROUP_ROWS = 1024


def export(store: Store, target: Path, form: str) -> int:
    """Write the ledger to a file or folder that must not exist yet; it appears when whole.

    Args:
        store: the ledger's connections.
        target: ``jsonl``, ``csv`` and ``duckdb`` make a file, ``parquet`` a folder.
        form: ``jsonl``: one reading a line, as ``sayso read`` writes it; ``csv``: the claims,
            one row a statement; ``parquet``: a file for each table; ``duckdb``: all tables
            and views in one database file.

    Returns:
        How many rows were written: articles for ``jsonl``, statements for ``csv``, else
        the rows of all tables.

    Raises:
        SettingsError: there is no such format.
        LedgerError: the target exists or cannot be written.
    """
    if form not in FORMATS:
        raise SettingsError(f"there is no format {form!r}; choose from {', '.join(FORMATS)}")
    try:
        with _appearing(target) as draft:
            return FORMATS[form](store, draft)
    except OSError as error:
        raise LedgerError(f"{target} cannot be written: {error}") from error


@contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A place beside the target that takes the target's name at the end."""
    if target.exists():
        raise LedgerError(f"{target} exists already: name another, or move it away")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".sayso-export-") as folder:
        draft = Path(folder) / "export"
        yield draft
        draft.replace(target)


def _jsonl(store: Store, target: Path) -> int:
    rows = 0
    with target.open("w", encoding="utf-8") as file:
        for reading in readings(store):
            file.write(json.dumps(reading.to_dict(), ensure_ascii=False) + "\n")
            rows += 1
    return rows


def _csv(store: Store, target: Path) -> int:
    with store.cursor() as cursor:
        query = "SELECT * FROM claims ORDER BY published, article_id, ordinal"
        batches = cursor.execute(query).to_arrow_reader(_BATCH_ROWS)
        rows = 0
        with pyarrow.csv.CSVWriter(target, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
    return rows


def _parquet(store: Store, target: Path) -> int:
    target.mkdir()
    rows = 0
    for name, batches in _tables(store):
        group = _TEXT_GROUP_ROWS if name == "articles" else None
        path = target / f"{name}.parquet"
        with pyarrow.parquet.ParquetWriter(path, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch, row_group_size=group)
                rows += batch.num_rows
    return rows


def _duckdb(store: Store, target: Path) -> int:
    rows = 0
    with duckdb.connect(str(target)) as copy:
        for name, batches in _tables(store):
            copy.register("incoming", batches)
            copy.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            copy.unregister("incoming")
            counted = copy.execute(f"SELECT count(*) FROM {name}").fetchone()
            rows += int(counted[0]) if counted else 0
        for name, statement in _views(store):
            copy.execute(statement)
            copy.execute(f"SELECT * FROM {name} LIMIT 0")
    return rows


def _tables(store: Store) -> Iterator[tuple[str, pa.RecordBatchReader]]:
    """Every table in one snapshot."""
    with store.cursor() as cursor:
        cursor.execute("BEGIN")
        for name in RECORDS:
            found = cursor.execute(f"SELECT * FROM {name}")
            yield name, found.to_arrow_reader(_BATCH_ROWS)


def _views(store: Store) -> list[tuple[str, str]]:
    found = store.fetch(
        "SELECT view_name AS name, sql FROM duckdb_views() "
        "WHERE database_name = 'ledger' AND schema_name = 'main' AND NOT internal"
    )
    return [(row["name"], row["sql"]) for row in found.to_pylist()]


FORMATS: dict[str, Callable[[Store, Path], int]] = {
    "jsonl": _jsonl,
    "csv": _csv,
    "parquet": _parquet,
    "duckdb": _duckdb,
}
