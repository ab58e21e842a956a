"""Attribution on PolNeAR: exact spans, and who is linked to what.

Exact span F1: a span is one contiguous part of a source, cue or content; it counts
when both its ends are the gold's. Pair F1: contents are matched one to one where the
intersection over union of their words is at least one half; a pair counts when the
sources share a word, or neither has one. Words are runs of letters and digits, or
single marks of punctuation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from scipy.optimize import linear_sum_assignment

from sayso.reading.quotes import quotations, quoted_parts

Spans = Sequence[tuple[int, int]]
FIELDS = ("source", "cue", "content")
KINDS = ("direct", "mixed", "indirect")
# Combining marks belong to their letter: NFC may or may not fuse the two.
_WORD = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")


class HasSpans(Protocol):
    """Gold and predicted attributions alike."""

    @property
    def source(self) -> Spans: ...
    @property
    def cue(self) -> Spans: ...
    @property
    def content(self) -> Spans: ...


@dataclass
class Counts:
    """True positives, predicted and gold; addable."""

    hit: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hit: int, predicted: int, gold: int) -> None:
        self.hit += hit
        self.predicted += predicted
        self.gold += gold

    @property
    def precision(self) -> float:
        return 100 * self.hit / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return 100 * self.hit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 200 * self.hit / (self.predicted + self.gold) if self.hit else 0.0


@dataclass
class Score:
    """Counts over many documents."""

    exact: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in FIELDS})
    pair: Counts = field(default_factory=Counts)
    content: Counts = field(default_factory=Counts)
    by_kind: dict[str, Counts] = field(default_factory=lambda: {k: Counts() for k in KINDS})

    def add(
        self,
        text: str,
        gold: Iterable[HasSpans],
        predicted: Iterable[HasSpans],
        other: str | None = None,
    ) -> None:
        """Count one document; ``other`` is the predictions' text where it differs in blanks."""
        index = WordIndex(text)
        index_predicted = index if other is None else WordIndex(other)
        golds, guesses = list(gold), list(predicted)
        for name in FIELDS:
            ours = {p for a in guesses for p in index_predicted.ends(getattr(a, name))}
            theirs = {p for a in golds for p in index.ends(getattr(a, name))}
            self.exact[name].add(len(ours & theirs), len(ours), len(theirs))
        kinds = [index.kind(a.content) for a in golds]
        contents = [index.words(a.content) for a in golds]
        sources = [index.words(a.source) for a in golds]
        matches = matched(contents, [index_predicted.words(a.content) for a in guesses])
        hits: Counter[str] = Counter()
        for i, j in matches:
            source = index_predicted.words(guesses[j].source)
            if sources[i] & source or not (sources[i] or source):
                hits[kinds[i]] += 1
        self.content.add(len(matches), len(guesses), len(golds))
        self.pair.add(hits.total(), len(guesses), len(golds))
        for kind in KINDS:
            self.by_kind[kind].add(hits[kind], 0, kinds.count(kind))

    def to_dict(self) -> dict[str, float | dict[str, float]]:
        """The figures in percent."""
        return {
            **{f"{name}_exact": round(self.exact[name].f1, 2) for name in FIELDS},
            "pair": round(self.pair.f1, 2),
            "pair_precision": round(self.pair.precision, 2),
            "pair_recall": round(self.pair.recall, 2),
            "content_matched": round(self.content.f1, 2),
            "pair_recall_by_kind": {k: round(c.recall, 2) for k, c in self.by_kind.items()},
            "gold_by_kind": {k: c.gold for k, c in self.by_kind.items()},
        }


class WordIndex:
    """The words of a text by their number, as all scores count them."""

    def __init__(self, text: str) -> None:
        found = [match.span() for match in _WORD.finditer(text)]
        self._starts = np.array([a for a, _ in found], np.int64)
        self._ends = np.array([b for _, b in found], np.int64)
        self._quotations = quotations(text)
        self._is_word = [text[a].isalnum() for a, _ in found]

    def ends(self, spans: Spans) -> set[tuple[int, int]]:
        """First and last word index of each part."""
        return {(w[0], w[-1]) for w in map(self._range, spans) if len(w)}

    def words(self, spans: Spans) -> set[int]:
        return {w for span in spans for w in self._range(span) if self._is_word[w]}

    def kind(self, spans: Spans, told: Spans = ()) -> str:
        """By the share of words inside quotation marks that do not enclose ``told``."""
        words = self.words(spans)
        quoted = self.words(quoted_parts(tuple(spans), self._quotations, tuple(told)))
        share = len(quoted) / len(words) if words else 0.0
        return "direct" if share >= 0.9 else "mixed" if share > 0 else "indirect"

    def _range(self, span: tuple[int, int]) -> range:
        first = int(np.searchsorted(self._ends, span[0], "right"))
        return range(first, int(np.searchsorted(self._starts, span[1], "left")))


def matched(gold: list[set[int]], predicted: list[set[int]]) -> list[tuple[int, int]]:
    """Contents matched one to one, each by half at least; the assignment that shares most."""
    if not gold or not predicted:
        return []
    overlap = np.zeros((len(gold), len(predicted)))
    for i, ours in enumerate(gold):
        for j, theirs in enumerate(predicted):
            if common := len(ours & theirs):
                overlap[i, j] = common / len(ours | theirs)
    overlap[overlap < 0.5] = 0
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if overlap[i, j] > 0]


def macro_f1(rows: Sequence[tuple[str | None, str | None]], names: Sequence[str]) -> float:
    """Mean F1 over the labels that the gold has; a fraction."""
    scores = []
    for name in names:
        gold = sum(g == name for g, _ in rows)
        if gold:
            given = sum(p == name for _, p in rows)
            scores.append(2 * sum(g == p == name for g, p in rows) / (gold + given))
    return round(sum(scores) / len(scores), 4) if scores else 0.0
