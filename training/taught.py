"""Texts that nobody has coded, as a teacher reads their events.

    python -m training train --teacher DIR --events-only 1 … --out build/teacher
    python -m training taught --data DIR --checkpoint build/teacher/last.pt --out build/taught.pt
    python -m training train --taught build/taught.pt …

What is measured is not among them: the parts kept for it, dispatches that are kept, own gold's
other parts, the example press.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evaluation.event_coding import CodedEvent
from evaluation.event_data import records
from sayso.reading.decoding import Tables, softmax
from sayso.reading.encoder import SHIPPED, Encoder, EventScores, Scores
from sayso.reading.events import found_events
from sayso.reading.labels import EVENT_LAYER, TYPE_SLICE
from sayso.reading.windows import Segmenter, Window
from sayso.records import Article
from sayso.resolving.events import named_places, told_dates
from training.teacher import Teacher
from training.train import crf_tables, link_tables

Taught = tuple[str, list[CodedEvent], np.ndarray]
#: Sentences of one corpus that make a text together.
TOGETHER = 4
#: Texts beyond this are cut at a paragraph's end.
LONGEST = 4000


def texts(data: Path, rng: random.Random) -> Iterator[str]:
    """News of several corpora: about 5,000 texts, 1.2 million words."""
    paths = sorted((data / "attribution/polnear/train/text").glob("*.txt"))
    for path in paths:
        yield path.read_text("utf-8")
    for name, key, count in (("event_location", "text", 6000), ("satp", "news", 1500)):
        found = list(dict.fromkeys(r[key] for r in records(data, name, "train", key)))
        rng.shuffle(found)
        for i in range(0, min(count, len(found)), TOGETHER):
            yield "\n\n".join(found[i : i + TOGETHER])
    with gzip.open(data / "stories/reuters21578_first_half.jsonl.gz", "rt", encoding="utf-8") as f:
        wires = [json.loads(line) for line in f]
    # Companies' results and takeovers tell of no politics.
    wires = [w for w in wires if w["places"] and not {"earn", "acq"} & set(w["topics"])]
    for wire in rng.sample(wires, min(1500, len(wires))):
        yield wire["title"] + "\n\n" + " ".join(wire["body"].split())
    with (data / "indicators/india_police/docs.jsonl").open(encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)["doc_text"]


class TeacherEncoder:
    """A teacher in the place of the shipped encoder's events' branch."""

    def __init__(self, checkpoint: Path) -> None:
        self.model = Teacher()
        state = torch.load(checkpoint, map_location="cpu", weights_only=False)
        self.model.load_state_dict(state["averaged"])
        self.model.eval()
        shipped = Encoder().tables
        learned = [shipped.starts.copy(), shipped.moves.copy()]
        for mine, theirs in zip(learned, crf_tables(self.model.crf), strict=True):
            mine[EVENT_LAYER] = theirs[EVENT_LAYER]
        self.tables = Tables(*learned, shipped.links, link_tables(self.model.event_links))

    @torch.no_grad()
    def __call__(self, window: Window) -> EventScores:
        """The event heads' scores of one window's words."""
        pieces, features = (
            torch.from_numpy(np.asarray(x, np.int64))[None]
            for x in (window.pieces, window.features)
        )
        with torch.autocast("cpu", torch.bfloat16):
            *scores, states = (v[0].float() for v in self.model(pieces, features))
        tags, events, links = (v.numpy() for v in scores)
        rows = window.rows
        again = partial(self._again, states[torch.from_numpy(rows.astype(np.int64))])
        return EventScores(tags[rows], events[rows], events[0], links[rows], again)

    @torch.no_grad()
    def _again(
        self, states: torch.Tensor, first: int, last: int, distances: np.ndarray, kinds: np.ndarray
    ) -> np.ndarray:
        own = states[None, first : last + 1]
        scores = self.model.roles(own, torch.from_numpy(distances), torch.from_numpy(kinds))
        return scores.float().numpy()


class _Reading:
    """One process's teacher."""

    own: _Reading

    def __init__(self, checkpoint: Path) -> None:
        torch.set_num_threads(1)
        self.encoder = TeacherEncoder(checkpoint)
        self.segmenter = Segmenter.from_file(SHIPPED / "tokenizer.json")

    def read(self, text: str) -> Taught | None:
        article = Article.create(_short(text), language="en")
        words = self.segmenter.words(article.text)
        if not len(words):
            return None
        scored, chances = [], []
        empty = np.zeros((0, 0), np.float32)
        for window in self.segmenter.windows(words):
            told = self.encoder(window)
            scored.append((window.words, Scores(empty, empty, None, told)))
            chances.append(softmax(told.words[:, TYPE_SLICE]).astype(np.float16))
        named = (named_places(article.text), [*told_dates(article)])
        events = [
            CodedEvent(
                e.type,
                e.mode,
                e.factuality,
                e.trigger,
                e.actors,
                e.recipients,
                (e.place,) if e.place else (),
                (e.date,) if e.date else (),
            )
            for e in found_events(words, scored, self.encoder.tables, named)
        ]
        return article.text, events, np.concatenate(chances)


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    end = text.rfind("\n", 0, LONGEST)
    return text[: end if end > 0 else LONGEST]


def _begin(checkpoint: Path) -> None:
    _Reading.own = _Reading(checkpoint)


def _read(text: str) -> Taught | None:
    return _Reading.own.read(text)


def write(data: Path, checkpoint: Path, out: Path, count: int, processes: int = 2) -> None:
    """Write what the teacher finds as a list of texts, events and chances (``torch.save``).

    Args:
        data: laid out as the training data.
        checkpoint: of the teacher.
        out: where to write, now and then before the end too.
        count: of texts, drawn from all.
        processes: with one thread each.
    """
    every = list(texts(data, random.Random(1)))
    random.Random(2).shuffle(every)
    every = every[:count]
    found: list[Any] = []
    with get_context("spawn").Pool(processes, _begin, (checkpoint,)) as pool:
        for i, item in enumerate(pool.imap(_read, every, chunksize=8), start=1):
            if item:
                found.append(item)
            if i % 200 == 0:
                print(f"{i} of {len(every)} texts", flush=True)
                torch.save(found, out)
    torch.save(found, out)
    words = sum(len(chances) for _, _, chances in found)
    print(f"{len(found)} texts, {words} words, {sum(len(e) for _, e, _ in found)} events")
