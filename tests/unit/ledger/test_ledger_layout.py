"""The tables, how they lie on disk, and upkeep."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.errors import LedgerError
from sayso.ledger import Ledger, upkeep
from sayso.ledger.migrations import OWN_COLUMNS, RECORDS
from sayso.records import Article, schema


def data_files(ledger: Ledger, name: str = "*") -> set[Path]:
    return set(ledger.path.glob(f"data/main/{name}/*.parquet"))


def loose(kind: pa.DataType) -> str:
    """A type without what Arrow notes beside it: nullability, and the names of list members."""
    return re.sub(r" not null|(?<=<)(item|element|l)(?=:)", "", str(kind))


@pytest.mark.parametrize("name", RECORDS)
def test_a_table_has_its_record_s_columns_and_the_ledger_s_own(ledger: Ledger, name: str) -> None:
    table = ledger.sql(f"SELECT * FROM {name}").to_arrow().schema
    fields = schema(RECORDS[name])
    assert set(table.names) == {*fields.names, *OWN_COLUMNS.get(name, ())}
    assert {f.name: loose(table.field(f.name).type) for f in fields} == {
        f.name: loose(f.type) for f in fields
    }


@pytest.mark.parametrize("name", RECORDS)
def test_what_a_record_must_have_a_row_must_have(ledger: Ledger, name: str) -> None:
    described = {row["column_name"]: row["null"] for row in ledger.sql(f"DESCRIBE {name}")}
    # DuckLake lets no column that a later layout adds be NOT NULL.
    later = {("events", "tags")}
    for field in schema(RECORDS[name]):
        nullable = field.nullable or (name, field.name) in later
        assert described[field.name] == ("YES" if nullable else "NO"), field.name


def test_files_are_compressed_and_texts_lie_in_small_groups(ledger: Ledger) -> None:
    ledger.add(invented_articles(3000), reader=PatternReader())
    (merged,) = ledger.sql("SELECT DISTINCT filename FROM articles").rows()
    metadata = pq.ParquetFile(merged["filename"]).metadata
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    # DuckDB writes whole vectors of 2,048 rows.
    assert max(metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)) <= 2048
    for file in data_files(ledger):
        assert pq.ParquetFile(file).metadata.row_group(0).column(0).compression == "ZSTD"


def test_small_writes_make_no_files(full: Ledger) -> None:
    before = data_files(full)
    review = full.review("s1", "act", "deny", "Ana")
    judgement = full.judge(
        "copy-of", "a", "b", decision=True, score=0.5, explanation="same words", judge="minhash"
    )
    full.retract(judgement.id)
    assert data_files(full) == before
    assert full.reviews().rows() == [review.to_row()]
    (kept,) = full.judgements().rows()
    assert kept.pop("retracted") > judgement.created
    assert {**kept, "retracted": None} == judgement.to_row()


def test_a_judgement_is_retracted_once(full: Ledger) -> None:
    with pytest.raises(LedgerError, match="no judgement"):
        full.retract("nonesuch")


def test_merged_files_stay_for_readers_and_go_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        ledger.add(invented_articles(number), reader=PatternReader())
    assert len(data_files(ledger, "articles")) > 1, "merged a moment ago"
    monkeypatch.setattr(
        upkeep,
        "_MERGED_LATELY",
        upkeep._MERGED_LATELY.replace("INTERVAL 1 HOUR", "INTERVAL 0 HOUR"),
    )
    ledger.tidy()
    assert len(data_files(ledger, "articles")) == 1
    assert len(ledger.articles()) == 3


def test_what_a_killed_writer_left_is_found_and_removed(full: Ledger) -> None:
    (file,) = data_files(full, "articles")
    orphan = file.with_name("ducklake-00000000-0000-7000-8000-000000000000.parquet")
    orphan.write_bytes(file.read_bytes())
    assert [c.name for c in full.doctor() if not c.ok] == ["orphaned files"]
    full._store.folder.untidy.touch()
    full.add(invented_articles(1), reader=PatternReader())
    assert not orphan.exists()
    assert not full._store.folder.untidy.exists()
    assert all(check.ok for check in full.doctor())


def test_the_doctor_finds_what_is_wrong(full: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise LedgerError("the disk is on fire")

    monkeypatch.setattr(upkeep, "orphans", broken)
    found = {check.name: check for check in full.doctor()}
    assert found["orphaned files"].detail == "the disk is on fire"
    assert not found["orphaned files"].ok
    assert found["catalog journal"].detail == "wal"


def test_articles_are_listed_newest_first_by_what_is_asked(ledger: Ledger) -> None:
    dates = ["2024-03-01", "2024-03-03", None, "2024-03-02"]
    ledger.add(
        [
            {"text": f"Ilo Brandt said {i}.", "outlet": "AB"[i % 2], "published": date}
            for i, date in enumerate(dates)
        ],
        reader=PatternReader(),
    )
    listed = [row["published"] for row in ledger.articles()]
    assert [str(d)[:10] for d in listed] == ["2024-03-03", "2024-03-02", "2024-03-01", "None"]
    assert len(ledger.articles(outlet="A")) == 2
    assert len(ledger.articles(since=listed[1])) == 2
    assert len(ledger.articles(until=listed[1])) == 1
    assert [r["published"] for r in ledger.articles(limit=1, offset=1)] == [listed[1]]
    assert {row["outlet"]: row["articles"] for row in ledger.outlets()} == {"A": 2, "B": 2}


def test_an_article_is_found_by_the_beginning_of_its_id(
    full: Ledger, articles: list[Article]
) -> None:
    assert full.find_article(articles[3].id) == articles[3]
    assert full.find_article(articles[3].id[:10].upper()) == articles[3]
    assert full.find_article("ffffffffffff") is None
    assert full.reading("ffffffffffff") is None
    with pytest.raises(LedgerError, match="too short"):
        full.find_article("abc")


def test_a_beginning_that_several_share_is_refused(ledger: Ledger) -> None:
    article = invented_articles(1)[0]
    twins = [replace(article, id=f"abcd{n}" + "0" * 27) for n in (1, 2)]
    ledger.add(twins, reader=PatternReader())
    with pytest.raises(LedgerError, match="several"):
        ledger.find_article("abcd")
    found = ledger.find_article("abcd2")
    assert found is not None
    assert found.id == twins[1].id
