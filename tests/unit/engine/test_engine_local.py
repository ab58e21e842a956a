"""Local engines: order, laziness, declared columns, and workers that die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sayso.engine import EngineError, local_engine

NUMBERS = pa.schema([pa.field("n", pa.int64())])


def parts(number: int, rows: int = 2) -> list[pa.Table]:
    return [pa.table({"n": range(i * rows, (i + 1) * rows)}, NUMBERS) for i in range(number)]


def doubled(part: pa.Table) -> pa.Table:
    return pa.table({"n": [2 * n for n in part["n"].to_pylist()]}, NUMBERS)


def renamed(part: pa.Table) -> pa.Table:
    return part.rename_columns(["m"])


def failing(part: pa.Table) -> pa.Table:
    raise ZeroDivisionError(str(part["n"][0]))


@dataclass(frozen=True)
class DiesOnce:
    """Kills its process at one part, the first time."""

    marker: Path

    def __call__(self, part: pa.Table) -> pa.Table:
        if part["n"][0].as_py() == 6 and not self.marker.exists():
            self.marker.touch()
            os._exit(9)
        return doubled(part)


def dies_at_six(part: pa.Table) -> pa.Table:
    if part["n"][0].as_py() == 6:
        os._exit(9)
    return doubled(part)


@dataclass
class CountsLoads:
    """Notes every time that it is unpickled."""

    log: Path

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        with self.log.open("a") as file:
            file.write(f"{os.getpid()}\n")

    def __call__(self, part: pa.Table) -> pa.Table:
        return doubled(part)


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_parts(workers: int) -> None:
    results = list(local_engine(workers).map_parts(doubled, parts(7), NUMBERS))
    assert results == [doubled(part) for part in parts(7)]


@pytest.mark.parametrize("workers", [1, 2])
def test_other_columns_than_declared_are_refused(workers: int) -> None:
    with pytest.raises(EngineError, match="other columns"):
        list(local_engine(workers).map_parts(renamed, parts(1), NUMBERS))


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_stage_reaches_the_driver(workers: int) -> None:
    with pytest.raises(ZeroDivisionError, match="0"):
        list(local_engine(workers).map_parts(failing, parts(3), NUMBERS))


@pytest.mark.parametrize("workers", [1, 2])
def test_parts_are_taken_only_a_few_ahead(workers: int) -> None:
    taken = 0

    def counted() -> Iterator[pa.Table]:
        nonlocal taken
        for part in parts(100):
            taken += 1
            yield part

    results = local_engine(workers).map_parts(doubled, counted(), NUMBERS)
    next(results)
    assert taken <= 2 * workers
    results.close()  # type: ignore[attr-defined]


def test_no_workers_are_refused() -> None:
    with pytest.raises(EngineError, match="0 workers"):
        local_engine(0)


def test_a_part_whose_worker_died_is_mapped_again(tmp_path: Path) -> None:
    stage = DiesOnce(tmp_path / "died")
    results = list(local_engine(2).map_parts(stage, parts(8), NUMBERS))
    assert stage.marker.exists()
    assert results == [doubled(part) for part in parts(8)]


def test_a_part_that_kills_every_worker_is_named_after_those_before_it() -> None:
    results = local_engine(2).map_parts(dies_at_six, parts(8), NUMBERS)
    done = []
    with pytest.raises(EngineError, match="same 2 rows"):
        done.extend(results)  # what came before the error stays
    assert done[:3] == [doubled(part) for part in parts(3)]
    assert len(done) == 3


def test_the_stage_travels_once_a_worker_not_once_a_part(tmp_path: Path) -> None:
    stage = CountsLoads(tmp_path / "loads")
    list(local_engine(2).map_parts(stage, parts(20), NUMBERS))
    pids = stage.log.read_text().split()
    assert 1 <= len(pids) == len(set(pids)) <= 2


_DRIVER = """
import sys, time
import pyarrow as pa
from sayso.engine import local_engine
import slow_stage
parts = [pa.table({"pid": [0]})] * 2
if __name__ == "__main__":
    print("begun", flush=True)
    list(local_engine(2).map_parts(slow_stage.sleep, parts, parts[0].schema))
"""
_STAGE = """
import os, pathlib, time
def sleep(part):
    pathlib.Path(__file__).with_name(f"{os.getpid()}.pid").touch()
    time.sleep(600)
"""


def test_workers_do_not_outlive_a_killed_driver(tmp_path: Path) -> None:
    (tmp_path / "driver.py").write_text(_DRIVER)
    (tmp_path / "slow_stage.py").write_text(_STAGE)
    with subprocess.Popen([sys.executable, "driver.py"], cwd=tmp_path) as driver:
        pids = _wait_for(lambda: list(tmp_path.glob("*.pid")))
        driver.kill()
    assert _wait_for(lambda: [] if any(map(_alive, pids)) else ["all gone"])


def _alive(pid: Path) -> bool:
    status = Path(f"/proc/{pid.stem}/stat")
    try:
        return status.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _wait_for(look: Any, seconds: float = 60) -> list[Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return list(found)
        time.sleep(0.05)
    raise TimeoutError
