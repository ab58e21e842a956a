"""Spans after names are replaced: what is shown is what stands there, for any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sayso.pseudonyms import Pseudonyms
from sayso.records import Article, Attribution, Reading, check_spans
from tests.planted import DETAINED, DOCKER
from tests.texts import news_like

PSEUDONYMS = Pseudonyms(bytes(32))
_NAMES = st.sampled_from(
    ["Ivo Sarn", "Sarn", "SARN’S", "the baker, Ivo Sarn, 44,", "@sarn_1", "ann@post.example",
     "Minister Mirl Asketh", "+44 7700 900123", "12 Elm Road", "#FreeSarn", "Mr Ló\u00adpez", "علی",
     "\n\n", "said", ". ", "https://a.example/ivo-sarn", "Ivo\nSarn"]
)  # fmt: skip
texts = st.one_of(
    news_like,
    st.lists(st.one_of(_NAMES, st.text(max_size=6)), max_size=30).map("; ".join),
    st.just(DOCKER),
    st.just(DETAINED),
)


@given(texts, st.data())
def test_every_moved_span_grounds_and_shows_what_it_showed(raw: str, data: st.DataObject) -> None:
    article = Article.create(raw, language="en")
    veil = PSEUDONYMS.veil(article)
    shown = veil.article(article).text
    size = len(article.text)
    if not size:
        return
    start = data.draw(st.integers(0, size - 1))
    span = start, data.draw(st.integers(start + 1, size))
    moved = veil.span(span)
    check_spans(shown, [moved])
    assert veil.span((0, size)) == (0, len(shown))
    # Whatever lies outside replaced parts is shown unchanged, in its order.
    kept = [at for at in range(*span) if _stays(veil, article.text, shown, at)]
    places = [veil.span((at, at + 1))[0] for at in kept]
    assert places == sorted(places)
    assert all(moved[0] <= place < moved[1] for place in places)


def _stays(veil, text: str, shown: str, at: int) -> bool:
    start, end = veil.span((at, at + 1))
    return end - start == 1 and shown[start] == text[at]


@given(texts)
def test_a_reading_with_pseudonyms_is_a_reading(raw: str) -> None:
    article = Article.create(raw, title="On Ivo Sarn", language="en")
    length = len(article.text)
    spans = ((0, 3), (3, min(9, length)))
    item = Attribution(
        "id", article.id, spans[:1], spans[1:], ((0, length),), "direct", "say", "named", None,
        collective=False, verbatim=spans, speaker=None, parent=None, confidence=1.0,
    )  # fmt: skip
    hidden = PSEUDONYMS.reading(Reading(article, (item,)))
    (moved,) = hidden.attributions
    for some in (moved.source, moved.cue, moved.content, moved.verbatim):
        check_spans(hidden.article.text, some)
    check_spans(hidden.article.text, [part.span for part in hidden.article.furniture])
    assert "Sarn" not in (hidden.article.title or "")
    assert "\n" not in hidden.article.title
