"""A stranger's SQL reads the ledger and nothing else; relations and their forms."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

from evaluation.kill import PatternReader
from sayso.errors import MissingExtraError, QueryError
from sayso.ledger import Ledger
from sayso.records import Article


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT count(*) FROM articles", 1),
        ("FROM articles LIMIT 3;", 3),
        ("WITH a AS (SELECT 1) FROM a -- a comment", 1),
        ("SELECT * FROM claims LIMIT 2; -- a comment", 2),
        ("SHOW TABLES", 11),
        ("DESCRIBE runs", 8),
        ("VALUES (1), (2)", 2),
        ("SELECT unnest(['a;b', 'c'])", 2),
        ("FROM range(4)", 4),
        ("SELECT count(*) FROM ledger.articles AT (VERSION => 3)", 1),
        ("SELECT 'DELETE FROM articles; COPY' AS text", 1),
    ],
)
def test_what_reads_is_answered(reading_only: Ledger, query: str, rows: int) -> None:
    relation = reading_only.sql(query)
    assert len(relation.rows()) == rows
    if not query.startswith(("SHOW", "DESCRIBE")):
        assert len(relation) == rows


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   -- nothing",
        "SELEC 1",
        "SELECT 1; SELECT 2",
        "SELECT 1; DELETE FROM articles",
        "DELETE FROM articles",
        "INSERT INTO articles FROM articles",
        "UPDATE articles SET text = ''",
        "CREATE TABLE t (a INT)",
        "CREATE TEMP TABLE t AS SELECT 1",
        "DROP TABLE articles",
        "COPY articles TO '{outside}/out.csv'",
        "COPY articles TO '{ledger}/data/out.csv'",
        "EXPORT DATABASE '{outside}'",
        "ATTACH '{outside}/x.db'",
        "ATTACH '{ledger}/catalog.sqlite' AS c (TYPE sqlite)",
        "DETACH ledger",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "PRAGMA database_list",
        "CALL ledger.set_option('parquet_compression', 'snappy')",
        "CALL ducklake_merge_adjacent_files('ledger')",
        "USE memory",
        "BEGIN",
        "VACUUM",
        "EXPLAIN ANALYZE SELECT 1",
        "FROM ducklake_cleanup_old_files('ledger', cleanup_all => true)",
        "FROM ducklake_delete_orphaned_files('ledger', cleanup_all => true)",
        "FROM ducklake_expire_snapshots('ledger', older_than => now())",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{ledger}/catalog.sqlite')",
        "SELECT * FROM read_blob('{ledger}/data/main/articles/*')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM sqlite_scan('{ledger}/catalog.sqlite', 'ducklake_table')",
        "FROM sqlite_query('__ducklake_metadata_ledger', 'DELETE FROM ducklake_table')",
        "FROM query('SELECT * FROM read_csv(''/etc/passwd'')')",
        "FROM query_table('articles')",
        "SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))",
        "SELECT 1 WHERE EXISTS (FROM read_text('/etc/passwd'))",
        "WITH t AS (FROM read_csv('/etc/passwd')) FROM t",
        "SELECT 1 UNION ALL SELECT 1 FROM read_csv('/etc/passwd')",
        "FROM articles, LATERAL (FROM read_csv(articles.text))",
        "FROM python_map_function()",
    ],
)
def test_all_else_is_refused(reading_only: Ledger, tmp_path: Path, query: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    before = len(reading_only.articles())
    with pytest.raises(QueryError):
        reading_only.sql(query.format(ledger=reading_only.path, outside=outside)).rows()
    assert not list(outside.iterdir())
    assert not list(reading_only.path.glob("data/*.csv"))
    assert len(reading_only.articles()) == before


@pytest.mark.parametrize("query", ["FROM '/etc/passwd'", "FROM 'https://example.org/x.csv'"])
def test_files_by_their_names_alone_are_refused(reading_only: Ledger, query: str) -> None:
    with pytest.raises(QueryError):
        reading_only.sql(query).rows()


def test_the_connection_itself_is_locked_down_too(reading_only: Ledger, tmp_path: Path) -> None:
    """Should the check of the query ever miss something."""
    for query in (
        "SELECT * FROM read_csv('/etc/passwd')",
        f"COPY articles TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/x.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "DELETE FROM articles",
        "FROM ducklake_expire_snapshots('ledger', older_than => now())",
    ):
        with pytest.raises(QueryError):
            reading_only._store.fetch(query)


def test_variables_of_the_caller_are_not_tables(reading_only: Ledger) -> None:
    secret = pa.table({"a": [1]})
    with pytest.raises(QueryError, match="secret"):
        reading_only.sql("FROM secret").rows()
    del secret


def test_an_error_tells_the_query_and_the_cause(reading_only: Ledger) -> None:
    with pytest.raises(QueryError, match=r"(?s)no_such_column.*SELECT no_such_column") as raised:
        reading_only.sql("SELECT no_such_column FROM articles").rows()
    assert raised.value.__cause__ is not None


def test_parameters_are_values(reading_only: Ledger) -> None:
    assert reading_only.sql("SELECT ?::VARCHAR AS a", ["'; DROP TABLE articles"]).rows() == [
        {"a": "'; DROP TABLE articles"}
    ]


def test_a_relation_in_all_its_forms(reading_only: Ledger) -> None:
    relation = reading_only.claims()
    assert len(relation) == 30
    assert relation
    assert not reading_only.signals()
    table = relation.to_arrow()
    assert table.column_names == list(relation.columns)
    assert relation.to_polars().shape == relation.to_pandas().shape == table.shape
    assert pa.RecordBatchReader.from_stream(relation).read_all() == table
    assert list(relation) == relation.rows() == table.to_pylist()
    assert repr(relation).startswith("Relation(SELECT")


@pytest.mark.parametrize("form", ["polars", "pandas"])
def test_a_missing_extra_names_the_install_line(
    reading_only: Ledger, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setitem(sys.modules, form, None)
    with pytest.raises(MissingExtraError, match=r'pip install "sayso\[notebook\]"'):
        getattr(reading_only.articles(), f"to_{form}")()


def test_claims_show_words_by_code_points(ledger: Ledger) -> None:
    article = Article.create(
        "👩‍👩‍👧 e\u0301 Éva Ünal said “نعم” 🚢 o\u0302\u0323 x.\nIlo Brandt denied it\x00all.",
        outlet="Herald",
    )
    ledger.add([article], reader=PatternReader())
    reading = PatternReader().read(article)
    claims = ledger.claims().rows()
    assert [(row["source"], row["cue"], row["content"]) for row in claims] == [
        (reading.shown(a.source), reading.shown(a.cue), reading.shown(a.content))
        for a in reading.attributions
    ]
    assert claims[0]["outlet"] == "Herald"
    assert claims[0]["statement_id"] == reading.attributions[0].id


def test_claims_come_in_the_order_of_publication_and_text(ledger: Ledger) -> None:
    texts = {
        "2024-03-02": "Ilo Brandt said two.\nIlo Brandt said three.",
        "2024-03-01": "Ilo Brandt said one.",
    }
    ledger.add([{"text": t, "published": d} for d, t in texts.items()], reader=PatternReader())
    assert [row["content"] for row in ledger.claims()] == ["one", "two", "three"]
