"""Texts that nobody has coded, as a teacher reads their events.

python -m training train --teacher DIR --events-only 1 … --out build/teacher
python -m training taught --data DIR --checkpoint build/teacher/last.pt --out build/taught.pt
python -m training train --taught build/taught.pt …
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evaluation.event_coding import CodedEvent, whole_texts
from sayso.reading.decoding import Tables, softmax
from sayso.reading.encoder import SHIPPED, Encoder, EventScores, Scores
from sayso.reading.events import found_events
from sayso.reading.labels import EVENT_LAYER, TYPE_SLICE
from sayso.reading.windows import Segmenter, Window
from sayso.records import Article
from sayso.resolving.events import named_places, told_dates
from training.event_corpora import OWN, VOICES
from training.model import MIMIC
from training.teacher import SHAPE, Teacher
from training.train import crf_tables, link_tables
from training.uncoded import cut, texts

#: Text, events, each word's chances of being a trigger of each type (none for gold, whose events
#: are its own), and what is kept of its state.
Taught = tuple[str, list[CodedEvent], np.ndarray | None, np.ndarray]
#: Texts from which the directions are taken that are kept of the states.
SAMPLE = 60


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

    def __call__(self, window: Window) -> EventScores:
        """The event heads' scores of one window's words."""
        return self.read(window)[0]

    @torch.no_grad()
    def read(self, window: Window) -> tuple[EventScores, torch.Tensor]:
        """The same, and the states below them, ``(words, hidden)``."""
        pieces, features = (
            torch.from_numpy(np.asarray(x, np.int64))[None]
            for x in (window.pieces, window.features)
        )
        with torch.autocast("cpu", torch.bfloat16):
            *scores, states = (v[0].float() for v in self.model(pieces, features))
        tags, events, links = (v.numpy() for v in scores)
        rows = window.rows
        own = states[torch.from_numpy(rows.astype(np.int64))]
        again = partial(self._again, own)
        return EventScores(tags[rows], events[rows], events[0], links[rows], again), own

    @torch.no_grad()
    def _again(
        self, states: torch.Tensor, first: int, last: int, distances: np.ndarray, kinds: np.ndarray
    ) -> np.ndarray:
        own = states[None, first : last + 1]
        scores = self.model.roles(own, torch.from_numpy(distances), torch.from_numpy(kinds))
        return scores.float().numpy()


@dataclass(frozen=True)
class Form:
    """What is kept of states: the directions in which they differ most (PCA)."""

    mean: np.ndarray
    directions: np.ndarray  # (hidden, MIMIC)

    @classmethod
    def of(cls, states: np.ndarray) -> Form:
        """Of a sample of states, ``(words, hidden)``.

        What is kept has a mean square of one; strong directions are held down, since the
        strongest say little of a word.
        """
        mean = states.mean(0)
        variances, axes = np.linalg.eigh(np.cov((states - mean).T))
        strongest = slice(-1, -MIMIC - 1, -1)
        scale = variances[strongest] ** -0.25
        scale /= np.sqrt((variances[strongest] * scale**2).mean())
        return cls(mean, (axes[:, strongest] * scale).astype(np.float32))

    def __call__(self, states: np.ndarray) -> np.ndarray:
        """``(words, MIMIC)``, in half precision."""
        return ((states - self.mean) @ self.directions).astype(np.float16)


class _Reading:
    """One process's teacher."""

    own: _Reading

    def __init__(self, checkpoint: Path, form: Form | None = None) -> None:
        torch.set_num_threads(1)
        self.encoder = TeacherEncoder(checkpoint)
        self.segmenter = Segmenter.from_file(SHIPPED / "tokenizer.json")
        self.form = form

    def states(self, text: str) -> np.ndarray:
        """All words' states, as they are."""
        words = self.segmenter.words(next(cut(text), ""))
        found = [self.encoder.read(w)[1].numpy() for w in self.segmenter.windows(words)]
        return np.concatenate(found) if found else np.zeros((0, SHAPE.hidden), np.float32)

    def beside(self, text: str, gold: list[CodedEvent]) -> Taught | None:
        """A coded text with what is kept of its states."""
        return (text, gold, None, self.form(self.states(text))) if self.form else None

    def read(self, text: str) -> Taught | None:
        article = Article.create(next(cut(text), ""), language="en")
        words = self.segmenter.words(article.text)
        if not len(words) or not self.form:
            return None
        scored, chances, states = [], [], []
        empty = np.zeros((0, 0), np.float32)
        for window in self.segmenter.windows(words):
            told, own = self.encoder.read(window)
            scored.append((window.words, Scores(empty, empty, None, told)))
            chances.append(softmax(told.words[:, TYPE_SLICE]).astype(np.float16))
            states.append(self.form(own.numpy()))
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
        return article.text, events, np.concatenate(chances), np.concatenate(states)


def _begin(checkpoint: Path, form: Form) -> None:
    _Reading.own = _Reading(checkpoint, form)


def _read(given: tuple[str, list[CodedEvent] | None]) -> Taught | None:
    text, gold = given
    own = _Reading.own
    return own.read(text) if gold is None else own.beside(text, gold)


def write(
    data: Path, checkpoint: Path, out: Path, count: int, *, skip: int = 0, processes: int = 2
) -> None:
    """Write what the teacher finds as a list of ``Taught`` (``torch.save``).

    The voices that training sees are among them, with their own events.

    Args:
        data: laid out as the training data.
        checkpoint: of the teacher.
        out: where to write, now and then before the end too.
        count: of uncoded texts, drawn from all.
        skip: how many of them were read by an earlier teacher and come last.
        processes: with one thread each.
    """
    uncoded = list(texts(data, random.Random(1)))
    random.Random(2).shuffle(uncoded)
    every: list[Any] = [(text, None) for text in (uncoded[skip:] + uncoded[:skip])[:count]]
    every += whole_texts(OWN / VOICES, kept=False)
    random.Random(3).shuffle(every)
    first = _Reading(checkpoint)
    form = Form.of(np.concatenate([first.states(text) for text, _ in every[:SAMPLE]]))
    found: list[Any] = []
    with get_context("spawn").Pool(processes, _begin, (checkpoint, form)) as pool:
        for i, item in enumerate(pool.imap(_read, every, chunksize=8), start=1):
            if item:
                found.append(item)
            if i % 500 == 0:
                print(f"{i} of {len(every)} texts", flush=True)
                torch.save(found, out)
    torch.save(found, out)
    words = sum(len(states) for *_, states in found)
    print(f"{len(found)} texts, {words} words, {sum(len(e) for _, e, _, _ in found)} events")
