"""The reading stage over one part: articles in, one row of everything read in each out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from sayso.errors import IntakeError, SpanError
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

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        pa.field(name, pa.list_(pa.struct(schema(cast("Any", record)))), nullable=False)
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
        reader = self.reader or default_reader()
        articles = [Article.from_row(row) for row in part.to_pylist()]
        rows = [_row(reading) for reading in _readings(reader, articles)]
        return pa.Table.from_pylist(rows, schema=reading_schema())


@cache
def default_reader() -> Reader:
    """This process's reader with the shipped weights: they take a second to load."""
    return Reader()


def _readings(reader: Reader, articles: list[Article]) -> Iterator[Reading]:
    """One reading an article; one that cannot be read is kept, and does not stop the rest.

    Only what is the article's own fault: missing weights would fail them all, and stop.
    """
    for article in articles:
        try:
            yield from reader.read_many([article])
        except (IntakeError, SpanError) as error:
            refusal = Rejection(article.id, Stage.READING, str(error))
            yield Reading(article, rejections=(refusal,))


def _row(reading: Reading) -> dict[str, Any]:
    parts = {name: [item.to_row() for item in getattr(reading, name)] for name in PARTS}
    return {"article": reading.article.to_row(), "read": _was_read(reading), **parts}


def _was_read(reading: Reading) -> bool:
    """False if the whole text was set aside: another language, or nothing but a refusal."""
    stages = {rejection.stage for rejection in reading.rejections}
    found = reading.attributions or reading.events or reading.signals
    return Stage.LANGUAGE not in stages and bool(found or Stage.READING not in stages)
