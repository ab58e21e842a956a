"""A long run over real and broken text: does anything crash, does any span not ground?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation import own
from sayso.reader import Reader
from sayso.records import Article, Reading, check_spans

_ODD = (
    *"“ ” „ ‟ ‘ ’ ‚ ' \" « » ‹ › ` ´ 「 」 — – … . , : ; ( ) [ ] [SEP] ##".split(),
    *"😀 👩‍👩‍👧 ﷺ İ ß ﬁ שלום قال 他说 said denied according to who he".split(),
    *("\n", "\n\n", "\r\n", "\u2028", "\t", "\x00", "\u200d", "\u200f", "\u202e"),
    *("\ufeff", "\u0301", "\u0345"),
)


def evaluate(reader: Reader, characters: int = 10_000_000, seed: int = 1) -> dict[str, Any]:
    """Read mutations of the own gold and press until so many characters are read.

    Raises whatever a reading raises; ``SpanError`` where a span does not ground.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    texts = list(_texts())
    done = articles = statements = 0
    while done < characters:
        article = Article.create(_broken(rng.choice(texts), rng), language="en")
        reading = reader.read(article)
        check(reading)
        done += len(article.text)
        articles += 1
        statements += len(reading.attributions)
    return {"characters": done, "articles": articles, "statements": statements, "invalid": 0}


def check(reading: Reading) -> None:
    """Raise ``SpanError`` unless all spans ground and every parent exists."""
    ids = {item.id for item in reading.attributions}
    for item in reading.attributions:
        check_spans(reading.article.text, item.source + item.cue + item.content + item.verbatim)
        if item.parent is not None and item.parent not in ids:
            raise ValueError(f"{item.id} has a parent that is not there")


def _texts() -> Iterator[str]:
    for split in ("train", "dev", "test"):
        yield from (text.text for text in own.load(split))
    for path in sorted((Path(__file__).parents[1] / "examples/press").rglob("*.html")):
        yield path.read_text("utf-8")


def _broken(text: str, rng: random.Random) -> str:
    """A text with marks and odd characters put in, taken out, and lines mixed."""
    if rng.random() < 0.1:
        return text
    pieces = text.split(" ")
    for _ in range(rng.randrange(1, max(2, len(pieces) // 3))):
        at = rng.randrange(len(pieces))
        action = rng.random()
        if action < 0.6:
            pieces[at] = rng.choice(("", pieces[at])) + rng.choice(_ODD) + pieces[at]
        elif action < 0.8:
            pieces[at] = pieces[at][: rng.randrange(len(pieces[at]) + 1)]
        else:
            other = rng.randrange(len(pieces))
            pieces[at], pieces[other] = pieces[other], pieces[at]
    return rng.choice((" ", " ", "\n", "")).join(pieces) * rng.choice((1, 1, 1, 4))
