"""A page that reads and writes while others add: no error reaches either."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from evaluation.kill import PatternReader, invented_articles
from sayso.ledger import Ledger, open_ledger
from sayso.ledger.migrations import LATEST

_ADDS = """
import sys
from evaluation.kill import PatternReader, invented_articles
from sayso.ledger import adding, open_ledger
adding.COMMIT_ROWS = 20
adding.TIDY_COMMITS = 4
with open_ledger(sys.argv[1]) as ledger:
    ledger.add(invented_articles(int(sys.argv[2])), reader=PatternReader())
"""
ROOT = Path(__file__).parents[3]


def adder(path: Path, articles: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _ADDS, str(path), str(articles)], cwd=ROOT, stderr=subprocess.PIPE
    )


class Page:
    """Threads that use one ledger, as the web server's do, until told to stop."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.stop = threading.Event()
        self.errors: list[BaseException] = []
        self.done: dict[str, int] = {}
        work = (self.lists, self.opens, self.searches, self.asks, self.reviews)
        self.threads = [threading.Thread(target=self._repeat, args=(each,)) for each in work]
        for thread in self.threads:
            thread.start()

    def _repeat(self, work: Callable[[], None]) -> None:
        while not self.stop.is_set() or not self.done.get(work.__name__):
            try:
                work()
            except Exception as error:  # noqa: BLE001 - any error at all is what is looked for
                self.errors.append(error)
                return
            self.done[work.__name__] = self.done.get(work.__name__, 0) + 1

    def finish(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def lists(self) -> None:
        self.ledger.articles(limit=50).rows()
        self.ledger.outlets().rows()

    def opens(self) -> None:
        for row in self.ledger.articles(limit=2).rows():
            reading = self.ledger.reading(row["id"])
            assert reading is not None
            assert len(reading.attributions) == row["statements"]

    def searches(self) -> None:
        self.ledger.search("boats harbour")

    def asks(self) -> None:
        rows = self.ledger.sql(
            "SELECT count(*) AS wrong FROM articles LEFT JOIN (SELECT article_id, count(*) AS n "
            "FROM attributions GROUP BY article_id) ON article_id = id "
            "WHERE coalesce(n, 0) != statements"
        ).rows()
        assert rows == [{"wrong": 0}], "an article is there with all its statements or not at all"

    def reviews(self) -> None:
        self.ledger.review("item", "act", "deny", "Ana")
        time.sleep(0.05)


def test_a_page_reads_and_writes_while_another_process_adds(ledger: Ledger) -> None:
    page = Page(ledger)
    with adder(ledger.path, 300) as process:
        _, complaints = process.communicate(timeout=120)
    page.finish()
    assert not page.errors
    assert process.returncode == 0, complaints.decode()
    assert set(page.done) == {"lists", "opens", "searches", "asks", "reviews"}
    assert len(ledger.reviews()) == page.done["reviews"]
    assert len(ledger.articles()) == ledger.search("boats").total == 300


def test_two_processes_that_add_the_same_add_it_once(ledger: Ledger) -> None:
    with adder(ledger.path, 200) as one, adder(ledger.path, 240) as other:
        for process in (one, other):
            _, complaints = process.communicate(timeout=120)
            assert process.returncode == 0, complaints.decode()
    assert len(ledger.articles()) == 240
    assert len({row["id"] for row in ledger.attributions()}) == len(ledger.attributions()) == 240


def test_a_ledger_is_made_once_by_two_processes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with adder(path, 10) as one, adder(path, 12) as other:
        for process in (one, other):
            _, complaints = process.communicate(timeout=120)
            assert process.returncode == 0, complaints.decode()
    with open_ledger(path) as ledger:
        assert len(ledger.articles()) == 12
        assert len(ledger.sql("FROM migrations")) == LATEST


def test_threads_may_add_to_one_ledger(ledger: Ledger) -> None:
    reports = []

    def add(number: int) -> None:
        reports.append(ledger.add(invented_articles(number), reader=PatternReader()))

    threads = [threading.Thread(target=add, args=(number,)) for number in (20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.added for report in reports) == len(ledger.articles()) == 40
