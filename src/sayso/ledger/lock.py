"""One writer at a time: an advisory lock on the ledger's folder."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sayso.errors import LedgerBusyError, LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_SECONDS = 120.0
"""How long a writer waits for another: a commit takes a tenth of a second, a merge some seconds."""

_LONGEST_NAP = 0.05


@contextmanager
def write_lock(path: Path, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock file exclusively, against threads as against processes.

    The lock goes with the process: a killed writer leaves none behind. Not re-entrant.

    Args:
        path: the lock file; made if missing.
        wait: seconds until ``LedgerBusyError``.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise LedgerError(f"{path.parent} cannot be written: {error.strerror}") from error
    try:
        _acquire(handle, path, wait)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    nap = 0.001
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LedgerBusyError(
                    f"another process has been writing to {path.parent} for over {wait:.0f} s; "
                    "try again when it has ended"
                ) from None
            time.sleep(nap)
            nap = min(nap * 2, _LONGEST_NAP)
        else:
            return
