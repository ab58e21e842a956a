"""Articles out of real news pages: text, title and date against gold.

Token F1 of the body is taken page by page and averaged; tokens are runs of letters and
digits, or single other marks, counted as a bag. A title counts when it is the gold's but
for case, blanks and punctuation; a date when the day in UTC is the gold's.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sayso.intake import read_inputs
from sayso.records import Article

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its gold; title and date are None where the gold has none."""

    path: Path
    body: str
    title: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """How one page came out; ``None`` where the gold cannot tell."""

    page: Page
    article: Article | None
    body: float
    title: bool | None
    date: bool | None


def evaluate(data: Path) -> dict[str, float]:
    """Percent: ``body_f1``, ``title``, ``date``; and the number of ``pages``.

    Raises:
        FileNotFoundError: the data are not there.
    """
    scored = [score(page) for page in gold_pages(data)]
    if not scored:
        raise FileNotFoundError(f"no pages under {data / 'pages'}: point --data at shared/data")
    return {
        "body_f1": _percent([item.body for item in scored]),
        "title": _percent([item.title for item in scored if item.title is not None]),
        "date": _percent([item.date for item in scored if item.date is not None]),
        "pages": len(scored),
    }


def _percent(values: list[float] | list[bool]) -> float:
    return 100 * sum(values) / len(values) if values else 0.0


def gold_pages(data: Path) -> Iterator[Page]:
    """The pages of both collections, sorted by path."""
    yield from _fundus(data / "pages" / "fundus")
    truth = data / "pages" / "zyte" / "ground-truth.json"
    if truth.exists():
        for key, gold in sorted(json.loads(truth.read_text("utf-8")).items()):
            path = truth.parent / "html" / f"{key}.html.gz"
            if path.exists():
                yield Page(path, gold["articleBody"])


def _fundus(folder: Path) -> Iterator[Page]:
    # <country>/<Outlet>_<crawl day>.html.gz, gold in <Outlet>.json by parser version; which
    # version belongs to which page only the gold's text can tell.
    for path in sorted(folder.glob("*/*.json")):
        pages = sorted(path.parent.glob(f"{path.stem}_*.html.gz"))
        for gold in json.loads(path.read_text("utf-8")).values():
            body = gold.get("body")
            if body and (page := _page_of(pages, gold)):
                yield Page(page, _body_text(body), gold.get("title"), _day(gold))


def _page_of(pages: list[Path], gold: dict[str, Any]) -> Path | None:
    paragraphs = [text for section in gold["body"]["sections"] for text in section["paragraphs"]]
    if not paragraphs:
        return None
    words = set(_TOKEN.findall(" ".join(paragraphs)))

    def shared(page: Path) -> float:
        with gzip.open(page, "rt", encoding="utf-8", errors="replace") as file:
            return len(words & set(_TOKEN.findall(file.read()))) / len(words)

    best = max(pages, key=shared, default=None)
    return best if best and shared(best) > 0.7 else None


def _body_text(body: dict[str, Any]) -> str:
    parts = list(body["summary"])
    for section in body["sections"]:
        parts += [*section["headline"], *section["paragraphs"]]
    return "\n".join(parts)


def _day(gold: dict[str, Any]) -> datetime | None:
    stated = gold.get("publishing_date")
    if not stated:
        return None
    moment = datetime.fromisoformat(stated)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def score(page: Page) -> Scored:
    """Read the page as anyone's, and compare."""
    article = next((item for item in read_inputs([page.path]) if isinstance(item, Article)), None)
    text = article.text if article else ""
    if article and article.title:
        text = text.removeprefix(article.title)
    title = date = None
    if page.title:
        title = (
            bool(article) and _key(article.title or "") == _key(page.title) if article else False
        )
    if page.published:
        day = article.published if article else None
        date = day is not None and day.date() == page.published.date()
    return Scored(page, article, token_f1(text, page.body), title, date)


def token_f1(text: str, gold: str) -> float:
    """F1 of the two bags of tokens."""
    have, want = Counter(_TOKEN.findall(text)), Counter(_TOKEN.findall(gold))
    shared = (have & want).total()
    return 2 * shared / (have.total() + want.total()) if shared else float(not have and not want)


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
