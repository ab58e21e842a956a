"""A ledger to write to: a copy of one that was made once, which also shows that copies open."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.ledger import Ledger, open_ledger
from sayso.records import Article


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "empty"
    open_ledger(path).close()
    return path


@pytest.fixture(scope="session")
def full_ledger(tmp_path_factory: pytest.TempPathFactory, empty_ledger: Path) -> Path:
    path = tmp_path_factory.mktemp("made") / "full"
    shutil.copytree(empty_ledger, path)
    with open_ledger(path) as ledger:
        ledger.add(invented_articles(30), reader=PatternReader())
    return path


@pytest.fixture
def ledger(tmp_path: Path, empty_ledger: Path) -> Iterator[Ledger]:
    """An empty ledger of the test's own."""
    with open_ledger(shutil.copytree(empty_ledger, tmp_path / "ledger")) as opened:
        yield opened


@pytest.fixture
def full(tmp_path: Path, full_ledger: Path) -> Iterator[Ledger]:
    """A ledger of the test's own with `invented_articles(30)`."""
    with open_ledger(shutil.copytree(full_ledger, tmp_path / "full")) as opened:
        yield opened


@pytest.fixture(scope="session")
def reading_only(full_ledger: Path) -> Iterator[Ledger]:
    """The ledger with `invented_articles(30)` that all tests share; nothing may write to it."""
    with open_ledger(full_ledger) as opened:
        yield opened


@pytest.fixture
def articles() -> list[Article]:
    return invented_articles(30)
