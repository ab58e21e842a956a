"""Local processes: in this one for one worker, a pool of spawned ones for more."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.engine.protocol import Engine, EngineError, PartFunction, checked

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    import pyarrow as pa

TRIES = 3
"""How often a part is mapped before the part itself is blamed for its workers' deaths."""

_held: dict[str, PartFunction] = {}
"""In a worker only: the stage with its model, unpickled once a process, not once a part."""


def local_engine(workers: int = 1) -> Engine:
    """The engine for this number of processes (at least one)."""
    if workers < 1:
        raise EngineError(f"{workers} workers cannot work: ask for one or more")
    return SerialEngine() if workers == 1 else ProcessEngine(workers)


class SerialEngine:
    """Maps in this process, one part after the other."""

    def map_parts(
        self, function: PartFunction, parts: Iterable[pa.Table], schema: pa.Schema
    ) -> Generator[pa.Table]:
        """Yield ``function(part)`` of each part; see ``Engine``."""
        for part in parts:
            yield checked(function(part), schema)


class ProcessEngine:
    """Maps in a pool of spawned processes, at most two parts a worker ahead.

    A worker that dies takes the pool with it: a new pool then maps the first missing part
    alone, so that a part which kills its worker is found out, and the others follow.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map_parts(
        self, function: PartFunction, parts: Iterable[pa.Table], schema: pa.Schema
    ) -> Generator[pa.Table]:
        """Yield ``function(part)`` of each part; see ``Engine``."""
        crew = _Crew(self.workers, pickle.dumps(function))
        try:
            for part in parts:
                crew.send(part)
                if len(crew.jobs) >= 2 * self.workers:
                    yield checked(crew.take(), schema)
            while crew.jobs:
                yield checked(crew.take(), schema)
        finally:
            crew.dismiss()


@dataclass
class _Job:
    part: pa.Table
    future: Future[pa.Table] | None = None
    deaths: int = 0


class _Crew:
    """A pool that is made anew when one of its processes dies."""

    def __init__(self, workers: int, function: bytes) -> None:
        self.jobs: deque[_Job] = deque()
        self._workers = workers
        self._function = function
        self._pool = self._hire()

    def send(self, part: pa.Table) -> None:
        job = _Job(part)
        self.jobs.append(job)
        self._submit(job)

    def take(self) -> pa.Table:
        """The result of the oldest job, however many pools that takes."""
        job = self.jobs[0]
        while True:
            for waiting in (job,) if job.deaths else tuple(self.jobs):
                if waiting.future is None:
                    self._submit(waiting)
            try:
                if job.future is None:
                    raise BrokenProcessPool  # noqa: TRY301 - the pool broke while it was sent
                result = job.future.result()
            except BrokenProcessPool as error:
                self._mourn(job, error)
                continue
            self.jobs.popleft()
            return result

    def dismiss(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, job: _Job) -> None:
        try:
            job.future = self._pool.submit(_map_part, job.part)
        except BrokenProcessPool:
            job.future = None

    def _mourn(self, job: _Job, error: BrokenProcessPool) -> None:
        job.deaths += 1
        if job.deaths >= TRIES:
            raise EngineError(
                f"a worker process died {TRIES} times over the same {job.part.num_rows} rows; "
                "the system may have run out of memory: use fewer workers"
            ) from error
        self.dismiss()
        self._pool = self._hire()
        for waiting in self.jobs:
            if waiting.future is None or not _has_result(waiting.future):
                waiting.future = None

    def _hire(self) -> ProcessPoolExecutor:
        # Spawned, never forked: onnxruntime, Arrow and DuckDB hold threads and locks.
        return ProcessPoolExecutor(
            self._workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._function,),
        )


def _has_result(future: Future[pa.Table]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _begin(function: bytes) -> None:
    """Start a worker: it leaves the driver's interrupts to the driver, and dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _held["function"] = pickle.loads(function)  # noqa: S301 - from our own driver


def _die_with_parent() -> None:
    # A pool's processes outlive a driver that is killed (-9), waiting for parts for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _map_part(part: pa.Table) -> pa.Table:
    return _held["function"](part)
