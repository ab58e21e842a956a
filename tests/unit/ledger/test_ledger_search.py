"""Search: what is found, where it stands, and an index that is behind, gone or broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.ledger import Ledger, open_ledger
from sayso.ledger.lock import write_lock
from sayso.records import Article

REPORTS = [
    Article.create(
        "Alva Renquist said the pilots walked out of Tessin.", title="Walk-out", outlet="A"
    ),
    Article.create("🚢 Éva Ünal denied défections; “no pilot left”, she said.", outlet="B"),
    Article.create(
        "Nothing happened. " * 80 + "A pilot sat on the pier.", title="Quiet", outlet="A"
    ),
]


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    ledger.add(REPORTS, reader=PatternReader())
    return ledger


@pytest.fixture(scope="module")
def asked(empty_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The same, for tests that only search."""
    path = shutil.copytree(empty_ledger, tmp_path_factory.mktemp("search") / "ledger")
    with open_ledger(path) as opened:
        opened.add(REPORTS, reader=PatternReader())
        yield opened


def found(ledger: Ledger, query: str, **options: str) -> set[str]:
    return {hit.article_id for hit in ledger.search(query, **options)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("pilot", {0, 1, 2}),
        ("PILOTS tessin", {0}),
        ("defection", {1}),
        ("unal OR tessin", {0, 1}),
        ('"no pilot"', {1}),
        ("pilot -quiet", {0, 1}),
        ("walk", {0}),
        ("herring", set()),
        ("", set()),
        ("  ", set()),
    ],
)
def test_words_are_found_whatever_their_form(asked: Ledger, query: str, expected: set[int]) -> None:
    assert found(asked, query) == {REPORTS[i].id for i in expected}


@pytest.mark.parametrize(
    "query", ['"unclosed', "text:(", "a AND (", "[x TO", "id:*", "\x00", "👩‍👩‍👧", "^~*:", "/re[/"]
)
def test_no_query_breaks_the_search(asked: Ledger, query: str) -> None:
    asked.search(query)


def test_a_snippet_grounds_in_the_article(filled: Ledger) -> None:
    for hit in filled.search("pilot"):
        article = filled.find_article(hit.article_id)
        assert article is not None
        assert article.text[slice(*hit.span)] == hit.snippet
        assert hit.marks
        assert all("pilot" in hit.snippet[start:end].lower() for start, end in hit.marks)
    assert {hit.title for hit in filled.search("pilot")} == {"Walk-out", None, "Quiet"}


def test_pages_and_outlets(filled: Ledger) -> None:
    assert filled.search("pilot").total == 3
    pages = [filled.search("pilot", limit=1, offset=i) for i in range(4)]
    assert [len(page) for page in pages] == [1, 1, 1, 0]
    assert len({hit.article_id for page in pages for hit in page}) == 3
    assert found(filled, "pilot", outlet="A") == {REPORTS[0].id, REPORTS[2].id}
    assert found(filled, "pilot", outlet="none") == set()


def test_a_missing_broken_or_foreign_index_is_made_anew(filled: Ledger) -> None:
    folder = filled.path / "search"
    filled.close()

    def spoil_state() -> None:
        (folder / "state.json").write_text("{")

    def claim_another_format() -> None:
        (folder / "state.json").write_text(json.dumps({"format": -1, "snapshot": 1}))

    def claim_the_future() -> None:
        (folder / "state.json").write_text(json.dumps({"format": 1, "snapshot": 10**6}))

    def break_index() -> None:
        (folder / "meta.json").write_text("broken")

    def remove() -> None:
        shutil.rmtree(folder)

    for harm in (spoil_state, claim_another_format, claim_the_future, break_index, remove):
        harm()
        with open_ledger(filled.path) as opened:
            assert len(opened.search("pilot")) == 3, harm.__name__
            assert opened.doctor()[-1].detail == "up to date"


def test_an_index_that_is_behind_catches_up(filled: Ledger) -> None:
    saved = shutil.copytree(filled.path / "search", filled.path.parent / "saved")
    filled.add([Article.create("A pilot came back.")], reader=PatternReader())
    filled.close()
    shutil.rmtree(filled.path / "search")
    shutil.copytree(saved, filled.path / "search")
    with open_ledger(filled.path) as opened:
        assert "1 articles behind" in opened.doctor()[-1].detail
        assert opened.search("pilot").total == 4
        assert opened.search("pilot").total == 4


def test_what_another_process_adds_is_found(filled: Ledger) -> None:
    assert filled.search("herring").total == 0
    with open_ledger(filled.path) as other:
        other.add([Article.create("A herring.")], reader=PatternReader())
    assert filled.search("herring").total == 1


def test_a_search_does_not_wait_for_one_who_indexes(filled: Ledger) -> None:
    assert filled.search("pilot").total == 3
    filled.review("x", "act", "deny", "me")  # the snapshot moves on
    with write_lock(filled.path / "search" / ".lock"):
        assert filled.search("pilot").total == 3


def test_every_article_is_indexed_once(ledger: Ledger) -> None:
    for number in (10, 30, 60):
        ledger.add(invented_articles(number), reader=PatternReader())
    assert ledger.search("boats").total == 60
