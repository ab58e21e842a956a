"""Attributions of a text: the encoder's spans, links and labels as records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sayso.reading.decoding import Linked, statements, viterbi
from sayso.reading.decoding import Span as WordSpan
from sayso.reading.decoding import spans as tagged_spans
from sayso.reading.encoder import FILES, SHIPPED, Encoder, Scores
from sayso.reading.labels import ACT_SLICE, CLASS_SLICE, COLLECTIVE, TAGS
from sayso.reading.lexicon import SourceClass, act_of, class_of, role_of
from sayso.reading.quotes import Quotation, quotations, quoted_parts
from sayso.reading.windows import Segmenter, Words
from sayso.records import ACTS, SOURCE_CLASSES, Attribution, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

# By the design: of the content's words, this share inside quotation marks is direct.
DIRECT = 0.9


@dataclass(frozen=True)
class Text:
    """One text as all heads see it."""

    id: str
    text: str
    quoted: list[Quotation]
    words: Words


@dataclass(frozen=True)
class _Found:
    """A statement with its parts in code points and what the label head says of it."""

    source: Spans
    cue: Spans
    content: Spans
    score: float
    act: NDArray[np.float32] | None
    source_class: NDArray[np.float32] | None


class AttributionReader:
    """Finds attributions with a fine-tuned encoder.

    Args:
        folder: of the weights.
    """

    def __init__(self, folder: Path = SHIPPED) -> None:
        self.encoder = Encoder(folder)
        self.segmenter = Segmenter.from_file(folder / FILES["tokenizer"])

    def text(self, article_id: str, text: str) -> Text:
        """Cut a text into quotations and words."""
        quoted = quotations(text)
        return Text(article_id, text, quoted, self.segmenter.words(text, quoted))

    def attributions(self, text: Text) -> tuple[Attribution, ...]:
        """All attributions of a text by their cues' places; nested ones name their parent."""
        layers: list[list[_Found]] = [[] for _ in self.encoder.tables.starts]
        for window in self.segmenter.windows(text.words):
            scores = self.encoder(window)
            for depth, found in enumerate(layers):
                found.extend(self._layer(text, window.words, scores, depth))
        outer = [_record(text, item, None) for item in layers[0]]
        nested = [
            _record(text, item, parent)
            for found in layers[1:]
            for item in found
            for parent in _parents(item, outer)
        ]
        return tuple(sorted(outer + nested, key=_place))

    def _layer(
        self, text: Text, indices: NDArray[np.int32], scores: Scores, depth: int
    ) -> Iterator[_Found]:
        words, tables = text.words, self.encoder.tables
        emissions = scores.tags[:, depth * len(TAGS) : (depth + 1) * len(TAGS)]
        paragraph = words.paragraph[indices]
        tags = viterbi(emissions, tables.starts[depth], tables.moves[depth])
        tagged = tagged_spans(tags, emissions, paragraph)
        first = int(indices[0])
        for item in statements(tagged, scores.links, paragraph, tables):
            content = _near(text, _characters(words, item.content, first), item, paragraph)
            if not content:
                continue
            yield _Found(
                _characters(words, item.source, first),
                _characters(words, item.cue, first),
                content,
                item.score,
                _mean(scores.labels, item.cue),
                _mean(scores.labels, item.source),
            )


def _near(text: Text, content: Spans, item: Linked, paragraph: NDArray[np.int32]) -> Spans:
    """The contents that stand: in the cue's own paragraph, or quoted.

    Quotations go on over paragraphs and may have no cue at all; unquoted words far from
    any cue are the outlet's own.
    """
    home = paragraph[item.cue[0].first] if item.cue else None
    places = [int(paragraph[part.first]) for part in item.content]
    return tuple(
        span
        for span, place in zip(content, places, strict=True)
        if place == home or quoted_parts((span,), text.quoted)
    )


def _mean(
    labels: NDArray[np.float32] | None, found: tuple[WordSpan, ...]
) -> NDArray[np.float32] | None:
    """The label scores averaged over a span's words; None where there is no span or no head."""
    if labels is None or not found:
        return None
    mean: NDArray[np.float32] = labels[found[0].first : found[0].last + 1].mean(0)
    return mean


def _parents(item: _Found, outer: list[Attribution]) -> Iterator[str]:
    """The statement that a nested one is told in: none is no nesting, and no statement."""
    inner = item.cue + item.content
    for parent in outer:
        if all(any(a <= s and e <= b for a, b in parent.content) for s, e in inner):
            yield parent.id
            return


def _place(item: Attribution) -> tuple[int, int]:
    return (item.cue or item.content)[0]


def _record(text: Text, item: _Found, parent: str | None) -> Attribution:
    content = _with_marks(item.content, text.quoted)
    verbatim = quoted_parts(content, text.quoted, item.cue or item.source)
    source_class = _class(text.text, item)
    return Attribution(
        id=Attribution.identify(text.id, item.source, item.cue, content),
        article_id=text.id,
        source=item.source,
        cue=item.cue,
        content=content,
        kind=kind_of(text, content, verbatim),
        act=_act(text.text, item),
        source_class=source_class.name,
        role=source_class.role,
        collective=source_class.collective,
        verbatim=verbatim,
        speaker=None,
        parent=parent,
        confidence=item.score,
    )


def _act(text: str, item: _Found) -> str:
    if item.act is None:
        return act_of(_shown(text, item.cue))
    return ACTS[int(item.act[ACT_SLICE].argmax())]


def _class(text: str, item: _Found) -> SourceClass:
    if item.source_class is None:
        return class_of(_shown(text, item.source))
    name = SOURCE_CLASSES[int(item.source_class[CLASS_SLICE].argmax())]
    many = bool(item.source_class[COLLECTIVE] > 0)
    role = role_of(_shown(text, item.source)) if name == "unnamed" else None
    return SourceClass(name, role, many)


def kind_of(text: Text, content: Spans, verbatim: Spans) -> str:
    """direct, mixed or indirect, by the share of the content's words inside quotation marks."""
    words = _words_in(text, content)
    quoted = _words_in(text, verbatim)
    if not quoted:
        return "indirect"
    return "direct" if quoted >= DIRECT * words else "mixed"


def _words_in(text: Text, spans: Spans) -> int:
    count = 0
    for start, end in spans:
        first = int(np.searchsorted(text.words.start, start, "left"))
        last = int(np.searchsorted(text.words.end, end, "right"))
        count += sum(text.text[text.words.start[i]].isalnum() for i in range(first, last))
    return count


def _characters(words: Words, found: tuple[WordSpan, ...], first: int) -> Spans:
    return tuple(
        sorted((int(words.start[first + s.first]), int(words.end[first + s.last])) for s in found)
    )


def _with_marks(content: Spans, quoted: list[Quotation]) -> Spans:
    """Contents that lack only a quotation's marks, with them."""
    ends = {quotation.inner: (quotation.start, quotation.end) for quotation in quoted}
    return tuple(ends.get(span, span) for span in content)


def _shown(text: str, spans: Spans) -> str:
    return " ".join(text[start:end] for start, end in spans)
