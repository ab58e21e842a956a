"""Gold texts as tagged, linked windows, and windows as padded batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from evaluation.polnear import GoldAttribution, GoldDocument
from sayso.reading.decoding import pair_buckets
from sayso.reading.labels import SPAN_TYPES, TAGS
from sayso.reading.windows import WINDOW, Segmenter, Window, Words

Ends = tuple[int, int]  # first and last word, both inclusive, within the window


@dataclass(frozen=True)
class Coded:
    """One text cut into words, with a tag a word and the linked spans."""

    words: Words
    tags: np.ndarray
    spans: dict[str, list[Ends]]  # by type, of the whole text
    content_cue: list[int]  # index of each content part's cue, -1 for none
    cue_source: list[int]


@dataclass(frozen=True)
class Example:
    """One window with its targets; span indices count within the window."""

    window: Window
    tags: np.ndarray
    paragraph: np.ndarray
    spans: dict[str, list[Ends]]
    targets: tuple[list[int], list[int]]  # content -> cue, cue -> source; -1 is "none"


def code(document: GoldDocument, segmenter: Segmenter) -> Coded:
    """Bring one gold document to words and tags."""
    words = segmenter.words(document.text)
    tags = np.zeros(len(words), np.int64)
    index: dict[str, dict[Ends, int]] = {kind: {} for kind in SPAN_TYPES}

    def place(kind: str, parts: Sequence[tuple[int, int]]) -> list[int]:
        """Tag the parts; their indices among the spans of this type."""
        numbers = []
        for part in parts:
            for ends in _word_ranges(words, part):
                if ends not in index[kind]:
                    if tags[ends[0] : ends[1] + 1].any():
                        continue  # two annotations overlap: the first stands
                    tags[ends[0]] = TAGS.index(f"B-{kind}")
                    tags[ends[0] + 1 : ends[1] + 1] = TAGS.index(f"I-{kind}")
                    index[kind][ends] = len(index[kind])
                numbers.append(index[kind][ends])
        return numbers

    content_cue: dict[int, int] = {}
    cue_source: dict[int, int] = {}
    for attribution in document.attributions:
        cue = place("cue", attribution.cue)
        content = place("content", attribution.content)
        source = place("source", attribution.source)
        for part in content:
            content_cue.setdefault(part, cue[0] if cue else -1)
        for part in cue:
            cue_source.setdefault(part, source[0] if source else -1)
    return Coded(
        words,
        tags,
        {kind: list(found) for kind, found in index.items()},
        [content_cue.get(i, -1) for i in range(len(index["content"]))],
        [cue_source.get(i, -1) for i in range(len(index["cue"]))],
    )


def _word_ranges(words: Words, span: tuple[int, int]) -> Iterator[Ends]:
    """The words of a span, cut at paragraph ends."""
    first = int(np.searchsorted(words.end, span[0], "right"))
    stop = int(np.searchsorted(words.start, span[1], "left"))
    while first < stop:
        last = first
        while last + 1 < stop and words.paragraph[last + 1] == words.paragraph[first]:
            last += 1
        yield first, last
        first = last + 1


def examples(coded: Coded, segmenter: Segmenter, rng: random.Random | None = None) -> Iterator[Example]:
    """The windows of a text; with ``rng`` their size and first paragraph vary."""
    size, first = WINDOW, 0
    if rng and len(coded.words):
        size = rng.randint(WINDOW // 2, WINDOW)
        # Starting anywhere in the first window's reach moves all later borders.
        starts = np.flatnonzero(np.diff(coded.words.paragraph, prepend=-1))
        near = [int(s) for s in starts if s < size // 2] or [0]
        first = rng.choice(near)
        if first:
            yield from _examples(coded, segmenter, size, 0, first)
    yield from _examples(coded, segmenter, size, first, len(coded.words))


def _examples(coded: Coded, segmenter: Segmenter, size: int, first: int, stop: int) -> Iterator[Example]:
    for window in segmenter.windows(coded.words, size, first):
        if window.words[0] >= stop:
            return
        low, high = int(window.words[0]), int(window.words[-1])
        kept: dict[str, list[int]] = {
            kind: [i for i, (a, b) in enumerate(ends) if a >= low and b <= high]
            for kind, ends in coded.spans.items()
        }
        place = {kind: {old: new for new, old in enumerate(ids)} for kind, ids in kept.items()}
        tags = coded.tags[window.words].copy()
        if TAGS[tags[0]].startswith("I-"):
            # A window cut inside a span begins it anew, else the CRF calls the gold impossible.
            tags[0] = TAGS.index(f"B-{TAGS[tags[0]][2:]}")
        yield Example(
            window,
            tags,
            coded.words.paragraph[window.words],
            {
                kind: [(coded.spans[kind][i][0] - low, coded.spans[kind][i][1] - low) for i in ids]
                for kind, ids in kept.items()
            },
            (
                [place["cue"].get(coded.content_cue[i], -1) for i in kept["content"]],
                [place["source"].get(coded.cue_source[i], -1) for i in kept["cue"]],
            ),
        )


@dataclass(frozen=True)
class Batch:
    """Padded windows; word rows index into the pieces of their window."""

    pieces: Tensor
    features: Tensor
    mask: Tensor | None  # of pieces, for attention; None where nothing is padded
    rows: Tensor
    tags: Tensor
    word_mask: Tensor
    examples: list[Example]


def batches(found: list[Example], pieces: int, rng: random.Random | None = None) -> Iterator[Batch]:
    """Batches of about ``pieces`` word pieces, windows of like length together."""
    order = sorted(range(len(found)), key=lambda i: len(found[i].window.pieces) + (rng.random() * 16 if rng else 0))
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
    count = max(len(e.tags) for e in found)
    pieces = torch.zeros(len(found), length, dtype=torch.long)
    features = torch.zeros_like(pieces)
    mask = torch.zeros(len(found), length, dtype=torch.bool)
    rows = torch.zeros(len(found), count, dtype=torch.long)
    tags = torch.zeros_like(rows)
    word_mask = torch.zeros(len(found), count, dtype=torch.bool)
    for i, example in enumerate(found):
        n, w = len(example.window.pieces), len(example.tags)
        pieces[i, :n] = torch.from_numpy(example.window.pieces)
        features[i, :n] = torch.from_numpy(example.window.features)
        mask[i, :n] = True
        rows[i, :w] = torch.from_numpy(example.window.rows.astype(np.int64))
        tags[i, :w] = torch.from_numpy(example.tags)
        word_mask[i, :w] = True
    attention = None if bool(mask.all()) else mask[:, None, None, :]
    return Batch(pieces, features, attention, rows, tags, word_mask, found)


def link_indices(example: Example, relation: int) -> tuple[Tensor, ...] | None:
    """Buckets and targets of one relation in one window, or None where there is nothing."""
    first, second = (("content", "cue"), ("cue", "source"))[relation]
    if not example.spans[first]:
        return None
    buckets = pair_buckets(example.spans[first], example.spans[second], example.paragraph)
    targets = [t if t >= 0 else len(example.spans[second]) for t in example.targets[relation]]
    return (
        torch.tensor(example.spans[first], dtype=torch.long),
        torch.tensor(example.spans[second], dtype=torch.long).reshape(-1, 2),
        *(torch.from_numpy(bucket) for bucket in buckets),
        torch.tensor(targets),
    )


__all__ = ["Batch", "Coded", "Example", "GoldAttribution", "batches", "code", "examples", "link_indices"]
