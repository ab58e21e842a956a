"""The reading stage over one part: articles in, one row of everything read in each out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow as pa

from sayso.errors import SaysoError
from sayso.reader import Reader
from sayso.records import (
    Article,
    Attribution,
    Event,
    Reading,
    Record,
    Rejection,
    Signal,
    Stage,
    schema,
)

PARTS: dict[str, type[Record]] = {
    "attributions": Attribution,
    "events": Event,
    "signals": Signal,
    "rejections": Rejection,
}
"""What a reading holds beside its article, by column."""


@cache
def reading_schema() -> pa.Schema:
    """One row an article: the article, whether it was read, and a list of each kind of part."""
    lists = [
        pa.field(name, pa.list_(pa.struct(schema(record))), nullable=False)
        for name, record in PARTS.items()
    ]
    article = pa.field("article", pa.struct(schema(Article)), nullable=False)
    return pa.schema([article, pa.field("read", pa.bool_(), nullable=False), *lists])


@dataclass(frozen=True)
class ReadPart:
    """Reads a part of articles. It pickles by reference and so runs on every engine.

    Attributes:
        reader: None takes the default reader, which each process makes once.
    """

    reader: Reader | None = None

    def __call__(self, part: pa.Table) -> pa.Table:
        """Map rows of ``schema(Article)`` to rows of ``reading_schema()``, in their order."""
        reader = self.reader or _default_reader()
        articles = [Article.from_row(row) for row in part.to_pylist()]
        rows = [_row(reading) for reading in _readings(reader, articles)]
        return pa.Table.from_pylist(rows, schema=reading_schema())


@cache
def _default_reader() -> Reader:
    return Reader()


def _readings(reader: Reader, articles: list[Article]) -> Iterator[Reading]:
    """One reading an article; one that fails is kept unread, and does not stop the rest."""
    for article in articles:
        try:
            yield from reader.read_many([article])
        except SaysoError as error:
            yield Reading(
                article, rejections=(Rejection(article.id, Stage.READING, _reason(error)),)
            )


def _reason(error: SaysoError) -> str:
    return f"{type(error).__name__}: {error}"


def _row(reading: Reading) -> dict[str, Any]:
    parts = {name: [item.to_row() for item in getattr(reading, name)] for name in PARTS}
    return {"article": reading.article.to_row(), "read": _was_read(reading), **parts}


def _was_read(reading: Reading) -> bool:
    """False if the whole text was set aside: another language, or nothing but a refusal."""
    stages = {rejection.stage for rejection in reading.rejections}
    found = reading.attributions or reading.events or reading.signals
    return Stage.LANGUAGE not in stages and bool(found or Stage.READING not in stages)
