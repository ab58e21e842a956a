"""From inputs to committed rows: what is known is skipped, the rest is read and committed.

A commit puts articles with everything that was read in them into the tables in ONE
transaction, so an article is either there with all its parts or not at all. What was
committed is never read again, so an add that was killed is resumed by running it again.
"""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

import sayso
from sayso.engine import Engine, ReadPart, default_reader, reading_schema
from sayso.errors import IntakeError
from sayso.intake import IntakeOptions, article_of, read_inputs
from sayso.ledger.upkeep import tidy
from sayso.records import Article, Rejection, Run, Stage, content_id, schema, table

if TYPE_CHECKING:
    import duckdb

    from sayso.ledger.store import Store
    from sayso.reader import Reader

Input = str | Path | Article | Rejection | Mapping[str, Any]
Progress = Callable[["AddReport"], None]

_SURROGATES = re.compile("[\ud800-\udfff]")

CHECK_ROWS = 256
"""How many inputs are looked up in the ledger at a time."""
PART_ROWS = 16
"""How many articles an engine reads at a time: some 0.5 s of work."""
COMMIT_ROWS = 1000
"""At the latest after so many articles: 1,000 rows commit in a tenth of a second."""
COMMIT_SECONDS = 5.0
"""At the latest after so much time: what a killed add may have to read again."""
TIDY_COMMITS = 32
"""After so many commits their files are merged: a query opens every file."""
EXAMPLES = 100


@dataclass(frozen=True, slots=True)
class AddReport:
    """What became of the inputs of one add.

    Attributes:
        added: articles that were committed.
        present: articles that were there already, or came twice.
        rejected: inputs that could not become an article.
        unread: of the added ones, those that were stored but not read (another language).
        pending: articles that are read but not committed yet; 0 at the end.
        statements, events, signals: found in the added articles.
        rejections: the first ``EXAMPLES`` of the rejected, and of those of reading.
        run_id: the run that is recorded, None if nothing was added.
    """

    added: int = 0
    present: int = 0
    rejected: int = 0
    unread: int = 0
    pending: int = 0
    statements: int = 0
    events: int = 0
    signals: int = 0
    rejections: tuple[Rejection, ...] = ()
    run_id: str | None = None

    @property
    def attributions(self) -> int:
        """Another name for ``statements``: the record's own."""
        return self.statements

    @property
    def seen(self) -> int:
        """All inputs so far."""
        return self.added + self.present + self.rejected + self.pending


def as_items(
    inputs: Iterable[Input], options: IntakeOptions | None
) -> Iterator[Article | Rejection]:
    """Articles and rejections of inputs: names go through intake, mappings through its checks."""
    if isinstance(inputs, str | Path):
        inputs = [inputs]
    yield from map(_storable, _items(inputs, options))


def _items(inputs: Iterable[Input], options: IntakeOptions | None) -> Iterator[Article | Rejection]:
    for named, group in groupby(inputs, key=lambda item: isinstance(item, str | Path)):
        if named:
            yield from read_inputs(cast("Iterator[str | Path]", group), options or IntakeOptions())
        else:
            yield from (_as_item(item) for item in group)


def _storable(item: Article | Rejection) -> Article | Rejection:
    """The item with U+FFFD for lone surrogates, which names of files may have and UTF-8 not."""
    spoilt: dict[str, Any] = {}
    for column in fields(item):
        value = getattr(item, column.name)
        if isinstance(value, str) and not value.isascii():
            spoilt[column.name] = _SURROGATES.sub("\ufffd", value)
    return replace(item, **spoilt) if spoilt else item


def _as_item(item: Any) -> Article | Rejection:
    if isinstance(item, Article | Rejection):
        return item
    try:
        return article_of(item)
    except IntakeError as error:
        name = item.get("id") or item.get("url") or content_id("mapping", repr(item))
        return Rejection(str(name), Stage.INTAKE, str(error))


@dataclass
class RunSheet:
    """The run of one add; its hash of inputs grows with every commit.

    The hash is the sum of hashes of the articles' ids modulo 2**128: it is of all that was
    added by then, in whatever order.
    """

    run: Run
    total: int = 0

    @classmethod
    def begin(cls, model: str, codebook: str, settings: str) -> RunSheet:
        """A run of this Sayso that has added nothing yet."""
        software, seed = f"sayso {sayso.__version__}", 0
        created = datetime.now(UTC)
        identity = content_id("run", software, model, codebook, settings, seed, created)
        return cls(Run(identity, "", software, model, codebook, settings, seed, created))

    def total_with(self, ids: Iterable[str]) -> int:
        """The hash of inputs when these articles have been added too."""
        hashes = (int(content_id("input", name), 16) for name in ids)
        return sum(hashes, self.total) % 2**128

    def row(self, total: int) -> Run:
        """The run's record at this hash of inputs."""
        return replace(self.run, inputs=f"{total:032x}")


@dataclass
class Adding:
    """One add under way."""

    store: Store
    engine: Engine
    settings: str
    reader: Reader | None = None
    progress: Progress | None = None
    report: AddReport = field(default_factory=AddReport)
    _pending: list[pa.Table] = field(default_factory=list)
    _refused: list[Rejection] = field(default_factory=list)
    _under_way: set[str] = field(default_factory=set)
    _committed_at: float = field(default_factory=time.monotonic)
    _commits: int = 0

    @cached_property
    def sheet(self) -> RunSheet:
        """Made at the first commit: to know the model's version is to load its weights."""
        reader = self.reader or default_reader()
        return RunSheet.begin(reader.version, reader.codebook.label, self.settings)

    def run(self, items: Iterator[Article | Rejection]) -> AddReport:
        """Take everything in; returns when all is committed."""
        stage = ReadPart(self.reader)
        with closing(self.engine.map_parts(stage, self._parts(items), reading_schema())) as results:
            for readings in results:
                self._pending.append(readings)
                self._note(pending=self.report.pending + readings.num_rows)
                if self._is_due():
                    self._commit()
        self._commit()
        if self.store.folder.untidy.exists():
            tidy(self.store)
        return self.report

    def _parts(self, items: Iterator[Article | Rejection]) -> Iterator[pa.Table]:
        for some in batched_items(items, CHECK_ROWS):
            self._refuse([item for item in some if isinstance(item, Rejection)])
            fresh = self._fresh([item for item in some if isinstance(item, Article)])
            for part in batched_items(fresh, PART_ROWS):
                yield table(Article, part)

    def _fresh(self, articles: list[Article]) -> list[Article]:
        """Those that are neither in the ledger nor under way."""
        present = known_ids(self.store, [article.id for article in articles]) | self._under_way
        fresh = {article.id: article for article in articles if article.id not in present}
        self._under_way |= fresh.keys()
        self._note(present=self.report.present + len(articles) - len(fresh))
        return list(fresh.values())

    def _refuse(self, rejections: list[Rejection]) -> None:
        self._refused += rejections
        self._exemplify(rejections)
        self._note(rejected=self.report.rejected + len(rejections))
        if len(self._refused) >= COMMIT_ROWS:
            self._commit()

    def _exemplify(self, rejections: Iterable[Rejection]) -> None:
        room = EXAMPLES - len(self.report.rejections)
        more = tuple(rejections)[:room]
        self.report = replace(self.report, rejections=self.report.rejections + more)

    def _note(self, **changes: Any) -> None:
        self.report = replace(self.report, **changes)
        if self.progress is not None:
            self.progress(self.report)

    def _is_due(self) -> bool:
        waited = time.monotonic() - self._committed_at
        return self.report.pending >= COMMIT_ROWS or waited >= COMMIT_SECONDS

    def _commit(self) -> None:
        self._committed_at = time.monotonic()
        if not self._pending and not self._refused:
            return
        batch = Batch(
            pa.concat_tables([reading_schema().empty_table(), *self._pending]),
            self._refused,
            self.sheet,
            self.store.folder.untidy,
        )
        done = self.store.write(batch.commit, what=f"adding {batch.readings.num_rows} articles")
        self.sheet.total = done.total
        self._commits += done.wrote
        if self._commits >= TIDY_COMMITS:
            tidy(self.store)
            self._commits = 0
        read = len(batch.readings)
        self._pending, self._refused = [], []
        self._under_way -= set(_ids(batch.readings))
        self._exemplify(done.rejections)
        self._note(
            pending=0,
            added=self.report.added + done.added,
            present=self.report.present + read - done.added,
            unread=self.report.unread + done.unread,
            statements=self.report.statements + done.statements,
            events=self.report.events + done.events,
            signals=self.report.signals + done.signals,
            run_id=self.sheet.run.id if done.wrote else self.report.run_id,
        )


def known_ids(store: Store, ids: list[str]) -> set[str]:
    """Which of these articles the ledger holds."""
    if not ids:
        return set()
    found = store.fetch(_KNOWN, tables={"incoming": pa.table({"id": ids})})
    return set(found["id"].to_pylist())


_KNOWN = "SELECT id FROM articles WHERE id IN (SELECT id FROM incoming)"


@dataclass(frozen=True)
class Committed:
    """What one commit put into the ledger."""

    added: int
    unread: int
    statements: int
    events: int
    signals: int
    rejections: tuple[Rejection, ...]
    total: int
    wrote: bool


@dataclass(frozen=True)
class Batch:
    """Readings and rejections that are committed together."""

    readings: pa.Table
    refused: list[Rejection]
    sheet: RunSheet
    untidy: Path

    def commit(self, connection: duckdb.DuckDBPyConnection) -> Committed:
        """Insert what is not there yet, in the transaction that is open."""
        readings = self._new_readings(connection)
        ids = _ids(readings)
        frames = frames_of(readings, self.sheet.run)
        of_reading = frames["rejections"]
        frames["rejections"] = pa.concat_tables([of_reading, self._new_refusals(connection)])
        wrote = bool(ids) or len(frames["rejections"]) > 0
        total = self.sheet.total_with(ids)
        if wrote:
            self.untidy.touch()
            for name, frame in frames.items():
                _insert(connection, name, frame)
            connection.execute("DELETE FROM runs WHERE id = ?", [self.sheet.run.id])
            _insert(connection, "runs", table(Run, [self.sheet.row(total)]))
        articles = frames["articles"]
        return Committed(
            added=len(ids),
            unread=len(ids) - int(pc.sum(articles["read"]).as_py() or 0),
            statements=len(frames["attributions"]),
            events=len(frames["events"]),
            signals=len(frames["signals"]),
            rejections=_records(of_reading),
            total=total,
            wrote=wrote,
        )

    def _new_readings(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        # Looked up again under the lock: another process may have added them meanwhile.
        known = _known_among(connection, "articles", _ids(self.readings))
        fresh = [name not in known for name in _ids(self.readings)]
        return self.readings.filter(pa.array(fresh, pa.bool_()))

    def _new_refusals(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """The inputs that were refused and are not noted yet, each once."""
        refused = {item.id: item for item in self.refused}
        seen = _known_among(connection, "rejections", list(refused))
        fresh = [item.to_row() for name, item in refused.items() if name not in seen]
        return _rejection_frame([(row, None, 0) for row in fresh], self.sheet.run)


def _ids(readings: pa.Table) -> list[str]:
    ids: list[str] = pc.struct_field(readings["article"], "id").to_pylist()
    return ids


def _known_among(connection: duckdb.DuckDBPyConnection, name: str, ids: list[str]) -> set[str]:
    if not ids:
        return set()
    connection.register("incoming", pa.table({"id": pa.array(ids, pa.string())}))
    query = f"SELECT DISTINCT id FROM {name} WHERE id IN (SELECT id FROM incoming)"
    found = connection.execute(query).fetchall()
    connection.unregister("incoming")
    return {identity for (identity,) in found}


def _insert(connection: duckdb.DuckDBPyConnection, name: str, frame: pa.Table) -> None:
    if len(frame) == 0:
        return
    connection.register("incoming", frame)
    connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")


def frames_of(readings: pa.Table, run: Run) -> dict[str, pa.Table]:
    """The rows of every table for rows of ``reading_schema()``."""
    readings = readings.combine_chunks()
    added = datetime.now(UTC)
    return {
        "articles": _article_frame(readings, run, added),
        "attributions": _exploded(readings, "attributions"),
        "events": _exploded(readings, "events"),
        "signals": _exploded(readings, "signals"),
        "rejections": _reading_rejections(readings, run),
    }


def _article_frame(readings: pa.Table, run: Run, added: datetime) -> pa.Table:
    rows = len(readings)
    frame = _struct_columns(_whole(readings["article"]))
    own = {
        "run_id": pa.repeat(run.id, rows),
        "added": pa.repeat(pa.scalar(added, pa.timestamp("us", tz="UTC")), rows),
        "read": readings["read"],
        "statements": pc.list_value_length(readings["attributions"]),
        "events": pc.list_value_length(readings["events"]),
        "signals": pc.list_value_length(readings["signals"]),
        "rejections": pc.list_value_length(readings["rejections"]),
    }
    for name, column in own.items():
        frame = frame.append_column(name, column)
    return frame


def _exploded(readings: pa.Table, name: str) -> pa.Table:
    """One row a member of a column of lists, with its place in its list."""
    lists = _whole(readings[name])
    frame = _struct_columns(lists.flatten())
    ordinals = [
        place for length in pc.list_value_length(lists).to_pylist() for place in range(length)
    ]
    return frame.append_column("ordinal", pa.array(ordinals, pa.int32()))


def _reading_rejections(readings: pa.Table, run: Run) -> pa.Table:
    rows: list[tuple[dict[str, Any], str | None, int]] = []
    for identity, members in zip(_ids(readings), readings["rejections"].to_pylist(), strict=True):
        rows += [(row, identity, place) for place, row in enumerate(members)]
    return _rejection_frame(rows, run)


def _rejection_frame(rows: list[tuple[dict[str, Any], str | None, int]], run: Run) -> pa.Table:
    added = datetime.now(UTC)
    own = [
        pa.field("id", pa.string()),
        pa.field("article_id", pa.string()),
        pa.field("ordinal", pa.int32()),
        pa.field("run_id", pa.string()),
        pa.field("added", pa.timestamp("us", tz="UTC")),
    ]
    return pa.Table.from_pylist(
        [
            {
                **row,
                "id": Rejection.from_row(row).id,
                "article_id": article,
                "ordinal": place,
                "run_id": run.id,
                "added": added,
            }
            for row, article, place in rows
        ],
        schema=pa.schema([*schema(Rejection), *own]),
    )


def _records(rejections: pa.Table) -> tuple[Rejection, ...]:
    return tuple(Rejection.from_row(row) for row in rejections.slice(0, EXAMPLES).to_pylist())


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """One array of a column, though it has no chunk at all."""
    return pa.concat_arrays([pa.array([], column.type), *column.chunks])


def _struct_columns(structs: pa.StructArray) -> pa.Table:
    return pa.Table.from_batches([pa.RecordBatch.from_struct_array(structs)])


def batched_items(items: Iterable[Any], size: int) -> Iterator[tuple[Any, ...]]:
    """Tuples of at most ``size`` items, in their order (``itertools.batched`` of Python 3.12)."""
    remaining = iter(items)
    while batch := tuple(islice(remaining, size)):
        yield batch
