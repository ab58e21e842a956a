from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import IntakeError
from sayso.intake import IntakeOptions, read_inputs
from sayso.intake.page import page_of
from sayso.records import Article

STORY = [
    "The harbour council of Tessin met on Friday and put off the vote on the new mole.",
    "“Nobody spoke against it,” said the clerk, Ilo Brandt, “and nobody for it either.”",
    "The mole was promised nine years ago, when the ferries to Oland still ran every hour.",
]


def page(head: str = "", before: str = "", story: list[str] = STORY, after: str = "") -> bytes:
    paragraphs = "".join(f"<p>{text}</p>" for text in story)
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>"
        f"<nav><a href='/'>Home</a> <a href='/news'>News</a></nav><main><article>{before}"
        f"{paragraphs}{after}</article></main><footer><p>Imprint</p></footer></body></html>"
    ).encode()


HEAD = """
<title>Mole put off | Tessin Lantern</title>
<meta property="og:title" content="Mole put off">
<meta property="og:site_name" content="Tessin Lantern">
<meta property="article:published_time" content="2024-03-06T12:00:00+01:00">
<link rel="canonical" href="https://lantern.example/mole">
"""


def test_what_the_page_says_of_itself() -> None:
    assert page_of(page(HEAD, "<h1>Mole put off</h1>")) == {
        "text": "\n\n".join(STORY),
        "title": "Mole put off",
        "outlet": "Tessin Lantern",
        "url": "https://lantern.example/mole",
        "published": "2024-03-06T12:00:00+01:00",
        "language": "en",
    }


def test_linked_data() -> None:
    head = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "X"},
      {"@type": ["NewsArticle"], "headline": "Mole &amp;quot;put off&amp;quot;",
       "publisher": {"@type": "Organization", "name": "Tessin Lantern"},
       "datePublished": "2024-03-06"}]}</script>
      <script type="application/ld+json">{broken</script>"""
    found = page_of(page(head))
    assert (found["title"], found["outlet"]) == ('Mole "put off"', "Tessin Lantern")
    assert found["published"] == "2024-03-06"


def test_the_title_comes_once(tmp_path: Path) -> None:
    path = tmp_path / "mole.html"
    path.write_bytes(page(HEAD, "<p>Harbour</p><h1>Mole put  off</h1>"))
    (article,) = read_inputs(path)
    assert isinstance(article, Article)
    assert article.text.count("Mole put off") == 1
    assert article.text.startswith("Mole put off\n\n")
    assert article.text.endswith("\n\n".join(STORY))


@pytest.mark.parametrize(
    ("stated", "shown", "title"),
    [
        ("Mole put off once more – Tessin Lantern", "", "Mole put off once more"),
        ("Mole put off once more – LANTERN – 06.03.2024", "Mole put off once more", None),
        ("Mole put off once more | Harbour", "", "Mole put off once more | Harbour"),
        ("Tessin Lantern", "", None),
    ],
)
def test_titles(stated: str, shown: str, title: str | None) -> None:
    head = f'<title>{stated}</title><meta property="og:site_name" content="Tessin Lantern">'
    found = page_of(page(head, f"<h1>{shown}</h1>" if shown else ""))["title"]
    assert found == (title or shown or found)
    assert (found == "Tessin Lantern") is (title is None and not shown)


def test_paragraphs_breaks_and_lists() -> None:
    found = page_of(page(story=[*STORY, "One line<br>and\n  another", "Last of  all it rained."]))
    assert found["text"].split("\n\n")[-2:] == ["One line\nand another", "Last of all it rained."]


def test_a_story_in_several_containers_is_joined() -> None:
    part = "".join(f"<p>{text}</p>" for text in STORY)
    more = part.replace("mole", "pier").replace("Friday", "Monday").replace("nobody", "no one")
    data = (
        "<html><body><div class='story'>" + part + "</div><div class='ad'><p>Buy a boat at Brandt "
        "and Sons, the best boats of the whole coast, today!</p></div><div class='story'>" + more
        + "</div><div class='related'><p>Read more of what happened in the harbour here</p></div>"
        "</body></html>"
    ).encode()  # fmt: skip
    text = page_of(data)["text"]
    assert text.index("new mole") < text.index("new pier")
    assert text.count("\n\n") == 5
    assert "boat at Brandt" not in text


def test_options_fill_in(tmp_path: Path) -> None:
    path = tmp_path / "bare.htm"
    path.write_bytes(page())
    options = IntakeOptions(outlet="Lantern", title="Given", published="2024-03", language="en")
    (article,) = read_inputs(path, options)
    assert isinstance(article, Article)
    assert (article.outlet, article.title, article.published_text) == (
        "Lantern",
        "Given",
        "2024-03",
    )
    path.write_bytes(page(HEAD))
    (article,) = read_inputs(path, options)
    assert isinstance(article, Article)
    assert (article.outlet, article.title) == ("Tessin Lantern", "Mole put off")
    assert article.published_text == "2024-03-06T11:00:00Z"


def test_an_outlet_without_a_name_is_its_host(tmp_path: Path) -> None:
    path = tmp_path / "mole.html"
    path.write_bytes(page('<link rel="canonical" href="https://www.lantern.example/mole">'))
    for options, outlet in (
        (IntakeOptions(), "lantern.example"),
        (IntakeOptions("Given"), "Given"),
    ):
        (article,) = read_inputs(path, options)
        assert isinstance(article, Article)
        assert article.outlet == outlet
    path.write_bytes(page('<meta property="og:site_name" content="https://www.lantern.example/">'))
    (article,) = read_inputs(path)
    assert isinstance(article, Article)
    assert article.outlet == "lantern.example"


def test_an_undated_page_stays_undated() -> None:
    assert page_of(page())["published"] is None


@pytest.mark.parametrize("date", ["2024-02-31", "soon", "03/04/2024"])
def test_a_date_that_cannot_be_is_passed_over(date: str) -> None:
    head = f'<meta property="article:published_time" content="{date}">'
    assert (
        page_of(page(head + '<meta name="date" content="2024-03-06">'))["published"] == "2024-03-06"
    )


def test_declared_encodings() -> None:
    text = ["Rada portu znów odłożyła głosowanie nad nowym molem, źle się dzieje w Łodzi."]
    data = page(story=text * 3).decode().replace("utf-8", "iso-8859-2").encode("iso-8859-2")
    assert text[0] in page_of(data)["text"]


@pytest.mark.parametrize("data", [b"<html></html>", b"<", b"<!--", b"&#0;", b"<?xml"])
def test_pages_without_an_article_are_refused(data: bytes) -> None:
    with pytest.raises(IntakeError, match=r"no text was found|no HTML"):
        page_of(data)


def test_a_page_of_too_many_elements_is_refused() -> None:
    with pytest.raises(IntakeError, match="elements; the limit"):
        page_of(b"<html><body>" + b"<p>a" * 100_001)


@pytest.mark.parametrize(
    "nested", [b"<div>", b"<b>", b"<table><tr><td>", b"<blockquote>", b"<ul><li>"]
)
def test_deep_nesting_does_not_crash(tmp_path: Path, nested: bytes) -> None:
    path = tmp_path / "deep.html"
    path.write_bytes(b"<html><body><p>Some text of the page.</p>" + nested * 5_000 + b"deep down")
    assert len(list(read_inputs(path))) == 1
