"""Adding: what is there is skipped, an article comes with all its parts or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.kill import PatternReader, invented_articles
from sayso.errors import SpanError
from sayso.intake import IntakeOptions
from sayso.ledger import AddReport, Ledger, adding
from sayso.records import (
    Actor,
    Article,
    Date,
    Event,
    Participant,
    Place,
    Reading,
    Rejection,
    Signal,
    Stage,
)


def snapshots(ledger: Ledger) -> int:
    return len(ledger.sql("FROM snapshots()"))


def test_what_was_read_comes_back_as_it_was_read(ledger: Ledger, articles: list[Article]) -> None:
    report = ledger.add(articles, reader=PatternReader())
    assert (report.added, report.present, report.rejected, report.pending) == (30, 0, 0, 0)
    assert report.statements == sum(len(PatternReader().read(a).attributions) for a in articles)
    for article in articles:
        assert ledger.reading(article.id) == PatternReader().read(article)
    assert {r.article.id for r in ledger.readings()} == {article.id for article in articles}


def test_adding_again_adds_nothing_and_writes_nothing(full: Ledger) -> None:
    before = snapshots(full)
    report = full.add(invented_articles(30), reader=PatternReader())
    assert (report.added, report.present, report.run_id) == (0, 30, None)
    assert snapshots(full) == before


def test_an_article_that_comes_twice_is_added_once(ledger: Ledger, articles: list[Article]) -> None:
    report = ledger.add([articles[0], articles[1], articles[0]], reader=PatternReader())
    assert (report.added, report.present) == (2, 1)
    assert len(ledger.articles()) == 2


def test_a_new_text_at_the_same_address_is_a_version_and_both_are_kept(ledger: Ledger) -> None:
    first = Article.create("Alva Renquist said no.", url="https://example.org/1")
    second = Article.create("Alva Renquist said yes.", url="https://example.org/1")
    assert ledger.add([first], reader=PatternReader()).added == 1
    assert ledger.add([second, first], reader=PatternReader()).added == 1
    texts = ledger.sql("SELECT text FROM articles WHERE url = $url", {"url": first.url}).rows()
    assert {row["text"] for row in texts} == {first.text, second.text}


def test_the_same_dispatch_in_two_outlets_stays_two_articles(ledger: Ledger) -> None:
    copies = [Article.create("Alva Renquist said no.", outlet=name) for name in ("A", "B")]
    assert ledger.add(copies, reader=PatternReader()).added == 2
    assert len({row["text_id"] for row in ledger.articles()}) == 1


def test_rejections_are_kept_once(ledger: Ledger) -> None:
    refused = [Rejection("a.txt", Stage.INTAKE, "it is empty")] * 2
    first = ledger.add(refused, reader=PatternReader())
    assert (first.rejected, first.added, first.seen) == (2, 0, 2)
    assert first.rejections == tuple(refused)
    before = snapshots(ledger)
    again = ledger.add(refused, reader=PatternReader())
    assert again.rejected == 2
    assert snapshots(ledger) == before
    assert [Rejection.from_row(row) for row in ledger.rejections()] == refused[:1]


def test_mappings_and_names_go_through_intake(ledger: Ledger, tmp_path: Path) -> None:
    lines = [{"text": f"Ilo Brandt said {n} boats came.", "id": str(n)} for n in range(3)]
    file = tmp_path / "in.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n{broken\n")
    report = ledger.add([str(file)], reader=PatternReader(), options=IntakeOptions(outlet="Herald"))
    assert (report.added, report.rejected, report.statements) == (3, 1, 3)
    again = ledger.add(
        [{**line, "outlet": "Herald"} for line in lines] + [{"text": ""}], reader=PatternReader()
    )
    assert (again.present, again.added, again.rejected) == (3, 0, 1)
    assert (
        ledger.add(file, reader=PatternReader(), options=IntakeOptions(outlet="Herald")).added == 0
    )
    assert ledger.runs().rows()[0]["settings"].startswith('{"language": null')


class Partial(PatternReader):
    """Reads English only, and stumbles over one text."""

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        assert isinstance(article, Article)
        if article.language == "fr":
            refusal = Rejection(article.id, Stage.LANGUAGE, "only English is read")
            return Reading(article, rejections=(refusal,))
        if "stumble" in article.text:
            raise SpanError("span [9, 3) does not ground")
        return super().read(article)


def test_what_is_not_read_is_stored_told_and_has_its_own_exposure(ledger: Ledger) -> None:
    report = ledger.add(
        [
            Article.create("Alva Renquist said no.", language="en"),
            Article.create("Alva Renquist said non.", language="fr"),
            Article.create("Alva Renquist said stumble.", language="en"),
        ],
        reader=Partial(),
    )
    assert (report.added, report.unread, report.rejected, report.statements) == (3, 2, 0, 1)
    assert {r.stage for r in report.rejections} == {Stage.LANGUAGE, Stage.READING}
    exposure = ledger.sql("SELECT read, count(*) AS n FROM articles GROUP BY read ORDER BY read")
    assert exposure.rows() == [{"read": False, "n": 2}, {"read": True, "n": 1}]
    unread = ledger.articles(read=False).rows()[0]["id"]
    reading = ledger.reading(unread)
    assert reading is not None
    assert len(reading.rejections) == 1


def test_every_kind_of_part_survives_the_tables(ledger: Ledger) -> None:
    article = Article.create("In Tessin guards fled, Alva Renquist said.", outlet="Herald")
    found = PatternReader().read(article)
    speaker = Actor("Alva Renquist", "minister", None, "TSN", ("GOV", "LEG"))
    statement = replace(
        PatternReader().read(Article.create("Ilo Brandt said so.")).attributions[0],
        id="s1", article_id=article.id, speaker=speaker, verbatim=((1, 3), (5, 9)), parent="s0",
        role="official", collective=True,
    )  # fmt: skip
    event = Event(
        "e1", article.id, "DEFECT", None, ("military",), ((10, 16),),
        (Participant((10, 16), "guards", "TSN", ("MIL",)),), (),
        Place((3, 9), "Tessin", 42, None, "TSN", 1.5, -2.25, "place", None),
        Date(None, "2024-03-01", "2024-03-31", "month", "relative"), "happened", "s1", None, 0.75,
    )  # fmt: skip
    bare = replace(event, id="e2", place=None, date=None, actors=(), contexts=())
    signal = Signal("g1", article.id, "defection", "up", (0, 2), None, "possible", 0.25)
    reading = Reading(found.article, (*found.attributions, statement), (event, bare), (signal,),
                      (Rejection(article.id, "places", "two fit"),) * 2)  # fmt: skip

    class Fixed(PatternReader):
        def read(self, _: Article | Mapping[str, Any]) -> Reading:
            return reading

    report = ledger.add([article], reader=Fixed())
    assert (report.events, report.signals, report.unread) == (2, 1, 0)
    assert ledger.reading(article.id) == reading
    assert ledger.attributions().rows()[-1]["speaker"]["sectors"] == ["GOV", "LEG"]
    assert len(ledger.events()) == 2
    assert len(ledger.signals()) == 1


def test_a_run_tells_what_was_added_with_what(ledger: Ledger, articles: list[Article]) -> None:
    report = ledger.add(articles[:20], reader=PatternReader())
    ledger.add(articles, reader=PatternReader())
    first, second = ledger.runs().rows()
    assert first["id"] == report.run_id
    assert (first["model"], first["seed"]) == ("pattern", 0)
    assert first["software"].startswith("sayso ")
    assert first["inputs"] != second["inputs"]
    by_run = ledger.sql("SELECT run_id, count(*) AS n FROM articles GROUP BY run_id").rows()
    assert {row["run_id"]: row["n"] for row in by_run} == {first["id"]: 20, second["id"]: 10}


def test_the_hash_of_inputs_does_not_depend_on_order_or_commits(
    ledger: Ledger, full: Ledger, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "COMMIT_ROWS", 7)
    ledger.add(articles[::-1], reader=PatternReader())
    assert len(ledger.runs()) == 1
    assert ledger.runs().rows()[0]["inputs"] == full.runs().rows()[0]["inputs"]


def test_progress_counts_up_to_the_report(ledger: Ledger, articles: list[Article]) -> None:
    reports: list[AddReport] = []
    final = ledger.add(articles, reader=PatternReader(), progress=reports.append)
    assert reports[-1] == final
    assert any(report.pending for report in reports)
    assert [r.seen for r in reports] == sorted(r.seen for r in reports)


class Interrupted(PatternReader):
    """Stops the whole process at one article, as Ctrl-C does."""

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        assert isinstance(article, Article)
        if article.title == "Boats, day 21":
            raise KeyboardInterrupt
        return super().read(article)


def test_an_interrupted_add_is_completed_by_the_next(
    ledger: Ledger, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "COMMIT_ROWS", 5)
    monkeypatch.setattr(adding, "PART_ROWS", 5)
    with pytest.raises(KeyboardInterrupt):
        ledger.add(articles, reader=Interrupted())
    assert len(ledger.articles()) == 20
    report = ledger.add(articles, reader=PatternReader())
    assert (report.present, report.added) == (20, 10)


def test_two_processes_read_what_one_does(
    ledger: Ledger, full: Ledger, articles: list[Article]
) -> None:
    ledger.add(articles, reader=PatternReader(), workers=2)
    query = "SELECT * EXCLUDE (ordinal) FROM attributions ORDER BY id"
    assert ledger.sql(query).rows() == full.sql(query).rows()


def test_many_commits_are_merged_into_few_files(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "COMMIT_ROWS", 16)
    monkeypatch.setattr(adding, "TIDY_COMMITS", 3)
    ledger.add(invented_articles(100), reader=PatternReader())
    files = ledger.sql("SELECT DISTINCT filename FROM articles").rows()
    assert len(files) == 1
    assert len(ledger.articles()) == 100


def test_names_of_files_that_are_no_unicode_are_kept(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "caf\udce9.txt").write_text("Ilo Brandt said so.")
    (folder / "empty\udce9.txt").touch()
    report = ledger.add([folder], reader=PatternReader())
    assert (report.added, report.rejected) == (1, 1)
    assert "empty\ufffd.txt" in ledger.rejections().rows()[0]["input_id"]
    assert ledger.add([folder], reader=PatternReader()).present == 1
    assert len(ledger.rejections()) == 1
