"""What is shown is what stands there, for any text."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SpanError
from sayso.reader import Reader
from sayso.reading.quotes import character_states, plain_marks, quotations, quoted_parts
from sayso.reading.sentences import sentences
from sayso.records import Article, Attribution, canonical_text, check_spans
from tests.texts import REPORT, news_like

any_text = st.one_of(st.text(), news_like)


@given(any_text)
def test_canonical_text_is_canonical(raw: str) -> None:
    text = canonical_text(raw)
    assert canonical_text(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert not set(text) & set("\r\v\f\x85\u2028\u2029")
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert not text.endswith("\n")
    text.encode("utf-8")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\x85", "\u2028", "\u2029", "\v", "\f"])
def test_every_line_end_is_one_newline(end: str) -> None:
    assert canonical_text(f"one  {end}{end}two{end}") == "one\n\ntwo"


@given(any_text)
def test_every_span_of_a_reading_grounds(reader: Reader, raw: str) -> None:
    article = Article.create(raw, language="en")
    for item in reader.read(article).attributions:
        for spans in (item.source, item.cue, item.content, item.verbatim):
            check_spans(article.text, spans)
            assert list(spans) == sorted(spans)
            for (_, end), (start, _) in pairwise(spans):
                assert end <= start
        for start, end in (*item.source, *item.cue, *item.content):
            shown = article.text[start:end]
            assert shown == shown.strip()
            assert "\n" not in shown
        assert item.cue or item.content
        assert item.id == Attribution.identify(article.id, item.source, item.cue, item.content)


@given(st.lists(news_like, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_text_reads_the_same_alone_among_others_and_in_any_order(
    reader: Reader, raws: list[str], order: random.Random
) -> None:
    articles = [Article.create(raw, language="en") for raw in [*raws, REPORT]]
    alone = {article.id: reader.read(article).to_dict() for article in articles}
    order.shuffle(articles)
    for reading in reader.read_many(articles):
        assert reading.to_dict() == alone[reading.article.id]


@given(any_text)
def test_quotations_ground_and_nest(raw: str) -> None:
    text = canonical_text(raw)
    found = quotations(text)
    check_spans(text, [(q.start, q.end) for q in found])
    for outer in found:
        assert "\n" not in text[outer.start : outer.end]
        for inner in found:
            if outer.start < inner.start < outer.end:
                assert inner.end <= outer.end
                assert inner.depth > outer.depth
    states = character_states(text, found)
    assert len(states) == len(text)
    assert len(plain_marks(text, states)) == len(text)
    parts = quoted_parts(((0, len(text)),), found) if text else ()
    assert all(end <= start for (_, end), (start, _) in pairwise(parts))


@given(any_text)
def test_sentences_cover_every_visible_character_once(raw: str) -> None:
    text = canonical_text(raw)
    covered = bytearray(len(text))
    for start, end in sentences(text):
        assert start < end
        covered[start:end] = bytes(byte + 1 for byte in covered[start:end])
    assert all(covered[i] == 1 for i, c in enumerate(text) if not c.isspace())


@pytest.mark.parametrize("span", [(3, 3), (4, 2), (-1, 2), (0, 6)])
def test_a_span_that_does_not_ground_is_an_error(span: tuple[int, int]) -> None:
    with pytest.raises(SpanError, match="does not ground"):
        check_spans("five!", [span])
