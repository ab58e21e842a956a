"""The ledger's layout: numbered steps from an empty catalog to today's tables and views.

A step is written out, never derived from today's records: what was once released stays as
it was, and a change of a record needs a step of its own (a test compares both). Steps can
be run again: one that was killed half way is run from its start.
"""

# ruff: noqa: S608 - names and constants are put together; values are always parameters.

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import sayso
from sayso.errors import LedgerVersionError
from sayso.ledger.store import NAME, in_transaction
from sayso.records import (
    Article,
    Attribution,
    Event,
    Judgement,
    Observation,
    Record,
    Rejection,
    Review,
    Run,
    Signal,
)

if TYPE_CHECKING:
    import duckdb

RECORDS: dict[str, type[Record]] = {
    "articles": Article,
    "attributions": Attribution,
    "events": Event,
    "signals": Signal,
    "rejections": Rejection,
    "judgements": Judgement,
    "observations": Observation,
    "reviews": Review,
    "runs": Run,
}
"""The table of each record; actors, places and dates lie inside their event or statement."""

OWN_COLUMNS: dict[str, tuple[str, ...]] = {
    # read: whether the text was read at all (exposure counts these); the counts save joins,
    # and look-ups in empty tables, which DuckLake plans in 40 to 90 ms instead of 4.
    "articles": ("run_id", "added", "read", "statements", "events", "signals", "rejections"),
    # ordinal: the place in its reading, from 0.
    "attributions": ("ordinal",),
    "events": ("ordinal",),
    "signals": ("ordinal",),
    "rejections": ("id", "article_id", "ordinal", "run_id", "added"),
}
"""What the ledger keeps beside the record's own fields."""


@dataclass(frozen=True)
class Step:
    """One version of the layout.

    Attributes:
        settings: DuckLake options (name, value, table); those of no table come first.
        tables: statements that may be run again, in one transaction.
    """

    version: int
    settings: tuple[tuple[str, str | int, str | None], ...]
    tables: tuple[str, ...]


_ACTOR = (
    "STRUCT(name VARCHAR, office VARCHAR, organisation VARCHAR, country VARCHAR, sectors VARCHAR[])"
)
_PARTICIPANT = "STRUCT(span INTEGER[], name VARCHAR, country VARCHAR, sectors VARCHAR[])"
_PLACE = (
    "STRUCT(span INTEGER[], name VARCHAR, geonameid INTEGER, admin1 VARCHAR, country VARCHAR, "
    "lat DOUBLE, lon DOUBLE, precision VARCHAR, reason VARCHAR)"
)
_DATE = 'STRUCT(span INTEGER[], start VARCHAR, "end" VARCHAR, precision VARCHAR, basis VARCHAR)'


def _words(column: str) -> str:
    """SQL for the words of a list of spans, which count code points from 0."""
    part = "substring(a.text, span[1] + 1, span[2] - span[1])"
    return f"array_to_string(list_transform(s.{column}, lambda span: {part}), ' … ')"


# One row a statement. Where judgements will say that statements make the same claim, they
# will share a claim_id; until then every statement is a claim of its own.
_CLAIMS = f"""
CREATE OR REPLACE VIEW claims AS
SELECT
    s.id AS claim_id, s.id AS statement_id, s.article_id, a.text_id,
    a.published, a.precision, a.outlet, a.title, a.url,
    {_words("source")} AS source,
    s.speaker.name AS speaker, s.source_class, s.role, s.collective,
    {_words("cue")} AS cue, s.act, s.kind,
    {_words("content")} AS content,
    s.parent AS parent_id, s.confidence, s.ordinal
FROM attributions AS s JOIN articles AS a ON a.id = s.article_id
"""

STEPS: tuple[Step, ...] = (
    Step(
        1,
        (
            ("parquet_compression", "zstd", None),
            # Nested columns stay out of the SQLite file; only flat small writes go into it.
            # Set before the tables are made, or each gets a table in the SQLite file too.
            ("data_inlining_row_limit", 0, None),
            ("data_inlining_row_limit", 100, "judgements"),
            ("data_inlining_row_limit", 100, "reviews"),
            ("data_inlining_row_limit", 100, "runs"),
            ("data_inlining_row_limit", 100, "migrations"),
            # Texts are looked up one by one: a group is what has to be unpacked for one.
            ("parquet_row_group_size", 1024, "articles"),
        ),
        (
            """
            CREATE TABLE IF NOT EXISTS migrations (
                version INTEGER NOT NULL, software VARCHAR NOT NULL, applied TIMESTAMPTZ NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS articles (
                id VARCHAR NOT NULL, text_id VARCHAR NOT NULL, text VARCHAR NOT NULL,
                title VARCHAR, outlet VARCHAR, url VARCHAR,
                published TIMESTAMPTZ, precision VARCHAR, language VARCHAR, source_id VARCHAR,
                furniture STRUCT(kind VARCHAR, span INTEGER[], "value" VARCHAR)[] NOT NULL,
                run_id VARCHAR NOT NULL, added TIMESTAMPTZ NOT NULL, read BOOLEAN NOT NULL,
                statements INTEGER NOT NULL, events INTEGER NOT NULL, signals INTEGER NOT NULL,
                rejections INTEGER NOT NULL)
            """,
            f"""
            CREATE TABLE IF NOT EXISTS attributions (
                id VARCHAR NOT NULL, article_id VARCHAR NOT NULL,
                source INTEGER[][] NOT NULL, cue INTEGER[][] NOT NULL, content INTEGER[][] NOT NULL,
                kind VARCHAR NOT NULL, act VARCHAR NOT NULL, source_class VARCHAR NOT NULL,
                role VARCHAR, collective BOOLEAN NOT NULL, verbatim INTEGER[][] NOT NULL,
                speaker {_ACTOR}, parent VARCHAR, confidence DOUBLE NOT NULL,
                ordinal INTEGER NOT NULL)
            """,
            f"""
            CREATE TABLE IF NOT EXISTS events (
                id VARCHAR NOT NULL, article_id VARCHAR NOT NULL,
                type VARCHAR NOT NULL, mode VARCHAR, contexts VARCHAR[] NOT NULL,
                trigger INTEGER[][] NOT NULL,
                actors {_PARTICIPANT}[] NOT NULL, recipients {_PARTICIPANT}[] NOT NULL,
                place {_PLACE}, date {_DATE}, factuality VARCHAR NOT NULL,
                attribution VARCHAR, statement VARCHAR, confidence DOUBLE NOT NULL,
                ordinal INTEGER NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS signals (
                id VARCHAR NOT NULL, article_id VARCHAR NOT NULL, indicator VARCHAR NOT NULL,
                direction VARCHAR NOT NULL, span INTEGER[] NOT NULL, attribution VARCHAR,
                factuality VARCHAR NOT NULL, confidence DOUBLE NOT NULL, ordinal INTEGER NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS rejections (
                id VARCHAR NOT NULL, input_id VARCHAR NOT NULL, stage VARCHAR NOT NULL,
                reason VARCHAR NOT NULL, article_id VARCHAR, ordinal INTEGER NOT NULL,
                run_id VARCHAR NOT NULL, added TIMESTAMPTZ NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS judgements (
                id VARCHAR NOT NULL, relation VARCHAR NOT NULL, "left" VARCHAR NOT NULL,
                "right" VARCHAR NOT NULL, decision BOOLEAN NOT NULL, score DOUBLE NOT NULL,
                explanation VARCHAR NOT NULL, judge VARCHAR NOT NULL,
                created TIMESTAMPTZ NOT NULL, retracted TIMESTAMPTZ)
            """,
            """
            CREATE TABLE IF NOT EXISTS observations (
                indicator VARCHAR NOT NULL, period VARCHAR NOT NULL, speaker_camp VARCHAR NOT NULL,
                teller_camp VARCHAR NOT NULL, numerator INTEGER NOT NULL, exposure INTEGER NOT NULL,
                estimate DOUBLE, low DOUBLE, high DOUBLE, codebook_version VARCHAR NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS reviews (
                id VARCHAR NOT NULL, item_id VARCHAR NOT NULL, field VARCHAR NOT NULL,
                "value" VARCHAR NOT NULL, reviewer VARCHAR NOT NULL, created TIMESTAMPTZ NOT NULL)
            """,
            """
            CREATE TABLE IF NOT EXISTS runs (
                id VARCHAR NOT NULL, inputs VARCHAR NOT NULL, software VARCHAR NOT NULL,
                model VARCHAR NOT NULL, codebook VARCHAR NOT NULL, settings VARCHAR NOT NULL,
                seed INTEGER NOT NULL, created TIMESTAMPTZ NOT NULL)
            """,
            _CLAIMS,
        ),
    ),
    # Events carry the codebook's tags; those of before had none.
    Step(
        2,
        (),
        (
            "ALTER TABLE events ADD COLUMN IF NOT EXISTS tags VARCHAR[]",
            "UPDATE events SET tags = [] WHERE tags IS NULL",
        ),
    ),
)

LATEST = STEPS[-1].version


def check_version(have: int, software: str, root: object) -> None:
    """Raise ``LedgerVersionError`` for a ledger of a newer layout than this Sayso knows."""
    if have > LATEST:
        raise LedgerVersionError(
            f"the ledger {root} has layout {have}, made by {software}; this Sayso "
            f"({sayso.__version__}) knows layouts up to {LATEST}: upgrade Sayso to open it"
        )


def migrate(connection: duckdb.DuckDBPyConnection, have: int) -> None:
    """Bring a ledger from layout ``have`` (0: empty) to the latest; hold the write lock."""
    for step in STEPS:
        if step.version > have:
            for work in (_set_globally, _make_tables, _finish):
                in_transaction(connection, partial(work, step), f"layout step {step.version}")


def _set_globally(step: Step, connection: duckdb.DuckDBPyConnection) -> None:
    _set(connection, [setting for setting in step.settings if setting[2] is None])


def _make_tables(step: Step, connection: duckdb.DuckDBPyConnection) -> None:
    for statement in step.tables:
        connection.execute(statement)


def _finish(step: Step, connection: duckdb.DuckDBPyConnection) -> None:
    """What can be set only for tables that are there, and, last of all, the version."""
    _set(connection, [setting for setting in step.settings if setting[2] is not None])
    connection.execute(
        "INSERT INTO migrations VALUES (?, ?, ?)",
        [step.version, f"sayso {sayso.__version__}", datetime.now(UTC)],
    )


def _set(
    connection: duckdb.DuckDBPyConnection, settings: list[tuple[str, str | int, str | None]]
) -> None:
    for name, value, table in settings:
        scope = f", table_name => '{table}'" if table else ""
        shown = value if isinstance(value, int) else f"'{value}'"
        connection.execute(f"CALL {NAME}.set_option('{name}', {shown}{scope})")
