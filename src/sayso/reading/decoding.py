"""From the heads' numbers to spans and links; NumPy only.

Indices are of words (see ``windows.Words``); spans are ``(first, last)`` words,
both inclusive, as the heads see them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.reading.labels import BETWEEN, DISTANCES, LINK_SIZE, ROLE_REACH, SPAN_TYPES, TAGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

NONE = -1
#: How many words before a cue that has no source one may stand that no cue has.
CLAIMED = 12
#: How many words before a content without a cue its source may stand.
INTRODUCED = 40


@dataclass(frozen=True)
class LinkTables:
    """The learned parts of one set of links, a row a relation.

    Attributes:
        none, none_bias: key and bias of "no target".
        distance, between, paragraph: biases by bucket.
    """

    none: Floats
    none_bias: Floats
    distance: Floats
    between: Floats
    paragraph: Floats


@dataclass(frozen=True)
class Tables:
    """The learned parts of decoding, exported beside the encoder.

    Attributes:
        starts: score of each first tag, ``(layers, tags)``.
        moves: score of each tag after another, ``(layers, from, to)``.
        links: content→cue and cue→source.
        event_links: trigger→actor, recipient, place and date; None in weights without events.
    """

    starts: Floats
    moves: Floats
    links: LinkTables
    event_links: LinkTables | None = None

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats]) -> Tables:
        """Of the flat names under which they are stored."""
        names = [field.name for field in fields(LinkTables)]
        prefix = "event_"
        events = None
        if prefix + names[0] in arrays:
            events = LinkTables(*(arrays[prefix + name] for name in names))
        links = LinkTables(*(arrays[name] for name in names))
        return cls(arrays["starts"], arrays["moves"], links, events)

    def to_arrays(self) -> dict[str, Floats]:
        """Flat names and arrays, for storing."""
        stored = {"starts": self.starts, "moves": self.moves, **vars(self.links)}
        events = vars(self.event_links) if self.event_links else {}
        return stored | {f"event_{name}": array for name, array in events.items()}


@dataclass(frozen=True, slots=True)
class Span:
    """A tagged span of words with the model's confidence in it.

    Attributes:
        kind: one of ``labels.SPAN_TYPES`` or ``labels.EVENT_SPANS``.
        first, last: word indices, both inclusive.
        score: mean probability of its tags.
    """

    kind: str
    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Linked:
    """One statement before it has code points: parts as word spans."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float


def viterbi(found: Sequence[Floats], starts: Floats, moves: Floats) -> list[Ints]:
    """The best tag sequence (Viterbi 1967) for each of several ``(words, tags)`` emissions.

    All go step by step together: alone, each step costs the same.
    """
    if not found:
        return []
    lengths = np.array([len(emissions) for emissions in found])
    longest, number = int(lengths.max()), np.arange(len(found))
    padded = np.zeros((longest, len(found), len(starts)), np.float32)
    for i, emissions in enumerate(found):
        padded[: len(emissions), i] = emissions
    back = np.empty(padded.shape, np.int64)
    scores = np.empty_like(padded)
    scores[0] = starts + padded[0]
    for t in range(1, longest):
        step = scores[t - 1][:, :, None] + moves
        back[t] = step.argmax(1)
        scores[t] = step.max(1) + padded[t]
    tags = np.empty((longest, len(found)), np.int64)
    tags[lengths - 1, number] = scores[lengths - 1, number].argmax(1)
    for t in range(longest - 1, 0, -1):
        # Behind a sequence's end nothing is known yet.
        inside = number[t < lengths]
        tags[t - 1, inside] = back[t, inside, tags[t, inside]]
    return [tags[:length, i] for i, length in enumerate(lengths)]


def spans(
    tags: Ints,
    emissions: Floats,
    paragraph: NDArray[np.int32],
    kinds: tuple[str, ...] = SPAN_TYPES,
) -> list[Span]:
    """The spans of a tag sequence; none reaches over a paragraph's end."""
    named = dict(zip(SPAN_TYPES, kinds, strict=True))
    # Most words are in none: only the others are looked at.
    live = np.flatnonzero(tags != TAGS.index("O"))
    chances = softmax(emissions[live])[np.arange(len(live)), tags[live]]
    found: list[Span] = []
    first = last = -1
    kind = ""
    begun = 0

    def close(stop: int) -> None:
        if kind:
            found.append(Span(named[kind], first, last, float(chances[begun:stop].mean())))

    for i, t in enumerate(live.tolist()):
        name = TAGS[tags[t]]
        goes_on = name.startswith("I-") and name[2:] == kind and t == last + 1
        if not goes_on or paragraph[t] != paragraph[t - 1]:
            close(i)
            kind, first, begun = name[2:], t, i
        last = t
    close(len(live))
    return found


def pair_buckets(
    first: list[tuple[int, int]], second: list[tuple[int, int]], paragraph: NDArray[np.int32]
) -> tuple[Ints, Ints, Ints]:
    """What the link biases look at, each ``(len(first), len(second))``.

    Returns:
        the distance bucket (gap in words, and direction), the bucket of how many other
        spans of ``second`` stand between (and direction), and whether the two share a
        paragraph.
    """
    a = np.array(first, np.int64).reshape(-1, 2)
    b = np.array(second, np.int64).reshape(-1, 2)
    after = b[None, :, 0] > a[:, None, 0]
    gap = np.where(after, b[None, :, 0] - a[:, None, 1] - 1, a[:, None, 0] - b[None, :, 1] - 1)
    bucket = np.searchsorted(np.array(DISTANCES), np.maximum(gap, 0), "left")
    distance = bucket + after * (len(DISTANCES) + 1)
    rank = (b[None, :, 0] > a[:, None, 0]).sum(1, keepdims=True)
    # Their order in the text, however they are given: training gives the right ones first.
    order = np.argsort(np.argsort(b[:, 0], kind="stable"))[None, :]
    before = len(b) - rank
    between = np.where(after, order - before, before - 1 - order)
    between = np.clip(between, 0, BETWEEN - 1) + after * BETWEEN
    same = (paragraph[a[:, 0]][:, None] == paragraph[b[:, 0]][None, :]).astype(np.int64)
    return distance, between, same


def role_distances(triggers: list[tuple[int, int]], count: int) -> Ints:
    """How far each of a sentence's words is from each trigger, ``(triggers, count)``.

    From 0 (far before) to ``2 * ROLE_REACH``; the trigger's own words have ``ROLE_REACH``.

    Args:
        triggers: first and last word of each, counted from the sentence's first word.
        count: of the sentence's words.
    """
    ends = np.array(triggers, np.int64).reshape(-1, 2)
    words = np.arange(count)[None]
    ahead = np.maximum(words - ends[:, 1:], 0) - np.maximum(ends[:, :1] - words, 0)
    found: Ints = np.clip(ahead, -ROLE_REACH, ROLE_REACH) + ROLE_REACH
    return found


def link_scores(
    relation: int,
    first: list[tuple[int, int]],
    second: list[tuple[int, int]],
    vectors: Floats,
    paragraph: NDArray[np.int32],
    tables: LinkTables,
) -> Floats:
    """Scores ``(len(first), len(second) + 1)`` of each target; the last column is "none".

    Args:
        relation: which: its place among the links' pairs of roles.
        first: the spans to link.
        second: their possible targets.
        vectors: the encoder's link output, ``(words, 2 * roles * size)``.
        paragraph: of each word.
        tables: the learned biases.
    """
    queries = _vectors(2 * relation, first, vectors)
    keys = _vectors(2 * relation + 1, second, vectors)
    distance, between, same = pair_buckets(first, second, paragraph)
    scale = np.sqrt(np.float32(LINK_SIZE))
    scores = queries @ keys.T / scale
    scores = scores + tables.distance[relation][distance] + tables.between[relation][between]
    scores = scores + tables.paragraph[relation][same]
    none = queries @ tables.none[relation] / scale + tables.none_bias[relation]
    return np.concatenate([scores, none[:, None]], axis=1).astype(np.float32)


def statements(
    found: list[Span], vectors: Floats, paragraph: NDArray[np.int32], tables: LinkTables
) -> list[Linked]:
    """Link contents to cues and cues to sources; one statement a cue that has a content.

    A content without a cue stands alone: it is a statement whose source the text
    does not name beside it.
    """
    of = {kind: [span for span in found if span.kind == kind] for kind in SPAN_TYPES}
    cues, contents, sources = of["cue"], of["content"], of["source"]
    ends = {kind: [(span.first, span.last) for span in of[kind]] for kind in SPAN_TYPES}
    parts: dict[int, list[Span]] = {}
    sure: dict[int, list[float]] = {}
    alone: list[Linked] = []
    if contents:
        scores = link_scores(0, ends["content"], ends["cue"], vectors, paragraph, tables)
        chances = softmax(scores)
        for span, row in zip(contents, chances, strict=True):
            target = int(row.argmax())
            if target == len(cues):
                alone.append(Linked((), (), (span,), span.score * float(row[target])))
            else:
                parts.setdefault(target, []).append(span)
                sure.setdefault(target, []).append(float(row[target]))
    linked = []
    if parts:
        scores = link_scores(1, ends["cue"], ends["source"], vectors, paragraph, tables)
        chances = softmax(scores)
        for index, content in parts.items():
            row = chances[index]
            target = int(row.argmax())
            source = () if target == len(sources) else (sources[target],)
            members = [*source, cues[index], *content]
            score = np.prod([*sure[index], float(row[target])]) * np.mean(
                [s.score for s in members]
            )
            linked.append(Linked(source, (cues[index],), tuple(content), float(score)))
    linked = [_claimed(item, sources, linked, paragraph) for item in linked]
    alone = [_introduced(item, sources, linked, paragraph) for item in alone]
    return sorted(linked + alone, key=lambda item: (item.cue or item.content)[0].first)


def _claimed(
    item: Linked, sources: list[Span], linked: list[Linked], paragraph: NDArray[np.int32]
) -> Linked:
    """A cue without a source with the marked one shortly before it that belongs to no cue.

    "An officer, who asked not to be named, admitted": links may go by "who" alone.
    """
    if item.source:
        return item
    free = [s for s in _free(sources, linked) if paragraph[item.cue[0].first] == paragraph[s.first]]
    return _with_nearest(item, free, item.cue[0].first, CLAIMED)


def _introduced(
    item: Linked, sources: list[Span], linked: list[Linked], paragraph: NDArray[np.int32]
) -> Linked:
    """A content without a cue with the source that stands before it and belongs to no cue.

    "The baker shrugged. “We are out.”": the tagger marks the baker, but links go by cues.
    """
    first = item.content[0].first
    free = [s for s in _free(sources, linked) if paragraph[first] - paragraph[s.first] <= 1]
    return _with_nearest(item, free, first, INTRODUCED)


def _free(sources: list[Span], linked: list[Linked]) -> list[Span]:
    taken = {part for item in linked for part in item.source}
    return [source for source in sources if source not in taken]


def _with_nearest(item: Linked, sources: list[Span], before: int, within: int) -> Linked:
    near = [s for s in sources if s.last < before and before - s.last <= within]
    return replace(item, source=(near[-1],)) if near else item


def _vectors(role: int, ends: list[tuple[int, int]], vectors: Floats) -> Floats:
    index = np.array(ends, np.int64).reshape(-1, 2)
    half = vectors.shape[1] // 2
    a = role * LINK_SIZE
    return (
        vectors[index[:, 0], a : a + LINK_SIZE]
        + vectors[index[:, 1], half + a : half + a + LINK_SIZE]
    )


def softmax(scores: Floats) -> Floats:
    """Chances of scores along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)  # type: ignore[no-any-return]
