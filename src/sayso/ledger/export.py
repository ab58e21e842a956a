"""The ledger's content in files of common formats."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from sayso.errors import LedgerError, SettingsError
from sayso.ledger.adding import batched_items
from sayso.ledger.migrations import RECORDS
from sayso.ledger.plover import plover_records
from sayso.ledger.readings import GROUP_ROWS, readings
from sayso.ledger.sharing import pseudonyms_of, shared_tables, views
from sayso.records import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sayso.ledger.store import Store
    from sayso.records import Reading

_BATCH_ROWS = 10_000
_TEXT_GROUP_ROWS = 1024
_RUNS = """
SELECT articles.id AS article, runs.* FROM articles JOIN runs ON runs.id = articles.run_id
WHERE articles.id IN (SELECT id FROM wanted)
"""


def export(
    store: Store,
    target: Path,
    form: str,
    *,
    private_names: bool = False,
    without_denied: bool = False,
) -> int:
    """Write the ledger to a file or folder that must not exist yet; it appears when whole.

    Args:
        store: the ledger's connections.
        target: ``parquet`` makes a folder, all others a file.
        form: ``jsonl``: one reading a line, as ``sayso read`` writes it; ``plover``: one event
            a line, as PLOVER's JSON record (``sayso.ledger.plover``); ``csv``: the claims, one
            row a statement; ``parquet``: a file for each table; ``duckdb``: all tables and
            views in one database file.
        private_names: write private names, handles, numbers and addresses as they are,
            rather than pseudonyms (docs/decisions/0005-private-names.md).
        without_denied: of ``plover``: no events that are said not to have happened.

    Returns:
        How many rows were written: articles for ``jsonl``, events for ``plover``, statements
        for ``csv``, else the rows of all tables.

    Raises:
        SettingsError: there is no such format, or it cannot leave out what is denied.
        LedgerError: the target exists or cannot be written.
    """
    if form not in FORMATS:
        raise SettingsError(f"there is no format {form!r}; choose from {', '.join(FORMATS)}")
    if without_denied and form != "plover":
        raise SettingsError(
            f"--without-denied goes with the format plover, not {form}: the others hold all that "
            "was read, and each event's factuality tells which are denied"
        )
    try:
        with _appearing(target) as draft:
            source = _Source(store, draft.parent, private_names, without_denied)
            return FORMATS[form](source, draft)
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


@dataclass(frozen=True)
class _Source:
    """What an export reads: the ledger itself, or its content with pseudonyms.

    Attributes:
        near: a folder with room for what is made on the way.
    """

    store: Store
    near: Path
    private_names: bool
    without_denied: bool

    @contextmanager
    def tables(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection to all tables and views."""
        if self.private_names:
            with self.store.cursor() as cursor:
                yield cursor
        else:
            with shared_tables(self.store, self.near) as copy:
                yield copy

    def readings(self) -> Iterator[Reading]:
        """All readings."""
        if self.private_names:
            return readings(self.store)
        return map(pseudonyms_of(self.store.folder).reading, readings(self.store))

    def readings_with_runs(self) -> Iterator[tuple[Reading, Run | None]]:
        """All readings, each with what it depended on."""
        for some in batched_items(self.readings(), GROUP_ROWS):
            wanted = {"wanted": pa.table({"id": [reading.article.id for reading in some]})}
            rows = self.store.fetch(_RUNS, tables=wanted).to_pylist()
            runs = {row["article"]: Run.from_row(row) for row in rows}
            yield from ((reading, runs.get(reading.article.id)) for reading in some)

    @contextmanager
    def batches(self) -> Iterator[Iterator[tuple[str, pa.RecordBatchReader]]]:
        """Every table in one snapshot."""
        with self.tables() as cursor:
            cursor.execute("BEGIN")
            yield (
                (name, cursor.execute(f"SELECT * FROM {name}").to_arrow_reader(_BATCH_ROWS))
                for name in RECORDS
            )


def _jsonl(source: _Source, target: Path) -> int:
    rows = 0
    with target.open("w", encoding="utf-8") as file:
        for reading in source.readings():
            file.write(json.dumps(reading.to_dict(), ensure_ascii=False) + "\n")
            rows += 1
    return rows


def _plover(source: _Source, target: Path) -> int:
    rows = 0
    with target.open("w", encoding="utf-8") as file:
        for reading, run in source.readings_with_runs():
            for record in plover_records(reading, run, without_denied=source.without_denied):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                rows += 1
    return rows


def _csv(source: _Source, target: Path) -> int:
    with source.tables() as cursor:
        query = "SELECT * FROM claims ORDER BY published NULLS LAST, article_id, ordinal"
        batches = cursor.execute(query).to_arrow_reader(_BATCH_ROWS)
        rows = 0
        with pyarrow.csv.CSVWriter(target, batches.schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
    return rows


def _parquet(source: _Source, target: Path) -> int:
    target.mkdir()
    rows = 0
    with source.batches() as tables:
        for name, batches in tables:
            group = _TEXT_GROUP_ROWS if name == "articles" else None
            path = target / f"{name}.parquet"
            with pyarrow.parquet.ParquetWriter(path, batches.schema, compression="zstd") as writer:
                for batch in batches:
                    writer.write_batch(batch, row_group_size=group)
                    rows += batch.num_rows
    return rows


def _duckdb(source: _Source, target: Path) -> int:
    rows = 0
    with duckdb.connect(str(target)) as copy, source.batches() as tables:
        for name, batches in tables:
            copy.register("incoming", batches)
            copy.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
            copy.unregister("incoming")
            counted = copy.execute(f"SELECT count(*) FROM {name}").fetchone()
            rows += int(counted[0]) if counted else 0
        for name, statement in views(source.store):
            copy.execute(statement)
            copy.execute(f"SELECT * FROM {name} LIMIT 0")
    return rows


FORMATS: dict[str, Callable[[_Source, Path], int]] = {
    "jsonl": _jsonl,
    "plover": _plover,
    "csv": _csv,
    "parquet": _parquet,
    "duckdb": _duckdb,
}
