"""Gold texts as tagged, linked windows, and windows as padded batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from sayso.reading.decoding import pair_buckets
from sayso.reading.labels import LAYERS, SPAN_TYPES, TAGS
from sayso.reading.windows import WINDOW, Segmenter, Window, Words
from sayso.records import ACTS, SOURCE_CLASSES
from training.corpora import Document, Statement
from training.targets import Targets

Ends = tuple[int, int]  # first and last word, both inclusive
UNKNOWN = -1


@dataclass(frozen=True)
class Layer:
    """The spans of one layer (told by the outlet, or nested) and what they are.

    Indices in ``content_cue`` and ``cue_source`` count spans of the target's type; -1 is
    none. Labels are -1 where the corpus does not code them. An act is of a cue and of
    contents: ``(cue, contents, act)``, with word pairs.
    """

    tags: np.ndarray
    spans: dict[str, list[Ends]]
    content_cue: list[int]
    cue_source: list[int]
    acts: list[tuple[Ends | None, list[Ends], int]]
    classes: list[int]  # a source
    collective: list[int]  # a source: 0, 1


@dataclass(frozen=True)
class Coded:
    """One text cut into words, with its layers; None is a layer the corpus does not code."""

    words: Words
    layers: list[Layer | None]
    label_weight: float
    events: Targets | None = None


@dataclass(frozen=True)
class Example:
    """One window with its targets; spans and indices count within the window."""

    window: Window
    paragraph: np.ndarray
    layers: list[Layer | None]
    label_weight: float
    sentence: np.ndarray  # its number, a word
    events: Targets | None = None


def code(document: Document, segmenter: Segmenter) -> Coded:
    """Bring one document to words, tags and links."""
    words = segmenter.words(document.text)
    layers: list[Layer | None] = []
    for depth in range(LAYERS):
        if depth > document.depth:
            layers.append(None)
            continue
        layers.append(_layer(words, [s for s in document.statements if s.depth == depth]))
    return Coded(words, layers, document.label_weight)


class _Placing:
    """Spans of one layer as they are tagged; two annotations that overlap: the first stands."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.tags = np.zeros(len(words), np.int64)
        self.index: dict[str, dict[Ends, int]] = {kind: {} for kind in SPAN_TYPES}

    def place(self, kind: str, parts: Sequence[tuple[int, int]]) -> list[int]:
        """Tag the parts; their numbers among the spans of this type."""
        numbers = []
        for part in parts:
            for ends in word_ranges(self.words, part):
                found = self.index[kind]
                if ends not in found:
                    if self.tags[ends[0] : ends[1] + 1].any():
                        continue
                    self.tags[ends[0]] = TAGS.index(f"B-{kind}")
                    self.tags[ends[0] + 1 : ends[1] + 1] = TAGS.index(f"I-{kind}")
                    found[ends] = len(found)
                numbers.append(found[ends])
        return numbers


def _layer(words: Words, statements: list[Statement]) -> Layer:
    placing = _Placing(words)
    content_cue: dict[int, int] = {}
    cue_source: dict[int, int] = {}
    acts: list[tuple[Ends | None, list[Ends], int]] = []
    classes: dict[int, int] = {}
    collective: dict[int, int] = {}
    for statement in statements:
        cue = placing.place("cue", statement.cue)
        content = placing.place("content", statement.content)
        source = placing.place("source", statement.source)
        if statement.act and content:
            placed = {kind: list(found) for kind, found in placing.index.items()}
            told = placed["cue"][cue[0]] if cue else None
            acts.append((told, [placed["content"][i] for i in content], ACTS.index(statement.act)))
        for part in content:
            content_cue.setdefault(part, cue[0] if cue else UNKNOWN)
        for part in cue:
            cue_source.setdefault(part, source[0] if source else UNKNOWN)
        for part in source:
            if statement.source_class:
                classes.setdefault(part, SOURCE_CLASSES.index(statement.source_class))
            if statement.collective is not None:
                collective.setdefault(part, int(statement.collective))
    count = {kind: len(found) for kind, found in placing.index.items()}

    def listed(values: dict[int, int], kind: str) -> list[int]:
        return [values.get(i, UNKNOWN) for i in range(count[kind])]

    return Layer(
        placing.tags,
        {kind: list(found) for kind, found in placing.index.items()},
        listed(content_cue, "content"),
        listed(cue_source, "cue"),
        acts,
        listed(classes, "source"),
        listed(collective, "source"),
    )


def word_ranges(words: Words, span: tuple[int, int]) -> Iterator[Ends]:
    """The words of a span, cut at paragraph ends."""
    first = int(np.searchsorted(words.end, span[0], "right"))
    stop = int(np.searchsorted(words.start, span[1], "left"))
    while first < stop:
        last = first
        while last + 1 < stop and words.paragraph[last + 1] == words.paragraph[first]:
            last += 1
        yield first, last
        first = last + 1


def examples(
    coded: Coded, segmenter: Segmenter, rng: random.Random | None = None
) -> Iterator[Example]:
    """The windows of a text; with ``rng`` their size and borders vary."""
    size, first = WINDOW, 0
    if rng and len(coded.words):
        size = rng.randint(WINDOW // 2, WINDOW)
        # Starting anywhere in the first window's reach moves all later borders.
        starts = np.flatnonzero(np.diff(coded.words.paragraph, prepend=-1))
        first = rng.choice([int(s) for s in starts if s < size // 2] or [0])
        for window in segmenter.windows(coded.words, size) if first else ():
            if window.words[0] >= first:
                break
            yield _example(coded, window)
    for window in segmenter.windows(coded.words, size, first):
        yield _example(coded, window)


def _example(coded: Coded, window: Window) -> Example:
    return Example(
        window,
        coded.words.paragraph[window.words],
        [layer and _cut(layer, window) for layer in coded.layers],
        coded.label_weight,
        coded.words.sentence[window.words],
        coded.events and coded.events.cut(int(window.words[0]), int(window.words[-1])),
    )


def _cut(layer: Layer, window: Window) -> Layer:
    """A layer's part within a window; a span that crosses its border keeps its tags only."""
    low, high = int(window.words[0]), int(window.words[-1])
    tags = layer.tags[window.words].copy()
    if TAGS[tags[0]].startswith("I-"):
        # A window cut inside a span begins it anew, else the CRF calls the gold impossible.
        tags[0] = TAGS.index(f"B-{TAGS[tags[0]][2:]}")
    kept = {
        kind: [i for i, (a, b) in enumerate(ends) if a >= low and b <= high]
        for kind, ends in layer.spans.items()
    }
    place = {kind: {old: new for new, old in enumerate(ids)} for kind, ids in kept.items()}
    return Layer(
        tags,
        {
            kind: [(layer.spans[kind][i][0] - low, layer.spans[kind][i][1] - low) for i in ids]
            for kind, ids in kept.items()
        },
        [place["cue"].get(layer.content_cue[i], UNKNOWN) for i in kept["content"]],
        [place["source"].get(layer.cue_source[i], UNKNOWN) for i in kept["cue"]],
        [_moved(act, low) for act in layer.acts if _within(act, low, high)],
        [layer.classes[i] for i in kept["source"]],
        [layer.collective[i] for i in kept["source"]],
    )


def _within(act: tuple[Ends | None, list[Ends], int], low: int, high: int) -> bool:
    cue, contents, _ = act
    return all(low <= a and b <= high for a, b in [*([cue] if cue else []), *contents])


def _moved(
    act: tuple[Ends | None, list[Ends], int], low: int
) -> tuple[Ends | None, list[Ends], int]:
    cue, contents, label = act
    told = (cue[0] - low, cue[1] - low) if cue else None
    return told, [(a - low, b - low) for a, b in contents], label


@dataclass(frozen=True)
class Batch:
    """Padded windows; word rows index into the pieces of their window.

    ``tags`` and ``word_mask`` are ``(layers, windows, words)``; a layer that a window's
    corpus does not code is masked out.
    """

    pieces: Tensor
    features: Tensor
    mask: Tensor | None  # of pieces, for attention; None where nothing is padded
    rows: Tensor
    tags: Tensor
    word_mask: Tensor
    examples: list[Example]


def batches(found: list[Example], pieces: int, rng: random.Random | None = None) -> Iterator[Batch]:
    """Batches of about ``pieces`` word pieces, windows of like length together."""
    jitter = [rng.random() * 16 if rng else 0 for _ in found]
    order = sorted(range(len(found)), key=lambda i: len(found[i].window.pieces) + jitter[i])
    groups: list[list[int]] = []
    held: list[int] = []
    for i in order:
        if held and (len(held) + 1) * len(found[i].window.pieces) > pieces:
            groups.append(held)
            held = []
        held.append(i)
    groups.append(held)
    if rng:
        rng.shuffle(groups)
    for group in groups:
        yield collate([found[i] for i in group])


def collate(found: list[Example]) -> Batch:
    """Pad examples to one batch."""
    length = max(len(e.window.pieces) for e in found)
    count = max(len(e.window.rows) for e in found)
    pieces = torch.zeros(len(found), length, dtype=torch.long)
    features = torch.zeros_like(pieces)
    mask = torch.zeros(len(found), length, dtype=torch.bool)
    rows = torch.zeros(len(found), count, dtype=torch.long)
    tags = torch.zeros(LAYERS, len(found), count, dtype=torch.long)
    word_mask = torch.zeros(LAYERS, len(found), count, dtype=torch.bool)
    for i, example in enumerate(found):
        n, w = len(example.window.pieces), len(example.window.rows)
        pieces[i, :n] = torch.from_numpy(example.window.pieces)
        features[i, :n] = torch.from_numpy(example.window.features)
        mask[i, :n] = True
        rows[i, :w] = torch.from_numpy(example.window.rows.astype(np.int64))
        for depth, layer in enumerate(example.layers):
            if layer is not None:
                tags[depth, i, :w] = torch.from_numpy(layer.tags)
                word_mask[depth, i, :w] = True
    attention = None if bool(mask.all()) else mask[:, None, None, :]
    return Batch(pieces, features, attention, rows, tags, word_mask, found)


def link_indices(
    layer: Layer, paragraph: np.ndarray, relation: int, rng: random.Random | None, drop: float
) -> tuple[Tensor, ...] | None:
    """Spans, buckets and targets of one relation in one window, or None where there is nothing.

    With ``rng`` a share ``drop`` of the possible targets is left out, so that "none" is
    learned too: at reading time a target may have been missed.
    """
    first, second = (("content", "cue"), ("cue", "source"))[relation]
    if not layer.spans[first]:
        return None
    kept = [i for i in range(len(layer.spans[second])) if not rng or rng.random() >= drop]
    place = {old: new for new, old in enumerate(kept)}
    targets = (layer.content_cue, layer.cue_source)[relation]
    spans = [layer.spans[second][i] for i in kept]
    buckets = pair_buckets(layer.spans[first], spans, paragraph)
    return (
        torch.tensor(layer.spans[first], dtype=torch.long),
        torch.tensor(spans, dtype=torch.long).reshape(-1, 2),
        *(torch.from_numpy(bucket) for bucket in buckets),
        torch.tensor([place.get(t, len(kept)) for t in targets]),
    )
