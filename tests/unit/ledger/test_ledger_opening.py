"""Opening: new, moved, half made, foreign and too new ledgers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import sayso
from evaluation.kill import PatternReader, invented_articles
from sayso.errors import LedgerBusyError, LedgerError, LedgerVersionError
from sayso.ledger import Ledger, migrations, open_ledger, store
from sayso.ledger.lock import write_lock
from sayso.records import Article


def adds_and_reads(path: Path) -> None:
    with open_ledger(path) as ledger:
        before = len(ledger.articles())
        ledger.add([Article.create(f"Ilo Brandt said {path}.")], reader=PatternReader())
        assert len(ledger.articles()) == before + 1
        assert len(ledger.claims()) == len(ledger.attributions())


@pytest.mark.parametrize("name", ["plain", "it's a “ledger” #1 100%", "é 🚢", "a.b=c&d;--"])
def test_a_ledger_may_have_any_name(tmp_path: Path, empty_ledger: Path, name: str) -> None:
    adds_and_reads(shutil.copytree(empty_ledger, tmp_path / name))


def test_a_ledger_is_made_in_folders_that_are_missing_or_empty(tmp_path: Path) -> None:
    adds_and_reads(tmp_path / "a" / "b")
    with sayso.open(tmp_path / "a" / "b") as ledger:
        assert repr(ledger).startswith("<Ledger ")


def test_a_moved_and_a_copied_ledger_read_and_write(tmp_path: Path, full_ledger: Path) -> None:
    first = shutil.copytree(full_ledger, tmp_path / "first")
    adds_and_reads(first)
    second = first.rename(tmp_path / "second")
    adds_and_reads(second)
    adds_and_reads(shutil.copytree(second, tmp_path / "deep" / "third"))
    with open_ledger(tmp_path / "deep" / "third") as ledger:
        assert len(ledger.articles()) == 33
        assert ledger.search("boats").total == 30
        assert {str(first), str(second)} & set(_paths(ledger)) == set()


def _paths(ledger: Ledger) -> list[str]:
    files = ledger.sql("SELECT DISTINCT filename FROM articles").rows()
    return [str(Path(row["filename"]).parents[2]) for row in files]


def test_a_relative_path_holds_after_a_change_of_folder(
    tmp_path: Path, full_ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(full_ledger, tmp_path / "here")
    monkeypatch.chdir(tmp_path)
    with open_ledger("here") as ledger:
        monkeypatch.chdir(tmp_path.parent)
        assert len(ledger.articles()) == 30
        ledger.review("x", "act", "deny", "me")


def test_no_ledger_is_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger"):
        open_ledger(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(LedgerError, match="holds other things"):
        open_ledger(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerError, match="is a file"):
        open_ledger(tmp_path / "file")


def test_a_damaged_catalog_is_told(tmp_path: Path, empty_ledger: Path) -> None:
    path = shutil.copytree(empty_ledger, tmp_path / "ledger")
    (path / "catalog.sqlite").write_bytes(b"no database at all " * 100)
    with pytest.raises(LedgerError, match="cannot be opened") as raised:
        open_ledger(path)
    assert isinstance(raised.value.__cause__, duckdb.Error)


@pytest.mark.parametrize("content", [None, b""])
def test_a_ledger_that_was_killed_while_it_was_made_is_made(
    tmp_path: Path, content: bytes | None
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / ".lock").touch()
    if content is not None:
        (tmp_path / "catalog.sqlite").write_bytes(content)
    adds_and_reads(tmp_path)


@pytest.mark.parametrize("step", ["_set_globally", "_make_tables", "_finish"])
def test_a_layout_that_was_killed_between_its_steps_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(migrations, step, stop)
        with pytest.raises(KeyboardInterrupt):
            open_ledger(tmp_path / "ledger")
    adds_and_reads(tmp_path / "ledger")
    with open_ledger(tmp_path / "ledger") as ledger:
        assert len(ledger.sql("FROM migrations")) == migrations.LATEST


def test_a_ledger_of_a_newer_layout_is_refused_with_what_to_do(ledger: Ledger) -> None:
    newer = "INSERT INTO migrations VALUES (999, 'sayso 99.0', now())"
    ledger._store.write(lambda connection: connection.execute(newer), what="a newer layout")
    with pytest.raises(LedgerVersionError, match=r"layout 999, made by sayso 99\.0.*upgrade"):
        open_ledger(ledger.path)


def test_a_ledger_of_an_older_layout_is_brought_up_to_date(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = migrations.Step(
        migrations.LATEST + 1, (), ("ALTER TABLE reviews ADD COLUMN IF NOT EXISTS mood VARCHAR",)
    )
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, step))
    monkeypatch.setattr(migrations, "LATEST", step.version)
    monkeypatch.setattr("sayso.ledger.ledger.LATEST", step.version)
    with open_ledger(ledger.path) as opened:
        assert "mood" in opened.reviews().columns
        versions = [row["version"] for row in opened.sql("FROM migrations ORDER BY version")]
    assert versions == list(range(1, step.version + 1))


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.articles().rows()
    with pytest.raises(LedgerError, match="closed"):
        ledger.review("x", "act", "deny", "me")


def test_a_writer_that_waits_too_long_is_told(ledger: Ledger) -> None:
    with write_lock(ledger._store.folder.lock):
        with pytest.raises(LedgerBusyError, match="another process"):
            ledger._store.write(lambda _: None, what="nothing", wait=0.05)
        assert len(ledger.articles()) == 0, "readers do not wait"


def test_a_missing_extension_package_names_the_install_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(LedgerError, match="pip install duckdb-extension-nonesuch=="):
        store.extension_path("nonesuch")


def test_nothing_is_written_to_the_home_or_working_folder(
    tmp_path: Path, full_ledger: Path
) -> None:
    path = shutil.copytree(full_ledger, tmp_path / "ledger")
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    program = (
        "import sys, sayso; ledger = sayso.open(sys.argv[1]); "
        "ledger.review('x', 'act', 'deny', 'me'); ledger.search('boats'); ledger.claims().rows()"
    )
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=work, env=environment, check=True
    )
    assert not list(home.iterdir())
    assert not list(work.iterdir())


def test_invented_articles_are_always_the_same() -> None:
    assert invented_articles(3) == invented_articles(5)[:3]
