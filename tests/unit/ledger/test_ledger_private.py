"""What leaves the ledger shows no private name, in any format, unless it is asked for."""

from __future__ import annotations

import json
import logging
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sayso.cli import app
from sayso.errors import LedgerError
from sayso.ledger import Ledger, open_ledger
from sayso.records import Rejection
from tests.invented import KnownReader
from tests.planted import PRIVATE, PUBLIC, leaks, plain, readings

FORMATS = ("jsonl", "plover", "csv", "parquet", "duckdb")


@pytest.fixture(scope="session")
def planted_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("planted") / "ledger"
    refused = Rejection("https://tide.example/min-ji-park.html", "intake", "is empty")
    with open_ledger(path) as made:
        made.add([*(one.article for one in readings()), refused], reader=KnownReader(readings()))
        statement = readings()[0].attributions[0].id
        made.review(statement, "speaker", "Aoife O’Brien, not Whitlock", "ann@desk.example")
        made.judge(
            "same-claim", statement, "other", decision=True, score=0.5,
            explanation="Both are on Hruška’s boots; ask +44 7700 900123", judge="a model",
        )  # fmt: skip
    return path


@pytest.fixture
def planted(tmp_path: Path, planted_ledger: Path) -> Iterator[Ledger]:
    with open_ledger(shutil.copytree(planted_ledger, tmp_path / "planted")) as opened:
        yield opened


def contents(target: Path) -> str:
    """All that an export holds: its bytes, and what its tables tell when they are opened."""
    files = [target] if target.is_file() else sorted(target.iterdir())
    told = [file.read_bytes().decode("utf-8", "replace") for file in files]
    for file in files:
        if file.suffix == ".parquet":
            table = pq.read_table(file)
            told += [_json(table.to_pylist()), str(table.schema.metadata)]
    if target.suffix == ".duckdb":
        with duckdb.connect(str(target), read_only=True) as copy:
            copy.execute("SET TimeZone = 'UTC'")
            for (name,) in copy.execute("SHOW TABLES").fetchall():
                told.append(_json(copy.execute(f"FROM {name}").to_arrow_table().to_pylist()))
    return "\n".join(told)


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_private_name(planted: Ledger, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    rows = planted.export(target, form)
    told = contents(target)
    assert leaks(told) == []
    for name in ("ann@desk", "Whitlock said Hru", "min-ji-park"):
        assert plain(name) not in plain(told)
    assert "Person-" in told
    assert planted.export(tmp_path / f"again.{form}", form, private_names=True) == rows


@pytest.mark.parametrize("form", FORMATS)
def test_they_are_there_when_asked_for(planted: Ledger, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    planted.export(target, form, private_names=True)
    told = contents(target)
    spoken = ("O’Brien", "Zdeněk", "Quintanilla")
    # Only what is told in a statement or around an event is in these two.
    some = {"csv": spoken, "plover": ("O’Brien", "Zdeněk", "Hruška")}
    wanted = some.get(form) or (*PRIVATE, "ann@desk"[: 3 * (form != "jsonl")])
    assert [name for name in wanted if plain(name) not in plain(told)] == []


@pytest.mark.parametrize("form", ["jsonl", "parquet", "duckdb"])
def test_public_names_stay(planted: Ledger, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    planted.export(target, form)
    told = contents(target)
    assert [name for name in PUBLIC if name not in told] == []


def test_an_export_differs_in_nothing_else(planted: Ledger, tmp_path: Path) -> None:
    planted.export(tmp_path / "names", "parquet", private_names=True)
    planted.export(tmp_path / "others", "parquet")
    for file in (tmp_path / "names").iterdir():
        mine, theirs = pq.read_table(file), pq.read_table(tmp_path / "others" / file.name)
        assert mine.schema == theirs.schema
        assert len(mine) == len(theirs)
        for column in {"id", "text_id", "article_id", "run_id", "added", "read"} & set(
            mine.column_names
        ):
            key = "id" if "id" in mine.column_names else mine.column_names[0]
            assert mine.sort_by(key)[column] == theirs.sort_by(key)[column]


def test_claims_quote_the_moved_spans(planted: Ledger, tmp_path: Path) -> None:
    planted.export(tmp_path / "out.duckdb", "duckdb")
    with duckdb.connect(str(tmp_path / "out.duckdb"), read_only=True) as copy:
        found = copy.execute("SELECT content, speaker FROM claims").fetchall()
    told = dict(found)
    assert told["the death “a shame for the port”"] == "Alva Renquist"
    assert (
        told["“Ask Mrs " + _pseudonym(planted, "maria jose quintanilla de la pena") + " herself,”"]
        is None
    )


def _pseudonym(ledger: Ledger, name: str) -> str:
    return ledger.pseudonyms.of("Person", name)


def test_the_key_is_the_owners_alone_and_in_no_export(planted: Ledger, tmp_path: Path) -> None:
    assert not (planted.path / "pseudonyms.key").exists()
    planted.export(tmp_path / "first", "parquet")
    key = planted.path / "pseudonyms.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text("ascii")
    for form in FORMATS:
        planted.export(tmp_path / f"out.{form}", form)
        assert secret not in contents(tmp_path / f"out.{form}")
        assert bytes.fromhex(secret).decode("utf-8", "replace") not in contents(
            tmp_path / f"out.{form}"
        )
    for file in (planted.path / "data").rglob("*.parquet"):
        assert bytes.fromhex(secret) not in file.read_bytes()
    assert secret.encode() not in (planted.path / "catalog.sqlite").read_bytes()
    # The same key, the same pseudonyms; a looser mode is tightened again.
    key.chmod(0o644)
    with open_ledger(planted.path) as again:
        again.export(tmp_path / "again", "parquet")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert pq.read_table(tmp_path / "first" / "articles.parquet") == pq.read_table(
        tmp_path / "again" / "articles.parquet"
    )


def test_another_ledger_gives_other_pseudonyms(planted: Ledger, ledger: Ledger) -> None:
    assert _pseudonym(planted, "ann lee") != _pseudonym(ledger, "ann lee")


@pytest.mark.parametrize("content", ["", "zz", "00" * 31])
def test_a_broken_key_stops_the_export(planted: Ledger, tmp_path: Path, content: str) -> None:
    (planted.path / "pseudonyms.key").write_text(content)
    with pytest.raises(LedgerError, match="key"):
        planted.export(tmp_path / "out.jsonl", "jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_the_shared_search_does_not_know_private_names(planted: Ledger) -> None:
    assert planted.search("Quintanilla").total == 1
    for query in ("Quintanilla", "Hruška", "hruska", '"Lan Hương"', "yildirim", "Lachapelle"):
        assert planted.shared_search.search(query).total == 0
    (hit,) = planted.shared_search.search("Renquist")
    assert leaks(" ".join([hit.snippet, hit.title or ""])) == []
    assert planted.shared_search.search("boots").total == 1
    (folder,) = planted.path.glob("search-shared")
    told = "".join(
        file.read_bytes().decode("utf-8", "replace") for file in folder.rglob("*") if file.is_file()
    )
    # Four digits stand in a binary file by chance: those are searched for instead.
    assert [leak for leak in leaks(told) if not leak.isdigit()] == []
    assert planted.shared_search.search("7946").total == 0


def test_nothing_is_logged_of_names(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    inputs = tmp_path / "in"
    inputs.mkdir()
    rows = [
        {"text": one.article.text, "title": one.article.title, "published": "Ask Aoife O’Brien",
         "url": "javascript:Hruška", "language": "Quintanilla", "id": "zdenek-hruska"}
        for one in readings()
    ]  # fmt: skip
    (inputs / "a.jsonl").write_text("\n".join(map(json.dumps, rows)) + '\n{"text": Hruška}\n')
    (inputs / "b.csv").write_text("Zdeněk Hruška,Aoife O’Brien\nMehmet,Yıldırım\n")
    runner = CliRunner()
    ledger = str(tmp_path / "ledger")
    told = runner.invoke(app, ["add", str(inputs), "-l", ledger, "--tolerate", "99"])
    assert told.exit_code == 0, told.output
    shared = runner.invoke(app, ["export", str(tmp_path / "out"), "-l", ledger])
    assert shared.exit_code == 0, shared.output
    captured = capfd.readouterr()
    everything = told.output + told.stderr + shared.output + caplog.text + "".join(captured)
    assert leaks(everything) == []
    assert "not understood" in everything
    assert leaks((tmp_path / "out").read_text("utf-8")) == []


def test_the_option_and_the_variable(
    planted: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exported(*options: str) -> str:
        target = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
        arguments = ["export", str(target), "-l", str(planted.path), *options]
        assert CliRunner().invoke(app, arguments).exit_code == 0
        return target.read_text("utf-8")

    assert leaks(exported()) == []
    assert leaks(exported("--private-names"))
    monkeypatch.setenv("SAYSO_PRIVATE_NAMES", "true")
    assert leaks(exported())
    assert leaks(exported("--pseudonyms")) == []
