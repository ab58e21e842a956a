"""Maintenance under the write lock, and what ``sayso doctor`` checks."""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import duckdb

import sayso
from sayso.errors import LedgerBusyError, LedgerError, SaysoError
from sayso.ledger.lock import write_lock
from sayso.ledger.migrations import LATEST
from sayso.ledger.search import SearchIndex
from sayso.ledger.store import EXTENSIONS, NAME, Store, extension_path

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE_BYTES = 32_000_000
"""Files from this size on are not merged again, or each small add would write all anew."""

_MERGE = f"CALL ducklake_merge_adjacent_files('{NAME}', max_file_size => {LARGE_BYTES})"
# No writer is under way while the lock is held: what no snapshot knows is garbage.
_DELETE_ORPHANS = f"CALL ducklake_delete_orphaned_files('{NAME}', cleanup_all => true)"
# A merged file stays for an hour, for readers who had planned to open it. `older_than`
# compares moments as texts on SQLite, "2026-01-01T..." with "2026-01-01 ...", so that it
# is exact to the day only: an hour takes everything of the same day (DuckLake 1.0).
_MERGED_LATELY = f"""
SELECT coalesce(max(schedule_start::TIMESTAMPTZ) > now() - INTERVAL 1 HOUR, false)
FROM __ducklake_metadata_{NAME}.ducklake_files_scheduled_for_deletion"""
_DELETE_ALL_MERGED = f"CALL ducklake_cleanup_old_files('{NAME}', cleanup_all => true)"
_DELETE_LONG_MERGED = (
    f"CALL ducklake_cleanup_old_files('{NAME}', older_than => now() - INTERVAL 2 DAY)"
)


def tidy(store: Store) -> None:
    """Merge small files, remove those merged long ago, and what killed writers left.

    Raises:
        LedgerError: DuckLake failed; the ledger's content is as it was.
    """
    with store.exclusive() as connection:
        try:
            row = connection.execute(_MERGED_LATELY).fetchone()
            lately = bool(row and row[0])
            connection.execute(_DELETE_LONG_MERGED if lately else _DELETE_ALL_MERGED)
            connection.execute(_DELETE_ORPHANS)
            connection.execute(_MERGE)
            store.folder.untidy.unlink(missing_ok=True)
        except duckdb.Error as error:
            raise LedgerError(f"tidying {store.folder.root} failed: {error}") from error


def orphans(store: Store) -> list[str]:
    """Data files that no snapshot knows: left by a killed writer, or of one under way."""
    with store.exclusive() as connection:
        found = connection.execute(
            f"FROM ducklake_delete_orphaned_files('{NAME}', cleanup_all => true, dry_run => true)"
        ).fetchall()
    return [path for (path,) in found]


@dataclass(frozen=True, slots=True)
class Check:
    """One finding of the doctor.

    Attributes:
        name: what was looked at, a few words.
        ok: whether it is as it should be.
        detail: what was found, and what to do if it is not.
    """

    name: str
    ok: bool
    detail: str


def examine(store: Store) -> list[Check]:
    """Look at the software, the catalog, the lock and the files. Never raises ``SaysoError``."""
    looks: tuple[tuple[str, Callable[[Store], tuple[bool, str]]], ...] = (
        ("versions", _versions),
        ("extensions", _extensions),
        ("layout", _layout),
        ("catalog journal", _journal),
        ("write lock", _lock),
        ("orphaned files", _orphans),
        ("search index", _search),
    )
    return [_look(name, look, store) for name, look in looks]


def _look(name: str, look: Callable[[Store], tuple[bool, str]], store: Store) -> Check:
    try:
        ok, detail = look(store)
    except (SaysoError, duckdb.Error, OSError) as error:
        return Check(name, ok=False, detail=str(error))
    return Check(name, ok=ok, detail=detail)


def _versions(_: Store) -> tuple[bool, str]:
    ours, theirs = duckdb.__version__, version("duckdb-extension-ducklake")
    detail = (
        f"Sayso {sayso.__version__}, Python {platform.python_version()}, DuckDB {ours}, "
        f"DuckLake extension {theirs}"
    )
    return ours == theirs, detail


def _extensions(_: Store) -> tuple[bool, str]:
    return True, ", ".join(str(extension_path(name)) for name in EXTENSIONS)


def _layout(store: Store) -> tuple[bool, str]:
    have = store.fetch("SELECT max(version) FROM migrations")[0][0].as_py()
    return have == LATEST, f"{have}, the latest" if have == LATEST else f"{have}, not {LATEST}"


def _journal(store: Store) -> tuple[bool, str]:
    query = f"SELECT * FROM sqlite_query('__ducklake_metadata_{NAME}', 'PRAGMA journal_mode')"
    mode = store.fetch(query)[0][0].as_py()
    harm = "" if mode == "wal" else ", not wal: readers beside a writer will meet errors"
    return mode == "wal", f"{mode}{harm}"


def _lock(store: Store) -> tuple[bool, str]:
    with write_lock(store.folder.lock, wait=5):
        try:
            with write_lock(store.folder.lock, wait=0):
                return False, "two can hold it at once: move the ledger to a local disk"
        except LedgerBusyError:
            return True, "held by one at a time"


def _orphans(store: Store) -> tuple[bool, str]:
    found = orphans(store)
    return (
        not found,
        f"{len(found)} left by a killed add; the next removes them" if found else "none",
    )


def _search(store: Store) -> tuple[bool, str]:
    behind = SearchIndex(store).behind()
    return True, "up to date" if behind == 0 else f"{behind} articles behind; a search catches up"
