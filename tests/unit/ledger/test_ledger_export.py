"""Exports hold what the ledger holds, and come whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.errors import LedgerError, SettingsError
from sayso.ledger import Ledger, adding, readings
from sayso.ledger.migrations import RECORDS
from sayso.records import Article, Rejection


def test_jsonl_is_what_read_prints(full: Ledger, articles: list[Article], tmp_path: Path) -> None:
    target = tmp_path / "new" / "out.jsonl"
    assert full.export(target, "jsonl", private_names=True) == 30
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    expected = [json.loads(json.dumps(PatternReader().read(a).to_dict())) for a in articles]
    by_id = {line["article"]["id"]: line for line in lines}
    assert by_id == {line["article"]["id"]: line for line in expected}


def test_csv_has_the_claims(full: Ledger, tmp_path: Path) -> None:
    assert full.export(tmp_path / "out.csv", "csv", private_names=True) == 30
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["statement_id"] for row in rows] == [r["statement_id"] for r in full.claims()]
    assert rows[0]["source"] in {"Alva Renquist", "Ilo Brandt"}


def test_parquet_has_a_file_for_each_table(full: Ledger, tmp_path: Path) -> None:
    rows = full.export(tmp_path / "out", "parquet", private_names=True)
    tables = {file.stem: pq.read_table(file) for file in (tmp_path / "out").iterdir()}
    assert set(tables) == set(RECORDS)
    assert sum(map(len, tables.values())) == rows
    assert tables["attributions"].sort_by("id") == full.attributions().to_arrow().sort_by("id")


def test_a_duckdb_file_opens_anywhere_with_its_views(full: Ledger, tmp_path: Path) -> None:
    full.export(tmp_path / "out.duckdb", "duckdb", private_names=True)
    expected = full.claims().to_arrow()
    with duckdb.connect(str(tmp_path / "out.duckdb"), read_only=True) as copy:
        copy.execute("SET TimeZone = 'UTC'")
        query = "FROM claims ORDER BY published NULLS LAST, article_id, ordinal"
        assert copy.execute(query).to_arrow_table() == expected


@pytest.mark.parametrize("form", ["jsonl", "plover", "csv", "parquet", "duckdb"])
def test_an_empty_ledger_exports_too(ledger: Ledger, tmp_path: Path, form: str) -> None:
    assert ledger.export(tmp_path / "out", form, private_names=True) == 0
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("form", ["jsonl", "plover", "csv", "parquet", "duckdb"])
def test_nothing_is_overwritten(full: Ledger, tmp_path: Path, form: str) -> None:
    target = tmp_path / "mine"
    target.write_text("precious")
    with pytest.raises(LedgerError, match="exists already"):
        full.export(target, form, private_names=True)
    assert target.read_text() == "precious"


def test_an_unknown_format_names_the_known_ones(full: Ledger, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="jsonl, plover, csv, parquet, duckdb"):
        full.export(tmp_path / "out", "xlsx", private_names=True)


def test_a_failed_export_leaves_nothing(
    full: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("sayso.ledger.export.json.dumps", fail)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(LedgerError, match="disk full"):
        full.export(out / "x.jsonl", "jsonl", private_names=True)
    assert not list(out.iterdir())


def test_readings_of_many_commits_come_back_after_merging(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "COMMIT_ROWS", 16)
    monkeypatch.setattr(readings, "GROUP_ROWS", 40)
    articles = invented_articles(100)
    ledger.add([*articles, Rejection("x", "intake", "empty")], reader=PatternReader())
    assert sorted((r.article.id, r) for r in ledger.readings()) == sorted(
        (article.id, PatternReader().read(article)) for article in articles
    )


def test_parts_that_are_missing_are_told(full: Ledger) -> None:
    query = "DELETE FROM attributions WHERE ordinal = 1"
    full._store.write(lambda connection: connection.execute(query), what="harm")
    with pytest.raises(LedgerError, match="counts 2 attributions, but 1 were found"):
        list(full.readings())
