"""Adds that are killed (-9) at random moments: is anything lost, or there twice?

A child process adds invented articles to a ledger and is killed after a random time. After
every kill the ledger must open, and every article in it must be whole. A child that ends
before its kill leaves a whole ledger, and the next one starts afresh, so that all moments
of an add are met, the last ones too. In the end every ledger is completed by one more add,
and must hold row for row what an add that was never killed holds.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.ledger import adding, open_ledger
from sayso.reader import Reader
from sayso.records import Article, Attribution, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sayso.ledger import Ledger

_ROOT = Path(__file__).parents[1]
COMMIT_ROWS = 50
"""The child commits more often than `sayso add` does: more moments at which to break something."""

_PATTERN = re.compile(r"([A-Z]\w+(?: [A-Z]\w+)*) (said|told|denied) ([^.\n]+)")


class PatternReader(Reader):
    """Finds `Name said something` by a regular expression: fast, and good for tests only."""

    @property
    def version(self) -> str:
        return "pattern"

    def read(self, article: Article | Mapping[str, Any]) -> Reading:
        assert isinstance(article, Article)  # noqa: S101 - tests hand nothing else
        return Reading(article, tuple(_found(article)))


def _found(article: Article) -> Iterator[Attribution]:
    for match in _PATTERN.finditer(article.text):
        source, cue, content = (((match.start(i), match.end(i)),) for i in (1, 2, 3))
        yield Attribution(
            id=Attribution.identify(article.id, source, cue, content),
            article_id=article.id,
            source=source,
            cue=cue,
            content=content,
            kind="indirect",
            act="deny" if match[2] == "denied" else "say",
            source_class="named",
            role=None,
            collective=False,
            verbatim=(),
            speaker=None,
            parent=None,
            confidence=0.5,
        )


def invented_articles(number: int) -> list[Article]:
    """Short articles with nought to three statements each, always the same ones."""
    return [
        Article.create(
            "Nothing was confirmed.\n"
            + "".join(
                f"{name} {cue} that {index} boats lay in the harbour of Tessin.\n"
                for name, cue in (("Alva Renquist", "said"), ("Ilo Brandt", "denied"))[: index % 3]
            ),
            title=f"Boats, day {index}",
            outlet=f"Outlet {index % 7}",
            url=f"https://example.org/{index}",
        )
        for index in range(number)
    ]


@dataclass(frozen=True)
class _Adder:
    """Starts processes that add the invented articles to a ledger.

    Attributes:
        cli: run `sayso add` itself with the shipped weights, instead of a faster reader
            that commits more often.
    """

    articles: int
    folder: Path
    cli: bool

    def start(self, ledger: Path) -> subprocess.Popen[str]:
        """A process that has begun to add, or with ``cli`` to start."""
        command = self._sayso_add(ledger) if self.cli else self._fast_add(ledger)
        quiet = subprocess.DEVNULL if self.cli else subprocess.PIPE
        child = subprocess.Popen(command, stdout=quiet, cwd=_ROOT, text=True)  # noqa: S603
        if child.stdout is not None:
            with child.stdout:
                child.stdout.readline()
        return child

    def complete(self, ledger: Path) -> float:
        """Add everything; how many seconds that took."""
        child = self.start(ledger)
        began = time.monotonic()
        if status := child.wait():
            raise RuntimeError(f"the add failed, with status {status}")
        return time.monotonic() - began

    def _fast_add(self, ledger: Path) -> list[str]:
        arguments = ["--child", str(ledger), str(self.articles)]
        return [sys.executable, "-m", "evaluation.kill", *arguments]

    def _sayso_add(self, ledger: Path) -> list[str]:
        inputs = self.folder / "articles.jsonl"
        if not inputs.exists():
            lines = [article.to_dict() for article in invented_articles(self.articles)]
            keys = ("text", "outlet", "url")
            inputs.write_text(
                "".join(json.dumps({key: line[key] for key in keys}) + "\n" for line in lines)
            )
        program = "from sayso.cli import main; main()"
        return [sys.executable, "-c", program, "add", str(inputs), "-l", str(ledger)]


@dataclass
class _Series:
    """Kills so far, and what they broke.

    Attributes:
        longest: seconds until a kill at the latest; falls whenever an add ended before its
            kill, since a machine that others use is not always as slow.
    """

    adder: _Adder
    longest: float
    ledgers: list[Path] = field(default_factory=list)
    killed: int = 0
    broken: int = 0

    def begin(self) -> None:
        """Go on with a ledger that does not exist yet."""
        self.ledgers.append(self.adder.folder / f"ledger-{len(self.ledgers)}")

    def strike(self, delay: float) -> None:
        """Start an add and kill it after so many seconds."""
        child = self.adder.start(self.ledgers[-1])
        try:
            status = child.wait(delay)
        except subprocess.TimeoutExpired:
            child.kill()
            status = child.wait()
        if status > 0:
            raise RuntimeError(f"the add failed by itself, with status {status}")
        self.broken += _broken_articles(self.ledgers[-1])
        if status == 0:
            self.longest *= 0.8
            self.begin()
        else:
            self.killed += 1


def evaluate(
    articles: int = 2000, kills: int = 20, seed: int = 0, *, cli: bool = False
) -> dict[str, Any]:
    """Kill adds of so many articles so many times.

    Args:
        articles: how many are added.
        kills: how many adds are killed.
        seed: of the moments.
        cli: kill `sayso add` itself with the shipped weights: some minutes.

    Returns:
        ``killed``: kills that met a running add; ``lost`` and ``twice``: articles and
        statements missing or doubled in the completed ledgers; ``broken``: articles that
        were there without all their statements after a kill; ``orphans``: ledgers with data
        files left over at the end; ``clean_seconds``: the add without any kill; ``seconds``.
    """
    began = time.monotonic()
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    with tempfile.TemporaryDirectory(prefix="sayso-kill-") as name:
        adder = _Adder(articles, Path(name), cli)
        clean = Path(name) / "clean"
        clean_seconds = adder.complete(clean)
        # A part of the whole each: a ledger meets some kills before it is complete.
        series = _Series(adder, clean_seconds if cli else clean_seconds / 3)
        series.begin()
        while series.killed < kills:
            series.strike(chance.uniform(0, series.longest))
        expected = _content(clean)
        lost = twice = orphans = 0
        for ledger in series.ledgers:
            adder.complete(ledger)
            found = _content(ledger)
            lost += len(set(expected) - set(found))
            twice += len(found) - len(set(found)) + len(set(found) - set(expected))
            orphans += _has_orphans(ledger)
    return {
        "articles": articles,
        "killed": series.killed,
        "ledgers": len(series.ledgers),
        "lost": lost,
        "twice": twice,
        "broken": series.broken,
        "orphans": orphans,
        "clean_seconds": round(clean_seconds, 2),
        "seconds": round(time.monotonic() - began, 1),
    }


def _has_orphans(path: Path) -> bool:
    with open_ledger(path) as ledger:
        return any(c.name == "orphaned files" and not c.ok for c in ledger.doctor())


def _broken_articles(path: Path) -> int:
    """Articles without all their statements, or statements without their article."""
    if not (path / "catalog.sqlite").exists():
        return 0
    with open_ledger(path) as ledger:
        rows = ledger.sql(
            "SELECT count(*) AS broken FROM articles FULL JOIN "
            "(SELECT article_id, count(*) AS found FROM attributions GROUP BY article_id) "
            "ON article_id = articles.id WHERE coalesce(found, 0) IS DISTINCT FROM statements"
        ).rows()
    return int(rows[0]["broken"])


def _content(path: Path) -> list[str]:
    """Every article and statement as text, without what differs by run."""
    with open_ledger(path) as ledger:
        return [*_rows_of(ledger, "articles"), *_rows_of(ledger, "attributions")]


def _rows_of(ledger: Ledger, name: str) -> list[str]:
    rows = ledger.sql(f"SELECT * FROM {name} ORDER BY id").rows()  # noqa: S608 - two names of ours
    return [str({k: v for k, v in row.items() if k not in {"run_id", "added"}}) for row in rows]


def _add(ledger: Path, articles: int) -> None:
    adding.COMMIT_ROWS = COMMIT_ROWS
    with open_ledger(ledger) as opened:
        opened.add(invented_articles(articles), reader=PatternReader())


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", nargs=2, metavar=("LEDGER", "ARTICLES"), help=argparse.SUPPRESS)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cli", action="store_true", help="kill `sayso add` itself")
    options = parser.parse_args()
    if options.child:
        print("adding", flush=True)
        _add(Path(options.child[0]), int(options.child[1]))
        return
    found = evaluate(options.articles, options.kills, options.seed, cli=options.cli)
    for key, value in found.items():
        print(f"{key:14} {value}")


if __name__ == "__main__":
    _main()
