from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import IntakeError
from sayso.intake import article_of, read_inputs
from sayso.intake.furniture import find_furniture
from sayso.records import Article, Rejection, canonical_text, check_spans
from tests.texts import news_like

NAMES = ["a.txt", "a.html", "a.jsonl", "a.csv", "a.txt.gz", "a.html.gz", "a.jsonl.gz", "a.csv.gz"]
_PIECES = [
    b"<html>", b"<p>", b"</p>", b"<script type='application/ld+json'>", b"<meta charset=",
    b"<table>", b'{"text": "', b'"}', b"text,title\n", b'"', b"\n", b"\r", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\x00", b"\xe2\x80\x9cNo\xe2\x80\x9d", b"2023-02-31",
    b"By Ilo Brandt\n", b"PORT MARR, 7 March (OPA) - ",
    b"\xd0\xbf\xd0\xbe\xd1\x80\xd1\x82", b"\x93No\x94", b"said the minister. ", b"<!--", b"]]>",
    b"[" * 2_000, b"\x1f\x8b\x08",
]  # fmt: skip
contents = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join),
    news_like.map(lambda text: text.encode("utf-8", "replace")),
)
lines = st.sampled_from(
    [
        "date 2023-08-11 It rained.", "11 August 2023", "By Ilo Brandt", "Vote put off", "",
        "PORT MARR, 7 March (OPA) - The", "Oland Voice", "ENDS", "Updated: 2023-08-11",
        "“Non,” he said.", "OLF Oland", "(Reporting by A; editing by B)", "\u2028", "e\u0301a",
        "قال الوزير.", " \t", "By A | 1 May 2023",
    ]
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(data=contents, packed=st.booleans(), cut=st.integers(0, 12))
def test_any_content_gives_something_and_never_raises(
    name: str, data: bytes, packed: bool, cut: int
) -> None:
    if name.endswith(".gz") and packed:
        data = gzip.compress(data)
        data = data[: len(data) - cut]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        items = list(read_inputs(path))
    assert items
    for item in items:
        if isinstance(item, Rejection):
            assert item.reason
            assert item.input_id.startswith(str(path))
            continue
        assert item.text == canonical_text(item.text)
        assert item.text.strip()
        check_spans(item.text, [part.span for part in item.furniture])
        item.text.encode("utf-8")


@given(
    st.lists(st.one_of(lines, news_like), max_size=12).map("\n".join), st.one_of(st.none(), lines)
)
def test_furniture_grounds_in_the_text(raw: str, title: str | None) -> None:
    text = canonical_text(raw)
    spans = [part.span for part in find_furniture(text, title).furniture]
    check_spans(text, spans)
    try:
        article = article_of({"text": raw, "title": title})
    except IntakeError:
        return
    check_spans(article.text, [part.span for part in article.furniture])
    shift = len(article.text) - len(text)
    for before, after in zip(
        find_furniture(text, article.title).furniture, article.furniture, strict=False
    ):
        assert text[slice(*before.span)] == article.text[slice(*after.span)]
        assert after.span[0] - before.span[0] in {0, shift}


@given(news_like)
def test_the_same_mapping_gives_the_same_article(text: str) -> None:
    def once() -> Article | None:
        try:
            return article_of({"text": text})
        except IntakeError:
            return None

    assert once() == once()
