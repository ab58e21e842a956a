from __future__ import annotations

import gzip
import io
import json
import os
import sys
from pathlib import Path

import pytest

from sayso.intake import IntakeOptions, read_inputs
from sayso.records import Article, Rejection

TEXT = "The harbour council of Tessin met on Friday and put off the vote on the new mole."


def texts(*inputs: str | Path) -> list[str]:
    """Texts of articles, or reasons of rejections, in order."""
    return [
        item.text if isinstance(item, Article) else f"! {item.reason}"
        for item in read_inputs(inputs)
    ]


def line(text: str, **known: object) -> str:
    return json.dumps({"text": text, **known}) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "b" / "2.txt").write_text("two")
    (tmp_path / "b" / ".3.txt").write_text("hidden")
    (tmp_path / ".hidden" / "4.txt").write_text("hidden")
    (tmp_path / "a.TXT").write_text("one")
    (tmp_path / "c.jsonl").write_text(line("three") + "\n" + line("four"))
    (tmp_path / "d.csv").write_text("id,text\n1,five\n")
    (tmp_path / "e.txt.gz").write_bytes(gzip.compress(b"six"))
    (tmp_path / "notes.md").write_text("not read")
    return tmp_path


ALL = ["one", "two", "three", "four", "five", "six"]


def test_folders(folder: Path) -> None:
    assert texts(folder) == ALL
    assert texts(f"{folder}/") == ALL


def test_globs(folder: Path) -> None:
    assert texts(f"{folder}/*") == ALL
    assert texts(f"{folder}/**") == ALL
    assert texts(f"{folder}/**/*.txt") == ["two"]
    assert texts(f"{folder}/[cd].*") == ["three", "four", "five"]


def test_order_is_as_given(folder: Path) -> None:
    assert texts(folder / "c.jsonl", folder / "a.TXT") == ["three", "four", "one"]


def test_a_file_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("one")
    assert texts(tmp_path / "a[1].txt") == ["one"]


def test_nothing_found(folder: Path) -> None:
    for name in (folder / "no.txt", f"{folder}/*.html", folder / ".hidden" / "none"):
        (reason,) = texts(name)
        assert reason.startswith("! nothing found")
    (folder / "empty").mkdir()
    assert texts(folder / "empty")[0].startswith("! nothing found")


def test_an_unknown_kind_is_told_only_when_named(folder: Path) -> None:
    (reason,) = texts(folder / "notes.md")
    assert reason.startswith("! is of no known kind; known are .txt")
    assert texts(f"{folder}/*.md")[0].startswith("! nothing found")


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert texts(tmp_path / "pipe.txt") == ["! is no regular file"]
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_text("one")
    assert texts(tmp_path) == ["one"]


def test_one_path_alone(folder: Path) -> None:
    assert len(list(read_inputs(str(folder / "a.TXT")))) == 1
    assert len(list(read_inputs(folder / "a.TXT"))) == 1


def test_it_streams(folder: Path) -> None:
    items = read_inputs([folder / "a.TXT", folder / "b"])
    next(items)
    (folder / "b" / "2.txt").write_text("changed")
    second = next(items)
    assert isinstance(second, Article)
    assert second.text == "changed"


def test_moving_a_text_changes_no_id(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT)
    one, two = read_inputs(tmp_path)
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert one.id == two.id
    assert one.source_id == str(tmp_path / "a.txt")


def test_rejections_name_path_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line("one", id="x") + "{\n" + line("two"))
    one, wrong, two = read_inputs(path)
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.source_id, two.source_id) == ("x", f"{path}:3")
    assert isinstance(wrong, Rejection)
    assert (wrong.input_id, wrong.stage) == (f"{path}:2", "intake")
    assert "no JSON" in wrong.reason


def given(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return texts("-")


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    records = (line("one") + line("two")).encode()
    assert given(records, monkeypatch) == ["one", "two"]
    assert given(b"\xef\xbb\xbf\n  " + records, monkeypatch) == ["one", "two"]
    assert given(b"\n one {\n", monkeypatch) == ["\n one {"]
    assert given("[“one”]".encode("cp1252"), monkeypatch) == ["[“one”]"]
    assert given(b"", monkeypatch) == ["! is empty"]
    assert given(b"  \n", monkeypatch) == ["! holds only blanks"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["ID", " Title", "text", "published"],
        ["7", "Vote, put; off", '"one ""two""\nthree"', "2023-08-11"],
        ["", "", "", ""],
        ["8", "", "four", ""],
    ]
    path = tmp_path / "a.csv"
    path.write_text(
        "\n".join(delimiter.join(row) for row in rows).replace("Vote, put; off", '"Vote, put; off"')
    )
    first, last = read_inputs(path)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert first.text == 'Vote, put; off\n\none "two"\nthree'
    assert (first.source_id, first.published_text) == ("7", "2023-08-11")
    assert (last.source_id, last.title, last.published) == ("8", None, None)


def test_broken_rows_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,one\n2,two,too\n3\n4,"fo"ur\n5,five\n6,"never closed\n7,seven\n')
    found = texts(path)
    assert found[0] == "one"
    assert found[1] == "! has 3 fields, where the header has 2"
    assert found[2] == "! has 1 fields, where the header has 2"
    assert found[3].startswith("! is no record: ',' expected")
    assert found[4] == "five"
    assert found[5] == "! is no record: unexpected end of data"
    assert found[6:] == ["seven"]
    places = [item.input_id for item in read_inputs(path) if isinstance(item, Rejection)]
    assert places == [f"{path}:{number}" for number in (3, 4, 5, 7)]


def test_a_large_field(tmp_path: Path) -> None:
    import csv

    before = csv.field_size_limit()
    path = tmp_path / "a.csv"
    path.write_text(f'text,id\n"{"word " * 60_000}",1\n')
    assert [len(text) for text in texts(path)] == [299_999]
    assert csv.field_size_limit() == before


def test_a_table_without_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,body\n1,one\n")
    assert texts(path) == ['! has no column "text": its first line must name the columns']
    path.write_text("\n\n")
    assert texts(path) == ["! is empty"]


def test_limits(tmp_path: Path) -> None:
    options = IntakeOptions(max_bytes=60)
    (tmp_path / "a.txt").write_text("x" * 61)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"x" * 61))
    (tmp_path / "c.jsonl").write_text(line("x" * 61) + line("ok") * 9)
    (tmp_path / "d.csv").write_text(f"text\n{'x' * 61}\nok\n")
    (tmp_path / "e.txt").write_text("x" * 60)
    found = [type(item).__name__[0] for item in read_inputs(tmp_path, options)]
    assert "".join(found) == "RR" + "R" + "A" * 9 + "RA" + "A"


def test_notices_follow_their_article(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line(TEXT, published="2023-02-31", url="javascript:x", language="?"))
    article, *notices = read_inputs(path)
    assert isinstance(article, Article)
    assert (article.published, article.url, article.language) == (None, None, "en")
    assert sorted(item.reason for item in notices if isinstance(item, Rejection)) == [
        "date not understood: '2023-02-31'; kept as unknown",
        "language not understood: '?'; detected",
        "url not understood: 'javascript:…'; kept as unknown",
    ]
