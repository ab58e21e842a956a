"""What can be measured, by name: each takes a data folder, a split and a weights folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

from evaluation import (
    cameo,
    events,
    factuality,
    fuzz,
    gum,
    location,
    own,
    pages,
    plv,
    polnear,
    satp,
    seed,
    speakers,
)
from evaluation.attribution import Score
from sayso.reader import Reader
from sayso.records import Article

Figures = dict[str, Any]


class DataMissingError(Exception):
    """The data of a measure is not there; the message says how to get it."""


def attribution(data: Path | None, split: str, weights: Path | None) -> Figures:
    """Exact spans and pairs on PolNeAR, the first annotator's coding as gold; percent.

    Statements nested in another are left out: PolNeAR codes none, by design.
    """
    documents = polnear.load(_folder(data, f"attribution/polnear/{split}"))
    reader = Reader(weights)
    score = Score()
    for group in polnear.by_name(documents).values():
        article = Article.create(group[0].text, language="en")
        # PolNeAR marks none inside another's content, by design.
        found = [item for item in reader.read(article).attributions if item.parent is None]
        score.add(group[0].text, group[0].attributions, found, article.text)
    return {**score.to_dict(), "annotators": _agreement(data, documents)}


def _agreement(data: Path | None, documents: list[polnear.GoldDocument]) -> Figures:
    """Every pair of two annotators' codings of one text, in all parts that are there."""
    for part in ("train", "annotator-training"):
        folder = (data or Path()) / "attribution/polnear" / part
        documents = documents + (polnear.load(folder) if folder.is_dir() else [])
    score = Score()
    for group in polnear.by_name(documents).values():
        for one, other in combinations(group, 2):
            score.add(one.text, one.attributions, other.attributions)
    return score.to_dict()


def speed(data: Path | None, split: str, weights: Path | None) -> Figures:
    """Words a second of reading alone, one process, one thread; words are split at blanks."""
    try:
        texts = [d.text for d in polnear.load(_folder(data, f"attribution/polnear/{split}"))]
    except DataMissingError:
        texts = list(_press())
    reader = Reader(weights)
    articles = [Article.create(text, language="en") for text in texts]
    reader.read(articles[0])  # loads the weights
    words = sum(len(article.text.split()) for article in articles)
    started, used = time.perf_counter(), time.process_time()
    for _ in reader.read_many(articles):
        pass
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    return {
        "words_a_second": round(words / wall),
        "words_a_cpu_second": round(words / cpu),
        "articles": len(articles),
        "words": words,
    }


def _press() -> Iterable[str]:
    press = Path(__file__).parents[1] / "examples" / "press"
    for path in sorted(press.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)["text"]


def _folder(data: Path | None, part: str) -> Path:
    folder = (data or Path()) / part
    if data is None or not folder.is_dir():
        raise DataMissingError(
            f"{folder} is not there. Get the public data named in evaluation/README.md, lay it out "
            "as told there, and give its folder with --data"
        )
    return folder


def _clauses(data: Path | None, _split: str, weights: Path | None) -> Figures:
    _folder(data, "attribution/gum_news_rst")
    return gum.evaluate(_folder(data, "."), Reader(weights))


def _with_data(
    part: str, evaluate: Callable[[Path, str, Reader], Figures]
) -> Callable[[Path | None, str, Path | None], Figures]:
    """A measure of a reader over one folder of the data."""

    def measure(data: Path | None, split: str, weights: Path | None) -> Figures:
        return evaluate(_folder(data, part).parent, split, Reader(weights))

    return measure


def _actors(data: Path | None, split: str, _weights: Path | None) -> Figures:
    from evaluation import actors

    figures: Figures = actors.evaluate(_folder(data, "actors").parent, split)
    return figures


def _events(_data: Path | None, _split: str, weights: Path | None) -> Figures:
    return events.evaluate(Reader(weights), events.press())


def _texts(folder: Path) -> Callable[[Path | None, str, Path | None], Figures]:
    def measure(_data: Path | None, _split: str, weights: Path | None) -> Figures:
        figures = events.evaluate(Reader(weights), events.dispatches(folder))
        return {name: value for name, value in figures.items() if not name.startswith("signals")}

    return measure


def _seed(data: Path | None, _split: str, weights: Path | None) -> Figures:
    return seed.evaluate(_folder(data, "."), Reader(weights))


def _pages(data: Path | None, _split: str, _weights: Path | None) -> Figures:
    return pages.evaluate(_folder(data, "pages").parent)


def _fuzz(_data: Path | None, _split: str, weights: Path | None) -> Figures:
    return fuzz.evaluate(Reader(weights))


def _kill(_data: Path | None, _split: str, _weights: Path | None) -> Figures:
    # It starts processes: imported only where it is asked for.
    from evaluation import kill

    return kill.evaluate()


MEASURES: dict[str, Callable[[Path | None, str, Path | None], Figures]] = {
    "actors": _actors,
    "attribution": attribution,
    "cameo": _with_data("events", cameo.evaluate),
    "dispatches": _texts(events.DISPATCHES),
    "events": _events,
    "factuality": _with_data("factuality", factuality.evaluate),
    "location": _with_data("events", location.evaluate),
    "plv": _with_data("events", plv.evaluate),
    "fuzz": _fuzz,
    "gum": _clauses,
    "kill": _kill,
    "own": own.measure(""),
    "pages": _pages,
    "satp": _with_data("events", satp.evaluate),
    "seed": _seed,
    "speakers": speakers.measure,
    "speed": speed,
    "voices": _texts(events.VOICES),
}
