"""The page in a real browser: hostile text is shown and never run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from sayso.ledger import open_ledger
from sayso.web import create_app
from tests.invented import KnownReader, harbour, hostile

pytestmark = pytest.mark.browser
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="module")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and not os.environ.get("CI"):
        pytest.skip("no Chromium here")
    assert found, "CI must have a Chromium"
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browser") / "ledger"
    readings = [harbour(), hostile()]
    with open_ledger(folder) as ledger:
        ledger.add([one.article for one in readings], reader=KnownReader(readings))
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(folder), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listening.close()


def dom(chromium: str, address: str, profile: Path) -> str:
    """The page's elements after all of its scripts have run."""
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        f"--user-data-dir={profile}", "--virtual-time-budget=3000", "--dump-dom", address,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_planted_text_is_shown_and_not_run(chromium: str, home: str, tmp_path: Path) -> None:
    shown = dom(chromium, f"{home}/articles/{hostile().article.id}", tmp_path)
    title = shown.split("<title>")[1].split("</title>")[0]
    assert title.startswith("Title &lt;/script&gt;&lt;script&gt;")
    assert "<title>OWNED" not in shown
    assert "<img" not in shown
    assert shown.count("<script") == 1
    assert "&lt;img src=x onerror=" in shown


def test_a_search_for_planted_text_does_not_run_it(
    chromium: str, home: str, tmp_path: Path
) -> None:
    planted = "%3C%2Ftitle%3E%3Cscript%3Edocument.title%3D%22OWNED%22%3C%2Fscript%3E"
    shown = dom(chromium, f"{home}/?q={planted}&outlet={planted}", tmp_path)
    assert "<title>OWNED" not in shown
    assert shown.count("<script") == 1


def test_this_browser_would_run_what_is_not_escaped(chromium: str, tmp_path: Path) -> None:
    """Else the tests above could not fail."""
    bare = tmp_path / "bare.html"
    bare.write_text(f"<title>safe</title><script>{hostile().article.text}", encoding="utf-8")
    assert "<title>OWNED" in dom(chromium, bare.as_uri(), tmp_path / "profile")


def test_a_link_lights_the_whole_statement(chromium: str, home: str, tmp_path: Path) -> None:
    shown = dom(chromium, f"{home}/articles/{harbour().article.id}#t3", tmp_path)
    lit = [line for line in shown.split("<mark") if "linked" in line.split(">")[0]]
    words = [line.split(">")[1].split("<")[0] for line in lit]
    assert words == ["“No pilot has left,”", "said", "harbour master Ilse Vanter"]
