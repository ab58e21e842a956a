"""The ledger's folder, and DuckDB's connections to it: one that reads, one that writes.

The reading one is locked down once and for all, so that it can run a stranger's SQL. The
writing one is made at the first write; each of its transactions holds the write lock and
is run again as a whole if the catalog was busy.

The catalog file must never be opened by other means in a process that has a ledger open:
closing it would drop the locks that SQLite holds on it (POSIX locks belong to the process).
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from sayso.errors import LedgerError, QueryError
from sayso.ledger.lock import WAIT_SECONDS, write_lock

if TYPE_CHECKING:
    import pyarrow as pa

NAME = "ledger"
"""The name of the attached catalog in SQL."""

EXTENSIONS = ("sqlite_scanner", "ducklake")
TRIES = 5

T = TypeVar("T")
Parameters = Mapping[str, Any] | list[Any] | None


@dataclass(frozen=True)
class Folder:
    """Where the parts of a ledger lie."""

    root: Path

    @property
    def catalog(self) -> Path:
        """DuckLake's SQLite file."""
        return self.root / "catalog.sqlite"

    @property
    def data(self) -> Path:
        """The Parquet files, a folder a table."""
        return self.root / "data"

    @property
    def lock(self) -> Path:
        """The file that a writer holds."""
        return self.root / ".lock"

    @property
    def untidy(self) -> Path:
        """There from the first commit of an add until it is tidied: a killed add leaves it."""
        return self.root / ".untidy"

    @property
    def search(self) -> Path:
        """The search index."""
        return self.root / "search"

    @property
    def shared_search(self) -> Path:
        """The search index over texts with pseudonyms."""
        return self.root / "search-shared"

    @property
    def key(self) -> Path:
        """The secret key of the pseudonyms."""
        return self.root / "pseudonyms.key"


def extension_path(name: str) -> Path:
    """The file of a DuckDB extension inside its installed package."""
    package = "duckdb-extension-" + name.replace("_", "-")
    try:
        files = distribution(package).files or []
    except PackageNotFoundError as error:
        raise LedgerError(
            f"the package {package} is missing: pip install {package}=={duckdb.__version__}"
        ) from error
    for file in files:
        if file.name == f"{name}.duckdb_extension":
            return Path(str(file.locate()))
    raise LedgerError(f"the package {package} holds no extension: install it again")


def literal(value: object) -> str:
    """Text as an SQL literal, for the few places that take no parameters."""
    return "'" + str(value).replace("'", "''") + "'"


def connect(folder: Folder, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Connect to a ledger; a missing catalog is made unless ``read_only``."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            # Only files of our own dependencies are loaded, which pip has checked as it does
            # all native code; checking their signatures too takes 0.22 s of each connection.
            "allow_unsigned_extensions": True,
            # SQL must not see the variables of whoever calls.
            "python_enable_replacements": False,
        }
    )
    try:
        for name in EXTENSIONS:
            connection.execute(f"LOAD {literal(extension_path(name))}")
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute(f"SET temp_directory = {literal(_spill_folder())}")
        connection.execute(_attach(folder, read_only=read_only))
        if read_only:
            _lock_down(connection, folder)
        else:
            connection.execute(f"USE {NAME}")
    except duckdb.Error as error:
        connection.close()
        raise LedgerError(f"the ledger {folder.root} cannot be opened: {error}") from error
    return connection


def _attach(folder: Folder, *, read_only: bool) -> str:
    options = [
        f"DATA_PATH {literal(f'{folder.data}/')}",
        # Without WAL a commit took 1,036 ms beside four readers, and they met errors; with: 73 ms.
        "META_JOURNAL_MODE 'WAL'",
        "META_BUSY_TIMEOUT 10000",
        # The catalog notes where the data lay; a ledger may have been moved since.
        "OVERRIDE_DATA_PATH true",
    ]
    if read_only:
        options.append("READ_ONLY")
    return f"ATTACH {literal(f'ducklake:sqlite:{folder.catalog}')} AS {NAME} ({', '.join(options)})"


def _spill_folder() -> Path:
    """Where one connection puts what does not fit into memory; DuckDB makes and removes it.

    Its default is .tmp in whatever folder the caller is in. No two connections may share
    one, and nobody else may read it: it holds texts.
    """
    private = Path(tempfile.gettempdir()) / f"sayso-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    if private.stat().st_uid != os.getuid():
        private = Path(tempfile.mkdtemp(prefix="sayso-"))
    return private / secrets.token_hex(8)


def _lock_down(connection: duckdb.DuckDBPyConnection, folder: Folder) -> None:
    connection.execute(f"SET allowed_directories = [{literal(f'{folder.data}/')}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


class Store:
    """The connections to one ledger. Safe for threads: every call has a cursor of its own."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._guard = threading.RLock()
        self._reading: duckdb.DuckDBPyConnection | None = None
        self._writing: duckdb.DuckDBPyConnection | None = None
        self._closed = False

    def close(self) -> None:
        """Close both connections; a second time does nothing."""
        with self._guard:
            for connection in (self._reading, self._writing):
                if connection is not None:
                    connection.close()
            self._reading = self._writing = None
            self._closed = True

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only cursor for this call alone; making one takes about 3 ms."""
        with self._guard:
            self._check_open()
            if self._reading is None:
                self._reading = connect(self.folder, read_only=True)
            cursor = self._reading.cursor()
        try:
            cursor.execute(f"USE {NAME}")
            yield cursor
        finally:
            cursor.close()

    def fetch(
        self,
        query: str,
        parameters: Parameters = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> pa.Table:
        """Run a query and take its whole result.

        Args:
            query: one SELECT.
            parameters: values for ``?`` or ``$name``.
            tables: Arrow tables that the query may name.

        Raises:
            QueryError: with the query, and the cause.
        """

        def work(cursor: duckdb.DuckDBPyConnection) -> pa.Table:
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            return cursor.execute(query, parameters).to_arrow_table()

        return self.read(work, query)

    def read(self, work: Callable[[duckdb.DuckDBPyConnection], T], query: str) -> T:
        """Run ``work`` with a cursor, again if the catalog was busy.

        Raises:
            QueryError: with ``query``, and the cause.
        """
        for attempt in range(TRIES):
            try:
                with self.cursor() as cursor:
                    return work(cursor)
            except duckdb.Error as error:
                if attempt + 1 == TRIES or not is_passing(error):
                    raise QueryError(f"{error}\nThe query was: {query}") from error
                time.sleep(0.02 * 2**attempt)
        raise AssertionError("unreachable")

    def write(
        self,
        work: Callable[[duckdb.DuckDBPyConnection], T],
        *,
        what: str,
        wait: float = WAIT_SECONDS,
    ) -> T:
        """Run ``work`` in one transaction under the write lock, again as a whole if need be.

        Args:
            work: may run several times; only its last run counts.
            what: what is being done, for the error's message: "adding 3 articles".
            wait: seconds to wait for the lock.

        Raises:
            LedgerBusyError: another process held the lock for too long.
            LedgerError: the transaction failed; nothing of it is in the ledger.
        """
        with self.exclusive(wait=wait) as connection:
            return in_transaction(connection, work, what)

    @contextmanager
    def exclusive(self, *, wait: float = WAIT_SECONDS) -> Iterator[duckdb.DuckDBPyConnection]:
        """The writing connection, under the write lock, outside any transaction."""
        with write_lock(self.folder.lock, wait=wait):
            with self._guard:
                self._check_open()
                if self._writing is None:
                    self._writing = connect(self.folder, read_only=False)
                connection = self._writing
            yield connection

    def _check_open(self) -> None:
        if self._closed:
            raise LedgerError(f"the ledger {self.folder.root} has been closed: open it again")


def in_transaction(
    connection: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection], T],
    what: str,
) -> T:
    """Run ``work`` in one transaction; the write lock must be held."""
    for attempt in range(TRIES):
        try:
            connection.execute("BEGIN")
            result = work(connection)
            connection.execute("COMMIT")
        except duckdb.Error as error:
            _roll_back(connection)
            if attempt + 1 == TRIES or not is_passing(error):
                raise LedgerError(f"{what} failed, nothing was written: {error}") from error
            time.sleep(0.05 * 2**attempt)
        except BaseException:
            _roll_back(connection)
            raise
        else:
            return result
    raise AssertionError("unreachable")


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    # A failed COMMIT has ended the transaction already.
    with suppress(duckdb.Error):
        connection.execute("ROLLBACK")


_PASSING = ("database is locked", "busy", "conflict", "no such file")


def is_passing(error: duckdb.Error) -> bool:
    """Whether the same work may succeed a moment later: the catalog was busy, a file merged."""
    message = str(error).lower()
    return any(sign in message for sign in _PASSING)
