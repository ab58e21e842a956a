from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.records import (
    Actor,
    Article,
    Attribution,
    Claim,
    Date,
    Event,
    Furniture,
    Judgement,
    Observation,
    Participant,
    Place,
    Reading,
    Record,
    Rejection,
    Review,
    Run,
    Signal,
    canonical_text,
    content_id,
    moment_text,
    schema,
    table,
)  # fmt: skip

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
ACTOR = Actor("Ilo Brandt", office="chairman", organisation="Pilots’ Union", sectors=("LAB",))
ATTRIBUTION = Attribution(
    "a1", "art", ((0, 3),), ((4, 8),), ((9, 12), (14, 20)), "mixed", "admit", "official", None,
    False, ((14, 20),), ACTOR, None, 0.5,
)  # fmt: skip
PART = Participant((0, 3), "Brandt", "TSN", ("LAB",))
PLACE = Place((5, 9), "Tessin", 7, None, "TSN", 1.5, 2.5, "place", None)
EVENT = Event(
    "e1", "art", "PROTEST", "strike", ("economic",), ((30, 36),), (PART,), (), PLACE,
    Date(None, "2024-05-01", "2024-05-02", "day", "stated"), "happened", None, "a1", 0.25,
)  # fmt: skip
ARTICLE = Article.create(
    "Text of it.", title="A title", outlet="Post", url="https://post.example/1", published=NOW,
    precision="day", language="en", furniture=[Furniture("byline", (0, 4), "X")],
)  # fmt: skip
RECORDS: list[Record] = [
    ARTICLE, ATTRIBUTION, EVENT,
    Signal("s1", "art", "attendance", "down", (1, 5), None, "happened", 0.5),
    Rejection("in", "intake", "empty"),
    Judgement("j", "copy-of", "a", "b", True, 0.5, "why", "model", NOW),
    Claim("c", "text", 1, 1, 1, 1, 1, 1, 0, None),
    Observation("attendance", "2024-W10", "official", "opposition", 1, 9, None, None, None, "1"),
    Review("r", "a1", "act", "deny", "me", NOW),
    Run("u", "h", "0.1", "m", "c", "{}", 1, NOW),
]  # fmt: skip


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_a_record_survives_its_row_and_its_arrow_table(record: Record) -> None:
    kind = type(record)
    assert kind.from_row(record.to_row()) == record
    rows = table(kind, [record]).to_pylist()
    assert [kind.from_row(row) for row in rows] == [record]
    assert table(kind, []).schema == schema(kind)


def test_a_field_that_may_be_none_is_nullable_and_no_other() -> None:
    nullable = {field.name for field in schema(Attribution) if field.nullable}
    assert nullable == {"role", "speaker", "parent"}


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_ids_differ_where_parts_do(one: list[str], other: list[str]) -> None:
    assert (content_id("x", *one) == content_id("x", *other)) == (one == other)


def test_ids_tell_apart_what_joins_to_the_same() -> None:
    ids = {
        content_id("x", "ab", "c"), content_id("x", "a", "bc"), content_id("xa", "b", "c"),
        content_id("x", None), content_id("x", ""), content_id("x", 1), content_id("x", "1"),
        content_id("x", ("a",)), content_id("x", (("a",),)), content_id("x", "a"),
    }  # fmt: skip
    assert len(ids) == 10


def test_a_moment_is_the_same_in_every_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=5)))
    assert content_id("x", NOW) == content_id("x", there)


def test_an_article_id_is_of_outlet_url_date_and_text() -> None:
    base = {"outlet": "Post", "url": "https://post.example/1", "published": NOW, "precision": "day"}
    first = Article.create("Words.", **base)
    assert Article.create("Words.  \r\n", **base, source_id="elsewhere.txt").id == first.id
    for change in ({"outlet": "Times"}, {"url": "https://x.example"}, {"published": None}):
        other = Article.create("Words.", **{**base, **change})
        assert other.id != first.id
        assert other.text_id == first.text_id
    assert Article.create("Other words.", **base).id != first.id


def test_a_title_is_prepended_unless_it_is_there() -> None:
    assert ARTICLE.text == "A title\n\nText of it."
    assert ARTICLE.text[slice(*ARTICLE.furniture[0].span)] == "Text"
    again = Article.create("A title\nText of it.", title="A  title")
    assert again.text == "A title\nText of it."


@pytest.mark.parametrize(
    ("precision", "text"),
    [("year", "0987"), ("month", "0987-05"), ("day", "0987-05-06"), ("minute", "0987-05-06T07:08Z"),
     ("second", "0987-05-06T07:08:09Z")],
)  # fmt: skip
def test_a_moment_is_told_as_exactly_as_it_is_known(precision: str, text: str) -> None:
    assert moment_text(NOW.replace(year=987), precision) == text


def test_the_json_form_has_the_contract_s_keys() -> None:
    form = Reading(
        ARTICLE, (ATTRIBUTION,), (EVENT,), (), (Rejection("x", "reading", "why"),)
    ).to_dict()
    assert set(form) == {"article", "attributions", "events", "signals", "rejections"}
    assert {"id", "text_id", "title", "text", "outlet", "url", "published", "language"} <= set(
        form["article"]
    )
    assert form["article"]["published"] == "2024-05-06"
    assert set(form["attributions"][0]) == {
        "id", "source", "cue", "content", "kind", "act", "source_class", "role", "collective",
        "verbatim", "speaker", "parent", "confidence",
    }  # fmt: skip
    assert set(form["attributions"][0]["speaker"]) == {
        "name", "office", "organisation", "country", "sectors",
    }  # fmt: skip
    assert form["attributions"][0]["content"] == [[9, 12], [14, 20]]
    assert set(form["events"][0]) == {
        "id", "type", "mode", "contexts", "trigger", "actors", "recipients", "place", "date",
        "factuality", "attribution", "statement", "confidence", "tags",
    }  # fmt: skip
    assert set(form["events"][0]["place"]) >= {
        "span", "name", "geonameid", "country", "lat", "lon", "precision", "reason",
    }  # fmt: skip
    assert form["events"][0]["date"] == {
        "span": None, "from": "2024-05-01", "to": "2024-05-02", "precision": "day",
        "basis": "stated",
    }  # fmt: skip
    assert form["rejections"] == [{"stage": "reading", "reason": "why"}]


def test_a_long_run_of_blanks_costs_no_more_than_it_is_long() -> None:
    # A quadratic pattern would take minutes for this one.
    assert canonical_text("a" + " " * 1_000_000 + "b \n") == "a" + " " * 1_000_000 + "b"
