from __future__ import annotations

import logging

import pytest

from sayso.errors import IntakeError, SettingsError
from sayso.intake import IntakeOptions, article_of

TEXT = (
    "The harbour council of Tessin met on Friday and put off the vote on the new mole.\n\n"
    "Nobody spoke against it, said the clerk, and nobody for it either."
)
SIGNED = f"date 2023-08-11 {TEXT}\n\nOland Voice"


def test_all_fields() -> None:
    article = article_of(
        {
            "text": TEXT, "id": 7, "title": " Vote\n put off ", "outlet": "Lantern",
            "url": "https://lantern.example/7", "published": "2023-08-11T09:30Z",
            "language": "en-GB", "other": object(),
        }
    )  # fmt: skip
    assert article.text == f"Vote put off\n\n{TEXT}"
    assert (article.title, article.outlet) == ("Vote put off", "Lantern")
    assert (article.url, article.published_text) == (
        "https://lantern.example/7",
        "2023-08-11T09:30Z",
    )
    assert (article.language, article.source_id) == ("en", "7")


def test_record_before_options_before_text() -> None:
    options = IntakeOptions(outlet="Option", published="2022-02", url="https://option.example/")
    found = article_of({"text": SIGNED})
    assert (found.outlet, found.published_text) == ("Oland Voice", "2023-08-11")
    given = article_of({"text": SIGNED}, options)
    assert (given.outlet, given.published_text) == ("Option", "2022-02")
    assert given.url == "https://option.example/"
    stated = article_of({"text": SIGNED, "outlet": "Record", "published": "2021"}, options)
    assert (stated.outlet, stated.published_text) == ("Record", "2021")


def test_spans_count_in_the_text_with_its_title() -> None:
    article = article_of({"text": SIGNED, "title": "Vote put off"})
    shown = {item.kind: article.text[slice(*item.span)] for item in article.furniture}
    assert shown == {"date": "date 2023-08-11", "sign-off": "Oland Voice"}


def test_unknown_stays_unknown() -> None:
    article = article_of({"text": TEXT, "published": None, "outlet": " ", "title": ""})
    assert (article.title, article.outlet, article.url) == (None, None, None)
    assert (article.published, article.precision) == (None, None)
    assert article.text == TEXT


def test_an_impossible_date_is_unknown_and_not_replaced(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        article = article_of(
            {"text": SIGNED, "published": "2023-02-31"}, IntakeOptions(published="2022")
        )
    assert article.published is None
    assert "date not understood: '2023-02-31'; kept as unknown" in caplog.text


def test_a_stated_language_is_kept() -> None:
    assert article_of({"text": TEXT, "language": "fr"}).language == "fr"
    assert article_of({"text": TEXT, "language": "what?"}).language == "en"
    assert article_of({"text": TEXT}, IntakeOptions(language="de")).language == "de"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://[", "JAVASCRIPT:x"]
)
def test_an_address_that_may_not_become_a_link_is_left_out(url: str) -> None:
    assert article_of({"text": TEXT, "url": url}).url is None


def test_the_id_is_of_the_records_id_and_not_of_the_place() -> None:
    def here(**known: str) -> str:
        return article_of({"text": TEXT, **known}, source_id="a.jsonl:1").id

    assert here() == article_of({"text": TEXT}, source_id="b.jsonl:9").id
    assert here(id="1") != here(id="2")
    assert here(id="1", url="https://a.example/") == here(id="2", url="https://a.example/")
    assert article_of({"text": TEXT}, source_id="a.jsonl:1").source_id == "a.jsonl:1"


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({}, 'has no "text"'),
        ({"text": None}, 'has no "text"'),
        ({"text": 7}, "a number"),
        ({"text": ["a"]}, "a list"),
        ({"text": ""}, "is empty"),
        ({"text": " \n\u200b\ufeff "}, "only blanks"),
        ({"text": "\x01\x02\x03"}, "only control characters"),
        ({"text": "a\x00b"}, "binary"),
        ({"text": TEXT, "title": {}}, '"title" is an object'),
        ({"text": TEXT, "outlet": True}, "true or false"),
    ],
)
def test_refused(mapping: dict[str, object], reason: str) -> None:
    with pytest.raises(IntakeError, match=reason):
        article_of(mapping)


def test_refused_over_the_limit() -> None:
    options = IntakeOptions(max_characters=len(TEXT))
    assert article_of({"text": TEXT}, options).text == TEXT
    with pytest.raises(IntakeError, match="max_characters"):
        article_of({"text": TEXT + "x"}, options)


def test_lone_surrogates_and_control_characters_in_fields() -> None:
    article = article_of({"text": f"{TEXT} \ud800", "title": "A\x1b[31m \ud800", "id": "\x00"})
    assert article.title == "A[31m \ufffd"
    assert article.source_id is None
    article.text.encode("utf-8")


@pytest.mark.parametrize(
    "wrong", [{"published": "2023-02-31"}, {"language": "what?"}, {"max_bytes": 0}]
)
def test_options_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        IntakeOptions(**wrong)  # type: ignore[arg-type]
