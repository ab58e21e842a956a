"""Any text comes back from the tables, the index and the claims as it went in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.kill import PatternReader
from sayso.ledger import Ledger, open_ledger
from sayso.records import Article, Attribution, Reading, Rejection
from tests.texts import news_like


class Halves(PatternReader):
    """Cuts a text into source, cue and content wherever it is long enough."""

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        assert isinstance(article, Article)
        size = len(article.text)
        if size < 3:
            return Reading(article)
        spans = ((0, 1),), ((1, 2),), ((2, size // 2 + 1), (size // 2 + 1, size))
        spans = tuple(tuple(s for s in part if s[0] < s[1]) for part in spans)
        template = PatternReader().read(Article.create("Ilo Brandt said so.")).attributions[0]
        values = {**template.to_row(), "id": Attribution.identify(article.id, *spans)}
        found = Attribution.from_row({**values, "article_id": article.id})
        parts = dict(zip(("source", "cue", "content"), spans, strict=True))
        return Reading(article, (Attribution.from_row({**found.to_row(), **parts}),))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_ledger(tmp_path_factory.mktemp("text") / "ledger") as ledger:
        yield ledger


@settings(max_examples=25)
@given(st.lists(st.tuples(news_like, st.none() | news_like), max_size=6))
def test_any_text_comes_back(shared: Ledger, texts: list[tuple[str, str | None]]) -> None:
    articles = [Article.create(text, title=title, outlet=title) for text, title in texts]
    shared.add(articles, reader=Halves())
    for article in articles:
        reading = shared.reading(article.id)
        assert reading == Halves().read(article)
        query = "SELECT source, cue, content, outlet FROM claims WHERE article_id = ?"
        assert shared.sql(query, [article.id]).rows() == [
            {
                "source": reading.shown(found.source),
                "cue": reading.shown(found.cue),
                "content": reading.shown(found.content),
                "outlet": article.outlet,
            }
            for found in reading.attributions
        ]


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"])), news_like)
def test_any_review_comes_back(shared: Ledger, item: str, value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    review = shared.review(item, "act", value, "Ana")
    rows = shared.sql("SELECT * FROM reviews WHERE id = ?", [review.id]).rows()
    assert rows == [review.to_row()]


@settings(max_examples=10)
@given(news_like, news_like)
def test_any_rejection_comes_back(shared: Ledger, name: str, reason: str) -> None:
    refused = Rejection(name, "intake", reason)
    shared.add([refused], reader=PatternReader())
    rows = shared.sql("SELECT * FROM rejections WHERE id = ?", [refused.id]).rows()
    assert [Rejection.from_row(row) for row in rows] == [refused]


@settings(max_examples=15)
@given(news_like)
def test_any_text_is_indexed_and_any_query_is_searched(shared: Ledger, text: str) -> None:
    shared.add([Article.create(text)], reader=Halves())
    for hit in shared.search(text):
        article = shared.find_article(hit.article_id)
        assert article is not None
        assert article.text[slice(*hit.span)] == hit.snippet
        assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)
