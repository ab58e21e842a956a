"""The ledger: one folder that holds the articles, all that was read in them, and reviews."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

import duckdb

from sayso.engine import Engine, local_engine
from sayso.errors import LedgerError
from sayso.ledger import readings as _readings
from sayso.ledger.adding import Adding, AddReport, Input, Progress, as_items
from sayso.ledger.export import export
from sayso.ledger.lock import write_lock
from sayso.ledger.migrations import LATEST, check_version, migrate
from sayso.ledger.relation import Relation, check_query
from sayso.ledger.search import Hits, SearchIndex
from sayso.ledger.sharing import pseudonyms_of
from sayso.ledger.store import Folder, Store, connect
from sayso.ledger.upkeep import Check, examine, tidy
from sayso.records import Article, Judgement, Reading, Review, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sayso.intake import IntakeOptions
    from sayso.ledger.store import Parameters
    from sayso.pseudonyms import Pseudonyms
    from sayso.reader import Reader

SHORTEST_PREFIX = 4
"""Characters of an article's id that suffice to ask for it, if no other begins so."""


def open_ledger(path: str | Path, *, create: bool = True) -> Ledger:
    """Open a ledger's folder, or make one.

    Args:
        path: the folder. It may have been moved or copied since it was made.
        create: make a ledger if the folder is missing or empty.

    Raises:
        LedgerVersionError: it was written by a newer Sayso.
        LedgerError: there is none, the folder holds something else, or it cannot be read.
    """
    folder = Folder(Path(path).absolute())
    if not folder.catalog.exists():
        _refuse_foreign(folder, create=create)
        _make(folder)
    store = Store(folder)
    try:
        _bring_up_to_date(store)
    except BaseException:
        store.close()
        raise
    return Ledger(store)


def _refuse_foreign(folder: Folder, *, create: bool) -> None:
    root = folder.root
    if not create:
        raise LedgerError(f"there is no ledger at {root}: make one with `sayso add`")
    if root.exists() and not root.is_dir():
        raise LedgerError(f"{root} is a file; a ledger is a folder")
    ours = {folder.lock.name, folder.data.name, folder.search.name, folder.shared_search.name}
    ours.add(folder.key.name)
    if root.exists() and {entry.name for entry in root.iterdir()} - ours:
        raise LedgerError(f"the folder {root} holds other things and no ledger: name another")


def _make(folder: Folder) -> None:
    try:
        folder.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"{folder.root} cannot be made: {error.strerror}") from error
    with write_lock(folder.lock):
        connection = connect(folder, read_only=False)
        try:
            _migrate(connection, folder)
        finally:
            connection.close()


def _bring_up_to_date(store: Store) -> None:
    try:
        with store.cursor() as cursor:
            have, software = _version(cursor)
    except LedgerError:
        # A process that was making it may have been killed before the catalog was whole;
        # if that is not what is wrong, this raises too.
        _make(store.folder)
        return
    check_version(have, software, store.folder.root)
    if have < LATEST:
        with store.exclusive() as connection:
            _migrate(connection, store.folder)


def _migrate(connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
    have, software = _version(connection)
    check_version(have, software, folder.root)
    migrate(connection, have)


def _version(connection: duckdb.DuckDBPyConnection) -> tuple[int, str]:
    """The layout and who made it; 0 if there is none yet."""
    try:
        row = connection.execute(
            "SELECT version, software FROM migrations ORDER BY version DESC LIMIT 1"
        ).fetchone()
    except duckdb.CatalogException:
        return 0, "nobody"
    return (int(row[0]), str(row[1])) if row else (0, "nobody")


class Ledger:
    """Articles and the evidence in them. Safe for threads; a context manager that closes it.

    Readers never wait for a writer, in this process or another; writers wait for each other.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = SearchIndex(store)

    @property
    def path(self) -> Path:
        """The ledger's folder."""
        return self._store.folder.root

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Ledger {self.path}>"

    def close(self) -> None:
        """Give the ledger's files back; a second time does nothing."""
        self._store.close()

    # Writing

    def add(
        self,
        inputs: Iterable[Input],
        *,
        options: IntakeOptions | None = None,
        reader: Reader | None = None,
        workers: int = 1,
        progress: Progress | None = None,
        engine: Engine | None = None,
    ) -> AddReport:
        """Take articles in, read them and keep both; what is there already is skipped.

        It may be killed at any moment: done again, it completes what is missing.

        Args:
            inputs: names of files and folders, articles, or mappings as in the input JSONL.
            options: metadata and limits for inputs by name.
            reader: None takes the default one.
            workers: processes to read with.
            progress: called with the report so far, several times a second.
            engine: another engine than local processes.

        Raises:
            LedgerBusyError: another process writes for longer than we wait.
            LedgerError: a commit failed; what was committed before stays.
            EngineError: a worker died again and again.
        """
        settings = json.dumps(asdict(options) if options else {}, sort_keys=True)
        adding = Adding(self._store, engine or local_engine(workers), settings, reader, progress)
        report = adding.run(as_items(inputs, options))
        if report.run_id:
            self._index.update()
        return report

    def review(self, item_id: str, field: str, value: str, reviewer: str) -> Review:
        """Keep a person's coding of one item, beside the machine's and for ever."""
        created = datetime.now(UTC)
        identity = content_id("review", item_id, field, value, reviewer, created)
        review = Review(identity, item_id, field, value, reviewer, created)
        self._insert("reviews", review)
        return review

    def judge(
        self,
        relation: str,
        left: str,
        right: str,
        *,
        decision: bool,
        score: float,
        explanation: str,
        judge: str,
    ) -> Judgement:
        """Keep that two things stand, or do not stand, in a relation (``records.RELATIONS``)."""
        created = datetime.now(UTC)
        identity = content_id("judgement", relation, left, right, decision, judge, created)
        judgement = Judgement(
            identity, relation, left, right, decision, score, explanation, judge, created
        )
        self._insert("judgements", judgement)
        return judgement

    def retract(self, judgement_id: str) -> None:
        """Note that a judgement holds no longer; it stays to be seen.

        Raises:
            LedgerError: there is no such judgement, or it was retracted before.
        """

        def work(connection: duckdb.DuckDBPyConnection) -> int:
            connection.execute(
                "UPDATE judgements SET retracted = ? WHERE id = ? AND retracted IS NULL",
                [datetime.now(UTC), judgement_id],
            )
            row = connection.fetchone()
            return int(row[0]) if row else 0

        if self._store.write(work, what=f"retracting {judgement_id}") == 0:
            raise LedgerError(f"there is no judgement {judgement_id} that still holds")

    def _insert(self, name: str, record: Review | Judgement) -> None:
        row = record.to_row()
        columns = ", ".join(f'"{column}"' for column in row)
        marks = ", ".join("?" for _ in row)
        query = f"INSERT INTO {name} ({columns}) VALUES ({marks})"
        self._store.write(
            lambda connection: connection.execute(query, list(row.values())) and None,
            what=f"writing to {name}",
        )

    def tidy(self) -> None:
        """Merge small files and remove what is not needed; ``add`` does it at its end."""
        tidy(self._store)

    # Reading

    def articles(
        self,
        *,
        outlet: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        read: bool | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> Relation:
        """The articles, newest first, without their texts (``sql`` and ``reading`` have them).

        Args:
            outlet: only of this outlet.
            since: only published then or later.
            until: only published before.
            read: only those that were read, or only those that were not.
            limit: rows at most.
            offset: rows to leave out at the beginning.
        """
        query = """
            SELECT id, text_id, title, outlet, url, published, precision, language, source_id,
                length(text) AS characters, read, statements, events, signals, run_id, added
            FROM articles
            WHERE ($outlet IS NULL OR outlet = $outlet)
                AND ($since::TIMESTAMPTZ IS NULL OR published >= $since)
                AND ($until::TIMESTAMPTZ IS NULL OR published < $until)
                AND ($read::BOOLEAN IS NULL OR read = $read)
            ORDER BY published DESC NULLS LAST, id
            LIMIT $limit OFFSET $offset"""
        return self._relation(
            query,
            {
                "outlet": outlet,
                "since": since,
                "until": until,
                "read": read,
                "limit": limit,
                "offset": offset,
            },
        )

    def outlets(self) -> Relation:
        """Every outlet with its numbers of articles, those read, and statements."""
        return self._relation(
            "SELECT outlet, count(*) AS articles, count(*) FILTER (WHERE read) AS read, "
            "sum(statements)::BIGINT AS statements, "
            "min(published) AS earliest, max(published) AS latest "
            "FROM articles GROUP BY outlet ORDER BY articles DESC, outlet"
        )

    def attributions(self) -> Relation:
        """All statements, as their records have them."""
        return self._relation("SELECT * FROM attributions ORDER BY article_id, ordinal")

    def events(self) -> Relation:
        """All events, as their records have them."""
        return self._relation("SELECT * FROM events ORDER BY article_id, ordinal")

    def signals(self) -> Relation:
        """All signals, as their records have them."""
        return self._relation("SELECT * FROM signals ORDER BY article_id, ordinal")

    def claims(self) -> Relation:
        """Who said what on whose word: one row a statement, by date of publication.

        Statements that are judged the same share a ``claim_id``.
        """
        return self._relation(
            "SELECT * FROM claims ORDER BY published NULLS LAST, article_id, ordinal"
        )

    def rejections(self) -> Relation:
        """What could not be taken in or read, and why."""
        return self._relation("SELECT * FROM rejections ORDER BY added, input_id, ordinal")

    def reviews(self) -> Relation:
        """All reviews, oldest first."""
        return self._relation("SELECT * FROM reviews ORDER BY created, id")

    def judgements(self) -> Relation:
        """All judgements, oldest first, retracted ones too."""
        return self._relation("SELECT * FROM judgements ORDER BY created, id")

    def runs(self) -> Relation:
        """Every run that added something, oldest first."""
        return self._relation("SELECT * FROM runs ORDER BY created, id")

    def sql(self, query: str, parameters: Parameters = None) -> Relation:
        """A query of one's own; it can read the ledger and nothing else.

        Args:
            query: one SELECT of DuckDB's SQL over the tables and views.
            parameters: values for ``?`` or ``$name``.

        Raises:
            QueryError: it is no single SELECT, or reaches beyond the ledger.
        """
        return self._relation(check_query(self._store, query), parameters)

    def reading(self, article_id: str) -> Reading | None:
        """An article with all that was read in it; None if it is not here."""
        return _readings.reading(self._store, article_id)

    def readings(self) -> Iterator[Reading]:
        """All readings, in the order in which they were committed; streamed."""
        return _readings.readings(self._store)

    def find_article(self, prefix: str) -> Article | None:
        """The article whose id begins so; None if there is none.

        Raises:
            LedgerError: several begin so, or the prefix is too short to tell.
        """
        if len(prefix) < SHORTEST_PREFIX:
            raise LedgerError(f"{prefix!r} is too short: give {SHORTEST_PREFIX} characters or more")
        found = self._store.fetch(
            "SELECT id FROM articles WHERE starts_with(id, ?) LIMIT 2", [prefix.lower()]
        )["id"].to_pylist()
        if len(found) > 1:
            raise LedgerError(f"several articles' ids begin with {prefix}: give more of it")
        if not found:
            return None
        rows = self._store.fetch("SELECT * FROM articles WHERE id = ?", found).to_pylist()
        return Article.from_row(rows[0])

    def search(
        self, query: str, limit: int = 50, offset: int = 0, *, outlet: str | None = None
    ) -> Hits:
        """Articles in which all words of the query stand, best first; ``total`` counts all.

        See ``SearchIndex.search`` for what a query may say.
        """
        return self._index.search(query, limit=limit, offset=offset, outlet=outlet)

    # For other eyes

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """What replaces private names wherever others look; their key is made if need be.

        Raises:
            LedgerError: the key can neither be read nor made.
        """
        return pseudonyms_of(self._store.folder)

    @cached_property
    def shared_search(self) -> SearchIndex:
        """The search in the texts as others may see them, with pseudonyms."""
        return SearchIndex(self._store, self.pseudonyms)

    def export(
        self,
        target: str | Path,
        form: str,
        *,
        private_names: bool = False,
        without_denied: bool = False,
    ) -> int:
        """Write the ledger out; rows written.

        Args:
            target: a file, or for ``parquet`` a folder, that is not there yet.
            form: ``jsonl``, ``plover``, ``csv``, ``parquet`` or ``duckdb``.
            private_names: write private names, handles, numbers and addresses as they are,
                rather than pseudonyms.
            without_denied: of ``plover``: no events that are said not to have happened.

        Raises:
            SettingsError: there is no such format, or it cannot leave out what is denied.
            LedgerError: the target exists or cannot be written.
        """
        return export(
            self._store,
            Path(target),
            form,
            private_names=private_names,
            without_denied=without_denied,
        )

    def doctor(self) -> list[Check]:
        """Whether software, catalog, lock and files are as they should be."""
        return examine(self._store)

    def _relation(self, query: str, parameters: Parameters = None) -> Relation:
        return Relation(self._store, query, parameters)
