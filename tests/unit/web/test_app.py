from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sayso.errors import LedgerBusyError, LedgerError, MissingExtraError, SettingsError
from sayso.ledger import open_ledger
from sayso.records import Reading, Rejection
from sayso.web import app as web_app
from sayso.web import create_app, serve
from sayso.web.views import web_address
from tests.invented import HOSTILE_IMAGE, KnownReader, article, harbour, hostile

HOME = "http://127.0.0.1"
FRENCH = Reading(
    article("Le port est vide.", title="Le port", published=None, language="fr"),
    rejections=(Rejection("fr", "language", "not read: its language is 'fr'"),),
)


def filled(folder: Path, readings: list[Reading]) -> str:
    with open_ledger(folder) as ledger:
        broken = Rejection("broken.txt", "intake", "an empty file")
        ledger.add([*(one.article for one in readings), broken], reader=KnownReader(readings))
    return str(folder)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    return filled(tmp_path_factory.mktemp("web") / "ledger", [harbour(), hostile(), FRENCH])


@pytest.fixture(scope="module")
def client(ledger: str) -> Iterator[TestClient]:
    # What is shown as it stands; test_web_private.py has what others see.
    app = create_app(ledger, private_names=True)
    with TestClient(app, base_url=HOME, raise_server_exceptions=False) as made:
        yield made


class Page(HTMLParser):
    """What a browser would make of a page: its elements, ids, links and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        known = dict(attrs)
        self.tags.append(tag)
        self.attributes |= known.keys()
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known["href"]] if "href" in known else []

    def handle_data(self, data) -> None:
        self.words += data


def page(client: TestClient, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def test_the_list_is_newest_first_and_counts(client: TestClient) -> None:
    shown = " ".join(page(client, "/").words.split())
    assert "3 articles" in shown
    assert "5 statements" in shown
    assert "date unknown" in shown
    assert shown.index(harbour().article.title) < shown.index("Le port")


def test_one_outlets_articles(client: TestClient) -> None:
    shown = page(client, "/?outlet=Tessin+Tide")
    assert "2 articles" in shown.words
    titles = {link for link in shown.links if link.startswith("/articles/")}
    assert titles == {f"/articles/{one.article.id}" for one in (harbour(), FRENCH)}
    assert "Nothing was found" in page(client, "/?outlet=Nobody").words


def test_a_search_marks_the_words_it_found(client: TestClient) -> None:
    answer = client.get("/", params={"q": "pilots"})
    assert "1 article" in answer.text
    assert re.search(r'<mark class="hit">pilots</mark>', answer.text)
    assert "Nothing was found" in client.get("/", params={"q": "zebra"}).text


@pytest.mark.parametrize(
    "query", ['"', "a:b", "(", "[", "*", "-", "OR", "text:", "\x00", "x" * 500]
)
def test_no_query_breaks_the_search(client: TestClient, query: str) -> None:
    assert client.get("/", params={"q": query}).status_code == 200


def test_long_lists_come_in_pages(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(web_app, "PAGE_SIZE", 2)
    many = [
        Reading(article(f"Note {n}.", title=None, published=datetime(2031, 1, n, tzinfo=UTC)))
        for n in (1, 2, 3)
    ]
    with TestClient(create_app(filled(tmp_path / "l", many)), base_url=HOME) as client:
        first, second = (
            page(client, "/?outlet=Tessin+Tide"),
            page(client, "/?outlet=Tessin+Tide&page=2"),
        )
    assert "Note 3" in first.words
    assert "Note 1" not in first.words
    assert "/?outlet=Tessin+Tide&page=2" in first.links
    assert "Note 1" in second.words
    assert "page 2 of 2" in second.words


def test_every_line_leads_to_its_place_in_the_text_and_back(client: TestClient) -> None:
    shown = page(client, f"/articles/{harbour().article.id}")
    numbers = range(1, 8)
    for number in numbers:
        assert shown.ids.count(f"t{number}") == shown.ids.count(f"s{number}") == 1
        assert {f"#t{number}", f"#s{number}"} <= set(shown.links)
    assert f"s{max(numbers) + 1}" not in shown.ids


def test_the_text_is_shown_whole_with_its_marks(client: TestClient) -> None:
    reading = harbour()
    html = client.get(f"/articles/{reading.article.id}").text
    assert re.search(r'<mark class="source"[^>]*>harbour master Ilse Vanter</mark>', html)
    assert re.search(r'<mark class="content verbatim"[^>]*>“No pilot has left,”</mark>', html)
    assert re.search(r'<mark class="content nested"[^>]*>that the fleet would be </mark>', html)
    assert re.search(r'<mark class="content event nested"[^>]*>sold</mark>', html)
    body = re.sub(r'<a class="ref".*?</a>', "", html.split('aria-label="The article"')[1])
    words = re.sub(r"\s+", " ", Page(body.split("<dl")[0]).words)
    assert re.sub(r"\s+", " ", reading.article.text) in words


def test_rejections_are_shown(client: TestClient) -> None:
    assert "not read: its language is 'fr'" in page(client, f"/articles/{FRENCH.article.id}").words
    assert "not read: its language is 'fr'" in page(client, "/").words
    listed = page(client, "/rejections")
    assert "broken.txt" in listed.words
    assert "an empty file" in listed.words


def test_the_json_form(client: TestClient) -> None:
    for reading in (harbour(), hostile()):
        assert client.get(f"/api/articles/{reading.article.id}").json() == reading.to_dict()
    missing = client.get("/api/articles/none")
    assert missing.status_code == 404
    assert missing.json()["error"] == "There is no such page"


def test_templates_escape_everything() -> None:
    templates = web_app.environment()
    assert templates.autoescape is True
    assert templates.from_string("{{ x }}").render(x="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"
    folder = Path(web_app.__file__).parent / "templates"
    sources = [path.read_text(encoding="utf-8") for path in folder.glob("*.html")]
    assert len(sources) > 3
    assert not [text for text in sources if re.search(r"\|\s*safe|autoescape|Markup", text)]


def test_hostile_text_adds_no_element_no_handler_and_no_link(client: TestClient) -> None:
    paths = [
        f"/articles/{hostile().article.id}",
        "/",
        "/?" + "q=%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/?outlet=%22%3E%3Cimg+src%3Dx+onerror%3Dalert(1)%3E",
        "/rejections",
        "/<script>alert(1)</script>",
    ]
    for path in paths:
        shown = Page(client.get(path).text)
        assert shown.tags.count("script") == 1
        assert "img" not in shown.tags
        assert not {name for name in shown.attributes if name.startswith("on") or name == "style"}
        assert not [link for link in shown.links if not link.startswith(("/", "#"))]
    assert HOSTILE_IMAGE in page(client, paths[0]).words


def test_only_web_addresses_become_links(client: TestClient) -> None:
    assert "https://tide.example/berths" in page(client, f"/articles/{harbour().article.id}").links
    assert web_address("http://tide.example/a?b=c") == "http://tide.example/a?b=c"
    for address in (
        None, "", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)",
        "data:text/html,x",
        "//tide.example", "https:tide", "file:///etc/passwd", "http://[", " https://tide.example",
    ):  # fmt: skip
        assert web_address(address) is None


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/static/page.css", "/api/articles/x", "/?page=0"]
)
def test_strict_headers_on_every_answer(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_names_of_other_hosts_are_refused(ledger: str) -> None:
    with TestClient(create_app(ledger, ["tide.lan"]), base_url=HOME) as client:
        for host, status in (
            ("127.0.0.1:8321", 200),
            ("localhost", 200),
            ("tide.lan:80", 200),
            ("evil.example", 400),
            ("127.0.0.1.evil.example", 400),
        ):
            assert client.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_changed(client: TestClient, method: str) -> None:
    for path in ("/", f"/articles/{harbour().article.id}", f"/api/articles/{harbour().article.id}"):
        assert getattr(client, method)(path).status_code == 405


def test_pages_that_are_not_there(client: TestClient) -> None:
    for path, status in (
        ("/nowhere", 404),
        ("/articles/none", 404),
        ("/?page=0", 422),
        ("/?page=x", 422),
    ):
        answer = client.get(path)
        assert answer.status_code == status
        assert Page(answer.text).tags.count("h1") == 1


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (LedgerError("the disk is full"), 500, "the disk is full"),
        (LedgerBusyError("another process writes"), 503, "another process writes"),
        (RuntimeError("a secret of the article"), 500, "That is a defect of Sayso"),
    ],
)
def test_failures_have_a_page_that_tells_no_more_than_it_should(
    client: TestClient, monkeypatch, error, status, told
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("sayso.web.shelf.Shelf.reading", fail)
    answer = client.get("/articles/x")
    assert answer.status_code == status
    assert told in answer.text
    assert "a secret of the article" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_page_is_of_the_newest_state(tmp_path: Path) -> None:
    folder = filled(tmp_path / "ledger", [FRENCH])
    with TestClient(create_app(folder), base_url=HOME) as client:
        assert "1 article" in client.get("/").text
        filled(tmp_path / "ledger", [harbour()])
        assert "2 articles" in client.get("/").text
        assert "1 article" in client.get("/?q=pilots").text


def test_pages_answer_while_the_ledger_is_written(tmp_path: Path) -> None:
    folder = filled(tmp_path / "ledger", [harbour()])
    path = f"/articles/{harbour().article.id}"

    def write() -> None:
        for n in range(4):
            filled(tmp_path / "ledger", [Reading(article(f"Note {n}.", title=None))])

    with TestClient(create_app(folder), base_url=HOME) as client:
        writer = threading.Thread(target=write)
        writer.start()
        statuses = set()
        while writer.is_alive():
            statuses |= {client.get("/").status_code, client.get(path).status_code}
        writer.join()
        assert statuses == {200}
        assert "5 articles" in client.get("/").text


def test_a_ledger_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="there is no ledger"):
        create_app(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_missing_extra_names_the_line_to_install_it(monkeypatch, ledger: str) -> None:
    for name in ("sayso.web.app", "sayso.web.server"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r'pip install "sayso\[web\]"'):
        create_app(ledger)
    with pytest.raises(MissingExtraError, match=r'pip install "sayso\[web\]"'):
        serve(ledger, "127.0.0.1", 0, print)


def test_a_port_in_use_is_a_clean_error(ledger: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="--port 0 for any free one"):
            serve(ledger, "127.0.0.1", taken.getsockname()[1], print)


def test_long_statements_can_be_opened_in_full(tmp_path: Path) -> None:
    reading = harbour()
    told = article("Ann said " + "word " * 60 + "end.", title=None)
    item = replace(
        reading.attributions[1],
        article_id=told.id,
        source=((0, 3),),
        cue=((4, 8),),
        content=((9, len(told.text)),),
    )
    folder = filled(tmp_path / "ledger", [Reading(told, (item,))])
    with TestClient(create_app(folder), base_url=HOME) as client:
        shown = client.get(f"/articles/{told.id}").text
    assert re.search(r"<details><summary>.*?….*?</summary>.*?end\.", shown, re.DOTALL)
