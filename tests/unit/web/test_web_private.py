"""Pages, the JSON API and the search show no private name unless they are told to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sayso.ledger import open_ledger
from sayso.records import Article, Rejection
from sayso.web import create_app
from tests.invented import KnownReader
from tests.planted import PUBLIC, leaks, readings

HOME = "http://127.0.0.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("o-brien") / "ledger"
    refused = Rejection("hruska/zdenek.txt", "intake", "is empty")
    posted = Article.create("A storm is near.", outlet="@night_owl77", language="en")
    articles = [one.article for one in readings()]
    with open_ledger(path) as ledger:
        ledger.add([*articles, posted, refused], reader=KnownReader(readings()))
    return path


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(folder), base_url=HOME, raise_server_exceptions=False) as made:
        yield made


def paths() -> list[str]:
    ids = [one.article.id for one in readings()]
    return [
        "/",
        "/?outlet=Tessin+Tide",
        "/?q=boots",
        "/?q=Renquist&outlet=Tessin+Tide",
        "/rejections",
        *(f"/articles/{name}" for name in ids),
        *(f"/api/articles/{name}" for name in ids),
        "/articles/none",
        "/api/articles/none",
        "/?page=x",
    ]


def test_no_page_shows_a_private_name(client: TestClient) -> None:
    for path in paths():
        answer = client.get(path)
        assert leaks(answer.text + str(answer.headers)) == [], path


def test_public_names_stay(client: TestClient) -> None:
    told = "".join(client.get(f"/articles/{one.article.id}").text for one in readings()[:2])
    words = told.replace("</mark>", "").replace("&#39;", "'")
    assert [name for name in PUBLIC if name.split()[-1] not in words] == []


def test_they_are_shown_when_asked_for(folder: Path) -> None:
    with TestClient(create_app(folder, private_names=True), base_url=HOME) as client:
        for one in readings():
            assert client.get(f"/api/articles/{one.article.id}").json() == one.to_dict()
        assert "1 article" in client.get("/?q=Quintanilla").text
        assert "hruska/zdenek.txt" in client.get("/rejections").text


@pytest.mark.parametrize("name", ["Quintanilla", "Hruška", "O’Brien", "Lan Hương", "night_owl77"])
def test_a_search_for_a_private_name_finds_nothing(client: TestClient, name: str) -> None:
    told = client.get("/", params={"q": name}).text
    assert "Nothing was found" in told
    # Even which of several words is the wrong one, it does not tell.
    assert "Nothing was found" in client.get("/", params={"q": f"{name} boots"}).text
    assert "1 article" in client.get("/", params={"q": "boots"}).text


def test_a_pseudonym_can_be_searched_for(client: TestClient) -> None:
    hidden = client.get(f"/api/articles/{readings()[0].article.id}").json()
    name = hidden["attributions"][0]["speaker"]["name"]
    told = client.get("/", params={"q": f'"{name}"'}).text
    assert "1 article" in told


def test_an_outlet_that_is_somebodys_handle(client: TestClient) -> None:
    assert "Nothing was found" in client.get("/", params={"outlet": "@night_owl77"}).text
    rows = client.get("/").text
    (shown,) = {word for word in rows.replace('"', " ").split() if word.startswith("Handle-")}
    told = client.get("/", params={"outlet": shown}).text
    assert "A storm is near." in told
    assert "1 article" in told


def test_a_defect_is_logged_without_its_message(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Zdeněk Hruška")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("sayso.web.shelf.Shelf.reading", fail)
    answer = client.get("/articles/x")
    assert answer.status_code == 500
    assert "RuntimeError in" in caplog.text
    assert leaks(answer.text + caplog.text) == []
